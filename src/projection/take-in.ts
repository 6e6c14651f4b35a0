import type { PoolClient } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Parking } from './batch.js';
import { writeCorrections } from './corrections.js';
import { park } from './parking.js';
import { loadBatch, writeBatch } from './tables.js';

/** Writes what follows from these events; what waits for something parked is parked behind it. */
export async function takeIn(client: PoolClient, events: readonly StoredEvent[], parking: Parking): Promise<void> {
  const batch = await loadBatch(client, events, { parking });
  for (const event of events) batch.apply(event);
  await writeBatch(client, batch);
  const passedOver = new Set(batch.behind.map(({ event }) => event));
  await writeCorrections(
    client,
    events.filter((event) => !passedOver.has(event) && !parking.dropped.has(event.position)),
  );
  for (const { event, behind } of batch.behind) await park(client, event, { behind });
}
