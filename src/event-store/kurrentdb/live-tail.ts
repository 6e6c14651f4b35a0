import type { AllStreamResolvedEvent, AllStreamSubscription } from '@kurrent/kurrentdb-client';
import { readRecorded, type Recorded } from './envelope.js';
import type { LogReader, Page } from './log-reader.js';

/** Events that may wait to be taken. A reader that is slower pulls pages instead, or the server would drop it. */
const MOST_WAITING = 500;

/** What is appended after a commit position, as the server sends it. It never reconnects: once lost, another takes its place. */
export class LiveTail {
  readonly #subscription: AllStreamSubscription;
  #waiting: Recorded[] = [];
  #upTo: bigint;
  #brought = false;
  #lost = false;
  #wake: () => void = () => undefined;
  /** Whether the server ever took the subscription. */
  confirmed = false;
  /** Whether it brought anything, and was ended by the server: one that brings as much takes its place. */
  dropped = false;

  constructor(log: LogReader, after: bigint) {
    this.#upTo = after;
    this.#subscription = log.connection.client.subscribeToAll({
      fromPosition: { commit: after, prepare: after },
      filter: log.filter(),
    });
    this.#subscription.on('confirmation', () => (this.confirmed = true));
    this.#subscription.on('data', (event: AllStreamResolvedEvent) => this.#take(event));
    for (const end of ['error', 'end', 'close']) this.#subscription.on(end, () => this.#lose());
  }

  /** What has come; `nothing` after so many milliseconds, or when `signal` aborts; `lost` when no more will come. */
  async next(milliseconds: number, signal: AbortSignal): Promise<Page | 'nothing' | 'lost'> {
    if (this.#waiting.length === 0 && !this.#lost) await this.#news(milliseconds, signal);
    if (this.#waiting.length === 0) return this.#lost ? 'lost' : 'nothing';
    const recorded = this.#waiting;
    this.#waiting = [];
    return { recorded, upTo: this.#upTo, full: false };
  }

  stop(): void {
    this.#lost = true;
    this.#subscription.unsubscribe().catch(() => undefined);
  }

  #take({ event }: AllStreamResolvedEvent): void {
    if (this.#lost || event === undefined) return;
    const recorded = readRecorded(event);
    if (recorded === undefined) return;
    this.#waiting.push(recorded);
    this.#upTo = recorded.commit;
    this.#brought = true;
    if (this.#waiting.length > MOST_WAITING) this.stop();
    this.#wake();
  }

  #lose(): void {
    if (!this.#lost) this.dropped = this.#brought;
    this.#lost = true;
    this.#wake();
  }

  async #news(milliseconds: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake = done;
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}
