import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { sendAll } from '../postgres/send-all.js';
import { Bulk } from './bulk.js';
import { carryOver, isCarriedOver } from './carry-over.js';
import { isOf, readCheckpoint } from './checkpoint.js';
import { compareGenerations, type Difference } from './compare.js';
import { TABLES, tableIn } from './generation.js';
import { inPieces } from './faults.js';
import { inTransaction } from './in-transaction.js';
import { dropNext, exchange, finishNext, openNext } from './next-tables.js';
import { parkingOf, readParking } from './parking.js';
import { BEGIN } from './project.js';
import { takeIn } from './take-in.js';
import { codeOf } from '../system-error.js';
import { movingCheckpoint, mustHaveMoved } from './tables.js';

/** What is being done. */
export interface Doing {
  phase: 'reading' | 'indexing' | 'catching up' | 'comparing' | 'exchanging';
  /** What of it, in words. */
  what?: string;
  /** How far the new views have come in the log. */
  position: bigint;
  /** How many events were read since it was begun or gone on with. */
  events: number;
}

export type Outcome =
  | { outcome: 'exchanged'; position: bigint }
  /** They wait to be accepted. */
  | { outcome: 'differs'; differences: Difference[] }
  /** What is there is kept, to go on from. */
  | { outcome: 'cut off' };

interface Asked {
  accept: boolean;
  signal: AbortSignal;
}

/** What was decided of parked events cannot be carried over into the new views. */
class BeginAnew extends Error {
  override readonly name = 'BeginAnew';
}

/** Events that are projected in one transaction, once the tables have their indexes. */
const BATCH = 500;
/** The server, when it looks after a table itself, makes way for others only after a second. Nobody else waits meanwhile. */
const SERVER_GIVES_WAY_MS = 1_200;
/**
 * Questions wait as long as this, at most, for the exchange to begin; then it waits, and tries again. It is less than the second after which the
 * server looks whether they wait for each other (one asks for two tables, of which each has one), and would refuse the question.
 */
const BEGIN_WITHIN_MS = 700;
/** And as long as this for what is missing to be caught up with. */
const EXCHANGE_WITHIN_MS = 500;
const PAUSE_MS = 200;
/** A lock that was not to be had in time, or by which two waited for each other. */
const TOO_EARLY = new Set(['55P03', '57014', '40P01']);

/**
 * Builds the views anew from the log, beside those that answer, and puts them in their place where they tell the same. Cut off at any point,
 * it goes on from there.
 */
