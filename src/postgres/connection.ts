import type { Duplex } from 'node:stream';
import type { ClientBase, ClientConfig } from 'pg';
import { StartError } from '../start-error.js';

const CONNECT_MS = 10_000;
/** A server that has vanished without a word is missed this long after it was last heard of, and a few seconds more. */
const KEEP_ALIVE_MS = 10_000;
const GOODBYE_MS = 1_000;
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** How to connect to an address `postgres://…`, whose `sslmode` means what it means to psql. Throws StartError where it is none. */
export function connectionTo(url: string, applicationName: string): ClientConfig {
  return {
    connectionString: withSslMode(url),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    application_name: applicationName,
  };
}

/** Of itself pg verifies the certificate for `require` too, which no server with a certificate of its own making would pass. */
function withSslMode(url: string): string {
  if (!URL.canParse(url)) return url;
  const address = new URL(url);
  const mode = address.searchParams.get('sslmode');
  if (mode === null || address.searchParams.has('uselibpqcompat')) return url;
  if (!SSL_MODES.includes(mode)) {
    throw new StartError(`DATABASE_URL has sslmode=${mode}, which does not exist: write sslmode=require or sslmode=verify-full.`);
  }
  address.searchParams.set('uselibpqcompat', 'true');
  return address.href;
}

/** Whether the server is spoken to itself, and not through a pooler, which gives each transaction another of its connections. */
export async function isDirect(client: ClientBase): Promise<boolean> {
  const question = { text: 'select pg_backend_pid() as pid', query_timeout: CONNECT_MS };
  const { rows } = await client.query<{ pid: number }>(question);
  // What the other side of the connection said of itself: a pooler makes that up.
  return rows[0]?.pid === Reflect.get(client, 'processID');
}

/** A server that hangs never closes its side of a connection that is being ended: it is broken off after a moment. */
export function breakOffSoon(client: ClientBase): void {
  const { stream } = (client as ClientBase & { connection: { stream: Duplex } }).connection;
  const timer = setTimeout(() => stream.destroy(), GOODBYE_MS);
  timer.unref();
  stream.once('close', () => clearTimeout(timer));
}

/** An address as it may be printed. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'an unreadable address';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
