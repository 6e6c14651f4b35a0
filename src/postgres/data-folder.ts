import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, constants, mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';
import { codeOf, reasonOf, textOf } from '../system-error.js';
import { chooseAccount, type Account, type Owner } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';

const run = promisify(execFile);

/** Name of the superuser and of the database. */
export const USER = 'entente';
/** Kept inside PostgreSQL's folder, so that data and password come into being, move and go together. */
const PASSWORD_FILE = 'entente.password';
/** Where initdb works until all is complete: `.postgres-<pid>-<random>`. */
const UNFINISHED = /^\.postgres-(\d+)-/;
/** The initdb of a start that was killed may live on a little and add files meanwhile. */
const REMOVING = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };

/** PostgreSQL's files below the service's data folder, and what is needed to run a server on them. */
export interface DataFolder {
  /** As the service's user knows it. */
  dataDir: string;
  /** PostgreSQL's own folder, without symbolic links. */
  path: string;
  /** What the server writes to standard error. */
  logFile: string;
  account: Account;
  binaries: Binaries;
  password: string;
}

/** Opens `${dataDir}/postgres`, making it first where it does not exist. Throws StartError. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  await makeWritable(dataDir);
  const root = await realpath(dataDir);
  const path = join(root, 'postgres');
  const binaries = await findBinaries();
  const owner = await ownerOf(path);
  const account = await chooseAccount([await realpath(binaries.postgres), path], owner);
  const version = await majorVersion(account, binaries);
  if (await isMissingOrEmpty(path)) await initialise(root, path, account, binaries);
  else await checkVersion(path, version);
  await takeOver(path, account);
  const password = await readPassword(path);
  return { dataDir, path, logFile: join(root, 'postgres.log'), account, binaries, password };
}

async function makeWritable(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(whyNotWritable(dataDir, codeOf(error)), { cause: error });
  }
}

function whyNotWritable(dataDir: string, code: string | undefined): string {
  if (code === 'EEXIST' || code === 'ENOTDIR') return `The data folder ${dataDir} is, or lies below, a file: set DATA_DIR to a folder.`;
  if (code === 'ENOSPC') return `The disk is full, so that the data folder ${dataDir} cannot be made: free some space.`;
  return `The data folder ${dataDir} cannot be written to (${code}): give this user the right to, or set DATA_DIR to another folder.`;
}

/** The owner of existing data; an ordinary user can only use its own. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  const found = await stat(path).catch(() => undefined);
  const user = process.getuid?.();
  if (!found || user === undefined) return undefined;
  if (!found.isDirectory()) throw new StartError(`${path} is a file where PostgreSQL's folder should be: move it away.`);
  if (user !== 0 && found.uid !== user) {
    throw new StartError(`The data in ${path} belongs to another user (id ${found.uid}): start as that user or as root, or set DATA_DIR.`);
  }
  return { uid: found.uid, gid: found.gid };
}

async function isMissingOrEmpty(path: string): Promise<boolean> {
  const entries = await readdir(path).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return [];
    throw new StartError(`The data in ${path} cannot be read (${codeOf(cause)}): give this user the right to, or set DATA_DIR.`, { cause });
  });
  return entries.length === 0;
}

/** Asked under the account that will run the server: so it is known whether that account can. */
async function majorVersion(account: Account, binaries: Binaries): Promise<string | undefined> {
  const { file, args, options } = account.command(binaries.postgres, ['--version']);
  try {
    return /\d+/.exec((await run(file, args, options)).stdout)?.[0];
  } catch (cause) {
    const advice = 'or set DATABASE_URL to a server of your own';
    if (!account.owner)
      throw new StartError(`The embedded PostgreSQL does not run on this system (${reasonOf(cause)}): update it, ${advice}.`, { cause });
    const why = `PostgreSQL does not run as root, nor here as the user with id ${account.owner.uid} (${reasonOf(cause)})`;
    throw new StartError(`${why}: start as an ordinary user, move Entente to a folder that everybody may enter, ${advice}.`, { cause });
  }
}

async function checkVersion(path: string, ours: string | undefined): Promise<void> {
  const found = (await readFile(join(path, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (!found)
    throw new StartError(`${path} is not empty and holds no data of PostgreSQL: move it away, or set DATA_DIR to another folder.`);
  if (found === ours) return;
  const advice = `dump it with PostgreSQL ${found} and restore it into an empty folder, or move it away to begin anew`;
  throw new StartError(`The data in ${path} was written by PostgreSQL ${found}, and this is PostgreSQL ${ours}: ${advice}.`);
}

/** Data that root copied or restored belongs to root, under which PostgreSQL does not run. */
async function takeOver(path: string, { owner }: Account): Promise<void> {
  if (owner && (await stat(path)).uid !== owner.uid) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, path]);
}

async function readPassword(path: string): Promise<string> {
  return readFile(join(path, PASSWORD_FILE), 'utf8').catch((cause: unknown) => {
    throw new StartError(`The password file ${join(path, PASSWORD_FILE)} cannot be read: restore it, or set DATA_DIR to another folder.`, {
      cause,
    });
  });
}

/** Made beside its final place and renamed when complete and on disk, so that an interrupted first start leaves nothing half done. */
async function initialise(root: string, path: string, account: Account, binaries: Binaries): Promise<void> {
  await removeUnfinished(root);
  const unfinished = await mkdtemp(join(root, `.postgres-${process.pid}-`));
  try {
    const data = join(unfinished, 'data');
    const password = await writePassword(unfinished, account);
    await initdb(data, password, account, binaries);
    await rename(password, join(data, PASSWORD_FILE));
    await sync(data);
    await rename(data, path);
    await sync(root);
  } catch (error) {
    // Another start on the same folder was first: its data are as good.
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return;
    throw error instanceof StartError ? error : new StartError(whyNotWritable(root, codeOf(error)), { cause: error });
  } finally {
    await rm(unfinished, REMOVING);
  }
}

async function removeUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const pid = UNFINISHED.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(root, name), REMOVING);
  }
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function writePassword(folder: string, { owner }: Account): Promise<string> {
  const file = join(folder, PASSWORD_FILE);
  await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
  if (owner) await Promise.all([folder, file].map((path) => chown(path, owner.uid, owner.gid)));
  return file;
}

async function initdb(data: string, passwordFile: string, account: Account, binaries: Binaries): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const user = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const command = account.command(binaries.initdb, [`--pgdata=${data}`, ...locale, ...user, '--no-instructions']);
  try {
    await run(command.file, command.args, command.options);
  } catch (error) {
    throw new StartError(whyNotInitialised(data, error), { cause: error });
  }
}

function whyNotInitialised(data: string, error: unknown): string {
  const output = textOf(error, 'stderr') ?? '';
  if (/No space left on device|Check free disk space/.test(output))
    return `The disk is full, so that PostgreSQL's data cannot be made in ${data}: free some space.`;
  const reason = /(?:error|FATAL|PANIC): +(.*)/.exec(output)?.[1] ?? reasonOf(error);
  return `PostgreSQL's data cannot be made in ${data} (${reason}): correct this, or set DATABASE_URL to a server of your own.`;
}

async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
