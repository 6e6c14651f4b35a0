import { randomUUID } from 'node:crypto';
import { AccessDeniedError, jsonEvent, type JSONEventType, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { StoreUnavailable } from '../event-store.js';
import { StartError } from '../../start-error.js';
import { appendTo } from './append-to.js';
import { connectionString } from './connection-string.js';
import { Connection } from './connection.js';
import { actualVersion, persist } from './interruption.js';
import { KurrentEventStore } from './kurrentdb-event-store.js';
import { Names } from './names.js';
import { addressOf, connectionProblem, versionProblem } from './start-problem.js';

/** What the names of the log's streams begin with, unless another is asked for. */
export const DEFAULT_PREFIX = 'entente.';

const CONNECT_MS = 10_000;

type LogStarted = JSONEventType<'LogStarted', { log: string }>;

/**
 * Opens the log in a KurrentDB server; it begins where there is none yet. `url` is a connection string of the client, which is
 * never shown. Throws StartError: unreachable, certificate, credentials, rights, version.
 */
export async function connect(
  url: string,
  { prefix = DEFAULT_PREFIX, now = Date.now }: { prefix?: string; now?: () => number } = {},
): Promise<KurrentEventStore> {
  const connection = openConnection(url);
  try {
    await checkVersion(connection, url);
    await checkReading(connection, new Names(prefix), url);
    const store = new KurrentEventStore({ connection, prefix, now, ...(await beginLog(connection, new Names(prefix), url)) });
    await store.head();
    return store;
  } catch (error) {
    await connection.close();
    if (error instanceof StartError) throw error;
    throw startError(error, url);
  }
}

function openConnection(url: string): Connection {
  try {
    return new Connection(connectionString(url));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const isFile = error instanceof Error && error.message.includes('File was not found');
    throw new StartError(
      isFile
        ? 'EVENT_STORE_URL names a certificate file that is not there: correct tlsCAFile, userCertFile or userKeyFile.'
        : 'EVENT_STORE_URL is not the address of a KurrentDB server: write kurrentdb://user:password@host:2113.',
    );
  }
}

/** Asks once, so that what is wrong is told at once. */
async function checkVersion({ client }: Connection, url: string): Promise<void> {
  let version: string;
  try {
    version = await serverVersion(client);
  } catch (error) {
    throw new StartError(connectionProblem(error, url));
  }
  const problem = versionProblem(version, url);
  if (problem !== undefined) throw new StartError(problem);
}

async function serverVersion(client: KurrentDBClient): Promise<string> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  try {
    return (await Promise.race([client['capabilities'], late.promise])).serverVersion;
  } finally {
    clearTimeout(timer);
  }
}

/** Before anything is written: whether this account may read everything. The first read takes half a second. */
async function checkReading(connection: Connection, names: Names, url: string): Promise<void> {
  const deadline = performance.now() + CONNECT_MS;
  try {
    await persist(connection, deadline, async (client) => {
      for await (const _ of client.readAll({ maxCount: 1 }));
    });
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    throw new StartError(await deniedProblem(connection, names, url));
  }
}

/** Whom the server knows may read a stream that nobody has set rights for. */
async function deniedProblem({ client }: Connection, names: Names, url: string): Promise<string> {
  try {
    for await (const _ of client.readStream(names.log, { maxCount: 1 }));
  } catch (error) {
    if (error instanceof AccessDeniedError)
      return `${addressOf(url)} refuses this user and password: correct them in EVENT_STORE_URL, as in kurrentdb://user:password@host:2113.`;
  }
  return `${addressOf(url)} does not let this account read all streams ($all): give it that right, or name another in EVENT_STORE_URL.`;
}

/** The id of the log, made by whoever is first, and where the log begins. Also where it was made long ago this tells whether the account may write. */
async function beginLog(connection: Connection, names: Names, url: string): Promise<{ log: string; begin: bigint }> {
  const deadline = performance.now() + CONNECT_MS;
  const events = jsonEvent<LogStarted>({ id: randomUUID(), type: 'LogStarted', data: { log: randomUUID() } });
  try {
    await persist(connection, deadline, (client) => appendTo(client, names.log, { events, version: 0 }));
  } catch (error) {
    if (error instanceof AccessDeniedError) {
      throw new StartError(
        `${addressOf(url)} lets this account read only: give it the right to write to streams, or name another in EVENT_STORE_URL.`,
      );
    }
    if (actualVersion(error) === undefined) throw error;
  }
  return persist(connection, deadline, async (client) => {
    for await (const { event: started } of client.readStream<LogStarted>(names.log))
      if (started?.position) return { log: started.data.log, begin: started.position.commit };
    throw new Error(`${names.log} is empty`);
  });
}

function startError(error: unknown, url: string): unknown {
  return error instanceof StoreUnavailable ? new StartError(connectionProblem(error.cause, url)) : error;
}
