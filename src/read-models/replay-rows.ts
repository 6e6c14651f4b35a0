import type { Pool } from 'pg';
import { COUNTED, NOTHING, type SideSum, type Turn } from '../domain/relationship/course.js';
import { COVERAGE_DAYS, DRIFT_DAYS } from '../domain/relationship/state.js';
import type { Day } from '../domain/time.js';

/** Everything known at a position, or what comes and goes at the positions of a stretch: a clause of SQL, with its values from $3 on. */
interface Extent {
  /** Each position at which a row counts, with 1 where it comes and -1 where it goes. */
  turns: string;
  where: string;
  /** Whether the record of a move rests on a source that stands. */
  supported: string;
  values: unknown[];
}

/** Positions of a log: after the one, up to the other. */
export interface Stretch {
  after: bigint;
  upTo: bigint;
}

/** A position at which a source falls or stands again; `rests`: some record rests on it then. */
export interface SourceTurn {
  position: bigint;
  rests: boolean;
}

const OWN = `relationship = $1 and version = 1 and role <> 'topic'`;
const DAYS = (column: string): string => `${column} - date '1970-01-01' as ${column}`;
/** Reads what a relationship is told from, position by position, for one day of the world. */
export class ReplayRows {
  constructor(
    private readonly pool: Pool,
    private readonly key: string,
    private readonly asOf: Day,
  ) {}

  /** All that is known at a position. */
  async known(position: bigint): Promise<Turn> {
    const turns = await this.turns(standing(position));
    return turns.get(position) ?? NOTHING;
  }

  /** What comes and goes with these records at each position of a stretch in which no source falls on which they rest. */
  async turning({ after, upTo }: Stretch, records: readonly string[]): Promise<ReadonlyMap<bigint, Turn>> {
    return this.turns(within(after, upTo, records));
  }

  /** How far the first so many things lead that come to be believed of records of the relationship. */
  async pageOf({ after, upTo }: Stretch, most: number): Promise<Stretch> {
    const { rows } = await this.pool.query<{ rows: number; last: bigint }>(
      `select count(*)::int as rows, max(known_from) as last from (
         select known_from from view.happening where ${OWN} and known_from > $2 and known_from <= $3 order by known_from limit $4) page`,
      [this.key, after, upTo, most],
    );
    const { rows: count, last } = rows[0]!;
    return { after, upTo: count < most ? upTo : last };
  }

  /** The positions of a stretch at which something is believed otherwise of a record of the relationship, with those records. */
  async touched({ after, upTo }: Stretch): Promise<Map<bigint, string[]>> {
    const { rows } = await this.pool.query<{ position: bigint; records: string[] }>(
      `select position, array_agg(distinct record) as records from (
         select known_from as position, record from view.happening where ${OWN} and known_from > $2 and known_from <= $3
         union all
         select known_to, record from view.happening where ${OWN} and known_to > $2 and known_to <= $3) touched
       group by position order by position`,
      [this.key, after, upTo],
    );
    return new Map(rows.map(({ position, records }) => [position, records]));
  }

  /** Where sources fall, or stand again, on which primary records rest or once rested: no other records are scored. */
  async sourceTurns({ after, upTo }: Stretch): Promise<SourceTurn[]> {
    const { rows } = await this.pool.query<SourceTurn>(
      `select known_from as position, exists (
           select from view.leans join view.happening h using (record)
           where leans_on = s.source and why = 'cites' and relationship = $1 and role = 'primary' and not retracted
             and h.known_from <= s.known_from and (h.known_to is null or h.known_to > s.known_from)) as rests
       from (select source, known_from, stands, lag(stands, 1, true) over (partition by source order by known_from) as stood
             from view.source join view.resting using (source) where relationship = $1) s
       where known_from > $2 and known_from <= $3 and stands <> stood order by known_from`,
      [this.key, after, upTo],
    );
    return rows;
  }

  private async turns(extent: Extent): Promise<Map<bigint, Turn>> {
    const [sums, items, recent] = await Promise.all([this.sums(extent), this.items(extent), this.recent(extent)]);
    const turns = new Map<bigint, Turn>();
    const add = (position: bigint, some: Partial<Turn>): unknown => turns.set(position, { ...(turns.get(position) ?? NOTHING), ...some });
    for (const [position, rows] of Map.groupBy(sums, (row) => row.position)) add(position, { sums: rows });
    for (const [position, rows] of Map.groupBy(items, (row) => row.position)) add(position, { items: rows });
    for (const { position, recent: count } of recent) add(position, { recent: count });
    return turns;
  }

  private async sums({ turns, where, supported, values }: Extent): Promise<(SideSum & { position: bigint })[]> {
    const { rows } = await this.pool.query<SideSum & { position: bigint }>(
      `select turn.at as position, ${DAYS('since')}, ${DAYS('until')}, ${DAYS('base')}, tenths < 0 as conflict,
         sum(sign * tenths)::int as tenths, sum(sign)::int as moves
       from view.move cross join lateral ${turns} turn (at, sign)
       where relationship = $1 and since <= $2 and (until is null or until > $2::date - ${DRIFT_DAYS}) and ${where} and ${supported}
       group by turn.at, move.since, move.until, move.base, tenths < 0
       having sum(sign) <> 0 or sum(sign * tenths) <> 0
       order by move.base`,
      [this.key, this.asOf, ...values],
    );
    return rows;
  }

  private async items({ turns, where, values }: Extent): Promise<(Turn['items'][number] & { position: bigint })[]> {
    const lists = COUNTED.map((list) => `'${list}'`).join(', ');
    const { rows } = await this.pool.query<Turn['items'][number] & { position: bigint }>(
      `select turn.at as position, list, sum(sign * items)::int as items,
         coalesce(sum(sign * items) filter (where role = 'primary'), 0)::int as primary
       from view.place cross join lateral ${turns} turn (at, sign)
       where relationship = $1 and list in (${lists}) and role <> 'topic' and since <= $2 and (until is null or until > $2) and ${where}
       group by turn.at, list`,
      [this.key, this.asOf, ...values],
    );
    return rows;
  }

  private async recent({ turns, where, values }: Extent): Promise<{ position: bigint; recent: number }[]> {
    const { rows } = await this.pool.query<{ position: bigint; recent: number }>(
      `select turn.at as position, sum(sign)::int as recent
       from view.happening cross join lateral ${turns} turn (at, sign)
       where relationship = $1 and role = 'primary' and not retracted and latest > $2::date - ${COVERAGE_DAYS} and latest <= $2
         and begins <= $2 and ${where}
       group by turn.at`,
      [this.key, this.asOf, ...values],
    );
    return rows;
  }
}

function standing(position: bigint): Extent {
  return {
    turns: '(values ($3::bigint, 1))',
    where: 'known_from <= $3 and (known_to is null or known_to > $3)',
    supported: `not sources <@ array(
      select source from view.source where not stands and known_from <= $3 and (known_to is null or known_to > $3))`,
    values: [position],
  };
}

/** A row that goes counted until then: it is known by the position before whether it was supported. */
function within(after: bigint, upTo: bigint, records: readonly string[]): Extent {
  return {
    turns: '(values (known_from, 1), (known_to, -1))',
    where: 'turn.at > $3 and turn.at <= $4 and record = any($5)',
    supported: `exists (select from unnest(sources) cited (id) where not exists (
      select from view.source s where s.source = cited.id and not s.stands
        and s.known_from <= turn.at - (sign < 0)::int and (s.known_to is null or s.known_to > turn.at - (sign < 0)::int)))`,
    values: [after, upTo, records],
  };
}
