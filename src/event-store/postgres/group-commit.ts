import { StoreUnavailable } from '../event-store.js';
import { PATIENCE } from './interruption.js';

const MAX_EVENTS = 1000;
const MAX_BYTES = 4 * 1024 * 1024;
const SMALL_BATCH = 32;

/** What the queue must know of a filing. */
export interface Batchable {
  /** Streams and key: no two filings of a batch share one, so that each is checked against what is committed. */
  claims: readonly string[];
  events: number;
  bytes: number;
}

export interface Waiting<F extends Batchable, R> {
  filing: F;
  /** Milliseconds of performance.now(). */
  deadline: number;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/** Commits a batch and answers how to settle it. It never throws. */
export type Commit<F extends Batchable, R> = (batch: readonly Waiting<F, R>[]) => Promise<() => void>;

/** Filings that arrive while a commit is in flight wait and go together in the next one. One commit is in flight at a time. */
export class GroupCommit<F extends Batchable, R> {
  readonly #commit: Commit<F, R>;
  #waiting: Waiting<F, R>[] = [];
  #running: Promise<void> | undefined;
  #lastBatch = 0;

  constructor(commit: Commit<F, R>) {
    this.#commit = commit;
  }

  add(filing: F): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ filing, deadline: performance.now() + PATIENCE, resolve, reject });
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
    });
  }

  /** Resolves when nothing waits and no commit is in flight. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    await settled();
    while (this.#waiting.length > 0) {
      let settle: (() => void) | undefined;
      while (this.#waiting.length > 0) {
        const batch = this.#take();
        if (batch.length === 0) break;
        const committing = this.#commit(batch);
        // Those who wait for the batch before go on, and file again, while the database commits this one: it is sent by then.
        if (settle) setImmediate(settle);
        settle = await committing;
      }
      settle?.();
      await settled();
    }
  }

  #take(): Waiting<F, R>[] {
    const batch: Waiting<F, R>[] = [];
    const later: Waiting<F, R>[] = [];
    const claimed = new Set<string>();
    const waiting = this.#dropExpired();
    const most = this.#share();
    let [next, events, bytes] = [0, 0, 0];
    for (; next < waiting.length && batch.length < most; next++) {
      const candidate = waiting[next]!;
      const { filing } = candidate;
      events += filing.events;
      bytes += filing.bytes;
      if (batch.length > 0 && (events > MAX_EVENTS || bytes > MAX_BYTES)) break;
      (filing.claims.some((claim) => claimed.has(claim)) ? later : batch).push(candidate);
      // A filing that must wait keeps its claims, so that none that came after it overtakes it.
      for (const claim of filing.claims) claimed.add(claim);
    }
    this.#waiting = [...later, ...waiting.slice(next)];
    this.#lastBatch = batch.length;
    return batch;
  }

  #dropExpired(): Waiting<F, R>[] {
    const now = performance.now();
    return this.#waiting.filter(({ deadline, reject }) => {
      if (deadline < now) reject(new StoreUnavailable('The log is too busy: the filing waited too long and was not tried.'));
      return deadline >= now;
    });
  }

  /**
   * Half of the filings under way: one half is prepared here while the database commits the other, and both processors
   * have work. Few filings go together: there the commit itself costs more than can be gained.
   */
  #share(): number {
    return Math.max(SMALL_BATCH, Math.ceil((this.#waiting.length + this.#lastBatch) / 2));
  }
}

/** Until everything that can go on now has gone on: in the meantime all filings that are ready arrive. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
