import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, Head, StoredEvent } from '../event-store/event-store.js';
import { isOf, OTHER_LOG } from '../projection/checkpoint.js';

/** How the views can follow the log. */
export const STATES = ['live', 'behind', 'stuck', 'dead'] as const;

/** How the views follow the log; the same whichever instance is asked. */
export interface Following {
  /**
   * `live`; `behind`: what is missing is older than two seconds, and is being projected; `stuck`: something is missing, and nothing was
   * projected for four seconds; `dead`: these are views of another log, or nobody projects.
   */
  state: (typeof STATES)[number];
  /** What is missing: how many events (null where positions are no numbers), and how old the oldest is. Null where it is another log. */
  lag: { events: number | null; seconds: number | null };
  /** Events projected in a second, over the last minute. */
  rate: number;
  /** The instance that projects; null where none does. */
  owner: string | null;
  /** Events that could not be projected, with those that wait for them. */
  parked: number;
  /** Events of types that this version does not know. */
  unknown: number;
  /** What an operator should know; null where all is well. */
  problem: string | null;
}

const BEHIND_S = 2;
const STUCK_S = 4;
/** A projector looks for a lease that has run out more than once a second. */
const NOBODY_S = 5;

interface Row {
  log: string | null;
  position: bigint;
  event: string | null;
  owner: string | null;
  rate: number;
  /** For how many seconds nobody has had the lease; at most 0 while somebody has it. */
  freeFor: number;
  /** When something moved last: the checkpoint, or the lease to another. */
  movedAt: Date;
  now: Date;
  parked: number;
  unknown: number;
}

/** How long an answer is good for those who ask again and again, and how long they wait for one. */
const SOON_MS = 1_000;

/** Tells how the views follow the log; from the database, so that any instance can. */
export class ProjectorStanding {
  private readonly startedAt = performance.now();
  private asking: Promise<Following | undefined> | undefined;
  private answer: { at: number; following: Following } | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
  ) {}

  async now(): Promise<Following> {
    const [row, head] = await Promise.all([this.read(), this.store.head()]);
    const { rate, owner, parked, unknown, freeFor } = row;
    const held = freeFor <= 0;
    const told = { rate: held ? Math.round(rate * 10) / 10 : 0, owner: held ? owner : null, parked, unknown };
    if (row.log !== null && !(await isOf(this.store, head.log, { ...row, log: row.log })))
      return { state: 'dead', lag: { events: null, seconds: null }, ...told, problem: OTHER_LOG };
    const oldest = await this.oldestMissing(row, head);
    return { ...this.stateOf(row, oldest), lag: this.lagOf(row, head, oldest), ...told };
  }

  /** Not asked for more than once in a second; undefined where the database does not say it soon. */
  async lately(): Promise<Following | undefined> {
    if (this.answer !== undefined && performance.now() - this.answer.at < SOON_MS) return this.answer.following;
    this.asking ??= this.remember()
      .catch(() => undefined)
      .finally(() => (this.asking = undefined));
    return Promise.race([this.asking, sleep(SOON_MS, undefined, { ref: false })]);
  }

  private async remember(): Promise<Following> {
    const following = await this.now();
    this.answer = { at: performance.now(), following };
    return following;
  }

  private async read(): Promise<Row> {
    const { rows } = await this.pool.query<Row>(`
      select c.log, coalesce(c.position, 0) as position, c.event, l.owner, l.rate,
        extract(epoch from clock_timestamp() - greatest(l.until, l.since))::float8 as "freeFor",
        greatest(c.moved_at, l.since) as "movedAt", clock_timestamp() as now,
        (select count(*) from view.parked where dropped_at is null)::int as parked,
        (select coalesce(sum(events), 0) from view.unknown)::int as unknown
      from view.lease l left join view.checkpoint c on true`);
    return rows[0]!;
  }

  private async oldestMissing({ position }: Row, head: Head): Promise<StoredEvent | undefined> {
    return head.position > position ? (await this.store.readAll(position, 1))[0] : undefined;
  }

  private stateOf({ movedAt, now, freeFor }: Row, oldest: StoredEvent | undefined): Pick<Following, 'state' | 'problem'> {
    if (freeFor > NOBODY_S && performance.now() - this.startedAt > NOBODY_S * 1000)
      return { state: 'dead', problem: 'no instance brings the views up to date: see what they log, or start one' };
    if (oldest === undefined) return { state: 'live', problem: null };
    const still = secondsBetween(movedAt > oldest.recordedAt ? movedAt : oldest.recordedAt, now);
    const problem = `nothing has been projected for ${Math.floor(still)} seconds: see what the owner logs`;
    if (still > STUCK_S) return { state: 'stuck', problem };
    return { state: secondsBetween(oldest.recordedAt, now) > BEHIND_S ? 'behind' : 'live', problem: null };
  }

  private lagOf({ position, now }: Row, head: Head, oldest: StoredEvent | undefined): Following['lag'] {
    const events = oldest === undefined ? 0 : Number(head.position - position);
    const seconds = oldest === undefined ? 0 : secondsBetween(oldest.recordedAt, now);
    return { events: this.store.gapless ? events : null, seconds };
  }
}

/** Not below 0, where two clocks differ. */
function secondsBetween(earlier: Date, later: Date): number {
  return Math.max(0, later.getTime() - earlier.getTime()) / 1000;
}
