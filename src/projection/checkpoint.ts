import type { Pool, PoolClient } from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { tableIn, type Generation } from './generation.js';

/** How far views have come, and in which log. */
export interface Viewed {
  log: string;
  position: bigint;
  event: string | null;
  edition: bigint;
}

/** The views were written to since the checkpoint was read: what is parked was tried again, or another has projected. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

export const OTHER_LOG = 'this is not the log these views were built from: npm run rebuild';

/** How far the views have come, as one projector knows it. */
export class Checkpoint {
  private constructor(
    public position: bigint,
    private readonly edition: bigint,
  ) {}

  /** Where to go on. Throws where the views were built from another log. */
  static async read(pool: Pool, store: EventStore): Promise<Checkpoint> {
    const { log } = await store.head();
    const sql = `
      insert into view.checkpoint (log, position) values ($1, 0) on conflict (only_row) do update set only_row = true
      returning log, position, event, edition`;
    const { rows } = await pool.query<Viewed>(sql, [log]);
    const { position, edition } = rows[0]!;
    if (!(await isOf(store, log, rows[0]!))) throw new Error(OTHER_LOG);
    return new Checkpoint(position, edition);
  }

  /**
   * The first statement of a transaction that writes to the views: others wait for its end. Answers whether any event is parked. Throws
   * Overtaken.
   */
  async lock(client: PoolClient): Promise<boolean> {
    const sql = `
      select exists (select from view.parked) as "hasParked" from view.checkpoint where position = $1 and edition = $2 for update of checkpoint`;
    const { rows } = await client.query<{ hasParked: boolean }>(sql, [this.position, this.edition]);
    if (rows.length === 0) throw new Overtaken('another has written to the views meanwhile');
    return rows[0]!.hasParked;
  }
}

/** Undefined where nothing was ever projected. */
export async function readCheckpoint(
  client: Pick<Pool | PoolClient, 'query'>,
  generation: Generation = 'live',
): Promise<Viewed | undefined> {
  const { rows } = await client.query<Viewed>(`select log, position, event, edition from ${tableIn(generation, 'checkpoint')}`);
  return rows[0];
}

/** Whether views that have come so far were built from the log of this id, which the store holds. */
export async function isOf(store: EventStore, log: string, viewed: Pick<Viewed, 'log' | 'position' | 'event'>): Promise<boolean> {
  if (viewed.log !== log) return false;
  if (viewed.position === 0n) return true;
  const [last] = await store.readAll(viewed.position - 1n, 1);
  return last?.position === viewed.position && last.id === viewed.event;
}
