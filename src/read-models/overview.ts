import type { Pool } from 'pg';
import { figuresAt, inOrder, type Figures } from '../domain/relationship/ledger.js';
import { phaseName } from '../domain/relationship/tension.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { COVERAGE_DAYS, type Coverage } from '../domain/relationship/state.js';
import { addDays, type Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { daysOf } from './kept-tables.js';
import { coverageOf, standingGroups } from './coverage.js';
import { rowsAsJson } from './rows-as-json.js';
import type { Moment } from './views.js';

/** As much of a relationship as is needed to choose it and to find its place in a list; figures to within rounding. */
export interface Outline {
  key: string;
  tension: number | null;
  phase: string;
  /** Nothing was filed of late, and nothing stands. */
  quiet: boolean;
  /** The primary or affected record that happened last. */
  last: { record: string; on: Day } | null;
}

const KNOWN = knownAt('$1');
/**
 * Rows of `move` whose record rests on a source that stands; $3 are those that do not. Nearly always the first source does, which is found
 * by its hash, however many have fallen.
 */
const SUPPORTED = '(cardinality($3::text[]) = 0 or sources[1] <> all($3::text[]) or not sources <@ $3)';

/** Looks over all relationships at once. */
export class Overview {
  constructor(private readonly pool: Pool) {}

  async outlines(moment: Moment, includeTopic: boolean, fallen: readonly string[]): Promise<Outline[]> {
    const [keys, points, busy] = await Promise.all([this.keys(moment, includeTopic), this.points(moment, fallen), this.busy(moment)]);
    return keys.map(({ key, record, on }) => {
      const { conflict, cooperation } = points.get(key) ?? { conflict: 0, cooperation: 0 };
      const { lambda, kappa } = ENTENTE_1;
      const tension = points.has(key) ? (100 * conflict) / (conflict + lambda * cooperation + kappa) : null;
      const quiet = !busy.has(key);
      const phase = phaseName({ value: tension, cooperation }, quiet, ENTENTE_1);
      return { key, tension, phase, quiet, last: record === null ? null : { record, on: on! } };
    });
  }

  /** Every relationship with its last record: one look into the index for each. */
  private async keys({ position, asOf }: Moment, includeTopic: boolean): Promise<{ key: string; record: string | null; on: Day | null }[]> {
    const sql = `
      with recursive keys (key) as (
        (select relationship from view.happening order by relationship limit 1)
        union all
        select (select relationship from view.happening where relationship > key order by relationship limit 1) from keys where key is not null
      )
      select key, last.record, last.on
      from keys
      cross join lateral (select exists (
        select from view.happening where relationship = key and role = any($3) and not retracted and ${KNOWN}) as there) h
      left join lateral (
        select record, latest::text as on from view.happening
        where relationship = key and role <> 'topic' and not retracted and version = 1 and latest <= $2 and ${KNOWN}
        order by view.happening.latest desc, position desc limit 1) last on true
      where key is not null and there`;
    const { rows } = await this.pool.query<{ key: string; record: string | null; on: Day | null }>(sql, [
      position,
      asOf,
      includeTopic ? ['primary', 'affected', 'topic'] : ['primary', 'affected'],
    ]);
    return rows;
  }

  private async points(
    { position, asOf }: Moment,
    fallen: readonly string[],
  ): Promise<Map<string, { conflict: number; cooperation: number }>> {
    const share = `abs(tenths) / 10.0::float8 * case when base is null then 1 else power(2, -($2::date - base) / ${ENTENTE_1.halfLife}.0::float8) end`;
    const sql = `
      select relationship, coalesce(sum(${share}) filter (where tenths < 0), 0) as conflict, coalesce(sum(${share}) filter (where tenths > 0), 0) as cooperation
      from view.move where ${KNOWN} and since <= $2 and (until is null or until > $2) and ${SUPPORTED}
      group by relationship`;
    const { rows } = await this.pool.query<{ relationship: string; conflict: number; cooperation: number }>(sql, [position, asOf, fallen]);
    return new Map(rows.map(({ relationship, ...points }) => [relationship, points]));
  }

  /** The figures of some relationships on a day, to the last bit those of their states. */
  async figures(keys: readonly string[], { position, asOf }: Moment, fallen: readonly string[]): Promise<Map<string, Figures>> {
    const rows = await rowsAsJson<[key: string, base: number | null, tenths: number]>(
      this.pool,
      `select json_build_array(relationship, ${daysOf('base')}, sum(tenths)) as row
       from view.move where relationship = any($4) and ${KNOWN} and since <= $2 and (until is null or until > $2) and ${SUPPORTED}
       group by relationship, base, tenths < 0`,
      [position, asOf, fallen, keys],
    );
    const sums = Map.groupBy(rows, ([key]) => key);
    const figuresOf = (key: string): Figures => {
      const own = (sums.get(key) ?? []).map(([, base, tenths]) => ({ since: -Infinity, until: null, base, tenths }));
      return figuresAt(inOrder(own), asOf, ENTENTE_1);
    };
    return new Map(keys.map((key) => [key, figuresOf(key)]));
  }

  /** How well some relationships are covered. */
  async coverage(keys: readonly string[], { position, asOf }: Moment): Promise<Map<string, Coverage>> {
    const rows = await rowsAsJson<[key: string, sources: string[]]>(
      this.pool,
      `select json_build_array(relationship, sources) as row from (
         select distinct on (relationship, record) relationship, sources from view.happening
         where relationship = any($4) and role = 'primary' and not retracted and latest > $3 and latest <= $2 and begins <= $2 and ${KNOWN}
         order by relationship, record, latest desc, version desc) recent`,
      [position, asOf, addDays(asOf, -COVERAGE_DAYS), keys],
    );
    const [groups, last] = await Promise.all([
      standingGroups(this.pool, [...new Set(rows.flatMap(([, sources]) => sources))], position),
      this.lastNews(keys, position, asOf),
    ]);
    const cited = Map.groupBy(rows, ([key]) => key);
    const coverageIn = (key: string): Coverage =>
      coverageOf(
        (cited.get(key) ?? []).map(([, sources]) => sources),
        last.get(key) ?? null,
        groups,
      );
    return new Map(keys.map((key) => [key, coverageIn(key)]));
  }

  private async lastNews(keys: readonly string[], position: bigint, asOf: Day): Promise<Map<string, Day>> {
    const sql = `
      select key, last.day from unnest($3::text[]) key cross join lateral (
        select latest::text as day from view.happening
        where relationship = key and role = 'primary' and not retracted and latest <= $2 and begins <= $2 and ${KNOWN}
        order by view.happening.latest desc limit 1) last`;
    const { rows } = await this.pool.query<{ key: string; day: Day }>(sql, [position, asOf, keys]);
    return new Map(rows.map(({ key, day }) => [key, day]));
  }

  /** Where something was filed of late, or something stands. */
  private async busy({ position, asOf }: Moment): Promise<Set<string>> {
    const sql = `
      select relationship from view.happening
      where latest > $3 and latest <= $2 and begins <= $2 and role = 'primary' and not retracted and ${KNOWN}
      union
      select relationship from view.place
      where list in ('sanctionsInForce', 'standingActions') and role = 'primary' and since <= $2 and (until is null or until > $2) and ${KNOWN}`;
    const { rows } = await this.pool.query<{ relationship: string }>(sql, [position, asOf, addDays(asOf, -COVERAGE_DAYS)]);
    return new Set(rows.map(({ relationship }) => relationship));
  }
}
