import { once } from 'node:events';
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

type Stop = () => Promise<void>;

/** In this thread, on the log and the pool of the service. Answers how to stop it. */
export function projectHere({ store, tend }: OpenLog, pool: Pool, { moved, projected, log }: ProjectorListener): Stop {
  const stopping = new AbortController();
  const failed = (error: unknown): void => log(`The views cannot be brought up to date: ${String(error)}`);
  const running = new Projector(store, pool, { moved, projected, failed }).run(stopping.signal);
  const tending = tend?.(stopping.signal, (error) => log(cannotTend(String(error))));
  return async () => {
    stopping.abort();
    await Promise.all([running, tending]);
  };
}

/** In a thread of its own, which opens the log for itself. Answers how to stop it. */
export function projectInWorker(settings: ProjectorSettings, { moved, projected, log }: ProjectorListener): Stop {
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
  worker.on('error', (error) => log(`The projector has stopped: ${String(error)}`));
  const ended = once(worker, 'exit');
  return async () => {
    worker.postMessage('stop');
    await ended;
  };
}

function cannotTend(why: string): string {
  return `Filings that were cut off cannot be completed just now: ${why}`;
}
