import type { Pool } from 'pg';
import { addDays, dayNumber } from '../domain/day.js';
import type { Belief } from '../domain/relationship/belief.js';
import { joined } from '../domain/relationship/dispute.js';
import type { Sum } from '../domain/relationship/ledger.js';
import { LISTS, type ListName } from '../domain/relationship/places.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { COVERAGE_DAYS, MOST_ITEMS, MOST_LATEST_MOVES, type Coverage, type Known, type Listed } from '../domain/relationship/state.js';
import type { Counted } from '../domain/relationship/tension.js';
import type { Day } from '../domain/time.js';
import type { BeliefsAt } from './beliefs.js';
import { Ledgers, type MoveSum } from './ledgers.js';

/** What a question is asked of: a relationship, the day, and the position at which it is to be known. */
export interface Asked {
  key: string;
  asOf: Day;
  position: bigint;
}

const KNOWN = 'known_from <= $2 and (known_to is null or known_to > $2)';
/**
 * Rows of `move` whose record rests on a source that stands; $3 are those that do not. Nearly always the first source does, which is found
 * by its hash, however many have fallen.
 */
export const SUPPORTED = '(cardinality($3::text[]) = 0 or sources[1] <> all($3::text[]) or not sources <@ $3)';
const ON_DAY = 'since <= $4 and (until is null or until > $4)';
/** Moves of one weight are told in an order that is settled only when all of them are there. */
const SPARE = 20;
const LARGEST_SCORE = 100;
const NOTHING = { items: 0, primary: 0 };

/** Finds in the tables what the state of a relationship tells, without reading the rest of its records. */
export class Selection {
  private readonly ledgers: Ledgers;

  constructor(private readonly pool: Pool) {
    this.ledgers = new Ledgers(pool);
  }

  /** The sources that do not stand. */
  async fallen(position: bigint): Promise<string[]> {
    const sql = `select source from view.source where not stands and known_from <= $1 and (known_to is null or known_to > $1)`;
    const { rows } = await this.pool.query<{ source: string }>(sql, [position]);
    return rows.map(({ source }) => source);
  }

  /** The moves of a relationship, added up; `filedBy`: of records that were on file at that position. */
  sums(key: string, position: bigint, fallen: readonly string[], filedBy?: bigint): Promise<MoveSum[]> {
    return this.ledgers.sums(key, position, fallen, filedBy);
  }

  /** The rows of a query that answers one JSON value for each, as `row`: many small rows are read faster as one text. */
  private async json<T>(sql: string, values: unknown[]): Promise<T[]> {
    const { rows } = await this.pool.query<{ rows: string }>(`select coalesce(json_agg(row), '[]')::text as rows from (${sql}) r`, values);
    return JSON.parse(rows[0]!.rows) as T[];
  }

  /** Everything that the state tells; `most` = how many parts of the tension. */
  async known(asked: Asked, beliefs: BeliefsAt, most: number): Promise<Known> {
    const { key, asOf, position } = asked;
    const fallen = await this.fallen(position);
    const [sums, largest, latest, places, items, coverage, disputes] = await Promise.all([
      this.sums(key, position, fallen),
      most === 0 ? [] : this.largest(asked, fallen, most + SPARE),
      this.latest(asked, fallen),
      this.places(asked),
      this.items(asked),
      this.coverage(asked),
      this.disputes(asked),
    ]);
    const listedIn = (list: ListName): Listed => ({ records: places.get(list) ?? [], ...(items.get(list) ?? NOTHING) });
    const contact = places.get('contacts')?.[0] ?? null;
    const sets = disputes.slice(0, MOST_ITEMS);
    const named = [...largest, ...[...latest.values()].flat()].map(({ record }) => record);
    const all = [...named, ...LISTS.flatMap((list) => places.get(list) ?? []), ...sets.flat(), ...(contact === null ? [] : [contact])];
    return {
      key,
      sums,
      moves: sums.filter((sum) => isOn(sum, dayNumber(asOf))).reduce((count, { moves }) => count + moves, 0),
      largest,
      latest,
      listed: Object.fromEntries(LISTS.map((list) => [list, listedIn(list)])) as Record<ListName, Listed>,
      disputes: { sets, count: disputes.length },
      contact,
      coverage,
      beliefs: byId(await beliefs.ofRecords(all)),
      cite: beliefs.cite,
    };
  }

  /** The moves of most weight on the day: of those that stand the highest scores, of those that fade the highest ranks. */
  private async largest({ key, asOf, position }: Asked, fallen: readonly string[], most: number): Promise<Counted[]> {
    const highest = Math.log2(LARGEST_SCORE) + dayNumber(asOf) / ENTENTE_1.halfLife;
    const { rows } = await this.pool.query<Counted>({
      text: `(select ${MOVE} from view.move where relationship = $1 and base is not null and rank <= $6 and ${KNOWN} and ${SUPPORTED} and ${ON_DAY}
          order by rank desc, on_day desc limit $5)
        union all
        (select ${MOVE} from view.move where relationship = $1 and base is null and ${KNOWN} and ${SUPPORTED} and ${ON_DAY}
          order by abs(tenths) desc, on_day desc limit $5)`,
      values: [key, position, fallen, asOf, most, highest],
    });
    return rows;
  }

