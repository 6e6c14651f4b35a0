import type { Pool } from 'pg';
import type { Difference } from './compare.js';
import { dropNext } from './next-tables.js';
import type { Doing } from './rebuild.js';

/** How it may end; to go on with it is possible where it `differs` or has `failed`. */
export const ENDS = ['differs', 'exchanged', 'cancelled', 'failed'] as const;

/** How far the views have come that are being built anew. */
export interface RebuildProgress {
  phase: Doing['phase'] | null;
  what: string | null;
  position: bigint | null;
  head: bigint | null;
  /** Events in a second; null where none are read. */
  rate: number | null;
  /** Until the log is read; null where that cannot be told. */
  etaSeconds: number | null;
}

export interface RebuildStatus extends RebuildProgress {
  state: 'running' | (typeof ENDS)[number];
  startedAt: Date;
  /** When whoever does it was heard of last. */
  updatedAt: Date;
  differences: Difference[] | null;
  error: string | null;
}

export type RebuildEnd =
  | { state: 'exchanged'; position: bigint }
  | { state: 'cancelled' }
  | { state: 'differs'; differences: Difference[] }
  /** In one sentence. */
  | { state: 'failed'; error: string };

/** What the connections are called over which views are built anew. */
export const REBUILDING = 'entente: rebuild';
/** Who was not heard of for so long does it no more. */
const UNHEARD = `updated_at < clock_timestamp() - interval '10 seconds'`;
const COLUMNS = `state, phase, what, position, head, rate, eta_seconds as "etaSeconds", started_at as "startedAt", updated_at as "updatedAt",
  differences, error`;
const NOTHING_DONE = 'phase = null, what = null, rate = null, eta_seconds = null';

/** The building anew of the views that was asked for last, as all instances on a database see it: one at a time does it. */
export class RebuildOrder {
  constructor(private readonly pool: Pool) {}

  /** Undefined where it was never asked for. */
  async status(): Promise<RebuildStatus | undefined> {
    return (await this.pool.query<RebuildStatus>(`select ${COLUMNS} from view.rebuild`)).rows[0];
  }

  /** That it be begun, or gone on with. Answers how it stands; undefined where somebody does it already. */
  async ask(accept: boolean): Promise<RebuildStatus | undefined> {
    const sql = `
      insert into view.rebuild as r (state, accept) values ('running', $1)
      on conflict (only_row) do update set state = 'running', accept = $1, cancel = false, runner = null, differences = null, error = null,
        ${NOTHING_DONE}, updated_at = clock_timestamp(),
        position = case when r.state in ('exchanged', 'cancelled') then null else r.position end,
        started_at = case when r.state in ('exchanged', 'cancelled') then clock_timestamp() else r.started_at end
      where r.state <> 'running' or r.${UNHEARD} returning ${COLUMNS}`;
    return (await this.pool.query<RebuildStatus>(sql, [accept])).rows[0];
  }

  /** That it end, and what is half built go. Answers whether there was something to end. */
  async cancel(): Promise<boolean> {
    const sql = `
      update view.rebuild set cancel = true, state = 'running', runner = case when state = 'running' then runner end
      where state in ('running', 'differs', 'failed')`;
    return this.changes(sql, []);
  }

  /** Whether somebody is to take it up. */
  async isOpen(): Promise<boolean> {
    const { rowCount } = await this.pool.query(`select from view.rebuild where state = 'running' and (runner is null or ${UNHEARD})`);
    return rowCount === 1;
  }

  /** Takes it up: answers what was asked for, or undefined where another has it. */
  async claim(runner: string): Promise<{ accept: boolean; cancel: boolean } | undefined> {
    const sql = `
      update view.rebuild set runner = $1, updated_at = clock_timestamp() where state = 'running' and (runner is null or ${UNHEARD})
      returning accept, cancel`;
    const [claimed] = (await this.pool.query<{ accept: boolean; cancel: boolean }>(sql, [runner])).rows;
    // What one before has left running goes on by itself, and would be in the way.
    if (claimed !== undefined) await this.interrupt(runner);
    return claimed;
  }

  /** Breaks off every statement with which views are being built anew, if it is still this one who does it. */
  async interrupt(runner: string): Promise<void> {
    const sql = `
      select pg_terminate_backend(pid) from pg_stat_activity, view.rebuild
      where datname = current_database() and usename = current_user and application_name = $2 and runner = $1`;
    await this.pool.query(sql, [runner, REBUILDING]);
  }

  /** Is heard of. Answers whether to go on, to end for good, or that another has taken over. */
  async tell(runner: string, { phase, what, position, head, rate, etaSeconds }: RebuildProgress): Promise<'go on' | 'cancel' | 'lost'> {
    const sql = `
      update view.rebuild set phase = $2, what = $3, position = coalesce($4, position), head = $5, rate = $6, eta_seconds = $7,
        updated_at = clock_timestamp()
      where runner = $1 and state = 'running' returning cancel`;
    const [row] = (await this.pool.query<{ cancel: boolean }>(sql, [runner, phase, what, position, head, rate, etaSeconds])).rows;
    if (row === undefined) return 'lost';
    return row.cancel ? 'cancel' : 'go on';
  }

  /** What is half built goes. */
  async takeAway(): Promise<void> {
    // Not over the connections that are broken off.
    await dropNext(this.pool);
  }

  async end(runner: string, end: RebuildEnd): Promise<void> {
    const sql = `
      update view.rebuild set state = $2, differences = $3, error = $4, position = coalesce($5, position), runner = null, ${NOTHING_DONE},
        updated_at = clock_timestamp()
      where runner = $1 and state = 'running'`;
    const differences = 'differences' in end ? JSON.stringify(end.differences) : null;
    const error = 'error' in end ? end.error : null;
    await this.changes(sql, [runner, end.state, differences, error, 'position' in end ? end.position : null]);
  }

  /** Leaves it to whoever takes it up next. */
  async leave(runner: string): Promise<void> {
    await this.changes(`update view.rebuild set runner = null, ${NOTHING_DONE} where runner = $1`, [runner]);
  }

  private async changes(sql: string, values: unknown[]): Promise<boolean> {
    return (await this.pool.query(sql, values)).rowCount === 1;
  }
}
