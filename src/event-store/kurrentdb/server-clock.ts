import { randomUUID } from 'node:crypto';
import { BACKWARDS, END, jsonEvent, type JSONEventType, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { ClockAstray } from '../event-store.js';
import { appendTo } from './append-to.js';
import type { Connection } from './connection.js';
import { isInterruption, PATIENCE, persist } from './interruption.js';
import type { Names } from './names.js';

const MOST_ASTRAY = 5_000;
/** The server tells whole seconds. */
const ITS_PRECISION = 1_000;
/** What is known is good for so long; what was found wrong is looked at again sooner. */
const ASK_EVERY = 600_000;
const ASK_AGAIN = 2_000;
/** Others may ask at the same time. */
const LOOKED_AT = 100;

type TimeAsked = JSONEventType<'TimeAsked', Record<string, never>>;

/** Between which two numbers the server's time lies, less that of performance.now(), which nobody can set. */
interface Measured {
  least: number;
  most: number;
  at: number;
}

/**
 * Compares this machine's clock with the server's, which dates an event that is appended to ask. In between it is compared with a clock that
 * only runs, so that it is noticed at once when somebody sets it.
 */
export class ServerClock {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #now: () => number;
  #measured: Measured | undefined;
  #asking: Promise<void> | undefined;

  constructor({ connection, names, now }: { connection: Connection; names: Names; now: () => number }) {
    this.#connection = connection;
    this.#names = names;
    this.#now = now;
  }

  /** Throws ClockAstray as long as this machine's clock is more than 5 s off the server's. */
  async check(deadline = performance.now() + PATIENCE): Promise<void> {
    if (this.#measured === undefined || (this.#astray !== 0 && this.#age > ASK_AGAIN)) await this.#ask(deadline);
    else if (this.#age > ASK_EVERY) this.#ask(deadline).catch(ignoreInterruption);
    const astray = this.#astray;
    if (astray === 0) return;
    const seconds = (Math.abs(astray) / 1_000).toFixed(0);
    throw new ClockAstray(
      `The clock of this machine is ${seconds} s or more ${astray > 0 ? 'ahead of' : 'behind'} the clock of KurrentDB, so nothing is filed: set both by NTP.`,
    );
  }

  get #age(): number {
    return performance.now() - (this.#measured?.at ?? -Infinity);
  }

  /** Milliseconds that this clock is ahead of the server's at least, below 0 behind; 0 where that is within what is allowed. */
  get #astray(): number {
    if (this.#measured === undefined) return 0;
    const own = this.#now() - performance.now();
    const { least, most } = this.#measured;
    const astray = own > most ? own - most : Math.min(0, own - least);
    return Math.abs(astray) > MOST_ASTRAY ? astray : 0;
  }

  /** Once for all who ask meanwhile. */
  #ask(deadline: number): Promise<void> {
    this.#asking ??= persist(this.#connection, deadline, (client) => this.#measure(client))
      .then((measured) => void (this.#measured = measured))
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #measure(client: KurrentDBClient): Promise<Measured> {
    const asked = jsonEvent<TimeAsked>({ id: randomUUID(), type: 'TimeAsked', data: {} });
    const before = performance.now();
    await appendTo(client, this.#names.clock, { events: asked, version: 'any' });
    const after = performance.now();
    const read = { direction: BACKWARDS, fromRevision: END, maxCount: LOOKED_AT } as const;
    for await (const { event } of client.readStream<TimeAsked>(this.#names.clock, read)) {
      if (event?.id !== asked.id) continue;
      const time = event.created.getTime();
      return { least: time - after, most: time + ITS_PRECISION - before, at: after };
    }
    throw new Error(`The event that asks for the time is not in ${this.#names.clock}`);
  }
}

function ignoreInterruption(error: unknown): void {
  if (!isInterruption(error) && !(error instanceof Error && error.name === 'StoreUnavailable')) throw error;
}
