import type { PoolClient, QueryConfig } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import type { Parking } from './batch.js';
import type { Generation } from './generation.js';
import { loadBatch, TablesOnFile } from './on-file.js';
import { parkingOf } from './parking.js';
import { writing } from './tables.js';

/** The statements that write what follows from these events; what waits for something parked is parked behind it. */
export async function takeIn(
  client: PoolClient,
  events: readonly StoredEvent[],
  parking: Parking,
  generation: Generation = 'live',
): Promise<QueryConfig[]> {
  const batch = await loadBatch(new TablesOnFile(client, generation), events, parking);
  for (const event of events) batch.apply(event);
  const passedOver = new Set(batch.behind.map(({ event }) => event));
  const taken = events.filter((event) => !passedOver.has(event) && !parking.dropped.has(event.position));
  const put = batch.behind.map(({ event, behind }) => parkingOf(event, { behind }, generation));
  return [...writing(batch, taken, generation), ...put];
}
