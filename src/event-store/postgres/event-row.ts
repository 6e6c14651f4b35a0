import type { Pool } from 'pg';
import type { EventMetadata, StoredEvent } from '../event-store.js';
import { ask } from './interruption.js';

interface EventRow {
  position: bigint;
  recorded_at: Date;
  stream: string;
  version: number;
  id: string;
  type: string;
  schema: number;
  data: string;
  metadata: string;
  hash: string;
  key: string | null;
  key_hash: string | null;
}

export const EVENT_COLUMNS = `position, recorded_at, stream, version, id, type, schema, data, metadata,
  encode(hash, 'hex') as hash, key, encode(key_hash, 'hex') as key_hash`;

/** `sql` selects EVENT_COLUMNS. */
export async function readEvents(pool: Pool, sql: string, values: unknown[]): Promise<StoredEvent[]> {
  return (await ask<EventRow>(pool, sql, values)).map(toEvent);
}

function toEvent(row: EventRow): StoredEvent {
  const { id, type, schema, stream, version, position, recorded_at: recordedAt, hash } = row;
  const data: object = JSON.parse(row.data);
  const metadata: EventMetadata = JSON.parse(row.metadata);
  const event = { id, type, schema, data, metadata, stream, version, position, recordedAt, hash };
  return row.key === null || row.key_hash === null ? event : { ...event, key: { id: row.key, hash: row.key_hash } };
}
