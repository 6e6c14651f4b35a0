import { execFile, spawn } from 'node:child_process';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';
import { codeOf, reasonOf } from '../system-error.js';
import { isAlive, type DataFolder } from './data-folder.js';

const run = promisify(execFile);
const POLL_MS = 20;
const LARGEST_LOG_BYTES = 10_000_000;

/** For a log that is appended to all day and views that are rebuilt at times. fsync stays on. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '512MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  work_mem: '16MB',
  // No standby is fed from here, so the write-ahead log need not carry what only a standby reads.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** What a server says about itself in postmaster.pid. */
export interface Postmaster {
  pid: number;
  port: number;
  /** Accepts connections; otherwise it is starting, recovering after a crash, or stopping. */
  ready: boolean;
}

/** A server that was asked to start. */
export interface Launch {
  hasExited(): boolean;
  /** What it complained of first, or undefined. */
  complaint(): Promise<string | undefined>;
}

/** The server that runs on this folder; undefined when there is none, whatever a killed one left in postmaster.pid. */
export async function findPostmaster({ path }: DataFolder): Promise<Postmaster | undefined> {
  const lines = await readPidFile(path);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !port || !isAlive(pid)) return undefined;
  return (await commandLine(pid)).includes(` -D ${path} `) ? { pid, port, ready: lines[7]?.trim() === 'ready' } : undefined;
}

async function readPidFile(path: string): Promise<string[]> {
  return (await readFile(join(path, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  const { stdout } = await run('ps', ['-ww', '-p', String(pid), '-o', 'args=']).catch(() => ({ stdout: '' }));
  return `${stdout.trim()} `;
}

/** Starts a server in a session of its own, so that Ctrl-C in the terminal reaches only the service, which stops it in order. */
export async function launch(folder: DataFolder, port: number): Promise<Launch> {
  await disarmStalePidFile(folder);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args, options } = folder.account.command(folder.binaries.postgres, ['-D', folder.path, '-p', String(port), ...settings]);
  const { log, size } = await openLog(folder.logFile);
  const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] });
  let failure: string | undefined;
  child.once('error', (error) => (failure = reasonOf(error)));
  child.unref();
  await log.close();
  return {
    hasExited: () => failure !== undefined || child.exitCode !== null || child.signalCode !== null,
    complaint: async () => failure ?? firstComplaint(folder.logFile, size),
  };
}

/**
 * After a reboot the process id in postmaster.pid may belong to some other program of the same user, and PostgreSQL would
 * refuse to start. It ignores the id of its own parent, so that is written there instead: its further checks still take place.
 */
async function disarmStalePidFile(folder: DataFolder): Promise<void> {
  if (await findPostmaster(folder)) return;
  const lines = await readPidFile(folder.path);
  if (lines.length < 2 || !isAlive(Number(lines[0]))) return;
  await writeFile(join(folder.path, 'postmaster.pid'), [process.pid, ...lines.slice(1)].join('\n'));
}

/** The log is never larger than some megabytes: an old one is kept beside it once. */
async function openLog(file: string) {
  try {
    const before = (await stat(file).catch(() => undefined))?.size ?? 0;
    if (before > LARGEST_LOG_BYTES) await rename(file, `${file}.1`);
    const log = await open(file, 'a', 0o600);
    return { log, size: (await log.stat()).size };
  } catch (cause) {
    throw new StartError(`PostgreSQL's log ${file} cannot be written (${codeOf(cause)}): give this user the right to, or set DATA_DIR.`, {
      cause,
    });
  }
}

async function firstComplaint(logFile: string, offset: number): Promise<string | undefined> {
  const said = (await readFile(logFile)).subarray(offset).toString();
  return (/(?:FATAL|PANIC): +(?!the database system is)(.*)/.exec(said)?.[1] ?? said.trim().replaceAll('\n', ' ')) || undefined;
}

/** Ends the server on this folder, if there is one, breaking off its connections. Throws when it takes longer than `ms`. */
export async function stopPostmaster(folder: DataFolder, ms: number): Promise<void> {
  const running = await findPostmaster(folder);
  if (!running) return;
  const { file, args, options } = folder.account.command(folder.binaries.pgCtl, ['stop', '-D', folder.path, '-m', 'fast', '--no-wait']);
  await run(file, args, options);
  // pg_ctl itself would go on waiting for the server of a service that was started meanwhile.
  for (const deadline = Date.now() + ms; (await findPostmaster(folder))?.pid === running.pid; await sleep(POLL_MS)) {
    if (Date.now() > deadline) throw new Error(`process ${running.pid} is still there after ${ms / 1000} s`);
  }
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
