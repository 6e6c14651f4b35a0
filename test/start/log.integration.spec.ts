import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { jsonEvent, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { CuttingProxy } from '../contracts/cutting-proxy.js';
import { notRun } from '../contracts/event-store.contract.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Checkout, type Program } from './checkout.js';

jest.setTimeout(90_000);

const { KURRENTDB_URL: kurrent } = process.env;
/** By name: Node warns where TLS is spoken to a bare IP address. */
const secure = process.env['KURRENTDB_SECURE_URL']?.replace('127.0.0.1', 'localhost');
const REBUILT = /^The views are built anew, up to position \d+\.$/m;

/** What a service did that could not start: it ends with code 1 and one sentence, in which there is no password. */
async function refusal(service: Program): Promise<string> {
  expect(await service.ended()).toBe(1);
  expect(service.stdout).toBe('');
  const [said = '', ...more] = service.complaints();
  expect(more).toEqual([]);
  expect(said).toMatch(/^(?:[A-Z]|kurrentdb:).+\.$/);
  expect(said).not.toMatch(/hush|changeit/);
  return said;
}

let checkout: Checkout;
let database: TestDatabase;
const freshPrefix = () => `start-${randomUUID()}.`;
const start = (env: Record<string, string>) => checkout.service({ env: { DATABASE_URL: database.url, ...env } });

beforeAll(async () => {
  checkout = await Checkout.make();
  await checkout.run('npm', ['run', 'build']).ended();
});
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());
afterAll(() => checkout.remove());

/** What a start leaves in an empty database that it does not use: nothing. */
async function schemas(): Promise<string[]> {
  const sql = `select schema_name from information_schema.schemata where schema_name in ('log', 'view', 'access') order by 1`;
  return (await database.pool.query<{ schema_name: string }>(sql)).rows.map(({ schema_name }) => schema_name);
}

describe('a service that is told to use a log it cannot use', () => {
  it.each([
    ['DATABASE_URL', 'kurrentdb://desk:hush@db.example:2113', /^DATABASE_URL leads to a KurrentDB, and .*: name .* in EVENT_STORE_URL/],
    ['EVENT_STORE_URL', 'postgres://desk:hush@db.example/log', /^EVENT_STORE_URL leads to a PostgreSQL, .*: name it there, and remove/],
    ['EVENT_STORE_URL', 'kurrentdb+discover://', /^EVENT_STORE_URL is not the address of a KurrentDB server: write kurrentdb:/],
    ['EVENT_STORE_URL', 'kurrentdb://desk:hush@127.0.0.1:1?tls=false', /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): start it/],
  ])('says so when %s is %s, and has done nothing', async (name, value, pattern) => {
    expect(await refusal(start({ [name]: value }))).toMatch(pattern);
    expect(await schemas()).toEqual([]);
  });

  it('starts no PostgreSQL of its own', async () => {
    const dataDir = join(checkout.path, 'own');
    const env = { DATABASE_URL: '', DATA_DIR: dataDir, EVENT_STORE_URL: 'kurrentdb://127.0.0.1:1?tls=false' };
    expect(await refusal(start(env))).toContain('cannot be reached');
    await expect(import('node:fs/promises').then(({ stat }) => stat(dataDir))).rejects.toThrow('ENOENT');
  });

  it('says so when what answers is a server of another kind', async () => {
    const other = createServer((socket) => socket.end('220 hello\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const said = await refusal(start({ EVENT_STORE_URL: `kurrentdb://desk:hush@127.0.0.1:${port}?tls=false` }));
    expect(said).toMatch(/^KurrentDB at kurrentdb:\/\/127\.0\.0\.1:\d+ cannot be reached/);
    other.close();
  });
});

/** Registers a source, and answers its id and position. */
async function file(url: string, key: string): Promise<{ id: string; position: string }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ publisher: 'Example Wire' });
  const answer = await fetch(`${url}/api/v1/sources`, { method: 'POST', headers, body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; position: string };
}

async function statusOf(url: string, key: string, { id, position }: { id: string; position: string }): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  return (await fetch(`${url}/api/v1/records/${id}?at-least=${position}`, { headers })).status;
}

const keyIn = (service: Program) => /entente_admin_\S+/.exec(service.stderr)?.[0] ?? '';

