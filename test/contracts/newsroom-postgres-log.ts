import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import type { OpenLog } from './event-store.contract.js';

const MIGRATIONS = new URL('../../src/event-store/postgres/migrations/', import.meta.url);
/** The backends of the role, which is all it may end: the connections of this log, wherever they come from. */
const END_OTHERS = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`;

/**
 * An empty log in a database of its own, in a schema that was made for the role of `url`. The database is made by whom
 * DATABASE_ADMIN_URL names, else by that role itself.
 */
export async function openNewsroomLog(url: string): Promise<OpenLog> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = process.env['DATABASE_ADMIN_URL'] ?? url;
  await administer(admin, [`create database ${name} template template0`]);
  await administer(inDatabase(admin, name), [`create schema log authorization "${new URL(url).username}"`]);
  const own = inDatabase(url, name);
  const pool = createPool(own, { max: 10, applicationName: 'entente: test' });
  await migrate(pool, { schema: 'log', dir: MIGRATIONS });
  const store = new PostgresEventStore({ pool, listen: own });
  await store.open();
  const closing: (() => Promise<unknown>)[] = [() => store.close().then(() => pool.end())];
  const openAnother = async () => {
    const others = createPool(own, { max: 4, applicationName: 'entente: another' });
    const other = new PostgresEventStore({ pool: others, listen: own });
    closing.push(() => other.close().then(() => others.end()));
    await other.open();
    return other;
  };
  const drop = async () => {
    for (const close of closing) await close();
    await administer(admin, [`drop database ${name} with (force)`]);
  };
  const cut = async () => void (await pool.query(END_OTHERS).catch(() => undefined));
  return {
    store,
    drop,
    cut,
    openAnother,
    restsAfter: 3_500,
    gapless: true,
    guardsAll: true,
    gathers: true,
    processArguments: ['postgres', own],
  };
}

function inDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = name;
  return address.href;
}

async function administer(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
