import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Checkout, ownComplaints, type RunOptions, type User } from './checkout.js';

jest.setTimeout(90_000);

/** The account that every system has for programs that own nothing. */
const NOBODY: User = { uid: 65534, gid: 65534 };
const FIRST = 'source-00000000-0000-4000-8000-000000000001';
const SECOND = 'source-00000000-0000-4000-8000-000000000002';
/** Only root can run something as somebody else; and nobody must be able to reach this clone, whose node_modules are used. */
const asNobody =
  process.getuid?.() === 0 && spawnSync('test', ['-r', join(process.cwd(), 'package.json')], NOBODY).status === 0 ? it : it.skip;

/** Processes whose command line names PostgreSQL's files in the folder. */
function processesOn(folder: string): string[] {
  return commandLines().filter((line) => line.includes(`${folder}/`) && line.includes('postgres'));
}

function commandLines(): string[] {
  if (process.platform !== 'linux') return execFileSync('ps', ['-eww', '-o', 'args=']).toString().split('\n');
  return globSync('/proc/[0-9]*/cmdline').map((file) => {
    try {
      return readFileSync(file, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
}

describe('npm start', () => {
  let checkout: Checkout;
  const dataDir = () => join(checkout.path, 'data');
  const key = async () => (await readFile(join(dataDir(), 'admin.key'), 'utf8')).trim();
  /** Registers a source under an id of its own; the position at which it is on file. */
  const file = async (url: string, id: string): Promise<string> => {
    const headers = { authorization: `Bearer ${await key()}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ id, publisher: 'Example Wire' });
    const answer = await fetch(`${url}/api/v1/sources`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    return answer.headers.get('entente-position') ?? '';
  };
  const isOnFile = async (url: string, id: string, position: string): Promise<boolean> => {
    const headers = { authorization: `Bearer ${await key()}` };
    const answer = await fetch(`${url}/api/v1/records/${id}?at-least=${position}`, { headers });
    return answer.status === 200;
  };

  beforeAll(async () => {
    checkout = await Checkout.make();
  });
  afterAll(() => checkout.remove());

  it('builds, makes its data and one admin key, and says when it can serve; SIGTERM to npm ends all of it', async () => {
    const npm = checkout.run('npm', ['start']);
    const url = await npm.ready();
    expect((await fetch(`${url}/api/v1/health/ready`)).status).toBe(200);
    expect(await file(url, FIRST)).toBe('1');
    expect((await stat(join(dataDir(), 'admin.key'))).mode & 0o777).toBe(0o600);
    expect(npm.stderr.split(await key())).toHaveLength(2);
    expect(processesOn(dataDir())).not.toEqual([]);
    expect(await npm.end('SIGTERM')).toBe(0);
    expect(processesOn(dataDir())).toEqual([]);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('started again builds nothing, makes no other key and has kept what was filed; Ctrl-C ends it', async () => {
    const before = await key();
    const built = await stat(join(checkout.path, 'dist/main.js'));
    const npm = checkout.run('npm', ['start']);
    const url = await npm.ready();
    expect((await stat(join(checkout.path, 'dist/main.js'))).mtimeMs).toBe(built.mtimeMs);
    expect(npm.stderr).not.toContain('entente_admin');
    expect(await key()).toBe(before);
    expect(await isOnFile(url, FIRST, '1')).toBe(true);
    expect(await npm.end('SIGINT', { toAll: true })).toBe(0);
    expect(processesOn(dataDir())).toEqual([]);
  });

  it('starts after kill -9 with everything that was acknowledged', async () => {
    const killed = checkout.service();
    const url = await killed.ready();
    const position = await file(url, SECOND);
    await killed.end('SIGKILL');
    const service = checkout.service();
    const again = await service.ready();
    expect(await isOnFile(again, FIRST, position)).toBe(true);
    expect(await isOnFile(again, SECOND, position)).toBe(true);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(processesOn(dataDir())).toEqual([]);
  });

  it('asked to end while it starts, ends and leaves nothing running', async () => {
    const service = checkout.service();
    while (processesOn(dataDir()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await service.end('SIGTERM')).toBe(0);
    expect(processesOn(dataDir())).toEqual([]);
  });

  asNobody('works as an ordinary user, whose files everything is', async () => {
    const own = await Checkout.make(NOBODY);
    try {
      const npm = own.run('npm', ['start'], { user: NOBODY });
      await npm.ready();
      expect((await stat(join(own.path, 'data/postgres'))).uid).toBe(NOBODY.uid);
      expect((await stat(join(own.path, 'data/admin.key'))).uid).toBe(NOBODY.uid);
      expect(await npm.end('SIGTERM')).toBe(0);
      expect(processesOn(own.path)).toEqual([]);
    } finally {
      await own.remove();
    }
  });

  asNobody('an ordinary user may start what root has built, with data of its own', async () => {
    const folder = join(checkout.path, 'theirs');
    await mkdir(folder);
    execFileSync('chown', [`${NOBODY.uid}:${NOBODY.gid}`, folder, join(checkout.path, 'home')]);
    const npm = checkout.run('npm', ['start'], { user: NOBODY, env: { DATA_DIR: folder } });
    await npm.ready();
    expect(await npm.end('SIGTERM')).toBe(0);
  });

  describe('says in one sentence what to do, and ends with code 1,', () => {
    const refusal = async (options?: RunOptions) => {
      const service = checkout.service(options);
      const code = await service.ended();
      return { code, said: service.complaints(), printed: service.stdout };
    };
    const sentence = (pattern: RegExp) => ({ code: 1, said: [expect.stringMatching(pattern) as string], printed: '' });

    it('when another Entente uses the data folder, or its port is in use', async () => {
      const first = checkout.service();
      const { port } = new URL(await first.ready());
      expect(await refusal()).toEqual(
        sentence(/^Another Entente is using the data folder .*: stop it, or set DATA_DIR to another folder\.$/),
      );
      const env = { PORT: port, DATA_DIR: join(checkout.path, 'other') };
      expect(await refusal({ env })).toEqual(
        sentence(/^Port \d+ of 127\.0\.0\.1 is in use: stop what listens there, or start with another/),
      );
      expect(processesOn(join(checkout.path, 'other'))).toEqual([]);
      expect(await first.end('SIGTERM')).toBe(0);
    });

    it('when its data were written by another version of PostgreSQL', async () => {
      const folder = join(checkout.path, 'old');
      await mkdir(join(folder, 'postgres'), { recursive: true, mode: 0o700 });
      await writeFile(join(folder, 'postgres/PG_VERSION'), '15\n');
      const env = { DATA_DIR: folder };
      expect(await refusal({ env })).toEqual(sentence(/^The data in .* was written by PostgreSQL 15, and this is PostgreSQL 18: dump it/));
    });

    it('when DATA_DIR is a file', async () => {
      await writeFile(join(checkout.path, 'file'), '');
      expect(await refusal({ env: { DATA_DIR: 'file' } })).toEqual(
        sentence(/^The data folder .*file is, or lies below, a file: set DATA_DIR/),
      );
    });

    it.each([
      ['PORT', 'http', /^PORT is "http", which is no port: set it to a number from 0/],
      ['DATABASE_URL', 'mysql://example', /^DATABASE_URL is not the address of a PostgreSQL server: write postgres:/],
      ['DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none', /127\.0\.0\.1:1/],
      ['HOST', '192.0.2.1', /^192\.0\.2\.1 is no address of this machine: set HOST to one/],
    ])('when %s is %s', async (name, value, pattern) => {
      expect(await refusal({ env: { [name]: value, DATA_DIR: join(checkout.path, 'settings') } })).toEqual(sentence(pattern));
    });

    it('when what a setting says stands in .env', async () => {
      await writeFile(join(checkout.path, '.env'), 'DATABASE_URL=mysql://example\n');
      expect(await refusal()).toEqual(sentence(/^DATABASE_URL is not the address of a PostgreSQL server/));
      await writeFile(join(checkout.path, '.env'), '');
    });

    asNobody('when this user may not write to the data folder', async () => {
      const env = { DATA_DIR: join(checkout.path, 'forbidden') };
      expect(await refusal({ env, user: NOBODY })).toEqual(
        sentence(/^The data folder .* cannot be written to \(EACCES\): give this user the right/),
      );
    });

    asNobody('when there is something to build and this user may not', async () => {
      await writeFile(join(checkout.path, 'src/added.ts'), 'export {};\n');
      const npm = checkout.run('npm', ['start'], { user: NOBODY, env: { DATA_DIR: join(checkout.path, 'theirs') } });
      expect(await npm.ended()).toBe(1);
      expect(ownComplaints(npm)).toEqual([
        expect.stringMatching(/^Entente has to be built first, and this user may not write to .*: run npm run build/),
      ]);
    });
  });

  it('listens where PORT says', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = free.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await new Promise((resolve) => free.close(resolve));
    const service = checkout.service({ env: { PORT: port } });
    expect(await service.ready()).toBe(`http://127.0.0.1:${port}`);
    expect(await service.end('SIGTERM')).toBe(0);
  });
});
