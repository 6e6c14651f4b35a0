import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Client } from 'pg';
import { startService, type Service } from '../../src/service.js';
import { makeCertificates, type Certificates } from './certificates.js';
import { NewsroomServer } from './newsroom-server.js';
import { refusalOf } from './refusal.js';

jest.setTimeout(60_000);

describe("the newsroom's own PostgreSQL", () => {
  let server: NewsroomServer;
  let dataDir: string;
  let certificates: Certificates;
  let url: string;

  beforeAll(async () => {
    [dataDir, certificates] = await Promise.all([mkdtemp(join(tmpdir(), 'entente-own-')), makeCertificates('DNS:localhost')]);
    server = await NewsroomServer.start();
    url = await server.prepare('news');
  });
  afterAll(async () => {
    await Promise.all([server.remove(), certificates.remove(), rm(dataDir, { recursive: true })]);
  });

  const startOn = (databaseUrl: string): Promise<Service> =>
    startService({ host: '127.0.0.1', port: 0, dataDir, databaseUrl }, { projectIn: 'here', log: () => undefined });
  /** Why the service does not start there. */
  const refusal = (databaseUrl: string): Promise<string> => refusalOf(startOn(databaseUrl).then((service) => service.stop()));
  const shown = (database: string): string => `postgres://${new URL(url).host}/${database}`;

  it('is used by a role that owns three schemas and may do nothing else; the service starts on what it finds there', async () => {
    for (const _ of ['first', 'second']) {
      const service = await startOn(url);
      expect((await fetch(`${service.url}/api/v1/health/ready`)).status).toBe(200);
      await service.stop();
    }
  });

  describe('is refused in one sentence that says what to do:', () => {
    const asDesk = { user: 'desk', password: 'of-the-desk' };

    it('a wrong password, and an unknown database', async () => {
      expect(await refusal(server.url('news', { user: 'desk', password: 'wrong' }))).toBe(
        `PostgreSQL at ${shown('news')} cannot be used (password authentication failed for user "desk"): check DATABASE_URL.`,
      );
      expect(await refusal(server.url('newz', asDesk))).toBe(
        `PostgreSQL at ${shown('newz')} cannot be used (database "newz" does not exist): check DATABASE_URL.`,
      );
    });

    it('a role that may not make its schemas, nor use those of another', async () => {
      await server.administer(['create database bare template template0']);
      expect(await refusal(server.url('bare', asDesk))).toBe(
        'The role desk may not make the schema log of the database bare: let its owner run create schema "log" authorization "desk".',
      );
      await server.administer(['create schema log', 'grant usage on schema log to desk'], 'bare');
      expect(await refusal(server.url('bare', asDesk))).toBe(
        'The role desk may not make tables in the schema log of the database bare: let its owner run alter schema "log" owner to "desk".',
      );
    });

    it('a database whose transactions are read-only', async () => {
      await server.administer([
        'create database archive template template0',
        'alter database archive set default_transaction_read_only = on',
      ]);
      expect(await refusal(server.url('archive', asDesk))).toBe(
        `${shown('archive')} takes no changes: set default_transaction_read_only to off for the database and role of DATABASE_URL.`,
      );
    });

    it('a server that is too old', async () => {
      const old = await sayingItIs('14', new URL(url));
      expect(await refusal(old.url)).toMatch(
        /^postgres:\/\/127\.0\.0\.1:\d+\/news is PostgreSQL 14: set DATABASE_URL to PostgreSQL 15 or newer\.$/,
      );
      old.close();
    });

    it('a database that a newer version of Entente has changed', async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`insert into log.migration (number, name, checksum) values (9999, '9999_newer.sql', '')`);
      expect(await refusal(url)).toBe(
        'The database belongs to another version of Entente (it has log/9999_newer.sql): start the version that last used it, or a newer one.',
      );
      await client.query('delete from log.migration where number = 9999');
      await client.end();
    });

    it('an sslmode that does not exist', async () => {
      expect(await refusal(`${url}?sslmode=verify_full`)).toBe(
        'DATABASE_URL has sslmode=verify_full, which does not exist: write sslmode=require or sslmode=verify-full.',
      );
    });

    it('a server that cannot encrypt, where it should', async () => {
      expect(await refusal(`${url}?sslmode=require`)).toBe(
        `PostgreSQL at ${shown('news')} cannot be used (The server does not support SSL connections): check DATABASE_URL.`,
      );
    });

    it('a standby, until it is promoted', async () => {
      await server.stop();
      const standby = await server.standby();
      await server.start();
      const { port } = new URL(standby.url());
      const there = url.replace(/:\d+\//, `:${port}/`);
      expect(await refusal(there)).toMatch(/\/news is a standby, which takes no changes: set DATABASE_URL to the primary server\.$/);
      await standby.administer(['select pg_promote()']);
      expect(await refusal(there)).toBe('accepted');
      await standby.remove();
    });
  });

  describe('with TLS', () => {
    let secure: NewsroomServer;
    let at: (query: string, host?: string) => string;

    beforeAll(async () => {
      const own = await NewsroomServer.start();
      const [certificate, key] = [await own.keep('server.pem', certificates.certificate), await own.keep('server.key', certificates.key)];
      await own.administer([
        `alter system set ssl_cert_file = '${certificate}'`,
        `alter system set ssl_key_file = '${key}'`,
        'alter system set ssl = on',
      ]);
      await own.stop();
      await own.start();
      const address = await own.prepare('news');
      at = (query, host = 'localhost') => `${address.replace('127.0.0.1', host)}?${query}`;
      secure = own;
    });
    afterAll(() => secure.remove());

    it('is used when its certificate is signed by the authority given, and names the host', async () => {
      const service = await startOn(at(`sslmode=verify-full&sslrootcert=${certificates.authorityFile}`));
      const client = new Client({ connectionString: secure.url('news') });
      await client.connect();
      const { rows } = await client.query(
        `select distinct ssl as encrypted from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'desk'`,
      );
      expect(rows).toEqual([{ encrypted: true }]);
      await client.end();
      await service.stop();
    });

    it('sslmode=require encrypts, and does not ask who it is', async () => {
      expect(await refusal(at('sslmode=require', '127.0.0.1'))).toBe('accepted');
    });

    it.each([
      ['signed by nobody known', 'sslmode=verify-full', 'localhost', /self-signed|unable to verify|unable to get/],
      ['for another host', 'sslmode=verify-full&sslrootcert=', '127.0.0.1', /does not match certificate's altnames/],
    ])('a certificate %s is refused in one sentence', async (_, query, host, reason) => {
      const said = await refusal(at(query.replace(/rootcert=$/, `rootcert=${certificates.authorityFile}`), host));
      expect(said).toMatch(reason);
      expect(said).toMatch(/: its certificate must name this host and be signed by an authority named in DATABASE_URL, as in \?sslmode=/);
    });

    it('an authority whose file is missing is refused in one sentence', async () => {
      expect(await refusal(at('sslmode=verify-full&sslrootcert=/nowhere/ca.pem'))).toMatch(
        /cannot be used \(ENOENT: no such file or directory, open '\/nowhere\/ca\.pem'\): check DATABASE_URL\.$/,
      );
    });
  });
});

/** Two digits in the first column of a row, before the length of its encoding, which is a number of four bytes. */
const VERSION = /\d\d(?=[^]{4}UTF8)/;

/** Passes everything on to a server but its version, which becomes this one. */
async function sayingItIs(version: string, target: URL): Promise<{ url: string; close(): void }> {
  const proxy: Server = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    client.on('data', (data) => server.write(data)).on('close', () => server.destroy());
    server.on('data', (data) => client.write(data.toString('latin1').replace(VERSION, version), 'latin1'));
    for (const socket of [client, server]) socket.on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const url = new URL(target);
  url.port = String(typeof address === 'object' && address?.port);
  return { url: url.href, close: () => proxy.close() };
}
