import { PARTIES } from '../party.js';
import { addDays, daysBetween, type Day } from '../time.js';
import type { Belief } from './belief.js';
import { disputeOf } from './dispute.js';
import { figuresAt, firstDay, type Sum } from './ledger.js';
import * as listing from './listing.js';
import type { Cite } from './listing.js';
import type { ListName } from './places.js';
import { ENTENTE_1, type Profile } from './score-profile.js';
import { partsOf, phaseOf, points, rankOf, type Counted, type Part } from './tension.js';

/** How well a relationship is covered: its primary records of the last 90 days by asOf, and the day of the last of all. */
export interface Coverage {
  records: number;
  /** Distinct independent sources behind them, and how many records the most frequent of these is behind. */
  sources: number;
  topSource: number;
  last: Day | null;
}

/** The place of a list that is told: the records of its newest items, and how many items there are in all (`primary`: in primary records). */
export interface Listed {
  records: readonly string[];
  items: number;
  primary: number;
}

/** What is known of a relationship on a day: as much of its primary and affected records as its state tells, the rest in numbers. */
export interface Known {
  key: string;
  /** All moves as known, whenever they were. */
  sums: readonly Sum[];
  /** How many moves count on the day, and at least as many of the largest as are to be named. */
  moves: number;
  largest: readonly Counted[];
  /** The latest moves of each party, newest first. */
  latest: ReadonlyMap<string, readonly Counted[]>;
  listed: Readonly<Record<ListName, Listed>>;
  /** Sets of statements joined by disputes, the newest first, of which one at least belongs to the relationship. */
  disputes: { sets: readonly (readonly string[])[]; count: number };
  contact: string | null;
  coverage: Coverage;
  /** Whether something that was filed is missing from it. */
  incomplete: boolean;
  /** Every record named above. */
  beliefs: ReadonlyMap<string, Belief>;
  cite: Cite;
}

/** Items that each list of a state tells. */
export const MOST_ITEMS = 50;
export const MOST_LATEST_MOVES = 10;
export const COVERAGE_DAYS = 90;
export /** Over how many days the direction of a phase is looked at. */
const DRIFT_DAYS = 30;

/**
 * The state of a relationship on a day, as the newsroom knew it. Pure: no clock, no rounding. `most` = how many parts of the tension to
 * name; the others are added up in `partsRest`.
 */
export function relationshipState(known: Known, asOf: Day, most = 50, profile: Profile = ENTENTE_1) {
  const { key, sums, cite, listed, coverage, disputes } = known;
  const parties = key.split('-');
  const figures = figuresAt(sums, asOf, profile);
  const before = figuresAt(sums, addDays(asOf, -DRIFT_DAYS), profile).value;
  const standing = listed.sanctionsInForce.primary + listed.standingActions.primary > 0;
  const phase = phaseOf(figures, before, coverage.records === 0 && !standing, profile);
  const rank = rankOf(figures.value, asOf, firstDay(sums, asOf), (day) => figuresAt(sums, day, profile).value);
  return {
    key,
    parties: partiesIn(key),
    phase,
    tension: { ...figures, rank, profile: profile.name, ...shortened(known, figures, asOf, most, profile) },
    coverage: coverageTold(coverage, asOf),
    ...lists(known, asOf, parties),
    openDisputes: disputes.sets.map((ids) =>
      disputeOf(
        ids.map((id) => beliefIn(known, id)),
        asOf,
        cite,
      ),
    ),
    lastContact: lastContact(known, asOf, parties),
    latestMoves: Object.fromEntries(parties.map((party) => [party, latestMoves(known, party, asOf)] as const)),
    counts: { ...counts(listed), openDisputes: disputes.count },
    incomplete: known.incomplete,
  };
}

export type RelationshipState = ReturnType<typeof relationshipState>;

/** The two parties of a relationship, with their names. */
export function partiesIn(key: string) {
  return key.split('-').map((code) => ({ code, name: PARTIES.get(code)?.name ?? code }));
}

