import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const ROOT = new URL('../../', import.meta.url);

/** A process of its own that runs the embedded PostgreSQL on a data folder. */
export class Service {
  /** What it wrote to standard error so far. */
  said = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;

  constructor(dataDir: string, { uid, path = process.env.PATH }: { uid?: number; path?: string } = {}) {
    const args = ['--no-warnings', '--import', './test/support/find-typescript.js', 'test/postgres/serve.ts', dataDir];
    const env = { ...process.env, PATH: path };
    this.#child = spawn(process.execPath, args, { cwd: ROOT, uid, gid: uid, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exit = once(this.#child, 'exit');
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  /** The URL it prints when PostgreSQL is ready; undefined when it ended instead. */
  async url(): Promise<string | undefined> {
    if (!this.#child.stdout) throw new Error('the service has no standard output');
    for await (const line of createInterface(this.#child.stdout)) return line;
    await this.#exit;
    return undefined;
  }

  /** Sends the signal and waits for the end; the exit code, or null after a signal. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal);
    await this.#exit;
    return this.#child.exitCode;
  }
}
