import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const besideThis = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Runs a script of this folder in a process of its own. */
export function forkScript(name: string, args: readonly string[]): ChildProcess {
  const execArgv = ['--experimental-transform-types', '--no-warnings', '--import', besideThis('../support/find-typescript.js')];
  return fork(besideThis(name), args, { execArgv });
}
