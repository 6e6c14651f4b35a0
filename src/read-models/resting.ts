import type { Pool } from 'pg';
import { knownAt } from '../projection/known.js';

/**
 * The records that cite a source and are not retracted: the newest of them, after an offset, and how many there are. Looks through the
 * relationships of such records as they lie in the table, which for a wire under very many of them is far less work than finding each by
 * its id.
 */
export async function restingOn(
  pool: Pool,
  source: string,
  position: bigint,
  limit: number,
  offset = 0,
): Promise<{ records: string[]; count: number }> {
  const { rows } = await pool.query<{ records: string[]; count: number }>(
    `with resting as materialized (
       select record, max(latest) as latest, max(position) as position from view.happening
       where relationship = any(array(select relationship from view.resting where source = $1)) and sources @> array[$1]
         and not retracted and ${knownAt('$2')}
       group by record
     )
     select (select count(*)::int from resting) as count,
       array(select record from resting order by latest desc, position desc limit $3 offset $4) as records`,
    [source, position, limit, offset],
  );
  return rows[0]!;
}
