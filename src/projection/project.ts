import type { Pool, PoolClient } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import { sendAll } from '../postgres/send-all.js';
import { NOTHING_PARKED } from './batch.js';
import type { Checkpoint } from './checkpoint.js';
import { inPieces } from './faults.js';
import { inTransaction } from './in-transaction.js';
import { mustHold, type Lease } from './lease.js';
import { parkingOf, readParking } from './parking.js';
import { movingCheckpoint, mustHaveMoved } from './tables.js';
import { takeIn } from './take-in.js';

/**
 * A commit lost in a crash of the server is projected again, from a log that is flushed by itself: views need no flush of their own. Who is
 * frozen in the transaction does not hold up others.
 */
export const BEGIN = `begin; set local synchronous_commit = off; set local idle_in_transaction_session_timeout = '5s'`;

/** Brings the views past these events, in one transaction; in several where one of them cannot be projected, which is then parked. */
export function project(pool: Pool, lease: Lease, checkpoint: Checkpoint, events: readonly StoredEvent[]): Promise<void> {
  return inPieces(events, async (piece, fault) => {
    const work = async (client: PoolClient): Promise<void> => {
      const hasParked = await checkpoint.lock(client);
      const parked = hasParked ? await readParking(client) : NOTHING_PARKED;
      const taking = fault === undefined ? await takeIn(client, piece, parked) : [parkingOf(piece[0]!, { fault })];
      const done = await sendAll(client, [...taking, ...movingCheckpoint(piece, checkpoint.position), lease.asking()]);
      mustHaveMoved(done.at(-2));
      mustHold(done.at(-1));
    };
    await inTransaction(pool, work, BEGIN);
    checkpoint.position = piece.at(-1)!.position;
  });
}
