import type { PoolClient } from 'pg';
import { publicChanges } from '../domain/note.js';
import type { Change } from '../domain/record.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { isReadable, lift } from '../event-store/upcast.js';
import { int8Array, textArray } from '../postgres/binary-array.js';

/** The events by which the newsroom takes back or says otherwise what it had filed. */
const TAKING_BACK = new Set(['RecordCorrected', 'RecordRetracted', 'RecordReinstated', 'RecordsUnlinked', 'SourceWithdrawn']);

/** Writes what the public log of corrections tells of these events, in the transaction of their rows. */
export async function writeCorrections(client: PoolClient, events: readonly StoredEvent[]): Promise<void> {
  const told = events.filter((event) => TAKING_BACK.has(event.type) && isReadable(event));
  if (told.length === 0) return;
  await client.query(
    `insert into view.correction (position, record, recorded_at, body)
     select position, record, recorded_at::timestamptz, body
       from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) c (position, record, recorded_at, body)
     on conflict (position) do nothing`,
    [
      int8Array(told.map(({ position }) => position)),
      textArray(told.map(({ stream }) => stream)),
      textArray(told.map(({ recordedAt }) => recordedAt.toISOString())),
      textArray(told.map((event) => JSON.stringify(bodyOf(event)))),
    ],
  );
}

/** What such events hold, as far as it is published. */
interface TakingBack {
  step?: number;
  kind?: string;
  reason?: string;
  approvedBy?: string;
  changes?: Change[];
  n?: number;
  rel?: string;
  to?: string;
}

function bodyOf(event: StoredEvent): object {
  const { type, data } = lift(event);
  const { step, kind, reason, approvedBy, changes, n, rel, to } = data as TakingBack;
  const by = event.metadata.by;
  const recordedAt = event.recordedAt.toISOString();
  return {
    record: event.stream,
    type,
    step,
    kind,
    reason: reason ?? null,
    approvedBy,
    n,
    rel,
    to,
    ...(changes !== undefined && { changes: publicChanges(changes) }),
    by,
    recordedAt,
  };
}
