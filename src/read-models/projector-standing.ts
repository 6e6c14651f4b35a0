import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';

export const PROJECTOR_STATES = ['live', 'behind', 'stuck', 'dead'] as const;
export type ProjectorState = (typeof PROJECTOR_STATES)[number];

/** How the projector stands. */
export interface Standing {
  /** Events that the views have not taken in. */
  lagEvents: number;
  /** Seconds since the oldest of them was recorded. */
  lagSeconds: number;
  state: ProjectorState;
  /** Who keeps the views. */
  owner?: string;
  /** Events that the views could not take in. */
  parked?: number;
  /** Events of unknown types that they passed over. */
  unknown?: number;
}

/** Events that are looked at to tell how many there are. */
const LOOKED_AT = 100;
/** So long after it was recorded an event is still in time. */
const LIVE_S = 2;
/** How long nothing moves before it is stuck. */
const STUCK_MS = 4_000;
/** How long an answer is good, however often it is asked for; and how long it is waited for. */
const SOON_MS = 1_000;

/** What the database says of the projector. */
interface Facts extends Pick<Standing, 'owner' | 'parked' | 'unknown'> {
  /** How far the views have come. */
  position: bigint;
}

/** Tells how far the views are behind the log, for those who watch over the service: two look-ups by an index, three where they are far behind. */
export class ProjectorStanding {
  private asking: Promise<Standing | undefined> | undefined;
  private answer: { at: number; standing: Standing } | undefined;
  private moved = { to: -1n, at: 0 };

  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** Undefined where the database does not say it soon. */
  async read(): Promise<Standing | undefined> {
    if (this.answer !== undefined && this.now() - this.answer.at < SOON_MS) return this.answer.standing;
    this.asking ??= this.ask()
      .catch(() => undefined)
      .finally(() => (this.asking = undefined));
    return Promise.race([this.asking, sleep(SOON_MS, undefined, { ref: false })]);
  }

  private async ask(): Promise<Standing> {
    const { position, ...facts } = await this.facts();
    const next = await this.store.readAll(position, LOOKED_AT);
    const at = this.now();
    if (position !== this.moved.to) this.moved = { to: position, at };
    const lagSeconds = next.length === 0 ? 0 : Math.max(0, at - next[0]!.recordedAt.getTime()) / 1000;
    const standing = { lagEvents: await this.count(position, next), lagSeconds, state: this.stateAt(at, lagSeconds), ...facts };
    this.answer = { at, standing };
    return standing;
  }

  /** The one place where it is asked how the projector stands. */
  private async facts(): Promise<Facts> {
    const { rows } = await this.pool.query<Facts>('select position from view.checkpoint');
    return rows[0] ?? { position: 0n };
  }

  /** Of more than are looked at it is told how many there are likely to be: as dense as these. Exactly, where positions have no gaps. */
  private async count(position: bigint, next: readonly StoredEvent[]): Promise<number> {
    if (next.length < LOOKED_AT) return next.length;
    const head = await this.store.head();
    return Math.round((next.length * Number(head.position - position)) / Number(next.at(-1)!.position - position));
  }

  private stateAt(now: number, lagSeconds: number): ProjectorState {
    if (lagSeconds < LIVE_S) return 'live';
    return now - this.moved.at < STUCK_MS ? 'behind' : 'stuck';
  }
}
