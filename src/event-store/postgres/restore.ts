import type { Pool } from 'pg';
import { seal } from '../event-hash.js';
import { checkRestored } from '../check-filing.js';
import type { StoredEvent } from '../event-store.js';
import { int4Array, sha256Array, textArray, uuidArray } from '../../postgres/binary-array.js';
import { ask, once } from './interruption.js';

const BATCH = 1000;

const RESTORE = `select log.restore($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::timestamptz[])`;

/** Fills the log, a batch in each transaction: after an interruption the head tells where to go on. */
export async function restore(pool: Pool, events: readonly StoredEvent[]): Promise<void> {
  checkRestored(events);
  for (let start = 0; start < events.length; start += BATCH) {
    const batch = events.slice(start, start + BATCH);
    await once(ask(pool, RESTORE, parameters(batch)));
  }
}

function parameters(events: readonly StoredEvent[]): unknown[] {
  const sealed = events.map((event) => seal(event, event.stream, event.version, event.key));
  return [
    uuidArray(events.map(({ id }) => id)),
    textArray(events.map(({ stream }) => stream)),
    int4Array(events.map(({ version }) => version)),
    textArray(events.map(({ type }) => type)),
    int4Array(events.map(({ schema }) => schema)),
    textArray(sealed.map(({ data }) => data)),
    textArray(sealed.map(({ metadata }) => metadata)),
    sha256Array(sealed.map(({ hash }) => hash)),
    uuidArray(events.map(({ key }) => key?.id ?? null)),
    sha256Array(events.map(({ key }) => key?.hash ?? null)),
    events.map(({ recordedAt }) => recordedAt.toISOString()),
  ];
}
