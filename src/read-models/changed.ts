import type { Pool } from 'pg';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';

/** What is compared: a relationship on two days, as it was known at two positions. */
export interface Compared {
  key: string;
  from: { asOf: Day; position: bigint };
  to: { asOf: Day; position: bigint };
}

/** Records, of which as many are named as were asked for, and how many there are. */
export interface Found {
  records: string[];
  count: number;
}

const KNOWN = knownAt('$2');
/** Finds the records behind a change, without reading the rest of the relationship. */
export class Changed {
  constructor(private readonly pool: Pool) {}

  /** What has been filed since of what had happened by the later day, the newest first. */
  async filed({ key, from, to }: Compared, most: number): Promise<Found> {
    return this.find(
      `select record, count(*) over ()::int as count from view.happening
       where relationship = $1 and version = 1 and role <> 'topic' and not retracted and latest <= $4
         and known_from > $3 and position > $3 and ${KNOWN}
       order by position desc limit $5`,
      [key, to.position, from.position, to.asOf, most],
    );
  }

  /**
   * What was on file at the earlier moment, had happened by the later day, and is believed something else since, or rests on a source that
   * stood at one of the moments only; what changed last comes first. Not what was retracted before and after.
   */
  async seenAnew({ key, from, to }: Compared, turned: readonly string[], most: number): Promise<Found> {
    const own = `relationship = $1 and role <> 'topic' and version = 1 and position <= $3 and latest <= $4`;
    return this.find(
      `select record, count(*) over ()::int as count from (
         select record, known_to as at, retracted from view.happening
         where ${own} and known_to > $3 and known_to <= $2 and known_from <= $3
         union all
         select record, known_from, retracted from view.happening
         where ${own} and known_from > $3 and ${KNOWN}
         union all
         select record, h.known_from, retracted from view.leans join view.happening h using (record)
         where leans_on = any($6) and why = 'cites' and ${own} and ${KNOWN}
       ) anew
       group by record having not bool_and(retracted) order by max(at) desc, record limit $5`,
      [key, to.position, from.position, to.asOf, most, turned],
    );
  }

  private async find(sql: string, values: unknown[]): Promise<Found> {
    const { rows } = await this.pool.query<{ record: string; count: number }>(sql, values);
    return { records: rows.map(({ record }) => record), count: rows[0]?.count ?? 0 };
  }
}
