import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { PostgresEventStore } from './event-store/postgres/postgres-event-store.js';
import { createPool } from './postgres/pool.js';
import { Projector, type Head } from './projection/projector.js';

/** What the projector's thread tells the service. */
export type ProjectorMessage = { moved: bigint; heads: readonly Head[] } | { failed: string };

const LESS_URGENT_THAN_ANSWERING = 5;

const { databaseUrl } = workerData as { databaseUrl: string };
const port = parentPort!;
const stopping = new AbortController();
port.once('message', () => stopping.abort());
try {
  // On Linux this is the thread's own priority: a filing is answered first, and shows in the views a moment later.
  setPriority(0, LESS_URGENT_THAN_ANSWERING);
} catch {
  // Not everywhere allowed, and nothing depends on it.
}

const pool = createPool(databaseUrl, { max: 2, applicationName: 'entente: projector' });
const store = new PostgresEventStore({ pool, listen: databaseUrl });
const tell = (message: ProjectorMessage): void => port.postMessage(message);
await store.open();
await new Projector(store, pool, {
  moved: (moved, heads) => tell({ moved, heads }),
  failed: (error) => tell({ failed: String(error) }),
}).run(stopping.signal);
await store.close();
await pool.end();
port.close();
