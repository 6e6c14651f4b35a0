import { addDays, type Day } from '../../../src/domain/time.js';
import { stepDay } from '../../../src/domain/life.js';
import type { Belief, Held } from '../../../src/domain/relationship/belief.js';
import { joined, opposing, takesPosition } from '../../../src/domain/relationship/dispute.js';
import { entriesOf, figuresAt, sumsOf, type Figures } from '../../../src/domain/relationship/ledger.js';
import * as listing from '../../../src/domain/relationship/listing.js';
import { movesOf } from '../../../src/domain/relationship/moves.js';
import { LISTS, type ListName } from '../../../src/domain/relationship/places.js';
import { ENTENTE_1 } from '../../../src/domain/relationship/score-profile.js';
import {
  COVERAGE_DAYS,
  MOST_ITEMS,
  MOST_LATEST_MOVES,
  type Coverage,
  type Known,
  type Listed,
} from '../../../src/domain/relationship/state.js';
import { partsOf, type Counted, type Part } from '../../../src/domain/relationship/tension.js';

/**
 * What the state of a relationship is told from, found the slow way: by looking at every record on the day that is asked for. The service
 * finds the same in its tables.
 */
export function knownFrom(key: string, all: readonly Belief[], elsewhere: readonly Belief[], asOf: Day, cite: listing.Cite): Known {
  const beliefs = all.filter((belief) => !belief.status.retracted && listing.happenedBy(belief, asOf)).toSorted(newestFirst);
  const moves = beliefs.flatMap((belief) => countedBy(belief, key, asOf));
  const contact = lastContact(
    beliefs.filter((belief) => listing.roleIn(belief, key) === 'primary'),
    asOf,
  );
  const { sets, count } = disputes(beliefs, elsewhere, asOf);
  return {
    key,
    sums: sumsOf(
      all
        .filter(({ muted }) => muted === null)
        .flatMap((belief) => entriesOf(belief, ENTENTE_1).filter(({ relationship }) => relationship === key)),
    ),
    moves: moves.length,
    largest: moves,
    latest: new Map(key.split('-').map((party) => [party, latestOf(moves, party)])),
    listed: Object.fromEntries(LISTS.map((list) => [list, listedIn(list, beliefs, key, asOf, cite)])) as Record<ListName, Listed>,
    disputes: { sets, count },
    contact,
    incomplete: false,
    coverage: coverageOf(
      beliefs.filter((belief) => listing.roleIn(belief, key) === 'primary'),
      asOf,
    ),
    beliefs: new Map([...all, ...elsewhere].map((belief) => [belief.record.id, belief])),
    cite,
  };
}

/** The figures of a day with all their parts. */
export function tensionOf({ sums, largest, beliefs }: Pick<Known, 'sums' | 'largest' | 'beliefs'>, asOf: Day): Figures & { parts: Part[] } {
  const summaryOf = (id: string): string => listing.happeningOf(beliefs.get(id)!.record)!.data.summary;
  return { ...figuresAt(sums, asOf, ENTENTE_1), parts: partsOf(largest, asOf, summaryOf, ENTENTE_1) };
}

function countedBy({ record, muted, entries }: Belief, key: string, asOf: Day): Counted[] {
  return movesOf(record, asOf, muted, ENTENTE_1)
    .filter(({ relationship, why }) => relationship === key && why === null)
    .map(({ score, standing, until, ...move }) => ({
      ...move,
      record: record.id,
      position: entries[move.version - 1]!.position,
      tenths: Math.round(score * 10),
      base: standing ? null : (until ?? move.on),
    }));
}

function latestOf(moves: readonly Counted[], party: string): Counted[] {
  return moves
    .filter(({ from }) => from === party)
    .toSorted((a, b) => listing.byRecency({ latest: a.on, position: a.position }, { latest: b.on, position: b.position }))
    .slice(0, MOST_LATEST_MOVES);
}

