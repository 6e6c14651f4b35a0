import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { writeCorrections } from './corrections.js';
import { loadBatch, moveCheckpoint, writeBatch } from './tables.js';

const BATCH = 500;
/** A commit lost in a crash of the server is projected again, from a log that is flushed by itself: views need no flush of their own. */
const BEGIN = 'begin; set local synchronous_commit = off';
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
const LONGEST_REST = 40;

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

/** Keeps the views true: reads the log after the checkpoint and writes rows and checkpoint in one transaction. */
export class Projector {
  private told: bigint | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly events: ProjectorEvents,
    /** How many events go into one transaction, at most. */
    private readonly batchSize = BATCH,
  ) {}

  /** Runs until the signal aborts. After a failure the same batch is read again: effectively once, whatever crashes where. */
  async run(signal: AbortSignal): Promise<void> {
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        let after = await this.begin();
        await this.tellOf(after);
        for await (const batch of this.store.subscribe(after, { signal, batchSize: this.batchSize })) {
          const began = performance.now();
          await this.project(batch, after);
          after = batch.at(-1)!.position;
          this.tell(batch);
          this.measure(batch, performance.now() - began);
          pause = FIRST_PAUSE;
          if (batch.length < this.batchSize) await rest(performance.now() - began, signal);
        }
      } catch (error) {
        if (signal.aborted) return;
        this.events.failed(error);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** The views have come to a position, by another projector where it is further than this one has told. */
  private async tellOf(position: bigint): Promise<void> {
    while (this.told !== undefined && this.told < position) {
      const events = await this.store.readAll(this.told, this.batchSize);
      this.tell(events.filter((event) => event.position <= position));
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

  /** The position to go on after. Throws where the views were built from another log. */
  private async begin(): Promise<bigint> {
    const { log } = await this.store.head();
    const sql = `insert into view.checkpoint (log, position) values ($1, 0) on conflict (only_row) do update set only_row = true returning log, position, event`;
    const { rows } = await this.pool.query<{ log: string; position: bigint; event: string | null }>(sql, [log]);
    const { log: viewed, position, event } = rows[0]!;
    if (viewed !== log || !(await this.holds(position, event))) throw new Error('this is not the log these views were built from');
    return position;
  }

  private async holds(position: bigint, event: string | null): Promise<boolean> {
    if (position === 0n) return true;
    const [last] = await this.store.readAll(position - 1n, 1);
    return last?.position === position && last.id === event;
  }

  private async project(events: readonly StoredEvent[], after: bigint): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query(BEGIN);
      const batch = await loadBatch(client, events);
      for (const event of events) batch.apply(event);
      await writeBatch(client, batch);
      await writeCorrections(client, events);
      await moveCheckpoint(client, events, after);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

/**
 * Leaves filings room when they come faster than a batch is done: the next batch is larger, and costs less for each event. A projector
 * that is behind by a whole batch does not rest.
 */
async function rest(worked: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(2 * worked, LONGEST_REST), undefined, { signal }).catch(() => undefined);
}

function headsOf(events: readonly StoredEvent[]): Head[] {
  return [...new Map(events.map(({ stream, version }) => [stream, version]))];
}
