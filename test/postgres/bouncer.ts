import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { chooseAccount } from '../../src/postgres/account.js';
import { freePort } from '../../src/postgres/postmaster.js';

/** The program, where it is installed: PGBOUNCER says so, else where systems put it. */
export function findBouncer(): string | undefined {
  return process.env['PGBOUNCER'] ?? ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((file) => existsSync(file));
}

/** Few, so that transactions of one client land on connections that another has used. */
const POOL_SIZE = 3;

/** PgBouncer in transaction mode before a server, for roles that are given with their passwords. */
export class Bouncer {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  /** `url`: of a role and a database that is there; all databases of that server are served. Throws when the program ends. */
  static async start(program: string, url: string, roles: readonly URL[]): Promise<Bouncer> {
    const target = new URL(url);
    const port = await freePort();
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'entente-bouncer-'));
    const lines = roles.map(({ username, password }) => `"${username}" "${password}"`);
    const ini = join(folder, 'pgbouncer.ini');
    await writeFile(join(folder, 'users'), `${lines.join('\n')}\n`);
    await writeFile(
      ini,
      [
        '[databases]',
        `* = host=${target.hostname} port=${target.port}`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${port}`,
        'unix_socket_dir =',
        'auth_type = scram-sha-256',
        `auth_file = ${join(folder, 'users')}`,
        'pool_mode = transaction',
        `default_pool_size = ${POOL_SIZE}`,
        'max_client_conn = 500',
        'server_idle_timeout = 2',
        '',
      ].join('\n'),
    );
    const account = await chooseAccount([program, ini], undefined);
    if (account.owner) await chown(folder, account.owner.uid, account.owner.gid);
    await chmod(folder, 0o755);
    const { file, args, options } = account.command(program, ['--quiet', ini]);
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
    const bouncer = new Bouncer(folder, child, port);
    await bouncer.#ready(url);
    return bouncer;
  }

  /** The same role and database, through the pooler. */
  through(url: string): string {
    const address = new URL(url);
    address.port = String(this.port);
    return address.href;
  }

  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #ready(url: string): Promise<void> {
    for (;;) {
      const client = new Client({ connectionString: this.through(url) });
      client.on('error', () => undefined);
      const refused = await client.connect().then(
        () => undefined,
        (error: unknown) => error,
      );
      await client.end().catch(() => undefined);
      if (refused === undefined) return;
      if (this.child.exitCode !== null) throw new Error('PgBouncer does not start', { cause: refused });
      await sleep(50);
    }
  }
}
