import type { Pool } from 'pg';
import { COUNTED, NOTHING, type SideSum, type Turn } from '../domain/relationship/course.js';
import { COVERAGE_DAYS, DRIFT_DAYS } from '../domain/relationship/state.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';

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

/** A source falls at a position, or stands again; `rests`: some record rests on it then. */
export interface SourceTurn {
  source: string;
  position: bigint;
  stands: boolean;
  rests: boolean;
}

const OWN = `relationship = $1 and version = 1 and role <> 'topic'`;
const DAYS = (column: string): string => `${column} - date '1970-01-01' as ${column}`;
const SUMS = `${DAYS('since')}, ${DAYS('until')}, ${DAYS('base')}, tenths < 0 as conflict, sum(sign * tenths)::int as tenths, sum(sign)::int as moves`;
const BY_SUM = `group by turn.at, move.since, move.until, move.base, tenths < 0
  having sum(sign) <> 0 or sum(sign * tenths) <> 0 order by move.base`;
/** Moves that count on the day, or on the one with which it is compared. */
const MATTERS = `since <= $2 and (until is null or until > $2::date - ${DRIFT_DAYS})`;

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

  /** What comes and goes at each position of a stretch: with these records, and with the moves that rest on sources which turn. */
  async turning({ after, upTo }: Stretch, records: readonly string[], sources: readonly SourceTurn[]): Promise<ReadonlyMap<bigint, Turn>> {
    const turns = await this.turns(within(after, upTo, records));
    const resting = sources.length === 0 ? [] : await this.resting(sources);
    for (const [position, sums] of Map.groupBy(resting, (row) => row.position)) {
      const turn = turns.get(position) ?? NOTHING;
      turns.set(position, { ...turn, sums: [...turn.sums, ...sums] });
    }
    return turns;
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
      `select source, known_from as position, stands, exists (
           select from view.leans join view.happening h using (record)
           where leans_on = s.source and why = 'cites' and relationship = $1 and role = 'primary' and not retracted
             and ${knownAt('s.known_from', 'h')}) as rests
       from (select source, known_from, stands, lag(stands, 1, true) over (partition by source order by known_from) as stood
             from view.source where source in (select source from view.source where not stands)) s
       where known_from > $2 and known_from <= $3 and stands <> stood
         and exists (select from view.resting r where r.source = s.source and r.relationship = $1)
       order by known_from`,
      [this.key, after, upTo],
    );
    return rows;
  }

  /** The moves, known before and after, that no other source supports. */
  private async resting(sources: readonly SourceTurn[]): Promise<(SideSum & { position: bigint })[]> {
    const { rows } = await this.pool.query<SideSum & { position: bigint }>(
      `select turn.at as position, ${SUMS}
       from unnest($3::text[], $4::bigint[], $5::int[]) turn (source, at, sign)
       join view.leans on leans_on = turn.source and why = 'cites' join view.move using (record)
       where relationship = $1 and ${MATTERS} and turn.source = any(sources)
         and known_from < turn.at and (known_to is null or known_to > turn.at)
         and not ${someStands('cited.id <> turn.source', 'turn.at')}
       ${BY_SUM}`,
      [
        this.key,
        this.asOf,
        sources.map(({ source }) => source),
        sources.map(({ position }) => position),
        sources.map(({ stands }) => (stands ? 1 : -1)),
      ],
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
      `select turn.at as position, ${SUMS}
       from view.move cross join lateral ${turns} turn (at, sign)
       where relationship = $1 and ${MATTERS} and ${where} and ${supported}
       ${BY_SUM}`,
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
  const fallen = `select source from view.source where not stands and ${knownAt('$3')}`;
  return {
    turns: '(values ($3::bigint, 1))',
    where: knownAt('$3'),
    // Nearly always the first source stands, which is found by its hash.
    supported: `(sources[1] not in (${fallen}) or not sources <@ array(${fallen}))`,
    values: [position],
  };
}

/** A row that goes counted until then: it is known by the position before whether it was supported. */
function within(after: bigint, upTo: bigint, records: readonly string[]): Extent {
  return {
    turns: '(values (known_from, 1), (known_to, -1))',
    where: 'turn.at > $3 and turn.at <= $4 and record = any($5)',
    supported: someStands('true', 'turn.at - (sign < 0)::int'),
    values: [after, upTo, records],
  };
}

/** Whether some of the sources of a move stood at a position. */
function someStands(which: string, position: string): string {
  return `exists (select from unnest(sources) cited (id) where ${which} and coalesce((
    select s.stands from view.source s where s.source = cited.id and s.known_from <= ${position} order by s.known_from desc limit 1), true))`;
}
