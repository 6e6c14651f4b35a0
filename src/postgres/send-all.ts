import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { QUERY_MS } from './pool.js';

/**
 * Sends statements in this order, and answers in it. On a connection of a pipelined pool (PoolOptions) none waits for the answer of the one
 * before. Rejects with the first failure: then the transaction must not be committed.
 */
export async function sendAll(client: PoolClient, statements: readonly QueryConfig[]): Promise<QueryResult[]> {
  // Each waits for those before it.
  const patiently = statements.map((statement, i) => ({ query_timeout: (i + 1) * QUERY_MS, ...statement }));
  if (client.pipeline) return Promise.all(patiently.map((statement) => client.query(statement)));
  const results: QueryResult[] = [];
  for (const statement of statements) results.push(await client.query(statement));
  return results;
}
