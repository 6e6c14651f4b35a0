import type { PoolClient, QueryConfig, QueryResult } from 'pg';

/**
 * Sends statements in this order, and answers in it. On a connection of a pipelined pool (PoolOptions) none waits for the answer of the one
 * before. In a transaction nothing that comes after a failure is done; this rejects with that failure.
 */
export async function sendAll(client: PoolClient, statements: readonly QueryConfig[]): Promise<QueryResult[]> {
  if (client.pipeline) return Promise.all(statements.map((statement) => client.query(statement)));
  const results: QueryResult[] = [];
  for (const statement of statements) results.push(await client.query(statement));
  return results;
}
