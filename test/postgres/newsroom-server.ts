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

export interface NewsroomOptions {
  /** name=value */
  settings?: readonly string[];
  /** Of initdb. */
  initdb?: readonly string[];
  /** The folder that its data are in, which everybody may write to; by default one of its own. */
  disk?: string;
}

/** The PostgreSQL of a newsroom, as its administrator runs it: not embedded in the service, and killed, stopped and started at will. */
export class NewsroomServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly data: string,
    private readonly account: Account,
    private readonly postgres: string,
    private readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /** The version in the folder POSTGRES_BIN (programs initdb and postgres), else the one that comes along. */
  static async start({ settings = [], initdb: how = [], disk }: NewsroomOptions = {}): Promise<NewsroomServer> {
    const { initdb, postgres } = await programs();
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'entente-newsroom-'));
    await chmod(folder, 0o755);
    const account = await chooseAccount([postgres, folder], undefined);
    if (account.owner) await chown(folder, account.owner.uid, account.owner.gid);
    const data = join(disk ?? folder, 'data');
    await writeFile(join(folder, 'password'), PASSWORD);
    const options = ['-U', BOSS, '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`, '-E', 'UTF8', '--locale=C', ...how];
    const { file, args, options: process } = account.command(initdb, ['-D', data, ...options]);
    await run(file, args, process);
    const server = new NewsroomServer(folder, data, account, postgres, await freePort(), settings);
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
    const url = await this.prepareEmpty(database, role);
    await this.makeSchemas(['log', 'view', 'access'], database, role);
    return url;
  }

  /** A database without schemas, and a role that may make none; its URL. */
  async prepareEmpty(database: string, role = 'desk'): Promise<string> {
    const password = 'of-the-desk';
    await this.administer([`create role ${role} login password '${password}'`, `create database ${database} template template0`]);
    return this.url(database, { user: role, password });
  }

  async makeSchemas(schemas: readonly string[], database: string, role = 'desk'): Promise<void> {
    await this.administer(
      schemas.map((schema) => `create schema ${schema} authorization ${role}`),
      database,
    );
  }

  /** A file with this text beside the data, which the server can read and nobody else; its path. */
  async keep(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text, { mode: 0o600 });
    if (this.account.owner) await chown(path, this.account.owner.uid, this.account.owner.gid);
    return path;
  }

  /** Resolves when it takes connections; starts it where it does not run. A server that was killed may have left something that is only just ending. */
  async start(): Promise<void> {
    for (let attempt = 1; !(await this.#launch()); attempt++) {
      if (attempt === 50) throw new Error(`PostgreSQL does not start: ${await this.said()}`);
      await sleep(100);
    }
  }

  /** All that it wrote to its log. */
  said(): Promise<string> {
    return readFile(join(this.folder, 'log'), 'utf8');
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends it at once, as a crash would: SIGKILL to all of its processes. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = this.isRunning ? once(child, 'exit') : undefined;
    this.#signal('SIGKILL');
    await ended;
  }

  /** Ends it in order, breaking off its connections. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) return;
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
    const data = join(folder, 'data');
    await cp(this.data, data, { recursive: true });
    await writeFile(join(data, 'standby.signal'), '');
    const { owner } = this.account;
    if (owner) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, folder]);
    const server = new NewsroomServer(folder, data, this.account, this.postgres, await freePort(), this.settings);
    await server.start();
    return server;
  }

  async remove(): Promise<void> {
    await this.kill();
    for (const each of [this.data, this.folder]) await rm(each, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #launch(): Promise<boolean> {
    if (!this.isRunning) await this.#spawn();
    while (this.isRunning) {
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

  async #spawn(): Promise<void> {
    const settings = [...SETTINGS, ...this.settings].flatMap((setting) => ['-c', setting]);
    const { file, args, options } = this.account.command(this.postgres, ['-D', this.data, '-p', String(this.port), ...settings]);
    const log = await open(join(this.folder, 'log'), 'a');
    this.#child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', log.fd] });
    await log.close();
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

/** The folder of the programs in POSTGRES_BIN, else of the newest version that is installed; undefined where none is. */
export function findSystemPostgres(): string | undefined {
  return process.env['POSTGRES_BIN'] ?? globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1);
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
