import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { Client } from 'pg';
import { chooseAccount } from '../../src/postgres/account.js';
import { findBinaries, makeRunnable } from '../../src/postgres/binaries.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { refusalOf } from './refusal.js';
import { Service } from './service.js';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;
/** Only root can run something as somebody else, who must be able to reach this clone. */
const asAnother = isRoot && spawnSync('test', ['-r', resolve('package.json')], { uid: 65534, gid: 65534 }).status === 0 ? it : it.skip;

async function ask<Row extends object>(url: string | undefined, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const setting = async (url: string, name: string) =>
  (await ask<{ value: string }>(url, `select current_setting('${name}') as value`))[0]?.value;
const birth = (url: string | undefined) => ask<{ at: Date }>(url, 'select pg_postmaster_start_time() as at');
/** The id of some account that is neither root nor the one that root's PostgreSQL runs under: programs can be run as any. */
const ordinaryUser = async () => {
  const ids = (await readFile('/etc/passwd', 'utf8')).matchAll(/^(?!root:|nobody:)[^:]+:[^:]*:(\d+):/gm);
  return Number(ids.next().value?.[1]);
};
const until = async (done: () => Promise<boolean>) => {
  for (let tries = 0; !(await done()); tries++) {
    if (tries === 500) throw new Error('this did not happen within 10 s');
    await sleep(20);
  }
};

jest.setTimeout(30_000);

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  const servers: EmbeddedPostgres[] = [];
  const start = async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    servers.push(server);
    return server;
  };
  const refusal = () => refusalOf(start());
  const services: Service[] = [];
  const serve = (options?: ConstructorParameters<typeof Service>[1]) => {
    const service = new Service(dataDir, options);
    services.push(service);
    return service;
  };
  const postmaster = async () => Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  const isRunning = () =>
    stat(join(dataDir, 'postgres/postmaster.pid')).then(
      () => true,
      () => false,
    );

  /** A data folder made once, because making one takes longer than everything else. */
  let made: string;
  const copyMade = async () => {
    await mkdir(dirname(dataDir), { recursive: true });
    await run('cp', ['-a', made, dataDir]);
  };
  beforeAll(async () => {
    made = join(await mkdtemp(join(tmpdir(), 'entente-embedded-')), 'made');
    const server = await startEmbeddedPostgres({ dataDir: made });
    await ask(server.url, `create table kept as select 'filed' as what`);
    await server.stop();
  });
  afterAll(() => rm(dirname(made), { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entente-embedded-'));
    dataDir = join(folder, 'not', 'yet', 'there');
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.end('SIGTERM')));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    if (await isRunning()) await (await start()).stop();
    await rm(folder, { recursive: true });
  });

  describe('started for the first time', () => {
    it('is ready within 5 s, reachable from this machine alone and with a password, durable, and not run by root', async () => {
      const began = performance.now();
      const server = await start();
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(await setting(server.url, 'server_version')).toMatch(/^18\./);
      expect(await setting(server.url, 'listen_addresses')).toBe('127.0.0.1');
      expect(await setting(server.url, 'unix_socket_directories')).toBe('');
      expect(await setting(server.url, 'server_encoding')).toBe('UTF8');
      expect(await setting(server.url, 'fsync')).toBe('on');
      expect(await setting(server.url, 'shared_buffers')).toBe('512MB');
      await expect(ask(server.url.replace(/:[0-9a-f]{48}@/, ':guess@'), 'select 1')).rejects.toThrow('password authentication failed');
      expect((await stat(join(dataDir, 'postgres/entente.password'))).mode & 0o777).toBe(0o600);
      expect((await stat(join(dataDir, 'postgres'))).uid).not.toBe(0);
      await server.stop();
      expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
    });

    it('can be killed at any moment and started again', async () => {
      await mkdir(dataDir, { recursive: true });
      const service = serve();
      await until(async () => (await readdir(dataDir)).some((name) => name.startsWith('.postgres-')));
      await sleep(200);
      await service.end('SIGKILL');
      expect(await readdir(dataDir)).not.toContain('postgres');
      const server = await start();
      expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
      expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
    });

    it('belongs to exactly one of two services started at once', async () => {
      const both = [serve(), serve()];
      const urls = await Promise.all(both.map((service) => service.url()));
      expect(urls.filter(Boolean)).toHaveLength(1);
      const loser = both[urls.indexOf(undefined)];
      expect(loser?.said).toBe(`Another Entente is using the data folder ${dataDir}: stop it, or set DATA_DIR to another folder.\n`);
      expect(await ask(urls.find(Boolean), 'select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  describe('started again', () => {
    let url: string | undefined;
    let service: Service;
    beforeEach(async () => {
      await copyMade();
      service = serve();
      url = await service.url();
    });

    it('still has its data', async () => {
      expect(await service.end('SIGTERM')).toBe(0);
      const server = await start();
      expect(await ask(server.url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      await server.stop();
    });

    it('takes over the server that a killed service left behind, and stops it in the end', async () => {
      const born = await birth(url);
      await service.end('SIGKILL');
      const server = await start();
      expect(await birth(server.url)).toEqual(born);
      expect(await ask(server.url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      await server.stop();
      expect(await isRunning()).toBe(false);
    });

    it('recovers after service and server were both killed', async () => {
      process.kill(await postmaster(), 'SIGKILL');
      await service.end('SIGKILL');
      const server = await start();
      expect(await ask(server.url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      await server.stop();
    });

    it('does not mistake another program for its server when the process id was given away after a crash', async () => {
      const pid = await postmaster();
      const left = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8');
      await service.end('SIGTERM');
      const { uid, gid } = await stat(join(dataDir, 'postgres'));
      const other = spawn('sleep', ['60'], { uid, gid, cwd: '/' });
      await writeFile(join(dataDir, 'postgres/postmaster.pid'), left.replace(String(pid), String(other.pid)));
      const server = await start();
      expect(await ask(server.url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      await server.stop();
      expect(other.exitCode).toBeNull();
      other.kill();
    });

    it('is refused while another service uses the folder, which is not disturbed', async () => {
      const born = await birth(url);
      expect(await refusal()).toBe(`Another Entente is using the data folder ${dataDir}: stop it, or set DATA_DIR to another folder.`);
      expect(await birth(url)).toEqual(born);
    });

    it('waits for a service that is just ending', async () => {
      const ended = service.end('SIGTERM');
      const server = await start();
      expect(await ended).toBe(0);
      expect(await ask(server.url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      await server.stop();
    });

    it('ends within 2 s, whoever is still connected', async () => {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      await client.query('begin; update kept set what = what');
      const began = performance.now();
      expect(await service.end('SIGTERM')).toBe(0);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(await isRunning()).toBe(false);
      await client.end();
    });

    it('serves on after one of its own processes was killed', async () => {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
      await until(async () => service.said.endsWith('PostgreSQL is running again.\n'));
      expect(await ask(url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      expect(await refusal()).toContain('Another Entente is using the data folder');
      await client.end();
    });

    it('comes back under the same address when the server is killed', async () => {
      const born = await birth(url);
      process.kill(await postmaster(), 'SIGKILL');
      await until(() =>
        birth(url).then(
          ([row]) => row?.at.getTime() !== born[0]?.at.getTime(),
          () => false,
        ),
      );
      expect(await ask(url, 'select what from kept')).toEqual([{ what: 'filed' }]);
      await until(async () => service.said.endsWith('again.\nPostgreSQL is running again.\n'));
      expect(service.said).toBe('PostgreSQL has ended unexpectedly and is being started again.\nPostgreSQL is running again.\n');
      expect(await service.end('SIGTERM')).toBe(0);
      expect(await isRunning()).toBe(false);
    });
  });

  describe('refuses, in one sentence that says what to do,', () => {
    it('data of another version, and does not touch them', async () => {
      await mkdir(join(dataDir, 'postgres'), { recursive: true, mode: 0o700 });
      await writeFile(join(dataDir, 'postgres/PG_VERSION'), '15\n');
      const before = await stat(join(dataDir, 'postgres'));
      expect(await refusal()).toBe(
        `The data in ${dataDir}/postgres was written by PostgreSQL 15, and this is PostgreSQL 18: ` +
          'dump it with PostgreSQL 15 and restore it into an empty folder, or move it away to begin anew.',
      );
      const { uid, mtimeMs } = await stat(join(dataDir, 'postgres'));
      expect({ uid, mtimeMs }).toEqual({ uid: before.uid, mtimeMs: before.mtimeMs });
      expect(await readdir(dataDir)).toEqual(['postgres']);
      expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION']);
    });

    it('a folder that holds something else', async () => {
      await mkdir(join(dataDir, 'postgres'), { recursive: true });
      await writeFile(join(dataDir, 'postgres/notes.txt'), 'not a database');
      expect(await refusal()).toMatch(/^\S+\/postgres is not empty and holds no data of PostgreSQL: move it away, or /);
    });

    it('a file in place of a folder', async () => {
      dataDir = join(folder, 'file');
      await writeFile(dataDir, '');
      const sentence = /^The data folder \S+ is, or lies below, a file: set DATA_DIR to a folder\.$/;
      expect(await refusal()).toMatch(sentence);
      dataDir = join(folder, 'file', 'below');
      expect(await refusal()).toMatch(sentence);
      dataDir = folder;
      await writeFile(join(dataDir, 'postgres'), '');
      expect(await refusal()).toMatch(/\/postgres is a file where PostgreSQL's folder should be: move it away\.$/);
    });

    it('data that the server cannot read any more', async () => {
      await copyMade();
      await rm(join(dataDir, 'postgres/global/pg_control'));
      expect(await refusal()).toMatch(/^PostgreSQL does not start in \S+ \(.*pg_control.*\): see \S+postgres\.log\.$/);
    });

    asRoot('a disk that is full', async () => {
      await mkdir(dataDir, { recursive: true });
      await run('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', dataDir]);
      try {
        expect(await refusal()).toMatch(/^The disk is full, so that PostgreSQL's data cannot be made in \S+: free some space\.$/);
        expect(await readdir(dataDir)).toEqual([]);
      } finally {
        await run('umount', [dataDir]);
      }
    });
  });

  describe('started by root', () => {
    asRoot.each([
      ['only root', 0o700],
      ['everybody', 0o755],
    ])('runs under another account in a folder that %s may enter', async (_, mode) => {
      await copyMade();
      await chmod(folder, mode);
      const server = await start();
      expect((await stat(`/proc/${await postmaster()}`)).uid).not.toBe(0);
      await server.stop();
    });

    asRoot('runs programs that it finds without links and execute rights in a folder that only root may enter', async () => {
      const { initdb } = await findBinaries();
      await run('cp', ['-r', join(dirname(initdb), '..'), join(folder, 'native')]);
      await run('find', [join(folder, 'native'), '-type', 'l', '-delete']);
      await run('find', [join(folder, 'native'), '-type', 'f', '-exec', 'chmod', '0600', '{}', '+']);
      const binaries = await makeRunnable(join(folder, 'native'));
      const account = await chooseAccount([binaries.initdb], undefined);
      await mkdir(dataDir, { recursive: true });
      await chown(dataDir, account.owner?.uid ?? 0, account.owner?.gid ?? 0);
      const { file, args, options } = account.command(binaries.initdb, ['--pgdata', dataDir, '--auth=reject', '--no-sync']);
      await run(file, args, options);
      expect(await readdir(dataDir)).toContain('PG_VERSION');
    });

    asRoot('keeps the owner of data that an ordinary user made', async () => {
      await copyMade();
      await run('chown', ['-R', '12345:12345', join(dataDir, 'postgres')]);
      const server = await start();
      expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(12345);
      await server.stop();
    });

    asRoot('takes data that root has restored from a copy', async () => {
      await copyMade();
      await run('chown', ['-R', '0:0', join(dataDir, 'postgres')]);
      const server = await start();
      expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    });

    asRoot('says what to do where it cannot be given the right to enter', async () => {
      const service = serve({ path: '/nowhere' });
      expect(await service.url()).toBeUndefined();
      expect(service.said).toMatch(
        /^PostgreSQL does not run as root, nor here as .* \(spawn setpriv ENOENT\): start as an ordinary user, .*, or set DATABASE_URL [^\n]*\n$/,
      );
    });
  });

  describe('started by an ordinary user', () => {
    let user: number;
    beforeEach(async () => {
      if (!isRoot) return;
      user = await ordinaryUser();
      await chmod(folder, 0o755);
      await mkdir(dataDir, { recursive: true });
      await chown(dataDir, user, user);
    });

    asAnother('runs as that user', async () => {
      const service = serve({ uid: user });
      const url = await service.url();
      expect(service.said).toBe('');
      expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(user);
      expect(await service.end('SIGTERM')).toBe(0);
      expect(await isRunning()).toBe(false);
    });

    asAnother('is refused a folder that it may not write to', async () => {
      await chown(dataDir, 0, 0);
      const service = serve({ uid: user });
      expect(await service.url()).toBeUndefined();
      expect(service.said).toBe(
        `The data folder ${dataDir} cannot be written to (EACCES): give this user the right to, or set DATA_DIR to another folder.\n`,
      );
    });

    asAnother('is refused the data of another user', async () => {
      await mkdir(join(dataDir, 'postgres'));
      const service = serve({ uid: user });
      expect(await service.url()).toBeUndefined();
      expect(service.said).toMatch(/ belongs to another user \(id 0\): start as that user or as root, or set DATA_DIR\.\n$/);
    });
  });
});
