import type { Pool } from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { StartError } from '../start-error.js';
import { isOf, readCheckpoint } from './checkpoint.js';

/** Makes sure at the start that the views were built from this log, or from none yet. Throws StartError. */
export async function checkViews(pool: Pool, store: EventStore): Promise<void> {
  const checkpoint = await readCheckpoint(pool);
  if (checkpoint === undefined || (await isOf(store, (await store.head()).log, checkpoint))) return;
  throw new StartError(
    'The views in this database were built from another log: set EVENT_STORE_URL, EVENT_STORE_PREFIX and DATABASE_URL as they were, or let the views be built anew from this log with npm run rebuild.',
  );
}
