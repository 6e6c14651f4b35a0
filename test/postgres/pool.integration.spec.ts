import { createDatabase, type TestDatabase } from '../support/database.js';

describe('a pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  it('reads int8 as BigInt, beyond what a number can hold', async () => {
    const { rows } = await database.pool.query<{ n: bigint; many: bigint[] }>('select 9007199254740993::int8 as n');
    expect(rows[0]?.n).toBe(9007199254740993n);
  });

  it('reads timestamptz as a Date', async () => {
    const { rows } = await database.pool.query<{ at: Date }>(`select timestamptz '2025-01-26T20:30:00.123Z' as at`);
    expect(rows[0]?.at).toEqual(new Date('2025-01-26T20:30:00.123Z'));
  });

  it('survives that the server ends its idle connections', async () => {
    const { pool } = database;
    await pool.query('select 1');
    await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()').catch(() => undefined);
    const { rows } = await pool.query<{ one: number }>('select 1 as one');
    expect(rows).toEqual([{ one: 1 }]);
  });
});
