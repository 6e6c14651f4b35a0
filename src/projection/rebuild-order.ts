import type { Pool } from 'pg';
import type { Difference } from './compare.js';
import type { Doing } from './rebuild.js';

export const REBUILD_STATES = ['running', 'differs', 'exchanged', 'cancelled', 'failed'] as const;

/** How far the views have come that are being built anew. */
export interface RebuildProgress {
  phase: Doing['phase'] | null;
  what: string | null;
  position: bigint | null;
  head: bigint | null;
  /** Events in a second; null where nothing is read. */
  rate: number | null;
  /** Until the log is read; null where that cannot be told. */
  etaSeconds: number | null;
}

export interface RebuildStatus extends RebuildProgress {
  state: (typeof REBUILD_STATES)[number];
  startedAt: Date;
  /** When whoever does it was heard of last. */
  updatedAt: Date;
  differences: Difference[] | null;
  error: string | null;
}

export type RebuildEnd =
  | { state: 'exchanged' | 'cancelled' }
  | { state: 'differs'; differences: Difference[] }
  /** One sentence. */
  | { state: 'failed'; error: string };

/** Whoever was not heard of for so long does it no more. */
const HEARD = `updated_at > clock_timestamp() - interval '10 seconds'`;
const UNHEARD = `not (${HEARD})`;
const COLUMNS = `state, phase, what, position, head, rate, eta_seconds as "etaSeconds", started_at as "startedAt", updated_at as "updatedAt",
  differences, error`;

/** The building anew of the views that was asked for last, as all instances on a database see it: one at a time does it. */
export class RebuildOrder {
  constructor(private readonly pool: Pool) {}

  /** Undefined where it was never asked for. */
  async status(): Promise<RebuildStatus | undefined> {
    return (await this.pool.query<RebuildStatus>(`select ${COLUMNS} from view.rebuild`)).rows[0];
  }

  /** That it be done, or gone on with; whether nobody does it already. */
  async ask(accept: boolean): Promise<boolean> {
    const sql = `
      insert into view.rebuild as r (state, accept) values ('running', $1)
      on conflict (only_row) do update set state = 'running', accept = $1, cancel = false, runner = null, differences = null, error = null,
        phase = null, what = null, rate = null, eta_seconds = null, updated_at = clock_timestamp(),
        position = case when r.state in ('exchanged', 'cancelled') then null else r.position end,
        started_at = case when r.state in ('exchanged', 'cancelled') then clock_timestamp() else r.started_at end
      where r.state <> 'running' or r.${UNHEARD.replace('not (', '').replace(')', '')}`;
    return (await this.pool.query(sql, [accept])).rowCount === 1;
  }
}
