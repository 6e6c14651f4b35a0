import { Client, Pool, types, TypeOverrides, type ClientBase } from 'pg';
import { StartError } from '../start-error.js';
import { codeOf, reasonOf } from '../system-error.js';
import { breakOffSoon, connectionTo, isDirect, withoutPassword } from './connection.js';

export interface PoolOptions {
  /** Most connections at a time. */
  max: number;
  /** What the connections are called in pg_stat_activity. */
  applicationName: string;
  /** Whether a statement may be sent before the one before it is answered; cursors and COPY are not to be had then. */
  pipelined?: boolean;
}

/** What a server says about itself. */
interface Server {
  version: number;
  encoding: string;
  standby: boolean;
  readOnly: boolean;
}

const OLDEST_VERSION = 15;
/** For a statement that does not say how long it may take: a server that hangs would otherwise be waited for without end. */
export const QUERY_MS = 30_000;
/** For a statement that goes through whole tables. */
export const AS_LONG_AS_IT_TAKES = { query_timeout: 2 ** 31 - 1 };
const CERTIFICATE = /CERT|SIGNATURE|^ERR_TLS/;

const parsers = new TypeOverrides();
parsers.setTypeParser(types.builtins.INT8, BigInt);

/** A pool of connections that reads int8 as BigInt and timestamptz as Date. It outlives interruptions of the server. */
export function createPool(url: string, { max, applicationName, pipelined = false }: PoolOptions): Pool {
  const connection = connectionTo(url, applicationName);
  const pool = new Pool({ ...connection, max, types: parsers, pipeline: pipelined, onConnect: (client) => adapt(client) });
  // An idle connection that breaks is dropped by the pool, and the next query opens another; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So does one in use, between two statements: the next statement fails, and whoever uses it hears of it there.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Limits how long a statement is waited for; does not wait for the goodbye of a server that hangs; and takes the name
 * off each statement where a pooler is in between: on the connection that it gives to the next transaction, the name is unknown or taken.
 */
async function adapt(client: ClientBase): Promise<void> {
  const direct = await isDirect(client);
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const adapted = (asked: unknown): unknown => {
    const statement = typeof asked === 'string' ? { text: asked } : (asked as object);
    // A cursor is no statement, but many.
    if ('submit' in statement) return statement;
    return { query_timeout: QUERY_MS, ...statement, ...(!direct && { name: undefined }) };
  };
  const end = (client as Client).end.bind(client) as (...args: unknown[]) => unknown;
  Object.assign(client, {
    query: (asked: unknown, ...rest: unknown[]) => query(adapted(asked), ...rest),
    end: (...args: unknown[]) => {
      breakOffSoon(client);
      return end(...args);
    },
  });
}

/** Makes sure at the start that a server can be used: reachable, not too old, UTF-8, and taking changes. Throws StartError. */
export async function checkServer(url: string): Promise<void> {
  const { version, encoding, standby, readOnly } = await askServer(url);
  const shown = withoutPassword(url);
  if (version < OLDEST_VERSION)
    throw new StartError(`${shown} is PostgreSQL ${version}: set DATABASE_URL to PostgreSQL ${OLDEST_VERSION} or newer.`);
  if (encoding !== 'UTF8')
    throw new StartError(`${shown} is encoded in ${encoding}: set DATABASE_URL to a database made with encoding UTF8.`);
  if (standby) throw new StartError(`${shown} is a standby, which takes no changes: set DATABASE_URL to the primary server.`);
  if (readOnly)
    throw new StartError(`${shown} takes no changes: set default_transaction_read_only to off for the database and role of DATABASE_URL.`);
}

async function askServer(url: string): Promise<Server> {
  let client: Client | undefined;
  try {
    client = new Client({ ...connectionTo(url, 'entente: check'), query_timeout: QUERY_MS });
    client.on('error', () => undefined);
    await client.connect();
    const sql = `
      select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
        pg_is_in_recovery() as standby, current_setting('default_transaction_read_only')::boolean as "readOnly"`;
    return (await client.query<Server>(sql)).rows[0]!;
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`PostgreSQL at ${withoutPassword(url)} cannot be used (${reasonOf(cause)}): ${adviceOn(cause)}.`, { cause });
  } finally {
    await client?.end().catch(() => undefined);
  }
}

function adviceOn(error: unknown): string {
  if (!CERTIFICATE.test(codeOf(error) ?? '')) return 'check DATABASE_URL';
  return 'its certificate must name this host and be signed by an authority named in DATABASE_URL, as in ?sslmode=verify-full&sslrootcert=/etc/ssl/newsroom.pem';
}
