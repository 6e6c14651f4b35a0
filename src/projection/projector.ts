import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { Checkpoint, Overtaken } from './checkpoint.js';
import { Lease, LeaseLost } from './lease.js';
import { Pace } from './pace.js';
import { project } from './project.js';

const BATCH = 500;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
const LONGEST_REST = 20;
/** Three times while the lease lasts. */
const RENEW_EVERY = 3_000;
/** How often one who waits for the lease looks at it, and at what the owner has done: soon after there was something new, and later. */
const LOOK_SOON = 100;
const LOOK_AGAIN = 750;
const SOON_FOR = 3_000;

/** A stream and the version it has come to. */
export type Head = readonly [stream: string, version: number];

/** A batch of events that was brought into the views. */
export interface Projected {
  first: bigint;
  last: bigint;
  events: number;
  /** In milliseconds since 1970. */
  began: number;
  milliseconds: number;
}

export interface ProjectorEvents {
  /** The views now include this position; `heads` are the streams of the events just projected, with their versions. */
  moved(position: bigint, heads: readonly Head[]): void;
  /** For those who measure it; `moved` was told of the same events. */
  projected?(batch: Projected): void;
  /** A batch could not be projected; it is tried again after a pause. */
  failed(error: unknown): void;
}

export interface ProjectorOptions {
  /** How many events go into one transaction, at most. */
  batchSize?: number;
  /** What there is to do beside it for whoever has the lease, until the signal aborts. */
  tend?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/**
 * Keeps the views true: reads the log after the checkpoint and writes rows and checkpoint in one transaction. Of all projectors on a database
 * one has the lease and does so; the others tell how far it has come, and wait for their turn.
 */
export class Projector {
  private readonly lease: Lease;
  private readonly batchSize: number;
  private pause = FIRST_PAUSE;
  private told: bigint | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly events: ProjectorEvents,
    private readonly options: ProjectorOptions = {},
  ) {
    this.lease = new Lease(pool);
    this.batchSize = options.batchSize ?? BATCH;
  }

  /** Runs until the signal aborts; whatever fails is tried again. */
  run(signal: AbortSignal): Promise<void> {
    return this.persist(signal, async () => {
      if (await this.lease.acquire()) await this.own(signal);
      else await this.standBy(signal);
    });
  }

  /** Over and over, after a failure with a pause, which is longer each time until something succeeds. */
  private async persist(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        await attempt();
      } catch (error) {
        if (signal.aborted) return;
        this.events.failed(error);
        await sleep(this.pause, undefined, { signal }).catch(() => undefined);
        this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
      }
    }
  }

  /** Until the signal aborts, or another has taken over. */
  private async own(signal: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const owning = AbortSignal.any([signal, lost.signal]);
    const pace = new Pace();
    void this.keepLease(owning, lost, pace);
    const tending = this.options.tend?.(owning);
    await this.persist(owning, () => this.follow(owning, lost, pace));
    lost.abort();
    await tending;
    await this.lease.release();
  }

  /** By itself, so that a long batch does not lose it. What cannot be asked just now is not lost yet. */
  private async keepLease(owning: AbortSignal, lost: AbortController, pace: Pace): Promise<void> {
    while (!owning.aborted) {
      await sleep(RENEW_EVERY, undefined, { signal: owning }).catch(() => undefined);
      if (owning.aborted) return;
      if (!(await this.lease.renew(pace.rate()).catch(() => true))) lost.abort();
    }
  }

  /** After a failure the same batch is read again: effectively once, whatever crashes where. */
  private async follow(owning: AbortSignal, lost: AbortController, pace: Pace): Promise<void> {
    const checkpoint = await Checkpoint.read(this.pool, this.store);
    await this.tellOf(checkpoint.position);
    for await (const batch of this.store.subscribe(checkpoint.position, { signal: owning, batchSize: this.batchSize })) {
      const began = performance.now();
      try {
        await project(this.pool, this.lease, checkpoint, batch);
      } catch (error) {
        if (error instanceof LeaseLost) lost.abort();
        else if (!(error instanceof Overtaken)) throw error;
        return;
      }
      this.tell(batch);
      this.measure(batch, performance.now() - began);
      pace.add(batch.length);
      this.pause = FIRST_PAUSE;
      if (batch.length < this.batchSize) await rest(performance.now() - began, owning);
    }
  }

  /** Tells how far the owner has come, until nobody has the lease. */
  private async standBy(signal: AbortSignal): Promise<void> {
    let activeAt = performance.now();
    while (!signal.aborted) {
      const { free, position } = await this.lease.look();
      if (free) return;
      this.pause = FIRST_PAUSE;
      if (position !== null && position !== this.told) {
        await this.tellOf(position);
        activeAt = performance.now();
      }
      const soon = performance.now() - activeAt < SOON_FOR;
      await sleep(soon ? LOOK_SOON : LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The views have come to a position, by another projector where it is further than this one has told. */
  private async tellOf(position: bigint): Promise<void> {
    while (this.told !== undefined && this.told < position) {
      const read = await this.store.readAll(this.told, this.batchSize);
      const events = read.filter((event) => event.position <= position);
      if (events.length === 0) break;
      this.tell(events);
    }
    this.told = position;
    this.events.moved(position, []);
  }

  private tell(events: readonly StoredEvent[]): void {
    this.told = events.at(-1)!.position;
    this.events.moved(this.told, headsOf(events));
  }

  private measure(events: readonly StoredEvent[], milliseconds: number): void {
    const [first, last] = [events[0]!.position, events.at(-1)!.position];
    this.events.projected?.({ first, last, events: events.length, began: Date.now() - milliseconds, milliseconds });
  }
}

/**
 * Leaves filings room when they come faster than a batch is done: the next batch is larger, and costs less for each event. A projector
 * that is behind by a whole batch does not rest.
 */
async function rest(worked: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(worked, LONGEST_REST), undefined, { signal }).catch(() => undefined);
}

function headsOf(events: readonly StoredEvent[]): Head[] {
  return [...new Map(events.map(({ stream, version }) => [stream, version]))];
}
