import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf, reasonOf, textOf } from '../../src/system-error.js';
import { NotRun } from './not-run.js';

const run = promisify(execFile);
/** Much more than is filed in ten minutes; filled up, it takes as much memory. */
const OPTIONS = 'size=384m,mode=1777';
const BLOCKS = [Buffer.alloc(1_000_000), Buffer.alloc(1_000)];
const TOP_UP_MS = 20;
/** Names the folder where a small disk is mounted already. */
const MOUNTED = 'SMALL_DISK';

/** A disk of its own, in memory, which is filled up by a file beside what others write to it. */
export class SmallDisk {
  #filled: { file: FileHandle; over: AbortController; keeping: Promise<void> } | undefined;

  private constructor(readonly folder: string) {}

  static async mount(): Promise<SmallDisk> {
    const mounted = process.env[MOUNTED];
    if (mounted !== undefined) return new SmallDisk(mounted);
    const folder = emptyFolder();
    try {
      await run('mount', ['-t', 'tmpfs', '-o', OPTIONS, 'tmpfs', folder]);
      return new SmallDisk(folder);
    } catch (error) {
      rmdirSync(folder);
      throw new NotRun(`a full disk: a small one cannot be mounted (${firstLine(textOf(error, 'stderr') ?? reasonOf(error))})`);
    }
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }

  /** From now on there is no room, also where others give some back, until it is freed. */
  async fill(): Promise<void> {
    const file = await open(this.ballast, 'a');
    const over = new AbortController();
    await topUp(file);
    const keeping = keepFull(file, over.signal);
    // What goes wrong meanwhile is thrown when the disk is to be free again.
    keeping.catch(() => undefined);
    this.#filled = { file, over, keeping };
  }

  async free(): Promise<void> {
    if (this.#filled === undefined) return;
    const { file, over, keeping } = this.#filled;
    this.#filled = undefined;
    over.abort();
    await keeping;
    await file.close();
    await rm(this.ballast);
  }

  async unmount(): Promise<void> {
    await this.free();
    if (process.env[MOUNTED] !== undefined) return;
    await run('umount', [this.folder]);
    rmdirSync(this.folder);
  }
}

/**
 * Only root mounts. Everybody else runs this program again, in a namespace where he may: as root for the mount, and in another inside it
 * as himself, since PostgreSQL does not run as root. Answers its exit code; undefined where it need not be.
 */
export function inNamespace(): number | undefined {
  if (process.getuid?.() === 0 || process.env[MOUNTED] !== undefined) return undefined;
  const folder = emptyFolder();
  const self = ['unshare', '--user', `--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`, '--'];
  const script = `mount -t tmpfs -o ${OPTIONS} tmpfs "$0" && exec "$@"`;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const mount = ['--user', '--map-root-user', '--mount', '--', 'sh', '-c'];
  try {
    const probe = spawnSync('unshare', [...mount, script, folder, ...self, 'true'], { encoding: 'utf8' });
    if (probe.status !== 0)
      throw new NotRun(`a full disk: a small one cannot be mounted (${firstLine(probe.error?.message ?? probe.stderr)})`);
    const env = { ...process.env, [MOUNTED]: folder };
    return spawnSync('unshare', [...mount, script, folder, ...self, ...again], { stdio: 'inherit', env }).status ?? 1;
  } finally {
    rmdirSync(folder);
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!;
}

function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'entente-disk-'));
}

async function keepFull(file: FileHandle, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(TOP_UP_MS, undefined, { signal }).catch(() => undefined);
    await topUp(file);
  }
}

async function topUp(file: FileHandle): Promise<void> {
  for (const block of BLOCKS) await writeOnAndOn(file, block);
}

async function writeOnAndOn(file: FileHandle, block: Buffer): Promise<void> {
  try {
    for (;;) await file.write(block);
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error;
  }
}
