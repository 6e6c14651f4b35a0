import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { KurrentSettings } from './log-settings.js';
import { openKurrentLog, openPostgresLog } from './open-log.js';
import { createPool } from './postgres/pool.js';
import { REBUILDING, RebuildOrder } from './projection/rebuild-order.js';
import { RebuildRunner } from './projection/rebuild-runner.js';

/** What the thread is told that builds the views anew. */
export interface RebuildSettings {
  databaseUrl: string;
  /** Where the log is, if not beside the views. */
  kurrent?: KurrentSettings | undefined;
  /** Which of those it is who do so. */
  runner: string;
}

const LESS_URGENT_THAN_ANSWERING = 8;
const MOST_CONNECTIONS = 4;

const { databaseUrl, kurrent, runner } = workerData as RebuildSettings;
const port = parentPort!;
const stopping = new AbortController();
port.once('message', () => stopping.abort());
try {
  // On Linux this is the thread's own priority.
  setPriority(0, LESS_URGENT_THAN_ANSWERING);
} catch {
  // Not everywhere allowed, and nothing depends on it.
}

const pool = createPool(databaseUrl, { max: MOST_CONNECTIONS, applicationName: REBUILDING });
const orders = createPool(databaseUrl, { max: 2, applicationName: 'entente: rebuild order' });
try {
  const { store } = await (kurrent ? openKurrentLog(kurrent) : openPostgresLog(orders, databaseUrl));
  await new RebuildRunner({ store, pool, order: new RebuildOrder(orders), runner }).run(stopping.signal);
  await store.close();
} finally {
  await Promise.all([pool.end(), orders.end()]);
  port.close();
}
