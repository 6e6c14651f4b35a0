import { setTimeout as delay } from 'node:timers/promises';
import type { EventFilter, StoredEvent } from '../event-store.js';
import { Assembler } from './assembler.js';
import { patiently } from './interruption.js';
import { PAGE, type LogReader, type Page } from './log-reader.js';
import { look } from './log-end.js';
import { LiveTail } from './live-tail.js';

export interface Following {
  log: LogReader;
  after: bigint;
  filter: EventFilter | undefined;
  batchSize: number;
  signal: AbortSignal;
}

/** Milliseconds without news after which the log is looked at: a subscription may have died without a word. */
const LOOK_AGAIN = 5000;
const LONGEST_BACK_OFF = 2000;

/** Every event after a position, then live, in batches. */
export async function* follow(following: Following): AsyncGenerator<StoredEvent[], void, undefined> {
  const { log, after, filter, batchSize, signal } = following;
  const assembler = new Assembler(log.names);
  const time = await patiently(log.connection, signal, (client) => log.timeBefore(client, after));
  if (time === undefined) return;
  for await (const { recorded } of pages(following)) {
    const events = recorded.flatMap((each) => log.assemble(each, { assembler, time, after, filter }));
    for (let start = 0; start < events.length; start += batchSize) {
      if (signal.aborted) return;
      yield events.slice(start, start + batchSize);
    }
  }
}

/** Pages pulled from the log as long as there are any, then what the server sends, until that breaks off: then what it sends anew, or pages. */
async function* pages({ log, after, signal }: Following): AsyncGenerator<Page, void, undefined> {
  const first = await patiently(log.connection, signal, (client) => log.firstPage(client, after, PAGE));
  if (first === undefined) return;
  yield first;
  let from = first.upTo;
  let full = first.full;
  let pause = 0;
  while (!signal.aborted) {
    while (full) {
      const page = await pull();
      if (page === undefined) return;
      yield page;
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
    const tail = new LiveTail(log, from);
    try {
      for await (const page of live(tail)) yield page;
    } finally {
      tail.stop();
    }
    pause = tail.confirmed ? 0 : Math.min(2 * pause + 20, LONGEST_BACK_OFF);
    // The server drops whoever is 32 events behind, for which a short pause is enough. Another subscription catches up faster than pages do.
    full = !tail.dropped;
  }

  async function pull(): Promise<Page | undefined> {
    const page = await patiently(log.connection, signal, (client) => look(log, client, from));
    if (page === undefined) return undefined;
    from = page.upTo;
    full = page.full;
    return page;
  }

  /** What the tail brings, until it is lost, falls behind, or turns out to have missed something. */
  async function* live(tail: LiveTail): AsyncGenerator<Page, void, undefined> {
    while (!signal.aborted) {
      const page = await tail.next(LOOK_AGAIN, signal);
      if (page === 'lost') return;
      if (page !== 'nothing') {
        from = page.upTo;
        yield page;
        continue;
      }
      const looked = await pull();
      if (looked === undefined) return;
      if (looked.recorded.length === 0) continue;
      yield looked;
      return;
    }
  }
}
