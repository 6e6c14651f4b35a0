import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import type { OpenLog } from './event-store.contract.js';

const MIGRATIONS = new URL('../../src/event-store/postgres/migrations/', import.meta.url);

export interface OpenPostgresLog extends OpenLog {
  store: PostgresEventStore;
  database: TestDatabase;
  /** Perhaps by another way to the same database. */
  openAnother(url?: string): Promise<PostgresEventStore>;
}

/** An empty log in a database of its own. */
export async function openPostgresLog(): Promise<OpenPostgresLog> {
  const database = await createDatabase();
  await migrate(database.pool, { schema: 'log', dir: MIGRATIONS });
  const store = new PostgresEventStore({ pool: database.pool });
  await store.open();
  const closing: (() => Promise<unknown>)[] = [];
  const openAnother = async (url = database.url) => {
    const pool = createPool(url, { max: 4, applicationName: 'entente: another' });
    const other = new PostgresEventStore({ pool, listen: url });
    closing.push(() => other.close().then(() => pool.end()));
    await other.open();
    return other;
  };
  const cut = async () => {
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await database.pool.query(others).catch(() => undefined);
  };
  const drop = async () => {
    for (const close of closing) await close();
    await store.close();
    await database.drop();
  };
  // A little longer than it polls quickly after activity.
  const processArguments = ['postgres', database.url];
  return { store, database, drop, restsAfter: 3_500, gapless: true, guardsAll: true, gathers: true, cut, openAnother, processArguments };
}
