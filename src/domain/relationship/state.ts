import { PARTIES } from '../party.js';
import { addDays, daysBetween, type Day } from '../time.js';
import type { Belief } from './belief.js';
import { openDisputes, type Dispute } from './dispute.js';
import * as listing from './listing.js';
import type { Cite } from './listing.js';
import { movesOf } from './moves.js';
import { ENTENTE_1, type Profile } from './score-profile.js';
import { phaseOf, points, rankOf, tensionOf, type Counting, type Part, type Phase, type Tension } from './tension.js';

/** What is known of a relationship: its primary and affected records, and the other ends of its disputes. */
export interface Known {
  key: string;
  beliefs: readonly Belief[];
  /** Statements elsewhere that are joined to one of these by a dispute. */
  disputedBy: readonly Belief[];
  cite: Cite;
}

const MOST_ITEMS = 50;
const MOST_LATEST_MOVES = 10;
const COVERAGE_DAYS = 90;
const DRIFT_DAYS = 30;

/** The moves of a relationship by a day, those that count for nothing included. */
export function movesBy({ key, beliefs }: Pick<Known, 'key' | 'beliefs'>, asOf: Day, profile: Profile = ENTENTE_1): Counting[] {
  return beliefs.flatMap((belief) => {
    if (belief.status.retracted || !listing.happenedBy(belief, asOf)) return [];
    const { summary } = listing.happeningOf(belief.record)!.data;
    const moves = movesOf(belief.record, asOf, belief.muted, profile).filter(({ relationship }) => relationship === key);
    return moves.map((move) => ({ ...move, record: belief.record.id, summary }));
  });
}

export function tensionAt(known: Pick<Known, 'key' | 'beliefs'>, asOf: Day, profile: Profile = ENTENTE_1): Tension {
  return tensionOf(movesBy(known, asOf, profile), asOf, profile);
}

/**
 * The state of a relationship on a day, as the newsroom knew it. Pure: no clock, no rounding. `most` = how many parts of the tension to
 * name; the others are added up in `partsRest`.
 */
export function relationshipState(known: Known, asOf: Day, most = 50, profile: Profile = ENTENTE_1) {
  const { key, cite } = known;
  const parties = key.split('-');
  const beliefs = known.beliefs.filter((belief) => !belief.status.retracted && listing.happenedBy(belief, asOf)).toSorted(newestFirst);
  const moves = movesBy(known, asOf, profile);
  const tension = tensionOf(moves, asOf, profile);
  const primary = beliefs.filter((belief) => listing.roleIn(belief, key) === 'primary');
  const withRole = <T extends object>(list: (belief: Belief) => T[]): (T & { role: string })[] =>
    beliefs.flatMap((belief) => list(belief).map((item) => ({ ...item, role: listing.roleIn(belief, key) })));

  const announced = withRole((b) => listing.announcedMeetings(b, asOf, cite));
  const lists = {
    sanctionsInForce: withRole((b) => listing.sanctionsInForce(b, asOf, cite)),
    standingActions: withRole((b) => listing.standingActions(b, asOf, cite)),
    upcomingMeetings: announced.filter(({ status }) => status === 'upcoming'),
    overdueMeetings: announced.filter(({ status }) => status === 'overdue'),
    openDisputes: disputesOf(known, beliefs, asOf),
    openStatements: withRole((b) => listing.openStatements(b, asOf, cite)),
    assessments: withRole((b) => listing.assessments(b, asOf, cite, parties)),
    quantities: withRole((b) => listing.quantities(b, asOf, cite)),
    openQueries: beliefs.flatMap((b) => listing.openQueries(b)).toSorted(lastAskedFirst),
  };
  const coverage = coverageOf(primary, asOf);
  const standing = [...lists.sanctionsInForce, ...lists.standingActions].some(({ role }) => role === 'primary');
  const counts = Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, items.length]));
  const { parts, ...figures } = tension;
  return {
    key,
    parties: parties.map((code) => ({ code, name: PARTIES.get(code)?.name ?? code })),
    phase: phaseAt(known, tension, asOf, coverage.records === 0 && !standing, profile),
    tension: { ...figures, rank: rankAt(known, tension.value, moves, asOf, profile), profile: profile.name, ...shortened(parts, most) },
    coverage,
    ...shortLists(lists),
    lastContact: lastContact(primary, asOf, cite, parties),
    latestMoves: Object.fromEntries(parties.map((party) => [party, latestMoves(beliefs, moves, party, asOf, cite)])),
    counts,
    incomplete: false,
  };
}

export type RelationshipState = ReturnType<typeof relationshipState>;

