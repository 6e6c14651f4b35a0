import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** What a start needs of a clone. */
const PARTS = ['src', 'example', 'package.json', 'package-lock.json', '.swcrc', 'build-if-changed.js'];

export interface User {
  uid: number;
  gid: number;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Default: the user who runs the specs. */
  user?: User;
}

/** A copy of the project in a folder of its own, as it is after git clone and npm ci: nothing is built, nothing is on file. */
export class Checkout {
  readonly #programs: Program[] = [];

  private constructor(readonly path: string) {}

  static async make(owner?: User): Promise<Checkout> {
    const path = await mkdtemp(join(tmpdir(), 'entente-start-'));
    await chmod(path, 0o755);
    for (const part of PARTS) await cp(join(ROOT, part), join(path, part), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
    await mkdir(join(path, 'home'));
    if (owner !== undefined) execFileSync('chown', ['-Rh', `${owner.uid}:${owner.gid}`, path]);
    return new Checkout(path);
  }

  /** Runs a program in this folder, with the settings given and no others. */
  run(file: string, args: readonly string[], { env = {}, user }: RunOptions = {}): Program {
    const options = { cwd: this.path, env: { ...this.#environment(), ...env }, ...user, detached: true };
    const program = new Program(spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
    this.#programs.push(program);
    return program;
  }

  /** As `npm start` runs it, without npm and without building. */
  service(options?: RunOptions): Program {
    return this.run('node', ['dist/main.js'], options);
  }

  /** Programs run on the Node of the project and on the npm of this machine; nothing that is set here reaches them. */
  #environment(): Record<string, string> {
    const path = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    return { PATH: path, HOME: join(this.path, 'home'), LANG: 'C.UTF-8', PORT: '0', npm_config_update_notifier: 'false' };
  }

  /** Ends what still runs here and removes the folder. */
  async remove(): Promise<void> {
    for (const program of this.#programs) await program.end('SIGTERM');
    await rm(this.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** A program that was started, with all that it prints. It leads a process group of its own, like one started from a terminal. */
export class Program {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, 'close');
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  /** The exit code, when it has ended and all that it printed was read; null after a signal. */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  /** The URL of a service, as soon as it says that it is ready. Throws with what was printed when it ends instead. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /^Entente is ready on (\S+)$/m.exec(this.stdout)?.[1];
      if (url !== undefined) return url;
      const more = this.#child.stdout === null ? this.#closed : once(this.#child.stdout, 'data');
      await Promise.race([more, this.#closed]);
      if (this.#hasEnded()) throw new Error(`it ended before it was ready: ${this.stdout}${this.stderr}`);
    }
  }

  /** What it printed to standard error, line by line. */
  complaints(): string[] {
    return this.stderr.split('\n').filter((line) => line !== '');
  }

  /** Sends a signal, if it still runs, and waits for the end; the exit code. `toAll`: to the whole group, as Ctrl-C in a terminal does. */
  async end(signal: NodeJS.Signals, { toAll = false } = {}): Promise<number | null> {
    if (!this.#hasEnded() && this.#child.pid !== undefined) process.kill(toAll ? -this.#child.pid : this.#child.pid, signal);
    return this.ended();
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** Everything in it that was printed on standard error by npm itself is left out: it depends on the machine. */
export function ownComplaints(program: Program): string[] {
  return program.complaints().filter((line) => !line.startsWith('npm '));
}
