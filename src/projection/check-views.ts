import type { Pool } from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { StartError } from '../start-error.js';

interface Checkpoint {
  log: string;
  position: bigint;
  event: string | null;
}

/** Makes sure at the start that the views were built from this log, or from none yet. Throws StartError. */
export async function checkViews(pool: Pool, store: EventStore): Promise<void> {
  const { rows } = await pool.query<Checkpoint>('select log, position, event from view.checkpoint');
  const [checkpoint] = rows;
  if (checkpoint === undefined || (await isOf(store, checkpoint))) return;
  throw new StartError(
    'The views in this database were built from another log: set EVENT_STORE_URL, EVENT_STORE_PREFIX and DATABASE_URL as they were, or let the views be built anew from this log with npm run rebuild.',
  );
}

async function isOf(store: EventStore, { log, position, event }: Checkpoint): Promise<boolean> {
  const head = await store.head();
  if (head.log !== log) return false;
  if (position === 0n) return true;
  const [last] = await store.readAll(position - 1n, 1);
  return last?.position === position && last.id === event;
}