function newestFirst(a: Belief, b: Belief): number {
  return listing.byRecency(recency(a), recency(b));
}

function lastAskedFirst(a: { since: string }, b: { since: string }): number {
  return a.since === b.since ? 0 : a.since < b.since ? 1 : -1;
}

function recency({ record, entries }: Belief): { latest: Day | null; position: string } {
  return { latest: listing.happeningOf(record)!.data.occurred.latest, position: entries[0]!.position };
}

function shortLists<L extends Record<string, unknown[]>>(lists: L): L {
  return Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, items.slice(0, MOST_ITEMS)])) as L;
}

function shortened(parts: readonly Part[], most: number) {
  const rest = parts.slice(most);
  return {
    parts: parts.slice(0, most),
    partsRest: {
      count: rest.length,
      conflict: points(rest.filter(({ score }) => score < 0)),
      cooperation: points(rest.filter(({ score }) => score > 0)),
    },
  };
}

/** A dispute belongs to every relationship in which one of its positions was taken. */
function disputesOf({ disputedBy, cite }: Known, beliefs: readonly Belief[], asOf: Day): Dispute[] {
  const own = new Set(beliefs.map(({ record }) => record.id));
  const others = disputedBy.filter(({ record }) => !own.has(record.id));
  return openDisputes([...beliefs, ...others], asOf, cite).filter(({ positions }) => positions.some(({ record }) => own.has(record)));
}

function phaseAt(known: Known, tension: Tension, asOf: Day, quiet: boolean, profile: Profile = ENTENTE_1): Phase {
  return phaseOf(tension, tensionAt(known, addDays(asOf, -DRIFT_DAYS), profile).value, quiet, profile);
}

function rankAt(known: Known, value: number | null, moves: readonly Counting[], asOf: Day, profile: Profile): number | null {
  const days = moves.filter(({ why }) => why === null).map(({ on }) => on);
  const first = days.length === 0 ? null : days.reduce((a, b) => (a < b ? a : b));
  return rankOf(value, asOf, first, (day) => tensionAt(known, day, profile).value);
}

/** How well the relationship is covered, so that "no recent record" never looks like "calm". */
function coverageOf(primary: readonly Belief[], asOf: Day) {
  const from = addDays(asOf, -COVERAGE_DAYS);
  const recent = primary.filter((belief) => listing.lastNewsOf(belief, asOf) > from);
  const citing = new Map<string, number>();
  for (const belief of recent) for (const group of groupsBehind(belief, asOf)) citing.set(group, (citing.get(group) ?? 0) + 1);
  const last = primary
    .map((belief) => listing.lastNewsOf(belief, asOf))
    .reduce<Day | null>((max, day) => (max === null || day > max ? day : max), null);
  return {
    records: recent.length,
    sources: citing.size,
    daysSinceLastRecord: last === null ? null : daysBetween(last, asOf),
    topSourceShare: recent.length === 0 ? null : Math.max(0, ...citing.values()) / recent.length,
  };
}

/** The independent sources by asOf. */
function groupsBehind(belief: Belief, asOf: Day): Set<string> {
  const cited = new Set(listing.citedBy(belief, asOf).map(({ source }) => source));
  return new Set(belief.sources.flatMap(({ source, group }) => (cited.has(source) ? [group] : [])));
}

function lastContact(primary: readonly Belief[], asOf: Day, cite: Cite, parties: readonly string[]) {
  const held = primary.flatMap((belief) => {
    const holding = listing.holdingOf(belief.record, asOf);
    return holding === undefined ? [] : [{ belief, latest: holding.on.latest, position: belief.entries[holding.version - 1]!.position }];
  });
  const [last] = held.toSorted(listing.byRecency);
  const [contact] = last === undefined ? [] : listing.heldMeetings(last.belief, asOf, cite);
  return contact === undefined ? null : { ...contact, confirmedBy: contact.confirmedBy.filter((party) => parties.includes(party)) };
}

function latestMoves(beliefs: readonly Belief[], moves: readonly Counting[], party: string, asOf: Day, cite: Cite) {
  const byId = new Map(beliefs.map((belief) => [belief.record.id, belief]));
  return moves
    .filter(({ from, why }) => from === party && why === null)
    .map((move) => ({ move, latest: move.on, position: byId.get(move.record)!.entries[move.version - 1]!.position }))
    .toSorted(listing.byRecency)
    .slice(0, MOST_LATEST_MOVES)
    .map(({ move: { record, move, on, from, to, score, summary } }) => ({
      record,
      move,
      on,
      from,
      to,
      score,
      summary,
      citations: listing.sourcesOf(byId.get(record)!, asOf, cite),
    }));
}
