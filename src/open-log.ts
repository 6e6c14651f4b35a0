import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore } from './event-store/event-store.js';
import type { KurrentEventStore } from './event-store/kurrentdb/kurrentdb-event-store.js';
import { PostgresEventStore } from './event-store/postgres/postgres-event-store.js';
import type { KurrentSettings } from './log-settings.js';

/** The log, and what there is to do for it. */
export interface OpenLog {
  store: EventStore;
  /** Is done by whoever keeps the views, beside them, until the signal aborts. */
  tend?: (signal: AbortSignal, failed: (error: unknown) => void) => Promise<void>;
}

/** What `migrate` needs to bring a log in PostgreSQL up to date. */
export const LOG_SCHEMA = { schema: 'log', dir: new URL('./event-store/postgres/migrations/', import.meta.url) };

const COMPLETE_EVERY = 1_000;

/** The log beside the views. `url` is that of the pool. */
export async function openPostgresLog(pool: Pool, url: string): Promise<OpenLog> {
  const store = new PostgresEventStore({ pool, listen: url });
  await store.open();
  return { store };
}

/** Throws StartError where the server cannot be used. */
export async function openKurrentLog({ url, prefix }: KurrentSettings): Promise<OpenLog> {
  // Loaded where it is needed alone: each thread that does so takes 27 MB for it.
  const { connect } = await import('./event-store/kurrentdb/connect.js');
  const store = await connect(url, { prefix });
  return { store, tend: (signal, failed) => complete(store, signal, failed) };
}

/** Filings whose filer was cut off get what is missing in their streams. */
async function complete(store: KurrentEventStore, signal: AbortSignal, failed: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    await store.completeCarriers().catch((error: unknown) => {
      if (!signal.aborted) failed(error);
    });
    await sleep(COMPLETE_EVERY, undefined, { signal }).catch(() => undefined);
  }
}
