import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Pool } from 'pg';
import type { OpenLog } from './open-log.js';
import { Projector, type Head, type Projected } from './projection/projector.js';
import type { ProjectorMessage, ProjectorSettings } from './projector.worker.js';

/** Takes what the projector has done. */
export interface ProjectorListener {
  moved: (position: bigint, heads: readonly Head[]) => void;
  /** Takes what there is to measure. */
  projected: (batch: Projected) => void;
  /** Takes a line that an operator should read. */
  log: (line: string) => void;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

type Stop = () => Promise<void>;

/** In this thread, on the log and the pool of the service. Answers how to stop it. */
export function projectHere({ store, tend }: OpenLog, pool: Pool, { moved, projected, log }: ProjectorListener): Stop {
  const stopping = new AbortController();
  const failed = (error: unknown): void => log(`The views cannot be brought up to date: ${String(error)}`);
  const untended = (error: unknown): void => log(cannotTend(String(error)));
  const running = new Projector(store, pool, { moved, projected, failed }, { tend: tend && ((owning) => tend(owning, untended)) }).run(
    stopping.signal,
  );
  return async () => {
    stopping.abort();
    await running;
  };
}

/** In a thread of its own, which opens the log for itself, and is started again when it ends. Answers how to stop it. */
export function projectInWorker(settings: ProjectorSettings, listener: ProjectorListener): Stop {
  const stopping = new AbortController();
  const running = keepRunning(settings, listener, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function keepRunning(settings: ProjectorSettings, listener: ProjectorListener, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const began = performance.now();
    await runOnce(settings, listener, signal);
    if (signal.aborted) return;
    if (performance.now() - began > LONGEST_PAUSE) pause = FIRST_PAUSE;
    listener.log(`The projector has ended; it is started again in ${pause / 1000} s.`);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Resolves when the thread has ended. */
async function runOnce(settings: ProjectorSettings, { moved, projected, log }: ProjectorListener, signal: AbortSignal): Promise<void> {
  const worker = new Worker(new URL('./projector.worker.js', import.meta.url), {
    workerData: settings,
    // Left to itself the young generation grows to 100 MB under load, for objects that live a few milliseconds.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  worker.on('message', (message: ProjectorMessage) => {
    if ('moved' in message) moved(message.moved, message.heads);
    else if ('projected' in message) projected(message.projected);
    else log('failed' in message ? `The views cannot be brought up to date: ${message.failed}` : cannotTend(message.untended));
  });
  worker.on('error', (error) => log(`The projector failed: ${String(error)}`));
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  const stop = (): void => worker.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  await ended;
  signal.removeEventListener('abort', stop);
}

function cannotTend(why: string): string {
  return `Filings that were cut off cannot be completed just now: ${why}`;
}
