import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { KurrentSettings } from './log-settings.js';
import { openKurrentLog, openPostgresLog, type OpenLog } from './open-log.js';
import { createPool } from './postgres/pool.js';
import { Projector, type Head, type Projected } from './projection/projector.js';

/** What the projector's thread is told of where log and views are. */
export interface ProjectorSettings {
  databaseUrl: string;
  /** Where the log is, if not beside the views. */
  kurrent?: KurrentSettings | undefined;
}

/** What the projector's thread tells the service. */
export type ProjectorMessage =
  { moved: bigint; heads: readonly Head[] } | { projected: Projected } | { failed: string } | { untended: string };

const LESS_URGENT_THAN_ANSWERING = 5;
const PAUSE_MS = 1_000;

const { databaseUrl, kurrent } = workerData as ProjectorSettings;
const port = parentPort!;
const stopping = new AbortController();
const { signal } = stopping;
port.once('message', () => stopping.abort());
try {
  // On Linux this is the thread's own priority: a filing is answered first, and shows in the views a moment later.
  setPriority(0, LESS_URGENT_THAN_ANSWERING);
} catch {
  // Not everywhere allowed, and nothing depends on it.
}

const pool = createPool(databaseUrl, { max: 3, applicationName: 'entente: projector', pipelined: true });
const tell = (message: ProjectorMessage): void => port.postMessage(message);

/** The service has opened the log a moment ago; where it is away since, it is waited for. */
async function openPatiently(): Promise<OpenLog | undefined> {
  while (!signal.aborted) {
    try {
      return await (kurrent ? openKurrentLog(kurrent) : openPostgresLog(pool, databaseUrl));
    } catch (error) {
      tell({ failed: String(error) });
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

const log = await openPatiently();
if (log) {
  const events = {
    moved: (moved: bigint, heads: readonly Head[]) => tell({ moved, heads }),
    projected: (projected: Projected) => tell({ projected }),
    failed: (error: unknown) => tell({ failed: String(error) }),
  };
  const { store, tend } = log;
  await new Projector(store, pool, events, { tend: tend && ((owning) => tend(owning, (error) => tell({ untended: String(error) }))) }).run(
    signal,
  );
  await log.store.close();
}
await pool.end();
port.close();
