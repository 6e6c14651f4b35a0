import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The three arguments of `spawn` and `execFile`. The folder is one that every account may enter. */
export interface Command {
  file: string;
  args: string[];
  options: { cwd: '/'; env: NodeJS.ProcessEnv; uid?: number; gid?: number };
}

/** Under which account PostgreSQL runs. It refuses to run as root. */
export interface Account {
  /** The owner of PostgreSQL's files; undefined where that is simply the current user. */
  owner?: Owner;
  /** How to run a program under this account. */
  command(file: string, args: string[]): Command;
}

export interface Owner {
  uid: number;
  gid: number;
}

const NOBODY: Owner = { uid: 65534, gid: 65534 };
/** Linux capabilities (bit in the effective set): the first lets a process read and search everywhere, the second also write. */
const CAPABILITIES = [
  ['dac_read_search', 2],
  ['dac_override', 1],
] as const;

/**
 * The account for PostgreSQL: the current user; for root the owner of the data if there is one already, else `nobody`.
 * `paths` are what that account must reach. Folders that only root may enter (/root, mktemp -d) are entered with a
 * single capability instead: PostgreSQL looks at its user id alone.
 */
export async function chooseAccount(paths: string[], ownerOfData: Owner | undefined): Promise<Account> {
  const options = { cwd: '/' as const, env: { ...process.env, LC_ALL: 'C' } };
  if (process.getuid?.() !== 0) return { command: (file, args) => ({ file, args, options }) };
  const owner = ownerOfData && ownerOfData.uid !== 0 ? ownerOfData : await nobody();
  if (await allCanReach(paths)) return { owner, command: (file, args) => ({ file, args, options: { ...options, ...owner } }) };
  const prefix = withCapability(owner, await heldCapability());
  return { owner, command: (file, args) => ({ file: 'setpriv', args: [...prefix, file, ...args], options }) };
}

async function nobody(): Promise<Owner> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(passwd) ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : NOBODY;
}

/** Whether every folder above these paths may be entered, and the paths themselves be read, by everybody. */
async function allCanReach(paths: string[]): Promise<boolean> {
  const folders = new Set<string>();
  for (const path of paths) for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
  const enterable = await Promise.all([...folders].map(async (folder) => ((await stat(folder)).mode & 0o001) !== 0));
  return enterable.every(Boolean);
}

function withCapability({ uid, gid }: Owner, capability: string): string[] {
  const set = `-all,+${capability}`;
  const only = [`--inh-caps=${set}`, `--ambient-caps=${set}`, `--bounding-set=${set}`];
  // Without the last, access(2), by which initdb looks for its siblings, would not count capabilities for a user other than root.
  return [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...only, '--securebits=+no_setuid_fixup'];
}

async function heldCapability(): Promise<string> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return (CAPABILITIES.find(([, bit]) => (effective >> BigInt(bit)) & 1n) ?? CAPABILITIES[0])[0];
}
