import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyRing } from '../../src/access/key-ring.js';
import { ROLES, type Role } from '../../src/access/roles.js';
import type { Config } from '../../src/config.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { startService, type Service, type ServiceOptions } from '../../src/service.js';
import { createDatabase, type TestDatabase } from './database.js';
import { SparseStore } from './sparse-store.js';

/** The whole service on a database of its own, with one API key of each role. */
export interface HttpService extends Service {
  database: TestDatabase;
  /** API keys by their role, which is their name too; the one of the admin is called "boss". */
  keys: Record<Role, string>;
  /** Calls the service; `body` is sent as JSON unless it is text already. Default role: editor. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** How many events are in the log. */
  stored(): Promise<number>;
}

export interface CallOptions {
  /** null sends no key. */
  as?: Role | null;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** On the kind of store that ENTENTE_TEST_STORE names (npm run test:store), or else on PostgreSQL. */
export async function startHttpService(log = testedLog()): Promise<HttpService> {
  const database = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-http-'));
  const { store, ...settings } = log;
  const config = { host: '127.0.0.1', port: 0, dataDir, databaseUrl: database.url, ...settings };
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const service = await startService(config, { projectIn: 'here', log: tell, ...(store && { store }) });
  const keys = await keysByRole(new KeyRing(database.pool));
  const stop = async (): Promise<void> => {
    await service.stop();
    await database.drop();
    await rm(dataDir, { recursive: true });
  };
  const stored = async (): Promise<number> => (await service.app.get(EventStore).readAll(0n, 1_000_000)).length;
  return { ...service, database, keys, stop, stored, call: caller(service.url, keys) };
}

/** Where the log is, if not in PostgreSQL. */
export type TestedLog = Pick<Config, 'kurrent'> & Pick<ServiceOptions, 'store'>;

function testedLog(): TestedLog {
  const { ENTENTE_TEST_STORE: store, KURRENTDB_URL: url = '' } = process.env;
  if (store === 'memory') return { store: new SparseStore() };
  return store === 'kurrentdb' ? { kurrent: { url, prefix: `http-${randomUUID()}.` } } : {};
}

function caller(url: string, keys: Record<Role, string>): HttpService['call'] {
  return async (method, path, body, { as = 'editor', headers = {} } = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(as !== null && { authorization: `Bearer ${keys[as]}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  };
}

async function keysByRole(ring: KeyRing): Promise<Record<Role, string>> {
  const made = await Promise.all(
    ROLES.map(async (role) => {
      const key = await ring.create(role === 'admin' ? 'boss' : role, role);
      if (key === 'name-taken') throw new Error(`a key for the role ${role} exists already`);
      return [role, key.key] as const;
    }),
  );
  return Object.fromEntries(made) as Record<Role, string>;
}
