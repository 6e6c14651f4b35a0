import type { Pool, PoolClient } from 'pg';

/** A connection on which something failed is thrown away, and with it the transaction. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>, begin = 'begin'): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const outcome = await work(client);
    await client.query('commit');
    client.release();
    return outcome;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
