import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { FarProjector } from './far-projector.js';
import { ProjectedLog } from './projected-log.js';

/** Nobody waits longer than this for views that follow again, whatever has become of the owner. */
export const TAKEOVER_MS = 15_000;
/** Every projecting transaction waits before it moves the checkpoint for as long as somebody holds the lock. */
const WAIT_BEFORE_THE_END = `
  create or replace function view.wait() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(1); return new; end $$;
  create or replace trigger wait before update of position on view.checkpoint for each row execute function view.wait()`;

/** A log of which the beginning is there, and projectors in processes of their own that share its views. */
export class Scene {
  private readonly far: FarProjector[] = [];
  private readonly begun: bigint;

  private constructor(
    readonly log: ProjectedLog,
    private readonly rest: readonly StoredEvent[],
    readonly end: bigint,
  ) {
    this.begun = end - BigInt(rest.length);
  }

  static async open(events: readonly StoredEvent[], begun: number): Promise<Scene> {
    return new Scene(await ProjectedLog.open(events.slice(0, begun)), events.slice(begun), events.at(-1)!.position);
  }

  async close(): Promise<void> {
    await Promise.all(this.far.map((each) => each.end('SIGKILL')));
    await this.log.drop();
  }

  /** The first of the two has the lease and has projected what there was; the second waits, and tells the same. */
  async startTwo(): Promise<[FarProjector, FarProjector]> {
    const first = this.start();
    await this.owns(first);
    const second = this.start();
    await until(() => [first, second].every(({ position }) => position === this.begun));
    return [first, second];
  }

  /** The rest of the log is there from now on. */
  async goOn(): Promise<void> {
    await this.log.store.restore(this.rest);
  }

  /** Answers how long it takes until the views hold all of the log, or what comes up to a position. */
  reaches(position = this.end): Promise<number> {
    const sql = 'select position from view.checkpoint';
    return until(async () => (await this.query<{ position: bigint }>(sql))[0]?.position === position);
  }

  /** How long it takes until it has the lease. */
  owns({ pid }: FarProjector): Promise<number> {
    return until(async () => (await this.owner())?.includes(` ${pid} `) === true);
  }

  async owner(): Promise<string | null> {
    return (await this.query<{ owner: string | null }>('select owner from view.lease'))[0]!.owner;
  }

  async query<T extends object>(sql: string): Promise<T[]> {
    return (await this.log.database.pool.query<T>(sql)).rows;
  }

  /** From now on every projecting transaction stops short of its end, until it is let go. */
  async hold(): Promise<{ letGo: () => Promise<void> }> {
    await this.query(WAIT_BEFORE_THE_END);
    const holder = new Client(this.log.database.url);
    await holder.connect();
    await holder.query('select pg_advisory_lock(1)');
    return { letGo: () => holder.end() };
  }

  /** Resolves when a transaction of that application is held. */
  async isHeld(application: string): Promise<void> {
    const sql = `select from pg_stat_activity where datname = current_database() and application_name = '${application}' and wait_event = 'advisory'`;
    await until(async () => (await this.query(sql)).length === 1);
  }

  start(): FarProjector {
    const projector = new FarProjector(this.log.database.url);
    this.far.push(projector);
    return projector;
  }
}

/** Resolves when it is so, and tells how long that took, in milliseconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > TAKEOVER_MS) throw new Error(`it is still not so after ${TAKEOVER_MS} ms: ${isSo.toString()}`);
    await sleep(20);
  }
  return performance.now() - began;
}
