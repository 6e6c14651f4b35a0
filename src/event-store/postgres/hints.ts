import { setTimeout as delay } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { breakOffSoon, connectionTo, isDirect } from '../../postgres/connection.js';

/** One hint wakes readers for longer than this, so more would be a waste. */
const NOTIFY_EVERY = 1000;
const RECONNECT_AFTER = 1000;
const ANSWER_WITHIN = 10_000;
const CHANNEL = 'log_appended';

/**
 * Tells readers that there may be something new: at once within this process, once a second to other instances by NOTIFY.
 * Only hints: readers look by themselves too, and nothing depends on a hint arriving.
 */
export class Hints {
  readonly #pool: Pool;
  readonly #url: string | undefined;
  readonly #sleepers = new Set<() => void>();
  readonly #closing = new AbortController();
  #count = 0;
  #notifiedAt = -Infinity;
  #listening: Promise<void> = Promise.resolve();

  constructor(pool: Pool, url: string | undefined) {
    this.#pool = pool;
    this.#url = url;
  }

  /** How many hints there have been; remember it before looking at the log, and none can be missed. */
  get count(): number {
    return this.#count;
  }

  /** Something was appended by this instance. */
  appended(): void {
    this.#wake();
    const now = performance.now();
    if (now - this.#notifiedAt < NOTIFY_EVERY || this.#closing.signal.aborted) return;
    this.#notifiedAt = now;
    this.#pool.query(`notify ${CHANNEL}`).catch(() => undefined);
  }

  /** Resolves at the next hint after the one numbered `count`, after so many milliseconds, or when `signal` aborts. */
  async next(count: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#count !== count || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#sleepers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#sleepers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  listen(): void {
    if (this.#url !== undefined) this.#listening = this.#keepListening(this.#url);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening;
  }

  #wake(): void {
    this.#count++;
    for (const wake of this.#sleepers) wake();
  }

  async #keepListening(url: string): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const heard = await this.#listenUntilLost(url, signal).catch(() => true);
      if (!heard) return;
      await delay(RECONNECT_AFTER, undefined, { signal }).catch(() => undefined);
    }
  }

  /** False where nothing will ever be heard: a pooler passes notifications on to anybody. */
  async #listenUntilLost(url: string, signal: AbortSignal): Promise<boolean> {
    const client = new Client({ ...connectionTo(url, 'entente: hints'), query_timeout: ANSWER_WITHIN });
    const lost = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.once('error', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('error', () => undefined);
    client.on('notification', () => this.#wake());
    try {
      await client.connect();
      if (!(await isDirect(client))) return false;
      await client.query(`listen ${CHANNEL}`);
      this.#wake();
      await lost;
      return true;
    } finally {
      breakOffSoon(client);
      await client.end().catch(() => undefined);
    }
  }
}
