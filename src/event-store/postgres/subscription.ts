import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { StoredEvent } from '../event-store.js';
import { EVENT_COLUMNS, readEvents } from './event-row.js';
import type { Hints } from './hints.js';
import { ask, isInterruption } from './interruption.js';

export interface Following {
  pool: Pool;
  hints: Hints;
  after: bigint;
  types: readonly string[] | undefined;
  batchSize: number;
  signal: AbortSignal;
}

/** Where reading goes on, and what was found on the way there. */
interface Page {
  upTo: bigint;
  events: StoredEvent[];
}

// Milliseconds between looks at the log: soon after something happened, and later.
const FAST = 8;
const SLOW = 1000;
const FAST_FOR = 3000;
const LONGEST_BACK_OFF = 2000;
/** Most positions a filtered page looks at, so that a rare type costs short reads. */
const FILTERED_STEP = 10_000n;

/** Every event after a position, then live. Positions are gapless and committed in order: reading on from the last one misses nothing. */
export async function* follow(following: Following): AsyncGenerator<StoredEvent[], void, undefined> {
  const { hints, signal } = following;
  let after = following.after;
  let activeAt = performance.now();
  while (!signal.aborted) {
    const hint = hints.count;
    const page = await untilAborted(readPatiently(following, after), signal);
    if (page === undefined) return;
    const moved = page.upTo > after;
    after = page.upTo;
    if (page.events.length > 0) yield page.events;
    if (moved || hint !== hints.count) activeAt = performance.now();
    else await hints.next(hint, performance.now() - activeAt < FAST_FOR ? FAST : SLOW, signal);
  }
}

async function readPatiently(following: Following, after: bigint): Promise<Page | undefined> {
  const { signal } = following;
  for (let pause = 20; !signal.aborted; pause = Math.min(2 * pause, LONGEST_BACK_OFF)) {
    try {
      return await readPage(following, after);
    } catch (error) {
      if (!isInterruption(error)) throw error;
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

async function readPage({ pool, types, batchSize }: Following, after: bigint): Promise<Page> {
  if (types === undefined) {
    const sql = `select ${EVENT_COLUMNS} from log.event where position > $1 order by position limit $2`;
    const events = await readEvents(pool, sql, [after, batchSize]);
    return { events, upTo: events.at(-1)?.position ?? after };
  }
  const end = await endOfStep(pool, after);
  const sql = `select ${EVENT_COLUMNS} from log.event where position > $1 and position <= $2 and type = any ($3) order by position limit $4`;
  const events = end === after ? [] : await readEvents(pool, sql, [after, end, types, batchSize]);
  return { events, upTo: events.length === batchSize ? events.at(-1)!.position : end };
}

async function endOfStep(pool: Pool, after: bigint): Promise<bigint> {
  const [last] = await ask<{ head: bigint | null }>(pool, 'select max(position) as head from log.event', []);
  const head = last?.head ?? 0n;
  const step = after + FILTERED_STEP;
  return head < after ? after : head < step ? head : step;
}

/** The reader is let go at once, also when the database does not answer. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
