import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { randomUUID } from 'node:crypto';
import { KurrentDBClient, StreamNotFoundError } from '@kurrent/kurrentdb-client';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import { StartError } from '../../src/start-error.js';
import { notRun } from './event-store.contract.js';

const { KURRENTDB_URL: plain, KURRENTDB_SECURE_URL: secure } = process.env;
const PASSWORD = 'correct-horse';

async function problem(url: string, prefix = `start-${randomUUID()}.`): Promise<string> {
  const error: unknown = await connect(url, { prefix }).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StartError)) throw new Error(`expected a StartError, not ${String(error)}`);
  expect(error.message).not.toContain(PASSWORD);
  expect(error.message).toMatch(/^[^\n]+\.$/);
  return error.message;
}

describe('the log in KurrentDB, where it cannot be reached', () => {
  it.each([
    ['kurrentdb://desk:correct-horse@127.0.0.1:9?tls=false', 'cannot be reached (ECONNREFUSED)'],
    ['esdb://desk:correct-horse@127.0.0.1:9', 'cannot be reached (ECONNREFUSED)'],
    ['kurrentdb://desk:correct-horse@127.0.0.1:9,127.0.0.1:10?tls=false&maxDiscoverAttempts=1', 'cannot be reached'],
    ['https://desk:correct-horse@127.0.0.1:2113', 'is not the address of a KurrentDB server'],
    ['kurrentdb://desk:correct-horse@127.0.0.1:2113?tls=maybe', 'is not the address of a KurrentDB server'],
    ['kurrentdb://desk:correct-horse@127.0.0.1:2113?tlsCAFile=/nowhere/ca.crt', 'names a certificate file that is not there'],
    ['kurrentdb://desk:correct-horse@127.0.0.1:2113?colour=blue', 'has an option colour'],
    ['kurrentdb://desk:correct?-horse@127.0.0.1:2113?tls=false', 'in a password write ? as %3F'],
    ['kurrentdb://desk:correct-horse@127.0.0.1:2113?nodePreference=follower', 'nodePreference=follower'],
    ['kurrentdb://desk:correct-horse@127.0.0.1:2113?throwOnAppendFailure=false', 'would hide conflicts'],
  ])('%s', async (url, expected) => {
    expect(await problem(url)).toContain(expected);
  });
});

if (plain === undefined) notRun('the log in KurrentDB, at its start', 'KURRENTDB_URL is not set');
else
  describe('the log in KurrentDB, at its start', () => {
    it('begins once: all who start at the same time open the same log', async () => {
      const prefix = `start-${randomUUID()}.`;
      const stores = await Promise.all(Array.from({ length: 5 }, () => connect(plain, { prefix })));
      const heads = await Promise.all(stores.map((store) => store.head()));
      expect(new Set(heads.map(({ log }) => log)).size).toBe(1);
      expect(heads[0]).toMatchObject({ position: 0n, recordedAt: null });
      await Promise.all(stores.map((store) => store.close()));
    }, 20_000);

    it('says that a server without TLS does not speak it', async () => {
      expect(await problem(plain.replace(/tls=false/i, 'tls=true'))).toContain('does not speak TLS');
    });
  });

if (secure === undefined) notRun('the log in KurrentDB, at the start of a secure server', 'KURRENTDB_SECURE_URL is not set');
else describe('the log in KurrentDB, at the start of a secure server', () => atSecureStart(secure));

/** `url` is that of an admin, with tlsCAFile. */
function atSecureStart(url: string): void {
  const as = (user: string, password = PASSWORD) => url.replace(/\/\/[^@]*@/, `//${user}:${password}@`);

  it('opens the log with user, password and certificate', async () => {
    await (await connect(url, { prefix: `start-${randomUUID()}.` })).close();
  });

  it('opens the log with a password of any characters, percent-encoded', async () => {
    const [loginName, password] = [`desk-${randomUUID()}`, 'a@b:c/d?e&f%41g'];
    await post(url, '/users/', { loginName, fullName: 'a desk', groups: ['$admins'], password });
    await (await connect(as(loginName, encodeURIComponent(password)), { prefix: `start-${randomUUID()}.` })).close();
  });

  it('refuses a wrong password, and none', async () => {
    const [, admin = ''] = /\/\/([^:]*):/.exec(url) ?? [];
    expect(await problem(as(admin))).toContain('refuses this user and password');
    expect(await problem(url.replace(/[^/]*@/, ''))).toContain('refuses this user and password');
  });

  it('refuses a certificate whose authority it does not know', async () => {
    expect(await problem(url.replace(/&?tlsCAFile=[^&]*/, ''))).toContain('certificate that cannot be verified');
  });

  it('refuses an account that may not read everything, or may not write', async () => {
    const reader = `reader-${randomUUID()}`;
    await post(url, '/users/', { loginName: reader, fullName: 'a reader', groups: [], password: PASSWORD });
    const untouched = `start-${randomUUID()}.`;
    expect(await problem(as(reader), untouched)).toContain('does not let this account read all streams');
    await expect(readStream(url, `_${untouched}log`)).rejects.toThrow(StreamNotFoundError);

    const prefix = `start-${randomUUID()}.`;
    const client = KurrentDBClient.connectionString(url);
    await client.setStreamMetadata('$all', { acl: { readRoles: ['$admins', reader] } });
    await client.setStreamMetadata(`_${prefix}log`, { acl: { writeRoles: ['$admins'], readRoles: [reader] } });
    expect(await problem(as(reader), prefix)).toContain('lets this account read only');
    await client.setStreamMetadata('$all', { acl: { readRoles: ['$admins'] } });
    await client.dispose();
  });
}

async function readStream(url: string, name: string): Promise<void> {
  const client = KurrentDBClient.connectionString(url);
  try {
    for await (const _ of client.readStream(name));
  } finally {
    await client.dispose();
  }
}

/** Users are made over HTTP. */
async function post(url: string, path: string, body: object): Promise<void> {
  const [, auth, host, port] = /\/\/([^@]*)@([^:]*):(\d+)/.exec(url) ?? [];
  const ca = readFileSync(decodeURIComponent(/tlsCAFile=([^&]*)/.exec(url)?.[1] ?? ''));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sent = request({ host, port, path, method: 'POST', auth, ca, headers: { 'Content-Type': 'application/json' } }, (answer) => {
    answer.resume();
    if (answer.statusCode === 201) resolve();
    else reject(new Error(`${path} answered ${answer.statusCode}`));
  });
  sent.on('error', reject);
  sent.end(JSON.stringify(body));
  return promise;
}
