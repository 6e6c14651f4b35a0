import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Crowd, type CrowdSize, type Seen } from './crowd.js';
import type { OpenLog } from './event-store.contract.js';
import { forkScript } from './fork-script.js';

/** Two crowds on one log, each in a process of its own where the log can be opened by another. */
export function twoCrowds({ store, processArguments }: OpenLog, seed: number, size: CrowdSize): Pick<Crowd, 'write' | 'seenUpTo'>[] {
  const start = (own: number) => (processArguments ? new FarCrowd(processArguments, own, size) : new Crowd(store, own, size));
  return [start(seed), start(seed + 1)];
}

class FarCrowd {
  readonly #child: ChildProcess;

  constructor(log: readonly string[], seed: number, size: CrowdSize) {
    this.#child = forkScript('log-process.ts', [JSON.stringify(size), String(seed), ...log]);
  }

  write(): Promise<string[]> {
    return this.#message();
  }

  seenUpTo(position: bigint): Promise<Seen[][]> {
    this.#child.send(String(position));
    return this.#message();
  }

  async #message<T>(): Promise<T> {
    const died = once(this.#child, 'exit').then(([code]) => Promise.reject(new Error(`the process ended with ${String(code)}`)));
    const [value]: T[] = await Promise.race([once(this.#child, 'message'), died]);
    died.catch(() => undefined);
    return value!;
  }
}
