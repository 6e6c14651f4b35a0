import { randomUUID } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { createPool } from '../../src/postgres/pool.js';

export interface TestDatabase {
  url: string;
  pool: Pool;
  /** Ends the pool and deletes the database. */
  drop(): Promise<void>;
}

/** A fresh, empty database on a server, given as its administrator reaches it; by default on the run's. */
export async function createDatabase(server = process.env.ENTENTE_TEST_DATABASE_URL): Promise<TestDatabase> {
  if (!server) throw new Error('ENTENTE_TEST_DATABASE_URL is not set: run the integration project of jest');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `create database ${name} template template0`);
  const url = new URL(server);
  url.pathname = name;
  const pool = createPool(url.href, { max: 10, applicationName: 'entente: test' });
  const drop = async () => {
    await pool.end();
    await execute(server, `drop database ${name} with (force)`);
  };
  return { url: url.href, pool, drop };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
