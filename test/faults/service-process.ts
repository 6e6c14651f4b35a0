import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/postgres/postmaster.js';

const MOST_KEPT = 20_000;
const START_MS = 60_000;

/** One instance of the built service, in a process of its own that is killed and started again on the same port. */
export class ServiceProcess {
  /** The end of what it wrote to standard error. */
  said = '';
  #child: ChildProcess | undefined;
  #ending = false;

  private constructor(
    readonly url: string,
    private readonly environment: Record<string, string>,
    private readonly died: (how: string) => void,
  ) {}

  /** `died` is called when it ends by itself. */
  static async start(environment: Record<string, string>, died: (how: string) => void): Promise<ServiceProcess> {
    const port = String(await freePort());
    const service = new ServiceProcess(`http://127.0.0.1:${port}`, { ...environment, HOST: '127.0.0.1', PORT: port }, died);
    await service.start();
    return service;
  }

  /** Resolves when it serves; it is started again as long as its store is not there. */
  async start(): Promise<void> {
    for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(200)) if (await this.#launch()) return;
    throw new Error(`the service does not start: ${this.said}`);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end; its exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  async #launch(): Promise<boolean> {
    this.#ending = false;
    const child = spawn(process.execPath, ['dist/main.js'], {
      env: { PATH: process.env['PATH'], ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (text: Buffer) => (this.said = (this.said + text.toString()).slice(-MOST_KEPT)));
    const ready = await new Promise<boolean>((resolve) => {
      child.stdout.on('data', (text: Buffer) => text.includes('ready on') && resolve(true));
      child.once('exit', () => resolve(false));
    });
    if (ready) child.once('exit', (code, signal) => this.#ending || this.died(`${code ?? signal}: ${this.said}`));
    return ready;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#ending = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
