import type { Pool, PoolClient, QueryConfig } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import { reasonOf } from '../system-error.js';
import { namedBy, type Parking } from './batch.js';
import { tableIn, type Generation } from './generation.js';

const LONGEST_ERROR = 1_000;

export async function readParking(client: Pick<Pool | PoolClient, 'query'>, generation: Generation = 'live'): Promise<Parking> {
  const sql = `select record, position, behind, dropped_at is not null as dropped from ${tableIn(generation, 'parked')} order by position desc`;
  const { rows } = await client.query<{ record: string; position: bigint; behind: bigint | null; dropped: boolean }>(sql);
  const waiting = new Map<string, bigint>();
  const dropped = new Set<bigint>();
  for (const row of rows)
    if (row.dropped) dropped.add(row.position);
    else waiting.set(row.record, row.behind ?? row.position);
  return { waiting, dropped };
}

/** Why an event is parked: what is wrong with it, or the position of another that failed. */
export type Why = { fault: unknown } | { behind: bigint };

/** Puts an event aside, with what is known of where it is missing; also one that was given up, and cannot even be passed over. */
export function parkingOf(event: StoredEvent, why: Why, generation: Generation = 'live'): QueryConfig {
  const [parked, happening] = [tableIn(generation, 'parked'), tableIn(generation, 'happening')];
  const [error, behind] = 'fault' in why ? [reasonOf(why.fault).slice(0, LONGEST_ERROR), null] : [null, why.behind];
  const names = namesIn(event);
  return {
    text: `insert into ${parked} (position, record, version, type, behind, error, attempts, names, relationships)
     select $1, $2::text, $3, $4, $5::bigint, $6, $7, $8::text[], coalesce(array_agg(relationship order by relationship), case when $2 like 'source-%' then '{}'::text[] end)
     from (
       select unnest($9::text[]) as relationship
       union select relationship from ${happening} where (record = $2 or record = any($8)) and version = 1 and known_to is null
       union select unnest(relationships) from ${parked} where (record = $2 or position = $5) and dropped_at is null
     ) concerned
     on conflict (position) do update set error = excluded.error, dropped_at = null, dropped_by = null, reason = null`,
    values: [event.position, event.stream, event.version, event.type, behind, error, behind === null ? 1 : 0, names, keysIn(event)],
  };
}

/** The other records that it names, as far as it can be read. */
export function namesIn(event: StoredEvent): string[] {
  try {
    return [...new Set(namedBy(event))].filter((id) => typeof id === 'string' && id !== event.stream);
  } catch {
    return [];
  }
}

/** The relationships that it names, as far as it can be read. */
function keysIn({ data }: StoredEvent): string[] {
  const { relationships, changes } = data as { relationships?: unknown; changes?: unknown };
  const corrected = listed(changes).flatMap(({ pointer, before, after }) => (pointer === '/relationships' ? [before, after] : []));
  return [relationships, ...corrected].flatMap((list) => listed(list).flatMap(({ key }) => (typeof key === 'string' ? [key] : [])));
}

function listed(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}
