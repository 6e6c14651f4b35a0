import type { PoolClient } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Parking } from './batch.js';
import type { Generation } from './generation.js';
import { loadBatch, TablesOnFile } from './on-file.js';
import { park } from './parking.js';
import { writeBatch } from './tables.js';

/** Writes what follows from these events; what waits for something parked is parked behind it. */
export async function takeIn(
  client: PoolClient,
  events: readonly StoredEvent[],
  parking: Parking,
  generation: Generation = 'live',
): Promise<void> {
  const batch = await loadBatch(new TablesOnFile(client, generation), events, parking);
  for (const event of events) batch.apply(event);
  const passedOver = new Set(batch.behind.map(({ event }) => event));
  const taken = events.filter((event) => !passedOver.has(event) && !parking.dropped.has(event.position));
  await writeBatch(client, batch, taken, generation);
  for (const { event, behind } of batch.behind) await park(client, event, { behind }, generation);
}
