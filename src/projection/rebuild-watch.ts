import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RebuildOrder } from './rebuild-order.js';
import { failureOf } from './rebuild-runner.js';

const LOOK_EVERY = 5_000;

/** Takes up the rebuild that was asked for: of this instance, or of one that is gone. */
export class RebuildWatch {
  private readonly stopping = new AbortController();
  private woken = new AbortController();
  private readonly watching: Promise<void>;

  /** `work` does it; `failed` hears of what keeps it from being done. */
  constructor(
    private readonly order: RebuildOrder,
    private readonly work: (runner: string, signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.watching = this.watch();
  }

  /** Looks at once. */
  wake(): void {
    this.woken.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.woken = new AbortController();
      // Where the database cannot be asked just now, it is asked again later.
      if ((await this.order.isOpen().catch(() => false)) && !signal.aborted) await this.take(signal);
      await sleep(LOOK_EVERY, undefined, { signal: AbortSignal.any([signal, this.woken.signal]) }).catch(() => undefined);
    }
  }

  private async take(signal: AbortSignal): Promise<void> {
    const runner = randomUUID();
    try {
      await this.work(runner, signal);
    } catch (error) {
      this.failed(error);
      await this.order.end(runner, { state: 'failed', error: failureOf(error) }).catch(() => undefined);
    }
  }
}