  private async latest({ key, asOf, position }: Asked, fallen: readonly string[]): Promise<Map<string, Counted[]>> {
    const { rows } = await this.pool.query<Counted>({
      text: `select m.* from unnest($5::text[]) party cross join lateral (
          select ${MOVE} from view.move where relationship = $1 and from_party = party and on_day <= $4 and ${KNOWN} and ${SUPPORTED} and ${ON_DAY}
          order by on_day desc, move.position desc limit ${MOST_LATEST_MOVES}) m`,
      values: [key, position, fallen, asOf, key.split('-')],
    });
    return Map.groupBy(rows, ({ from }) => from!);
  }

  /** The records of the newest items of each list, and the last contact. */
  private async places({ key, asOf, position }: Asked): Promise<Map<string, string[]>> {
    const { rows } = await this.pool.query<{ list: string; record: string }>({
      text: `select l.list, p.record from unnest($5::text[]) l (list) cross join lateral (
          select record from view.place where relationship = $1 and list = l.list and ${KNOWN} and ${ON_DAY}
            and role = any(case when l.list = 'contacts' then '{primary}'::text[] else $3::text[] end)
          order by on_day desc, position desc limit ${MOST_ITEMS}) p`,
      values: [key, position, ['primary', 'affected'], asOf, [...LISTS, 'contacts']],
    });
    const lists = Map.groupBy(rows, ({ list }) => list);
    return new Map([...lists].map(([list, found]) => [list, [...new Set(found.map(({ record }) => record))]]));
  }

  private async items({ key, asOf, position }: Asked): Promise<Map<string, Omit<Listed, 'records'>>> {
    const { rows } = await this.pool.query<{ list: string; items: number; primary: number }>({
      text: `select list, sum(items)::int as items, coalesce(sum(items) filter (where role = 'primary'), 0)::int as primary
        from view.place where relationship = $1 and list = any($3) and role <> 'topic' and ${KNOWN} and ${ON_DAY} group by list`,
      values: [key, position, LISTS, asOf],
    });
    return new Map(rows.map(({ list, items, primary }) => [list, { items, primary }]));
  }

  private async coverage({ key, asOf, position }: Asked): Promise<Coverage> {
    const { rows } = await this.pool.query<Coverage>({
      text: `with recent as (
          select distinct on (record) record, sources from view.happening h
          where relationship = $1 and role = 'primary' and not retracted and latest > $4 and latest <= $3 and begins <= $3 and ${KNOWN}
          order by record, latest desc, version desc
        ), behind as (
          select s.witness_group, count(distinct r.record)::int as records
          from recent r cross join unnest(r.sources) cited (id) join view.source s on s.source = cited.id and s.stands and ${KNOWN}
          group by s.witness_group
        )
        select (select count(*)::int from recent) as records, (select count(*)::int from behind) as sources,
          (select coalesce(max(records), 0) from behind) as "topSource",
          (select latest::text from view.happening h
            where relationship = $1 and role = 'primary' and not retracted and latest <= $3 and begins <= $3 and ${KNOWN}
            order by h.latest desc limit 1) as last`,
      values: [key, position, asOf, addDays(asOf, -COVERAGE_DAYS)],
    });
    return rows[0]!;
  }

  /** Sets of statements that are joined by disputes, the newest first, of which one at least belongs to the relationship. */
  private async disputes(asked: Asked): Promise<string[][]> {
    const { key, asOf, position } = asked;
    const rows = await this.json<Position>(
      `select json_build_object('record', record, 'against', against) as row from view.place
        where relationship = $1 and list = 'positions' and role <> 'topic' and ${KNOWN} and since <= $3 and (until is null or until > $3)
        order by on_day desc, position desc`,
      [key, position, asOf],
    );
    return joined([...rows, ...(await this.elsewhere(rows, asked))]);
  }

  /** The positions elsewhere that are joined to these, however far the chain leads. */
  private async elsewhere(own: readonly Position[], { asOf, position }: Asked): Promise<Position[]> {
    const seen = new Set(own.map(({ record }) => record));
    const found: Position[] = [];
    for (let edge = own; edge.length > 0;) {
      const next = [...new Set(edge.flatMap(({ against }) => against))].filter((id) => !seen.has(id));
      for (const id of next) seen.add(id);
      if (next.length === 0) break;
      const rows = await this.json<Position>(
        `select distinct on (record) json_build_object('record', record, 'against', against) as row from view.place
          where record = any($1) and list = 'positions' and ${KNOWN} and since <= $3 and (until is null or until > $3) order by record`,
        [next, position, asOf],
      );
      edge = rows;
      found.push(...rows);
    }
    return found;
  }
}

interface Position {
  record: string;
  against: string[];
}

const MOVE = `record, move, version, on_day::text as "on", from_party as "from", to_party as "to", tenths, base::text, position::text, relationship`;

function isOn({ since, until }: Sum, day: number): boolean {
  return since <= day && (until === null || until > day);
}

function byId(beliefs: readonly Belief[]): Map<string, Belief> {
  return new Map(beliefs.map((belief) => [belief.record.id, belief]));
}
