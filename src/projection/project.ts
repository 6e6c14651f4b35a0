import type { Pool, PoolClient } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import { isKnownType } from '../event-store/upcast.js';
import { NOTHING_PARKED } from './batch.js';
import type { Checkpoint } from './checkpoint.js';
import { inPieces } from './faults.js';
import type { Lease } from './lease.js';
import { park, readParking } from './parking.js';
import { moveCheckpoint } from './tables.js';
import { takeIn } from './take-in.js';

/**
 * A commit lost in a crash of the server is projected again, from a log that is flushed by itself: views need no flush of their own. Who is
 * frozen in the transaction does not hold up others.
 */
export const BEGIN = `begin; set local synchronous_commit = off; set local idle_in_transaction_session_timeout = '5s'`;

/** Brings the views past these events, in one transaction; in several where one of them cannot be projected, which is then parked. */
export function project(pool: Pool, lease: Lease, checkpoint: Checkpoint, events: readonly StoredEvent[]): Promise<void> {
  return inPieces(events, async (piece, fault) => {
    await inTransaction(pool, async (client) => {
      const hasParked = await checkpoint.lock(client);
      if (fault === undefined) await takeIn(client, piece, hasParked ? await readParking(client) : NOTHING_PARKED);
      else await park(client, piece[0]!, { fault });
      await countUnknown(client, piece);
      await moveCheckpoint(client, piece, checkpoint.position);
      await lease.check(client);
    });
    checkpoint.position = piece.at(-1)!.position;
  });
}

/** A connection on which something failed is thrown away, and with it the transaction. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(BEGIN);
    const outcome = await work(client);
    await client.query('commit');
    client.release();
    return outcome;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function countUnknown(client: PoolClient, events: readonly StoredEvent[]): Promise<void> {
  const unknown = events.filter(({ type }) => !isKnownType(type)).map(({ type }) => type);
  if (unknown.length === 0) return;
  await client.query(
    `insert into view.unknown (type, events) select type, count(*) from unnest($1::text[]) type group by type
     on conflict (type) do update set events = unknown.events + excluded.events`,
    [unknown],
  );
}
