import { setTimeout as sleep } from 'node:timers/promises';
import { checkServer } from '../../src/postgres/pool.js';
import { freePort } from '../../src/postgres/postmaster.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { refusalOf } from './refusal.js';

describe('a pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('reads int8 as BigInt, beyond what a number can hold', async () => {
    const { rows } = await database.pool.query<{ n: bigint }>('select 9007199254740993::int8 as n');
    expect(rows[0]?.n).toBe(9007199254740993n);
  });

  it('reads timestamptz as a Date', async () => {
    const { rows } = await database.pool.query<{ at: Date }>(`select timestamptz '2025-01-26T20:30:00.123Z' as at`);
    expect(rows[0]?.at).toEqual(new Date('2025-01-26T20:30:00.123Z'));
  });

  it('survives that the server ends its idle connections', async () => {
    const { pool } = database;
    await Promise.all([pool.query('select pg_sleep(0.05)'), pool.query('select pg_sleep(0.05)')]);
    expect(pool.idleCount).toBe(2);
    const others = 'datname = current_database() and pid <> pg_backend_pid()';
    await pool.query(`select pg_terminate_backend(pid, 1000) from pg_stat_activity where ${others}`);
    const { rows } = await pool.query<{ one: number }>('select 1 as one');
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('survives that the server ends a connection in use, between two statements: the next one fails', async () => {
    const { pool } = database;
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1, 1000)', [rows[0]!.pid]);
    await sleep(50);
    await expect(client.query('select 1')).rejects.toThrow(/connection|not queryable/);
    client.release(true);
  });
});

describe('checking a server at the start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('accepts a PostgreSQL that can be used', async () => {
    expect(await refusalOf(checkServer(database.url))).toBe('accepted');
  });

  it('says in one sentence that nobody listens there, without the password', async () => {
    const port = await freePort();
    expect(await refusalOf(checkServer(`postgres://desk:s3cret@127.0.0.1:${port}/news`))).toBe(
      `PostgreSQL at postgres://127.0.0.1:${port}/news cannot be used (connect ECONNREFUSED 127.0.0.1:${port}): check DATABASE_URL.`,
    );
  });

  it('says in one sentence that the password is wrong, or the database missing', async () => {
    const url = new URL(database.url);
    url.password = 'wrong';
    expect(await refusalOf(checkServer(url.href))).toMatch(
      /cannot be used \(password authentication failed for user "\w+"\): check DATABASE_URL\.$/,
    );
    expect(await refusalOf(checkServer(database.url.replace(/[^/]+$/, 'nowhere')))).toMatch(
      /\(database "nowhere" does not exist\): check DATABASE_URL\.$/,
    );
  });

  it('says in one sentence that the address cannot be read', async () => {
    expect(await refusalOf(checkServer('postgres://['))).toMatch(
      /^PostgreSQL at an unreadable address cannot be used \(.+\): check DATABASE_URL\.$/,
    );
  });

  it('refuses a database that cannot hold every letter', async () => {
    await database.pool.query(`create database latin encoding 'LATIN1' locale 'C' template template0`);
    expect(await refusalOf(checkServer(database.url.replace(/[^/]+$/, 'latin')))).toMatch(/latin is encoded in LATIN1: /);
    await database.pool.query('drop database latin with (force)');
  });
});
