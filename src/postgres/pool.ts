import { Client, Pool, types, TypeOverrides } from 'pg';
import { StartError } from '../start-error.js';
import { reasonOf } from '../system-error.js';

export interface PoolOptions {
  /** Most connections at a time. */
  max: number;
  /** What the connections are called in pg_stat_activity. */
  applicationName: string;
}

const OLDEST_VERSION = 15;
const CONNECT_MS = 10_000;

const parsers = new TypeOverrides();
parsers.setTypeParser(types.builtins.INT8, BigInt);

/** A pool of connections that reads int8 as BigInt and timestamptz as Date. It outlives interruptions of the server. */
export function createPool(url: string, { max, applicationName }: PoolOptions): Pool {
  const connecting = { connectionString: url, connectionTimeoutMillis: CONNECT_MS, keepAlive: true };
  const pool = new Pool({ ...connecting, max, application_name: applicationName, types: parsers });
  // An idle connection that breaks is dropped by the pool, and the next query opens another; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So does one in use, between two statements: the next statement fails, and whoever uses it hears of it there.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Makes sure at the start that a server can be used: reachable, not too old, UTF-8. Throws StartError. */
export async function checkServer(url: string): Promise<void> {
  const { version, encoding } = await askServer(url);
  if (version < OLDEST_VERSION) {
    throw new StartError(`${withoutPassword(url)} is PostgreSQL ${version}: set DATABASE_URL to PostgreSQL ${OLDEST_VERSION} or newer.`);
  }
  if (encoding !== 'UTF8') {
    throw new StartError(`${withoutPassword(url)} is encoded in ${encoding}: set DATABASE_URL to a database made with encoding UTF8.`);
  }
}

async function askServer(url: string): Promise<{ version: number; encoding: string }> {
  let client: Client | undefined;
  try {
    client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, application_name: 'entente: check' });
    client.on('error', () => undefined);
    await client.connect();
    const sql = `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding`;
    const { rows } = await client.query<{ version: number; encoding: string }>(sql);
    return rows[0] ?? { version: 0, encoding: '' };
  } catch (cause) {
    throw new StartError(`PostgreSQL at ${withoutPassword(url)} cannot be used (${reasonOf(cause)}): check DATABASE_URL.`, { cause });
  } finally {
    await client?.end().catch(() => undefined);
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'an unreadable address';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
