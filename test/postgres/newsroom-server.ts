import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { chooseAccount, type Account } from '../../src/postgres/account.js';
import { findBinaries } from '../../src/postgres/binaries.js';
import { freePort } from '../../src/postgres/postmaster.js';

const run = promisify(execFile);
const BOSS = 'boss';
const PASSWORD = 'of-the-boss';
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=60', 'timezone=UTC'];

/** The PostgreSQL of a newsroom, as its administrator runs it: not embedded in the service, and killed, stopped and started at will. */
export class NewsroomServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly account: Account,
    private readonly postgres: string,
    private readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /** The version in the folder POSTGRES_BIN (programs initdb and postgres), else the one that comes along. `settings`: name=value. */
  static async start(settings: readonly string[] = []): Promise<NewsroomServer> {
    const { initdb, postgres } = await programs();
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'entente-newsroom-'));
    await chmod(folder, 0o755);
    const account = await chooseAccount([postgres, folder], undefined);
    if (account.owner) await chown(folder, account.owner.uid, account.owner.gid);
    const data = join(folder, 'data');
    await writeFile(join(folder, 'password'), PASSWORD);
    const options = ['-U', BOSS, '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`, '-E', 'UTF8', '--locale=C'];
    const { file, args, options: how } = account.command(initdb, ['-D', data, ...options]);
    await run(file, args, how);
    const server = new NewsroomServer(folder, account, postgres, await freePort(), settings);
    await server.start();
    return server;
  }

  /** postgres://… of a database, for its administrator or for somebody else. */
  url(database = 'postgres', { user = BOSS, password = PASSWORD, query = '' } = {}): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}${query}`;
  }

  /** Runs each statement as the administrator. */
  async administer(statements: readonly string[], database?: string): Promise<void> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** A database whose schemas are made by its administrator, for a role that may do nothing but use them; its URL. */
  async prepare(database: string, role = 'desk'): Promise<string> {
    const password = 'of-the-desk';
    await this.administer([`create role ${role} login password '${password}'`, `create database ${database} template template0`]);
    await this.administer(
      ['log', 'view', 'access'].map((schema) => `create schema ${schema} authorization ${role}`),
      database,
    );
    return this.url(database, { user: role, password });
  }

  /** A file with this text beside the data, which the server can read and nobody else; its path. */
  async keep(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text, { mode: 0o600 });
    if (this.account.owner) await chown(path, this.account.owner.uid, this.account.owner.gid);
    return path;
  }

  /** Resolves when it takes connections. A server that was killed may have left something that is only just ending. */
  async start(): Promise<void> {
    for (let attempt = 1; !(await this.#launch()); attempt++) {
      if (attempt === 50) throw new Error(`PostgreSQL does not start: ${await readFile(join(this.folder, 'log'), 'utf8')}`);
      await sleep(100);
    }
  }

  /** Ends it at once, as a crash would: SIGKILL to all of its processes. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    this.#signal('SIGKILL');
    await ended;
  }

  /** Ends it in order, breaking off its connections. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
  }

  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** A copy of it as it is on disk now, which must be stopped meanwhile, that takes no changes as long as nobody promotes it. */
  async standby(): Promise<NewsroomServer> {
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'entente-newsroom-'));
    await chmod(folder, 0o755);
    await cp(join(this.folder, 'data'), join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data/standby.signal'), '');
    const { owner } = this.account;
    if (owner) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, folder]);
    const server = new NewsroomServer(folder, this.account, this.postgres, await freePort(), this.settings);
    await server.start();
    return server;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #launch(): Promise<boolean> {
    const settings = [...SETTINGS, ...this.settings].flatMap((setting) => ['-c', setting]);
    const { file, args, options } = this.account.command(this.postgres, [
      '-D',
      join(this.folder, 'data'),
      '-p',
      String(this.port),
      ...settings,
    ]);
    const log = await open(join(this.folder, 'log'), 'a');
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', log.fd] });
    this.#child = child;
    await log.close();
    while (child.exitCode === null && child.signalCode === null) {
      const client = new Client({ connectionString: this.url() });
      client.on('error', () => undefined);
      const connected = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => undefined);
      if (connected) return true;
      await sleep(20);
    }
    return false;
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    for (const each of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(each, signal);
      } catch {
        // It has ended by itself.
      }
    }
  }
}

async function programs(): Promise<{ initdb: string; postgres: string }> {
  const bin = process.env['POSTGRES_BIN'];
  return bin ? { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') } : findBinaries();
}

/** PostgreSQL's processes are no process group: each is the child of the first. */
function childrenOf(parent: number): number[] {
  return globSync('/proc/[0-9]*/stat').flatMap((file) => {
    try {
      const stat = readFileSync(file, 'utf8');
      const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ppid) === parent ? [Number(stat.split(' ', 1)[0])] : [];
    } catch {
      return [];
    }
  });
}