function newestFirst(a: Belief, b: Belief): number {
  const recency = ({ record, entries }: Belief) => ({
    latest: listing.happeningOf(record)!.data.occurred.latest,
    position: entries[0]!.position,
  });
  return listing.byRecency(recency(a), recency(b));
}

function listedIn(list: ListName, beliefs: readonly Belief[], key: string, asOf: Day, cite: listing.Cite): Listed {
  const items = (belief: Belief): unknown[] => {
    switch (list) {
      case 'sanctionsInForce':
        return listing.sanctionsInForce(belief, asOf, cite);
      case 'standingActions':
        return listing.standingActions(belief, asOf, cite);
      case 'upcomingMeetings':
        return listing.announcedMeetings(belief, asOf, cite).filter(({ status }) => status === 'upcoming');
      case 'overdueMeetings':
        return listing.announcedMeetings(belief, asOf, cite).filter(({ status }) => status === 'overdue');
      case 'openStatements':
        return listing.openStatements(belief, asOf, cite);
      case 'assessments':
        return listing.assessments(belief, asOf, cite, []);
      case 'quantities':
        return listing.quantities(belief, asOf, cite);
      case 'openQueries':
        return listing.openQueries(belief);
    }
  };
  const found = beliefs.filter((belief) => items(belief).length > 0);
  const count = (some: readonly Belief[]): number => some.reduce((sum, belief) => sum + items(belief).length, 0);
  return {
    records: found.slice(0, MOST_ITEMS).map(({ record }) => record.id),
    items: count(found),
    primary: count(found.filter((belief) => listing.roleIn(belief, key) === 'primary')),
  };
}

/** A dispute belongs to every relationship in which one of its positions was taken. */
function disputes(own: readonly Belief[], elsewhere: readonly Belief[], asOf: Day): Known['disputes'] {
  const positions = [...own, ...elsewhere].filter((belief) => takesPosition(belief, asOf));
  const ids = new Set(own.map(({ record }) => record.id));
  const sets = joined(positions.map((belief) => ({ record: belief.record.id, against: opposing(belief) }))).filter((set) =>
    set.some((id) => ids.has(id)),
  );
  return { sets: sets.slice(0, MOST_ITEMS), count: sets.length };
}

function coverageOf(primary: readonly Belief[], asOf: Day): Coverage {
  const news = primary.map((belief) => ({ belief, day: lastNewsOf(belief, asOf) }));
  const recent = news.filter(({ day }) => day > addDays(asOf, -COVERAGE_DAYS));
  const behind = new Map<string, number>();
  for (const { belief } of recent) for (const group of groupsBehind(belief, asOf)) behind.set(group, (behind.get(group) ?? 0) + 1);
  return {
    records: recent.length,
    sources: behind.size,
    topSource: Math.max(0, ...behind.values()),
    last: news.reduce<Day | null>((last, { day }) => (last === null || day > last ? day : last), null),
  };
}

/** The last day by asOf on which something happened to a record. */
function lastNewsOf({ record }: Held, asOf: Day): Day {
  const days = [listing.happeningOf(record)?.data.occurred.latest ?? '', ...record.steps.map(stepDay)];
  return days.filter((day) => day <= asOf).reduce((a, b) => (a > b ? a : b));
}

/** The independent sources by asOf. */
function groupsBehind(belief: Belief, asOf: Day): Set<string> {
  const cited = new Set(listing.citedBy(belief, asOf).map(({ source }) => source));
  return new Set(belief.sources.flatMap(({ source, group }) => (cited.has(source) ? [group] : [])));
}

function lastContact(primary: readonly Belief[], asOf: Day): string | null {
  const held = primary.flatMap(({ record, entries }) => {
    const holding = listing.holdingOf(record, asOf);
    return holding === undefined
      ? []
      : [{ record: record.id, latest: holding.on.latest, position: entries[holding.version - 1]!.position }];
  });
  return held.toSorted(listing.byRecency)[0]?.record ?? null;
}
