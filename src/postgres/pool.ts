import pg from 'pg';

export interface PoolOptions {
  /** Most connections at a time. */
  max: number;
  /** What the connections are called in pg_stat_activity. */
  applicationName: string;
}

const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** A pool of connections that reads int8 as BigInt and timestamptz as Date. It outlives interruptions of the server. */
export function createPool(url: string, { max, applicationName }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, application_name: applicationName, types, connectionTimeoutMillis: 10_000 });
  // An idle connection that breaks is dropped by the pool, and the next query opens another; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
