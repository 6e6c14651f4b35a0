import type { PoolClient } from 'pg';
import { tableIn, type Generation } from './generation.js';

/**
 * All records that hang together with these: by links, by dates that lean on others, and by what parked events name, in either direction and
 * however far. What is believed of a record follows from these alone. Sources are no tie: what they support is looked at when it is read.
 */
export async function kinOf(client: PoolClient, records: readonly string[], generation: Generation): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>(
    `with recursive tie (one, other) as (
       select record, leans_on from ${tableIn(generation, 'leans')} where why <> 'cites'
       union all select record, unnest(names) from ${tableIn(generation, 'parked')} where dropped_at is null
     ), both_ways (one, other) as (
       select one, other from tie union all select other, one from tie
     ), kin (id) as (
       select unnest($1::text[]) union select other from kin join both_ways on one = id
     )
     select id from kin`,
    [records],
  );
  return new Set(rows.map(({ id }) => id));
}
