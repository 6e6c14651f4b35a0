import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/postgres/postmaster.js';

/**
 * A server of the spec's own, which can be killed and stopped. `command` is given the folder for its data and the port, and becomes a server
 * without TLS on 127.0.0.1 (a script: by `exec`, so that what is killed is the server).
 */
export class KurrentServer {
  readonly #command: string;
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(command: string, folder: string, port: number) {
    this.#command = command;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(command: string): Promise<KurrentServer> {
    const server = new KurrentServer(command, await mkdtemp(join(tmpdir(), 'entente-kurrentdb-')), await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `kurrentdb://127.0.0.1:${this.#port}?tls=false`;
  }

  async start(): Promise<void> {
    const child = spawn(this.#command, [this.#folder, String(this.#port)], { stdio: 'ignore' });
    this.#child = child;
    for (;;) {
      const live = await fetch(`http://127.0.0.1:${this.#port}/health/live`).catch(() => undefined);
      if (live?.status === 204) return;
      if (child.exitCode !== null) throw new Error(`KURRENTDB_COMMAND ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
