import { execFile, spawn } from 'node:child_process';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';
import { isAlive, type DataFolder } from './data-folder.js';

const run = promisify(execFile);
const LARGEST_LOG_BYTES = 10_000_000;

/** As tuned for a log that is appended to all day and views that are rebuilt at times. fsync stays on. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '512MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  work_mem: '16MB',
  // No standby is fed from here, so the log need not carry what only a standby reads.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/** What the server says about itself in postmaster.pid. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** The server that runs on this folder, or is just starting or stopping; undefined when there is none. */
export async function findPostmaster({ path }: DataFolder): Promise<Postmaster | undefined> {
  const [pid, , , port] = (await readFile(join(path, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n').map(Number);
  if (!pid || !port || !isAlive(pid)) return undefined;
  return (await commandLine(pid)).includes(path) ? { pid, port } : undefined;
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const { stdout } = await run('ps', ['-ww', '-p', String(pid), '-o', 'args=']).catch(() => ({ stdout: '' }));
  return stdout;
}

/** Starts a server in a session of its own, so that Ctrl-C in the terminal reaches only the service, which stops it in order. */
export async function launch(folder: DataFolder, port: number): Promise<{ exited: Promise<void>; hasExited(): boolean }> {
  await disarmStalePidFile(folder);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = folder.account.command(folder.binaries.postgres, ['-D', folder.path, '-p', String(port), ...settings]);
  const log = await openLog(folder.logFile);
  const child = spawn(command.file, command.args, {
    ...command,
    cwd: '/',
    env: { ...process.env, LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  let over = false;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve())).then(() => {
    over = true;
  });
  await log.close();
  return { exited, hasExited: () => over };
}

/**
 * After a reboot the process id in postmaster.pid may belong to some other program of the same user, and PostgreSQL would
 * refuse to start. It ignores the id of its own parent, so that is written there instead: its further checks still take place.
 */
async function disarmStalePidFile(folder: DataFolder): Promise<void> {
  if (await findPostmaster(folder)) return;
  const file = join(folder.path, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  if (lines.length < 2 || !isAlive(Number(lines[0]))) return;
  await writeFile(file, [process.pid, ...lines.slice(1)].join('\n'));
}

async function openLog(file: string) {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > LARGEST_LOG_BYTES) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new StartError(`PostgreSQL's log ${file} cannot be written (${cause.code}): give this user the right to, or set DATA_DIR.`, { cause });
  });
}

/** The last complaint in the server's log, without its time and process id. */
export async function lastComplaint({ logFile }: DataFolder): Promise<string> {
  const complaints = (await readFile(logFile, 'utf8').catch(() => '')).match(/(?:FATAL|PANIC|error|setpriv): +.*/g);
  return complaints?.at(-1) ?? 'it said nothing';
}

/** Ends the server on this folder within `seconds`, breaking off its connections. */
export async function stopPostmaster({ account, binaries, path }: DataFolder, seconds: number): Promise<void> {
  const command = account.command(binaries.pgCtl, ['stop', '-D', path, '-m', 'fast', '-w', '-t', String(seconds)]);
  await run(command.file, command.args, { ...command, cwd: '/' });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
