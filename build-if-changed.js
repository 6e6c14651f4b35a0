import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';

/**
 * Builds dist, unless it was built from exactly these sources: so a second start is quick, `npm run example` does not replace the files
 * of the service that is running, and a user who may not write here can start what another has built.
 */
const SWC = 'node_modules/@swc/cli/bin/swc.js';
const OPTIONS = ['--out-dir', 'dist', '--strip-leading-paths', '--copy-files', '--delete-dir-on-start', '--quiet'];
const STAMP = 'dist/built-from';
const INPUTS = ['src/**', 'package-lock.json', '.swcrc'];

/** A digest of everything that a build is made from. */
function sources() {
  const files = INPUTS.flatMap((pattern) => globSync(pattern)).filter((file) => statSync(file).isFile());
  const digest = createHash('sha256');
  for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) digest.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return digest.digest('hex');
}

/** Ends with one sentence where this user cannot build. */
function mustBeWritable() {
  const folder = ['dist', '.'].find((path) => existsSync(path) && !isWritable(path));
  if (folder === undefined) return;
  const here = process.cwd();
  process.stderr.write(
    `Entente has to be built first, and this user may not write to ${here}: run npm run build as the user who owns it.\n`,
  );
  process.exit(1);
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const before = sources();
if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== before) {
  mustBeWritable();
  const { status } = spawnSync(process.execPath, [SWC, 'src', ...OPTIONS], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(STAMP, before);
}