if (kurrent === undefined) notRun('a service on a log in KurrentDB', 'KURRENTDB_URL is not set');
else
  describe('a service on a log in KurrentDB', () => {
    it.each(['kurrentdb', 'esdb'])('keeps its log there by %s:// and its views in PostgreSQL, also after a restart', async (scheme) => {
      const env = {
        EVENT_STORE_URL: kurrent.replace(/^\w+/, scheme),
        EVENT_STORE_PREFIX: freshPrefix(),
        DATA_DIR: join(checkout.path, scheme),
      };
      const first = start(env);
      const url = await first.ready();
      const key = keyIn(first);
      const filed = await file(url, key);
      expect(await statusOf(url, key, filed)).toBe(200);
      expect(await schemas()).toEqual(['access', 'view']);
      expect(await first.end('SIGTERM')).toBe(0);
      expect(first.complaints().filter((line) => !line.includes(key))).toEqual([]);
      const second = start(env);
      expect(await statusOf(await second.ready(), key, filed)).toBe(200);
      expect(await second.end('SIGTERM')).toBe(0);
      expect(second.complaints()).toEqual([]);
    });

    it('takes the example, and says so again when it is on file', async () => {
      const service = start({ EVENT_STORE_URL: kurrent, EVENT_STORE_PREFIX: freshPrefix(), DATA_DIR: join(checkout.path, 'example') });
      const env = { ENTENTE_URL: await service.ready(), ENTENTE_KEY: keyIn(service) };
      const example = () => checkout.run('node', ['dist/cli/example.js'], { env });
      const first = example();
      expect(await first.ended()).toBe(0);
      expect(first.stdout).toMatch(/Tension +56\.4 of 100/);
      const again = example();
      expect(await again.ended()).toBe(0);
      expect(again.stdout).toContain('All of it was on file before: nothing new was stored.');
      expect(await service.end('SIGTERM')).toBe(0);
    });

    it('is not ready while its log does not answer, and is again when it does', async () => {
      const proxy = new CuttingProxy(kurrent);
      const env = { EVENT_STORE_URL: await proxy.listen(), EVENT_STORE_PREFIX: freshPrefix(), DATA_DIR: join(checkout.path, 'hanging') };
      const service = start(env);
      const url = await service.ready();
      const ready = async () => (await fetch(`${url}/api/v1/health/ready`)).status;
      try {
        expect(await statusOf(url, keyIn(service), await file(url, keyIn(service)))).toBe(200);
        expect(await ready()).toBe(200);
        proxy.hang();
        expect(await ready()).toBe(503);
        proxy.recover();
        for (let tries = 0; (await ready()) !== 200; tries++) expect(tries).toBeLessThan(5);
        expect(await statusOf(url, keyIn(service), await file(url, keyIn(service)))).toBe(200);
        expect(await service.end('SIGTERM')).toBe(0);
      } finally {
        await proxy.close();
      }
    });

    it('files nothing while the clock of its machine is far off, and says so in its health', async () => {
      const program = 'const right = Date.now; Date.now = () => right() - 20_000';
      const env = { EVENT_STORE_URL: kurrent, EVENT_STORE_PREFIX: freshPrefix(), DATA_DIR: join(checkout.path, 'late') };
      const service = start({ ...env, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(program)}` });
      const url = await service.ready();
      const headers = { authorization: `Bearer ${keyIn(service)}`, 'content-type': 'application/json' };
      const filed = { method: 'POST', headers, body: JSON.stringify({ publisher: 'Example Wire' }) };
      for (const asked of [fetch(`${url}/api/v1/health/ready`), fetch(`${url}/api/v1/sources`, filed)]) {
        const answer = await asked;
        expect(answer.status).toBe(503);
        expect(await answer.json()).toMatchObject({
          code: 'store-unavailable',
          detail: expect.stringMatching(
            /^The clock of this machine is \d+ s or more behind the clock of KurrentDB, so nothing is filed: set both/,
          ),
        });
      }
      expect((await fetch(`${url}/api/v1/relationships`, { headers })).status).toBe(200);
      expect((await fetch(`${url}/api/v1/health/live`)).status).toBe(200);
      expect(await service.end('SIGTERM')).toBe(0);
    });

    it('shares the server with whoever uses another prefix, and with foreign streams', async () => {
      const others = KurrentDBClient.connectionString(kurrent);
      const foreign = jsonEvent({ type: 'OrderPlaced', data: { order: 1 } });
      await others.appendToStream(`orders-${randomUUID()}`, foreign);
      const prefix = freshPrefix();
      await others.appendToStream(`${prefix}orders`, foreign);
      await others.dispose();
      const tenant = (name: string, own: string, url = database.url) =>
        start({ EVENT_STORE_URL: kurrent, EVENT_STORE_PREFIX: own, DATA_DIR: join(checkout.path, name), DATABASE_URL: url });
      const database2 = await createDatabase();
      const [first, second] = [tenant('first', prefix), tenant('second', freshPrefix(), database2.url)];
      const filed = await file(await first.ready(), keyIn(first));
      expect(await statusOf(await first.ready(), keyIn(first), filed)).toBe(200);
      expect(await statusOf(await second.ready(), keyIn(second), { ...filed, position: '0' })).toBe(404);
      for (const service of [first, second]) expect(await service.end('SIGTERM')).toBe(0);
      await database2.drop();
    });

    it('does not serve views that were built from another log, until they are built anew', async () => {
      const dataDir = join(checkout.path, 'moved');
      const before = start({ DATA_DIR: dataDir });
      const key = await before.ready().then(() => keyIn(before));
      const onFile = await file(await before.ready(), key);
      expect(await statusOf(await before.ready(), key, onFile)).toBe(200);
      expect(await before.end('SIGTERM')).toBe(0);

      const settings = { DATA_DIR: dataDir, EVENT_STORE_URL: kurrent, EVENT_STORE_PREFIX: freshPrefix() };
      expect(await refusal(start(settings))).toMatch(
        /^The views in this database were built from another log: set EVENT_STORE_URL, .* as they were, or .* npm run rebuild\.$/,
      );
      const rebuild = checkout.run('node', ['dist/rebuild.js'], { env: { DATABASE_URL: database.url, ...settings } });
      expect(await rebuild.ended()).toBe(0);
      expect(rebuild.stdout).toMatch(REBUILT);
      const after = start(settings);
      const url = await after.ready();
      const filed = await file(url, key);
      expect(await statusOf(url, key, filed)).toBe(200);
      expect(await after.end('SIGTERM')).toBe(0);
    });
  });

describe('npm run rebuild', () => {
  it('opens no database under a service that runs elsewhere than it was told', async () => {
    const env = { DATABASE_URL: database.url, DATA_DIR: join(checkout.path, 'rebuilt') };
    const running = start(env);
    await running.ready();
    const rebuild = checkout.run('node', ['dist/rebuild.js'], { env });
    expect(await refusal(rebuild)).toBe('Entente is running on this database: set ENTENTE_URL to where it runs, or stop it first.');
    expect(await running.end('SIGTERM')).toBe(0);
  });
});

if (secure === undefined) notRun('a service on a log in a secure KurrentDB', 'KURRENTDB_SECURE_URL is not set');
else
  describe('a service on a log in a secure KurrentDB', () => {
    it('starts with user, password and certificate', async () => {
      const service = start({ EVENT_STORE_URL: secure, EVENT_STORE_PREFIX: freshPrefix(), DATA_DIR: join(checkout.path, 'secure') });
      await service.ready();
      expect(await service.end('SIGTERM')).toBe(0);
    });

    it.each([
      ['the password is wrong', (url: string) => url.replace(/:[^:@/]*@/, ':hush@'), /refuses this user and password: correct them/],
      [
        'nobody knows who signed its certificate',
        (url: string) => url.replace(/&?tlsCAFile=[^&]*/, ''),
        /certificate that cannot be verified/,
      ],
      ['it is spoken to without TLS', (url: string) => url.replace(/tls=true/i, 'tls=false'), /cannot be reached .* TLS/],
    ])('does not start when %s', async (_, changed, pattern) => {
      const said = await refusal(start({ EVENT_STORE_URL: changed(secure), DATA_DIR: join(checkout.path, 'insecure') }));
      expect(said).toMatch(pattern);
      expect(await schemas()).toEqual([]);
    });
  });
