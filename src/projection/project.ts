import type { Pool } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Checkpoint } from './checkpoint.js';
import { writeCorrections } from './corrections.js';
import type { Lease } from './lease.js';
import { loadBatch, moveCheckpoint, writeBatch } from './tables.js';

/**
 * A commit lost in a crash of the server is projected again, from a log that is flushed by itself: views need no flush of their own. An
 * owner that is frozen in its transaction does not hold up the next one.
 */
const BEGIN = `begin; set local synchronous_commit = off; set local idle_in_transaction_session_timeout = '5s'`;

/** Brings the views past these events, in one transaction. */
export async function project(pool: Pool, lease: Lease, checkpoint: Checkpoint, events: readonly StoredEvent[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    await checkpoint.lock(client);
    const batch = await loadBatch(client, events);
    for (const event of events) batch.apply(event);
    await writeBatch(client, batch);
    await writeCorrections(client, events);
    await moveCheckpoint(client, events, checkpoint.position);
    await lease.check(client);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
  checkpoint.position = events.at(-1)!.position;
}
