import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyRing } from '../../src/access/key-ring.js';
import { ROLES, type Role } from '../../src/access/roles.js';
import { startService, type Service } from '../../src/service.js';
import { createDatabase, type TestDatabase } from './database.js';

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

export async function startHttpService(): Promise<HttpService> {
  const database = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-http-'));
  const config = { host: '127.0.0.1', port: 0, dataDir, databaseUrl: database.url };
  const service = await startService(config, { projectIn: 'here', log: (line) => process.stderr.write(`${line}\n`) });
  const keys = await keysByRole(new KeyRing(database.pool));
  const stop = async (): Promise<void> => {
    await service.stop();
    await database.drop();
    await rm(dataDir, { recursive: true });
  };
  const stored = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ events: number }>('select count(*)::int as events from log.event');
    return rows[0]!.events;
  };
  return { ...service, database, keys, stop, stored, call: caller(service.url, keys) };
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
