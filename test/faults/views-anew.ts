import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { migrateAll } from '../../src/migrate-all.js';
import { createPool } from '../../src/postgres/pool.js';
import { project, viewsIn } from '../projection/projected-log.js';
import { createDatabase } from '../support/database.js';
import type { StoreUnderFault } from './store-under-fault.js';

/** Whether the views are, row by row, those that are made from the log anew, in a database of their own; and whether they took in every event. */
export async function unlikeAnew(store: StoreUnderFault): Promise<string[]> {
  const pool = createPool(store.views.url, { max: 2, applicationName: 'entente: fault run' });
  const anew = await createDatabase(store.views.server);
  const log = await store.open('straight');
  try {
    await migrateAll(anew.pool, { withLog: false });
    const failed = await project(log, anew.pool);
    const [kept, made] = [await viewsIn(pool), await viewsIn(anew.pool)];
    const unlike = Object.keys(made).flatMap((table) => differenceOf(table, rowsOf(kept, table), rowsOf(made, table)));
    return [...failed.map((error) => `views cannot be made anew: ${String(error)}`), ...unlike, ...(await parkedIn(pool))];
  } finally {
    await Promise.all([pool.end(), anew.drop(), log.close()]);
  }
}

function rowsOf(views: object, table: string): object[] {
  const rows: unknown = Reflect.get(views, table);
  return Array.isArray(rows) ? rows : [rows as object];
}

function differenceOf(table: string, kept: readonly object[], made: readonly object[]): string[] {
  const at = Array.from({ length: Math.max(kept.length, made.length) }).findIndex((_, n) => !isDeepStrictEqual(kept[n], made[n]));
  if (at < 0) return [];
  const rows = `${kept.length} rows, and made anew ${made.length}`;
  return [`the views are not those made anew: ${table} has ${rows}; row ${at + 1} is ${written(kept[at])} instead of ${written(made[at])}`];
}

function written(row: object | undefined): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) ?? 'none';
}

async function parkedIn(pool: Pool): Promise<string[]> {
  const sql = 'select position, type, record, error from view.parked where behind is null order by position limit 20';
  const { rows } = await pool.query<{ position: bigint; type: string; record: string; error: string }>(sql);
  return rows.map(({ position, type, record, error }) => `${type} of ${record}, at ${position}, is parked: ${error}`);
}
