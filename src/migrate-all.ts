import type { Pool } from 'pg';
import { ACCESS_SCHEMA } from './access/key-ring.js';
import { LOG_SCHEMA } from './open-log.js';
import { migrate } from './postgres/migrate.js';

/** Brings all tables of a database up to date; `withLog`: the log is in it too. */
export async function migrateAll(pool: Pool, { withLog }: { withLog: boolean }): Promise<void> {
  if (withLog) await migrate(pool, LOG_SCHEMA);
  await migrate(pool, { schema: 'view', dir: new URL('./read-models/migrations/', import.meta.url) });
  await migrate(pool, ACCESS_SCHEMA);
}
