import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { dayOf, type Day } from '../domain/time.js';
import type { EventStore } from '../event-store/event-store.js';

/** The two questions every view answers, and how new it must be at least. */
export interface At {
  /** Default: today, UTC. */
  asOf?: Day;
  /** Everything recorded by an instant, or the state at a position; default: all that the view has. */
  knownAt?: { instant: Date } | { position: bigint };
  /** Wait until the view includes this position. */
  atLeast?: bigint;
}

/** What an answer was computed at; every answer repeats it. */
export interface Moment {
  asOf: Day;
  /** Instant, or `position:<n>` where the question named a position. */
  knownAt: string;
  position: bigint;
  log: string;
}

/** The views have not come as far as was asked within the time allowed. */
export class ViewBehind extends Error {
  override readonly name = 'ViewBehind';
}

/** The log has no such position yet. */
export class PositionUnknown extends Error {
  override readonly name = 'PositionUnknown';
}

/** How far the projector of this service has come; a hint, so that waiting readers need not ask the database. */
export class Progress {
  private position = 0n;
  private waiting: (() => void)[] = [];

  moved(position: bigint): void {
    this.position = position;
    for (const wake of this.waiting.splice(0)) wake();
  }

  includes(position: bigint): boolean {
    return this.position >= position;
  }

  /** Resolves at the next move, or after the time given: another instance may be projecting. */
  async next(milliseconds: number): Promise<void> {
    let wake = (): void => undefined;
    const moved = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.waiting.push(wake);
    const timer = new AbortController();
    await Promise.race([moved, sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    this.waiting = this.waiting.filter((other) => other !== wake);
  }
}

/** What is kept in memory of the views, beside which they are asked less often. */
export interface Memory {
  /** Nothing that was kept is told any more, nor what is being read just now. */
  forget(): void;
}

interface Checkpoint {
  log: string;
  position: bigint;
  /** Raised where what was known at earlier positions is told anew. */
  edition: bigint;
  recordedAt: Date | null;
}

const PATIENCE_MS = 5_000;
const POLL_MS = 25;

/** Finds the position in the views at which a question is to be answered, waiting for it where need be. */
export class Views {
  private edition: bigint | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
    private readonly progress: Progress,
    private readonly memories: readonly Memory[] = [],
    private readonly now: () => Date = () => new Date(),
  ) {}

  async moment(at: At): Promise<Moment> {
    const now = this.now();
    if (at.atLeast !== undefined) await this.reach(at.atLeast);
    const { knownAt } = at;
    const asOf = at.asOf ?? dayOf(now.toISOString());
    if (knownAt === undefined) {
      const { log, position } = await this.checkpoint();
      return { asOf, knownAt: now.toISOString(), position, log };
    }
    if ('position' in knownAt) {
      await this.mustBeInLog(knownAt.position);
      await this.reach(knownAt.position);
      const { log } = await this.checkpoint();
      return { asOf, knownAt: `position:${knownAt.position}`, position: knownAt.position, log };
    }
    const position = await this.positionAt(knownAt.instant);
    return { asOf, knownAt: knownAt.instant.toISOString(), position, log: (await this.checkpoint()).log };
  }

  private async mustBeInLog(position: bigint): Promise<void> {
    if (this.progress.includes(position)) return;
    const head = await this.store.head();
    if (position > head.position) throw new PositionUnknown(`the log ends at position ${head.position}`);
  }

  /** The last position recorded by an instant; waits until the views have passed it. */
  private async positionAt(instant: Date): Promise<bigint> {
    const head = await this.store.head();
    if (head.recordedAt === null || head.recordedAt <= instant) await this.reach(head.position);
    else await this.passed(instant);
    const sql = 'select position from view.recorded where recorded_at <= $1 order by recorded_at desc limit 1';
    const { rows } = await this.pool.query<{ position: bigint }>(sql, [instant]);
    return rows[0]?.position ?? 0n;
  }

  private async reach(position: bigint): Promise<void> {
    if (this.progress.includes(position)) return;
    await this.until(async () => (await this.checkpoint()).position >= position);
  }

  private async passed(instant: Date): Promise<void> {
    await this.until(async () => {
      const { recordedAt } = await this.checkpoint();
      return recordedAt !== null && recordedAt > instant;
    });
  }

  private async until(done: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await done())) {
      if (Date.now() >= deadline) throw new ViewBehind('the view has not come that far yet; ask again in a moment');
      await this.progress.next(POLL_MS);
    }
  }

  private async checkpoint(): Promise<Checkpoint> {
    const sql = 'select log, position, edition, recorded_at as "recordedAt" from view.checkpoint';
    const [checkpoint] = (await this.pool.query<Checkpoint>(sql)).rows;
    if (checkpoint === undefined) return { log: (await this.store.head()).log, position: 0n, edition: 0n, recordedAt: null };
    this.noteEdition(checkpoint.edition);
    return checkpoint;
  }

  /** Every question asks for the checkpoint before it is answered: so none is answered from what was kept of an edition before. */
  private noteEdition(edition: bigint): void {
    if (this.edition !== undefined && edition > this.edition) for (const memory of this.memories) memory.forget();
    if (this.edition === undefined || edition > this.edition) this.edition = edition;
  }
}
