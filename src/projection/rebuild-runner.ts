import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { codeOf, isOutage, reasonOf, textOf } from '../system-error.js';
import type { RebuildEnd, RebuildOrder } from './rebuild-order.js';
import { RebuildSpeed } from './rebuild-speed.js';
import { Rebuild, type Doing } from './rebuild.js';

/** How often it tells how far it is, and hears whether it is to go on. */
const TELL_EVERY = 500;
/** A full disk does not pass by itself. */
const INSUFFICIENT = /^53/;

export interface RebuildParts {
  store: EventStore;
  /** Whose connections are called REBUILDING, and serve nobody else. */
  pool: Pool;
  /** On another pool. */
  order: RebuildOrder;
  /** A UUID of its own. */
  runner: string;
}

/** Does the rebuild that was asked for, and tells how far it is, as long as it is the one who does it. */
export class RebuildRunner {
  private doing: Doing | undefined;
  private cancelled = false;
  private speed = new RebuildSpeed();

  constructor(private readonly parts: RebuildParts) {}

  /** Until it is done or cannot be gone on with, or the signal aborts: then it is left to whoever takes it up. */
  async run(signal: AbortSignal): Promise<void> {
    const { order, runner } = this.parts;
    const asked = await order.claim(runner);
    if (asked === undefined) return;
    this.cancelled = asked.cancel;
    const stop = new AbortController();
    const over = new AbortController();
    if (asked.cancel) stop.abort();
    const telling = this.keepTelling(stop, over.signal);
    const end = await this.endOf(asked.accept, AbortSignal.any([signal, stop.signal]));
    over.abort();
    await telling;
    await (end === 'later' ? order.leave(runner) : order.end(runner, end));
  }

  private async endOf(accept: boolean, signal: AbortSignal): Promise<RebuildEnd | 'later'> {
    const { store, pool, order, runner } = this.parts;
    let interrupted: Promise<void> | undefined;
    // What takes long is one statement, which hears of no signal; but an exchange is short, and is done or not.
    const interrupt = (): void => {
      if (this.doing?.phase !== 'exchanging') interrupted = order.interrupt(runner).catch(() => undefined);
    };
    signal.addEventListener('abort', interrupt);
    try {
      const told = (doing: Doing): void => void (this.doing = doing);
      const outcome = signal.aborted ? undefined : await new Rebuild(store, pool, told).run({ accept, signal });
      if (outcome?.outcome === 'exchanged') return { state: 'exchanged', position: outcome.position };
      if (outcome?.outcome === 'differs' && !signal.aborted) return { state: 'differs', differences: outcome.differences };
    } catch (error) {
      if (!signal.aborted) return passes(error) ? 'later' : { state: 'failed', error: failureOf(error) };
    }
    if (!this.cancelled) return 'later';
    await interrupted;
    await order.takeAway();
    return { state: 'cancelled' };
  }

  /** What cannot be told just now is told the next time. */
  private async keepTelling(stop: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const answer = await this.tell().catch(() => 'go on' as const);
      if (answer === 'cancel') this.cancelled = true;
      if (answer !== 'go on') stop.abort();
      await sleep(TELL_EVERY, undefined, { signal: over }).catch(() => undefined);
    }
  }

  private async tell(): Promise<'go on' | 'cancel' | 'lost'> {
    const { store, order, runner } = this.parts;
    const { position: head } = await store.head();
    if (this.doing === undefined) return order.tell(runner, { ...NOTHING_TOLD, head });
    const { phase, what = null, position, events } = this.doing;
    const reads = phase === 'reading' || phase === 'catching up';
    if (reads) this.speed.add({ at: performance.now(), events, position });
    else this.speed = new RebuildSpeed();
    return order.tell(runner, {
      phase,
      what,
      position,
      head,
      rate: reads ? this.speed.rate() : null,
      etaSeconds: reads ? this.speed.secondsTo(head) : null,
    });
  }
}

const NOTHING_TOLD = { phase: null, what: null, position: null, rate: null, etaSeconds: null };

/** Whether it is as well to try again by oneself: log or views were away. */
function passes(error: unknown): boolean {
  return textOf(error, 'name') === 'StoreUnavailable' || (isOutage(error) && !INSUFFICIENT.test(codeOf(error) ?? ''));
}

export function failureOf(error: unknown): string {
  return `It broke off (${reasonOf(error)}): correct this and ask for it again, and it goes on where it was.`;
}
