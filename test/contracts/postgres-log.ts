import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import type { OpenLog } from './event-store.contract.js';

const MIGRATIONS = new URL('../../src/event-store/postgres/migrations/', import.meta.url);

export interface OpenPostgresLog extends OpenLog {
  store: PostgresEventStore;
  database: TestDatabase;
}

/** An empty log in a database of its own. */
export async function openPostgresLog(): Promise<OpenPostgresLog> {
  const database = await createDatabase();
  await migrate(database.pool, { schema: 'log', dir: MIGRATIONS });
  const store = new PostgresEventStore({ pool: database.pool });
  await store.open();
  const drop = async () => {
    await store.close();
    await database.drop();
  };
  // A little longer than it polls quickly after activity.
  return { store, database, drop, restsAfter: 3_500, gapless: true, guardsAll: true };
}
