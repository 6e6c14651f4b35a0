import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Pool } from 'pg';
import type { EventStore } from './event-store/event-store.js';
import { createPool } from './postgres/pool.js';
import { REBUILDING, RebuildOrder } from './projection/rebuild-order.js';
import { RebuildRunner } from './projection/rebuild-runner.js';
import { RebuildWatch } from './projection/rebuild-watch.js';
import type { ProjectorSettings } from './projector.worker.js';
import type { RebuildSettings } from './rebuild.worker.js';

/** `pool` is the service's; `log` takes a line that an operator should read. */
interface Beside {
  pool: Pool;
  log: (line: string) => void;
}

const MOST_CONNECTIONS = 4;

/** Builds views anew in this thread, on the log of the service. */
export function rebuildHere(store: EventStore, databaseUrl: string, { pool, log }: Beside): RebuildWatch {
  const order = new RebuildOrder(pool);
  const work = (runner: string, signal: AbortSignal): Promise<void> => rebuildOnce({ store, databaseUrl, order, runner }, signal);
  return new RebuildWatch(order, work, (error) => log(notBuilt(error)));
}

/** On connections of its own, which can be broken off. */
async function rebuildOnce(
  { databaseUrl, ...parts }: { store: EventStore; databaseUrl: string; order: RebuildOrder; runner: string },
  signal: AbortSignal,
): Promise<void> {
  const pool = createPool(databaseUrl, { max: MOST_CONNECTIONS, applicationName: REBUILDING });
  try {
    await new RebuildRunner({ ...parts, pool }).run(signal);
  } finally {
    await pool.end();
  }
}

/** Builds views anew in a thread of its own, which is there while that is being done. */
export function rebuildInWorker(settings: ProjectorSettings, { pool, log }: Beside): RebuildWatch {
  const work = async (runner: string, signal: AbortSignal): Promise<void> => {
    const worker = new Worker(new URL('./rebuild.worker.js', import.meta.url), {
      workerData: { ...settings, runner } satisfies RebuildSettings,
      // With less than 100 MB most of the time goes into looking for what can be thrown away.
      resourceLimits: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 160 },
    });
    const stop = (): void => worker.postMessage('stop');
    signal.addEventListener('abort', stop);
    try {
      // An error of the thread is thrown here.
      await once(worker, 'exit');
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  return new RebuildWatch(new RebuildOrder(pool), work, (error) => log(notBuilt(error)));
}

function notBuilt(error: unknown): string {
  return `The views cannot be built anew: ${String(error)}`;
}
