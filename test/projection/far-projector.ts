import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

type Message = { moved: string } | { failed: string };

/** A projector in a process of its own. */
export class FarProjector {
  /** How far it says that the views have come. */
  position = 0n;
  readonly failures: string[] = [];
  readonly #child: ChildProcess;

  constructor(url: string) {
    this.#child = fork(besideThis('projector-process.ts'), [url], {
      execArgv: ['--experimental-transform-types', '--no-warnings', '--import', besideThis('../support/find-typescript.js')],
    });
    this.#child.on('message', (message: Message) => {
      if ('moved' in message) this.position = BigInt(message.moved);
      else this.failures.push(message.failed);
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has ended. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

function besideThis(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
