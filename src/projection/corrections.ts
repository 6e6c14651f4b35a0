import { publicChanges } from '../domain/note.js';
import type { Change } from '../domain/record.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { isReadable, lift } from '../event-store/upcast.js';
import type { Row } from './row.js';

/** The events by which the newsroom takes back or says otherwise what it had filed. */
const TAKING_BACK = new Set(['RecordCorrected', 'RecordRetracted', 'RecordReinstated', 'RecordsUnlinked', 'SourceWithdrawn']);

/** What the public log of corrections tells of these events. */
export function correctionRows(events: readonly StoredEvent[]): Row[] {
  return events
    .filter((event) => TAKING_BACK.has(event.type) && isReadable(event))
    .map((event) => ({
      position: event.position,
      record: event.stream,
      recorded_at: event.recordedAt.toISOString(),
      body: JSON.stringify(bodyOf(event)),
    }));
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
