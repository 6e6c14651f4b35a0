import type { Pool } from 'pg';
import { dayNumber } from '../domain/day.js';
import { kindOfId } from '../domain/kind-of-id.js';
import type { Belief } from '../domain/relationship/belief.js';
import { joined } from '../domain/relationship/dispute.js';
import { entriesOf, type Sum } from '../domain/relationship/ledger.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { MOST_ITEMS, MOST_LATEST_MOVES, type Coverage, type Known } from '../domain/relationship/state.js';
import { isOn, type Spanned } from '../domain/relationship/spans.js';
import type { Counted } from '../domain/relationship/tension.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { byId, type BeliefsAt, type Version } from './beliefs.js';
import { Gaps } from './gaps.js';
import { coverageOf, recentNews, standingGroups } from './coverage.js';
import { KeptRelationships } from './kept-relationships.js';
import { Moves, type MoveRow } from './moves.js';
import { placesOn, type Position } from './places.js';

/** What a question is asked of: a relationship, the day, and the position at which it is to be known. */
export interface Asked {
  key: string;
  asOf: Day;
  position: bigint;
}

const KNOWN = knownAt('$2');
/** Finds what the state of a relationship tells, without reading all of its records. */
export class Selection {
  constructor(
    private readonly pool: Pool,
    private readonly kept = new KeptRelationships(pool),
  ) {}

  /** The sources that do not stand. */
  async fallen(position: bigint): Promise<string[]> {
    const sql = `select source from view.source where not stands and ${knownAt('$1')}`;
    const { rows } = await this.pool.query<{ source: string }>(sql, [position]);
    return rows.map(({ source }) => source);
  }

  /** The moves of a relationship, added up; `filedBy`: of records that were on file at that position. */
  async sums(key: string, position: bigint, fallen: readonly string[], filedBy = position): Promise<Sum[]> {
    return (await this.moves(key, position, fallen)).sums(Number(filedBy));
  }

  /** What is believed of the records of the moves that weigh most on either of two days, or stand on one of them only: so many of each. */
  async fading(
    { key, position }: Omit<Asked, 'asOf'>,
    days: readonly [Day, Day],
    fallen: readonly string[],
    most: number,
  ): Promise<Version[]> {
    const moves = await this.moves(key, position, fallen);
    const [one, other] = days.map(dayNumber) as [number, number];
    const fadingOn = (day: number): MoveRow[] =>
      moves.heaviest(
        moves.on(day).filter((n) => moves.fades(n)),
        day,
        most,
      );
    return [...fadingOn(one), ...fadingOn(other), ...moves.heaviest(moves.turned(one, other), other, most)];
  }

  /** Everything that the state tells; `most` = how many parts of the tension. */
  async known(asked: Asked, beliefs: BeliefsAt, most: number): Promise<Known> {
    const { key, asOf, position } = asked;
    const day = dayNumber(asOf);
    const [kept, fallen] = await Promise.all([this.kept.upTo(key, position), this.fallen(position)]);
    const moves = new Moves(kept, position, fallen);
    const now = moves.on(day);
    const largest = most === 0 ? [] : moves.heaviest(now, day, most);
    const latest = key.split('-').map((party) => [party, moves.latest(now, party, MOST_LATEST_MOVES)] as const);
    const sums = moves.sums();
    const { listed, positions, decides, contact, named } = placesOn(kept, position, day);
    const [disputes, coverage, incomplete] = await Promise.all([
      this.disputes(asked, positions, decides),
      this.coverage(asked),
      new Gaps(this.pool).isIncomplete(position, key),
    ]);
    const sets = disputes.slice(0, MOST_ITEMS);
    const told = [...largest, ...latest.flatMap(([, rows]) => rows), ...named, ...sets.flat()];
    const read = byId(await beliefs.ofVersions(told));
    const counted = (rows: readonly MoveRow[]): Counted[] => rows.map((row) => countedAs(row, read.get(row.record)!, asked));
    return {
      key,
      sums,
      moves: now.length,
      largest: counted(largest),
      latest: new Map(latest.map(([party, rows]) => [party, counted(rows)])),
      listed,
      disputes: { sets: sets.map((set) => set.map(({ record }) => record)), count: disputes.length },
      contact,
      coverage,
      incomplete,
      beliefs: read,
      cite: beliefs.cite,
    };
  }

  private async moves(key: string, position: bigint, fallen: readonly string[]): Promise<Moves> {
    return new Moves(await this.kept.upTo(key, position), position, fallen);
  }

  /** How well a relationship is covered on a day. */
  async coverage({ key, asOf, position }: Asked): Promise<Coverage> {
    const { cited, last } = recentNews(await this.kept.upTo(key, position), position, dayNumber(asOf));
    return coverageOf(cited, last, await standingGroups(this.pool, [...new Set(cited.flat())], position));
  }

  /** Sets of statements that are joined by disputes, the newest first, of which one at least belongs to the relationship. */
  private async disputes({ asOf, position }: Asked, own: readonly Position[], decided: (record: string) => boolean): Promise<Position[][]> {
    const all = new Map(own.map((each) => [each.record, each]));
    const seen = new Set(all.keys());
    // However far the chain leads.
    for (let edge = own; edge.length > 0;) {
      const next = [...new Set(edge.flatMap(({ against }) => against))].filter(
        (id) => kindOfId(id) === 'statement' && !seen.has(id) && !decided(id),
      );
      for (const id of next) seen.add(id);
      edge = next.length === 0 ? [] : await this.positions(next, asOf, position);
      for (const each of edge) all.set(each.record, each);
    }
    return joined([...all.values()]).map((set) => set.map((record) => all.get(record)!));
  }

  /** Those of these records that take a position; each is looked up by itself (`offset 0`), for the planner would rather read all positions. */
  private async positions(ids: readonly string[], asOf: Day, position: bigint): Promise<Position[]> {
    const { rows } = await this.pool.query<{ record: string; knownFrom: bigint; against: string[] }>(
      `select own.* from unnest($1::text[]) id cross join lateral (
         select record, known_from as "knownFrom", against from view.place
         where record = id and list = 'positions' and ${KNOWN} and since <= $3 and (until is null or until > $3) offset 0 limit 1) own`,
      [ids, position, asOf],
    );
    return rows.map(({ knownFrom, ...row }) => ({ ...row, knownFrom: Number(knownFrom) }));
  }
}

/** The moves that follow from a belief in a relationship, whether its sources stand or not. */
export function countedIn(belief: Belief, key: string): Spanned<Counted>[] {
  const { record, entries } = belief;
  return entriesOf({ ...belief, muted: null }, ENTENTE_1)
    .filter(({ relationship }) => relationship === key)
    .map((entry) => ({ ...entry, record: record.id, position: entries[entry.version - 1]!.position }));
}

/** The move of a row, told from the belief that it follows from. */
function countedAs(row: MoveRow, belief: Belief, { key, asOf }: Asked): Counted {
  const own = countedIn(belief, key).find(
    (move) =>
      Number(move.position) === row.position &&
      dayNumber(move.on) === row.on &&
      move.tenths === row.tenths &&
      (move.base === null ? row.base === null : dayNumber(move.base) === row.base) &&
      isOn(move, asOf),
  );
  if (own === undefined) throw new TypeError(`${row.record} makes no such move in ${key}`);
  return own;
}