export class Rebuild {
  private position = 0n;
  private events = 0;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly told: (doing: Doing) => void,
  ) {}

  /** `accept`: also where the new views tell something else than those that answer. */
  async run(asked: Asked): Promise<Outcome> {
    const { log } = await this.store.head();
    for (;;) {
      try {
        return await this.attempt(log, asked);
      } catch (error) {
        if (!(error instanceof BeginAnew)) throw error;
        await dropNext(this.pool);
      }
    }
  }

  private async attempt(log: string, { accept, signal }: Asked): Promise<Outcome> {
    await this.build(log, signal);
    if (!accept && !signal.aborted) {
      this.tell('comparing');
      const differences = await this.differences(log, signal);
      if (differences.length > 0) return { outcome: 'differs', differences };
    }
    while (!signal.aborted) {
      this.tell('exchanging');
      await this.catchUp('exchanging', signal);
      await this.carryOver(log, signal);
      if (await this.exchange(log, signal)) return { outcome: 'exchanged', position: this.position };
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
    return { outcome: 'cut off' };
  }

  private tell(phase: Doing['phase'], what?: string): void {
    this.told({ phase, position: this.position, events: this.events, ...(what !== undefined && { what }) });
  }

  private async build(log: string, signal: AbortSignal): Promise<void> {
    const { position, filled } = await openNext(this.pool, this.store, log);
    this.position = position;
    if (!filled) {
      this.tell('reading');
      const moved = (to: bigint, events: number): void => {
        this.position = to;
        this.events += events;
        this.tell('reading');
      };
      await new Bulk(this.store, this.pool, moved).fill(position, signal);
    }
    await finishNext(this.pool, signal, (what) => this.tell('indexing', what));
    this.tell('catching up');
    await this.catchUp('catching up', signal);
  }

  /**
   * Brings the new views to a position, by default to where the log ends just now, as the projector does it; what cannot be projected is
   * parked.
   */
  private async catchUp(phase: Doing['phase'], signal: AbortSignal, to?: bigint): Promise<void> {
    const end = to ?? (await this.store.head()).position;
    while (this.position < end && !signal.aborted) {
      const events = await this.next();
      if (events.length === 0) return;
      await inPieces(events, (piece, fault) => this.advance(piece, fault));
      this.events += events.length;
      this.tell(phase);
    }
  }

  private async advance(events: readonly StoredEvent[], fault: unknown): Promise<void> {
    const work = async (client: PoolClient): Promise<void> => {
      const taking =
        fault === undefined
          ? await takeIn(client, events, await readParking(client, 'next'), 'next')
          : [parkingOf(events[0]!, { fault }, 'next')];
      const done = await sendAll(client, [...taking, ...movingCheckpoint(events, this.position, 'next')]);
      mustHaveMoved(done.at(-1));
    };
    await inTransaction(this.pool, work, BEGIN);
    this.position = events.at(-1)!.position;
  }

  private next(): Promise<StoredEvent[]> {
    return this.store.readAll(this.position, BATCH);
  }

  private async carryOver(log: string, signal: AbortSignal): Promise<void> {
    if (!signal.aborted && !(await carryOver(this.pool, this.store, log, signal))) throw new BeginAnew();
  }

  /**
   * None where the views that answer are of another log, or of none: then there is nothing to compare with. What is decided of parked events
   * while they are compared makes them differ: then they are compared once more.
   */
  private async differences(log: string, signal: AbortSignal): Promise<Difference[]> {
    for (;;) {
      await this.carryOver(log, signal);
      const live = await this.live(this.pool, log);
      if (live === undefined) return [];
      const differences = await compareGenerations(this.pool, live < this.position ? live : this.position);
      if (differences.length === 0 || signal.aborted || (await isCarriedOver(this.pool, log))) return differences;
    }
  }

  /** How far the views have come that answer; undefined where they are of another log, or of what this one was before it was restored. */
  private async live(client: Pick<Pool | PoolClient, 'query'>, log: string): Promise<bigint | undefined> {
    const checkpoint = await readCheckpoint(client);
    return checkpoint && (await isOf(this.store, log, checkpoint)) ? checkpoint.position : undefined;
  }

  /**
   * Whether it could be done: not while somebody reads on and on, nor to views that have not come as far, or do not know all that was decided
   * of parked events.
   */
  private async exchange(log: string, signal: AbortSignal): Promise<boolean> {
    try {
      return await inTransaction(this.pool, async (client) => {
        // The checkpoint first, as whoever writes to them does: so nobody has something of it while he waits for the rest.
        const names = TABLES.toSorted((a, b) => Number(b === 'checkpoint') - Number(a === 'checkpoint'));
        const tables = names.map((name) => tableIn('live', name)).join(', ');
        await client.query(`set local lock_timeout = ${SERVER_GIVES_WAY_MS}`);
        await client.query(`lock table ${tables} in share update exclusive mode`);
        await client.query(`set local statement_timeout = ${BEGIN_WITHIN_MS}`);
        await client.query(`lock table ${tables} in access exclusive mode`);
        await client.query('set local statement_timeout = 0');
        if (!(await isCarriedOver(client, log))) return false;
        const live = await this.live(client, log);
        // Nobody can move them any more: what is missing comes by another connection. It is little, unless very much is being filed.
        const briefly = AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_WITHIN_MS)]);
        if (live !== undefined && live > this.position) await this.catchUp('exchanging', briefly, live);
        if (live !== undefined && live > this.position) return false;
        await exchange(client);
        return true;
      });
    } catch (error) {
      if (TOO_EARLY.has(codeOf(error) ?? '')) return false;
      throw error;
    }
  }
}