function beliefIn({ key, beliefs }: Known, id: string): Belief {
  const belief = beliefs.get(id);
  if (belief === undefined) throw new TypeError(`${id} is named in the state of ${key}, but was not read`);
  return belief;
}

function lists(known: Known, asOf: Day, parties: readonly string[]) {
  const { key, cite, listed } = known;
  const of = <T extends object>(name: ListName, items: (belief: Belief) => T[]): (T & { role: string })[] =>
    listed[name].records
      .map((id) => beliefIn(known, id))
      .flatMap((belief) => items(belief).map((item) => ({ ...item, role: listing.roleIn(belief, key) })))
      .slice(0, MOST_ITEMS);
  const announced = (name: 'upcomingMeetings' | 'overdueMeetings') => of(name, (b) => listing.announcedMeetings(b, asOf, cite));
  return {
    sanctionsInForce: of('sanctionsInForce', (b) => listing.sanctionsInForce(b, asOf, cite)),
    standingActions: of('standingActions', (b) => listing.standingActions(b, asOf, cite)),
    upcomingMeetings: announced('upcomingMeetings'),
    overdueMeetings: announced('overdueMeetings'),
    openStatements: of('openStatements', (b) => listing.openStatements(b, asOf, cite)),
    assessments: of('assessments', (b) => listing.assessments(b, asOf, cite, parties)),
    quantities: of('quantities', (b) => listing.quantities(b, asOf, cite)),
    openQueries: of('openQueries', (b) => listing.openQueries(b))
      .map(({ role: _, ...query }) => query)
      .toSorted(lastAskedFirst),
  };
}

function lastAskedFirst(a: Query, b: Query): number {
  if (a.since !== b.since) return a.since < b.since ? 1 : -1;
  return a.record === b.record ? a.n - b.n : a.record < b.record ? -1 : 1;
}

type Query = ReturnType<typeof listing.openQueries>[number];

function counts(listed: Known['listed']): Record<ListName, number> {
  return Object.fromEntries(Object.entries(listed).map(([name, { items }]) => [name, items])) as Record<ListName, number>;
}

/** The largest parts, and what the others come to, so that all add up. */
function shortened(
  known: Known,
  { conflict, cooperation }: { conflict: number; cooperation: number },
  asOf: Day,
  most: number,
  profile: Profile,
) {
  const summaryOf = (id: string): string => listing.happeningOf(beliefIn(known, id).record)!.data.summary;
  const largest = most === 0 ? [] : known.largest;
  const parts = partsOf(largest, asOf, summaryOf, profile).slice(0, most);
  const count = known.moves - parts.length;
  const rest = (all: number, side: (part: Part) => boolean): number => (count === 0 ? 0 : Math.max(0, all - points(parts.filter(side))));
  return {
    parts,
    partsRest: {
      count,
      conflict: rest(conflict, ({ score }) => score < 0),
      cooperation: rest(cooperation, ({ score }) => score > 0),
    },
  };
}

/** How well the relationship is covered, so that "no recent record" never looks like "calm". */
export function coverageTold({ records, sources, topSource, last }: Coverage, asOf: Day) {
  return {
    records,
    sources,
    daysSinceLastRecord: last === null ? null : daysBetween(last, asOf),
    topSourceShare: records === 0 ? null : topSource / records,
  };
}

function lastContact(known: Known, asOf: Day, parties: readonly string[]) {
  const { contact, cite } = known;
  const [held] = contact === null ? [] : listing.heldMeetings(beliefIn(known, contact), asOf, cite);
  return held === undefined ? null : { ...held, confirmedBy: held.confirmedBy.filter((party) => parties.includes(party)) };
}

function latestMoves(known: Known, party: string, asOf: Day) {
  return (known.latest.get(party) ?? []).map(({ record, move, on, from, to, tenths }) => {
    const belief = beliefIn(known, record);
    const { summary } = listing.happeningOf(belief.record)!.data;
    return { record, move, on, from, to, score: tenths / 10, summary, citations: listing.sourcesOf(belief, asOf, known.cite) };
  });
}
