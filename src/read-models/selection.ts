import type { Pool } from 'pg';
import { dayNumber } from '../domain/day.js';
import type { Belief } from '../domain/relationship/belief.js';
import { joined } from '../domain/relationship/dispute.js';
import { entriesOf, type Sum } from '../domain/relationship/ledger.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { MOST_ITEMS, MOST_LATEST_MOVES, type Coverage, type Known } from '../domain/relationship/state.js';
import { isOn, type Spanned } from '../domain/relationship/spans.js';
import type { Counted } from '../domain/relationship/tension.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { byId, type BeliefsAt } from './beliefs.js';
import { KeptRows } from './kept-rows.js';
import { heaviest, latestOf, MOVES, sumsOf, supported, type MoveRow } from './ledger-rows.js';
import { coverageOf, NEWS, recentNews, standingGroups, type NewsRow } from './news-rows.js';
import { lastContact, listedIn, PLACES, type PlaceRow } from './place-rows.js';

/** What a question is asked of: a relationship, the day, and the position at which it is to be known. */
export interface Asked {
  key: string;
  asOf: Day;
  position: bigint;
}

type Position = Pick<PlaceRow, 'record' | 'against'>;

const KNOWN = knownAt('$2');
/** Finds what the state of a relationship tells, without reading all of its records. */
export class Selection {
  private readonly moves: KeptRows<MoveRow, Parameters<typeof MOVES.read>[1]>;
  private readonly places: KeptRows<PlaceRow, Parameters<typeof PLACES.read>[1]>;

  private readonly news: KeptRows<NewsRow, Parameters<typeof NEWS.read>[1]>;

  constructor(private readonly pool: Pool) {
    this.news = new KeptRows(pool, NEWS);
    this.moves = new KeptRows(pool, MOVES);
    this.places = new KeptRows(pool, PLACES);
  }

  /** The sources that do not stand. */
  async fallen(position: bigint): Promise<string[]> {
    const sql = `select source from view.source where not stands and ${knownAt('$1')}`;
    const { rows } = await this.pool.query<{ source: string }>(sql, [position]);
    return rows.map(({ source }) => source);
  }

  /** The moves of a relationship, added up; `filedBy`: of records that were on file at that position. */
  async sums(key: string, position: bigint, fallen: readonly string[], filedBy = position): Promise<Sum[]> {
    const moves = await this.supported(key, position, fallen);
    return sumsOf(filedBy === position ? moves : moves.filter(({ filed }) => filed <= Number(filedBy)));
  }

  /** The records of the moves that weigh most on either of two days, or stand on one of them only: so many of each. */
  async fading(
    { key, position }: Omit<Asked, 'asOf'>,
    days: readonly [Day, Day],
    fallen: readonly string[],
    most: number,
  ): Promise<string[]> {
    const moves = await this.supported(key, position, fallen);
    const [one, other] = days.map(dayNumber) as [number, number];
    const fadingOn = (day: number): MoveRow[] =>
      heaviest(
        moves.filter((move) => move.base !== null && isOn(move, day)),
        day,
        most,
      );
    const turned = moves.filter((move) => move.base === null && isOn(move, one) !== isOn(move, other));
    return [...new Set([...fadingOn(one), ...fadingOn(other), ...heaviest(turned, other, most)].map(({ record }) => record))];
  }

  /** Everything that the state tells; `most` = how many parts of the tension. */
  async known(asked: Asked, beliefs: BeliefsAt, most: number): Promise<Known> {
    const { key, asOf, position } = asked;
    const day = dayNumber(asOf);
    const [moves, places, coverage] = await Promise.all([
      this.fallen(position).then((fallen) => this.supported(key, position, fallen)),
      this.places.at(key, position).then((rows) => rows.filter((row) => isOn(row, day))),
      this.coverage(asked),
    ]);
    const now = moves.filter((move) => isOn(move, day));
    const largest = most === 0 ? [] : heaviest(now, day, most);
    const latest = new Map(key.split('-').map((party) => [party, latestOf(now, party, MOST_LATEST_MOVES)]));
    const listed = listedIn(places);
    const contact = lastContact(places);
    const disputes = await this.disputes(asked, places);
    const sets = disputes.slice(0, MOST_ITEMS);
    const moving = [...largest, ...[...latest.values()].flat()].map(({ record }) => record);
    const named = [...moving, ...Object.values(listed).flatMap(({ records }) => records), ...sets.flat()];
    const read = byId(await beliefs.ofRecords(contact === null ? named : [...named, contact]));
    const counted = (rows: readonly MoveRow[]): Counted[] => rows.map((row) => countedAs(row, read.get(row.record)!, asked));
    return {
      key,
      sums: sumsOf(moves),
      moves: now.length,
      largest: counted(largest),
      latest: new Map([...latest].map(([party, rows]) => [party, counted(rows)])),
      listed,
      disputes: { sets, count: disputes.length },
      contact,
      coverage,
      beliefs: read,
      cite: beliefs.cite,
    };
  }

  private async supported(key: string, position: bigint, fallen: readonly string[]): Promise<readonly MoveRow[]> {
    return supported(await this.moves.at(key, position), fallen);
  }

  /** How well a relationship is covered on a day. */
  async coverage({ key, asOf, position }: Asked): Promise<Coverage> {
    const { cited, last } = recentNews(await this.news.at(key, position), dayNumber(asOf));
    return coverageOf(cited, last, await standingGroups(this.pool, [...new Set(cited.flat())], position));
  }

  /** Sets of statements that are joined by disputes, the newest first, of which one at least belongs to the relationship. */
  private async disputes({ asOf, position }: Asked, places: readonly PlaceRow[]): Promise<string[][]> {
    const own = places.filter(({ list }) => list === 'positions');
    const seen = new Set(own.map(({ record }) => record));
    const elsewhere: Position[] = [];
    // However far the chain leads.
    for (let edge: readonly Position[] = own; edge.length > 0;) {
      const next = [...new Set(edge.flatMap(({ against }) => against))].filter((id) => !seen.has(id));
      for (const id of next) seen.add(id);
      edge = next.length === 0 ? [] : await this.positions(next, asOf, position);
      elsewhere.push(...edge);
    }
    return joined([...own, ...elsewhere]);
  }

  /** Those of these records that take a position. */
  private async positions(ids: readonly string[], asOf: Day, position: bigint): Promise<Position[]> {
    const { rows } = await this.pool.query<Position>(
      `select distinct on (record) record, against from view.place
        where record = any($1) and list = 'positions' and ${KNOWN} and since <= $3 and (until is null or until > $3) order by record`,
      [ids, position, asOf],
    );
    return rows;
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
