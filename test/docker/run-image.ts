// oxlint-disable-next-line import/no-unassigned-import -- it is there for what it does
import '../support/find-typescript.js';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { Program } from '../start/checkout.js';
import { contextFiles } from './context.js';
import { environmentOf, performAll, placeIn, type Stage } from './stages.js';

/**
 * npm run test:docker: performs the Dockerfile's steps in empty folders, and runs what comes out of them: on a real PostgreSQL, with a
 * root that nobody may write to, and, started by root, as an ordinary user. Touches nothing but a folder of its own under /tmp.
 */

const exec = promisify(execFile);
const log = (line: string): void => void process.stdout.write(`${line}\n`);
const NODE = join(process.cwd(), 'node_modules/node/bin/node');
const NOBODY = 65_534;
/** What npm needs to reach the registry the way it does elsewhere on this machine; the rest would lead it back into this repository. */
const REGISTRY = /^(?:npm_config_(?:cache|registry|userconfig|cafile)|NODE_EXTRA_CA_CERTS|(?:https?|no)_proxy)$/i;

const folder = await mkdtemp(join(tmpdir(), 'entente-image-'));
const running: { end: () => Promise<unknown> }[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void clear().finally(() => process.exit(1)));
try {
  await chmod(folder, 0o755);
  const tools = await baseImage();
  const image = await build(tools);
  await closeRoot(image);
  await refusesToBeItsOwnDatabase(image, tools);
  await serves(image, tools);
} finally {
  await clear();
}

/** What is started here is ended here, and nothing stays on the disk. */
async function clear(): Promise<void> {
  for (const one of running.splice(0).toReversed()) await one.end();
  await exec('chmod', ['-R', 'u+w', folder]);
  await rm(folder, { recursive: true, force: true });
}

/** The programs of the official image of Node, from this machine: the project's Node, and npm. */
async function baseImage(): Promise<Record<string, string>> {
  const bin = join(folder, 'base');
  const home = join(folder, 'home');
  await mkdir(bin);
  await mkdir(home);
  await copyFile(NODE, join(bin, 'node'));
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error('start this with npm run test:docker');
  await symlink(npm, join(bin, 'npm'));
  const registry = Object.entries(process.env).filter(([name]) => REGISTRY.test(name));
  return {
    ...(Object.fromEntries(registry) as Record<string, string>),
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    LANG: 'C.UTF-8',
  };
}

async function build(tools: Record<string, string>): Promise<Stage> {
  const context = join(folder, 'context');
  for (const file of contextFiles()) await cp(file, join(context, file), { recursive: true });
  const stages = await performAll(await readFile('Dockerfile', 'utf8'), { context, folder: join(folder, 'stages'), tools, log });
  const image = [...stages.values()].at(-1)!;
  const { stdout: size } = await exec('du', ['-sm', placeIn(image, '.')]);
  log(`The image holds ${size.split('\t')[0]} MB besides Node: ${(await readdir(placeIn(image, '.'))).join(', ')}.`);
  return image;
}

/** A root that cannot be written to, but for the volumes, which belong to whoever runs the service. */
async function closeRoot(image: Stage): Promise<void> {
  assert.notEqual(image.user, 'root');
  await exec('chmod', ['-R', 'a-w,a+rX', image.root]);
  for (const volume of image.volumes) {
    await chmod(placeIn(image, volume), 0o700);
    if (process.getuid?.() === 0) await chown(placeIn(image, volume), NOBODY, NOBODY);
  }
}

/** Starts a program of the image in it; the settings are added to the image's own. */
function start(image: Stage, words: string[], tools: Record<string, string>, settings: Record<string, string>): Program {
  const [file = '', ...args] = words;
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const env = { PATH: tools['PATH'], ...environmentOf(image), HOST: '127.0.0.1', ...settings };
  const program = new Program(spawn(file, args, { cwd: placeIn(image, '.'), env, stdio: ['ignore', 'pipe', 'pipe'], ...user }));
  running.push({ end: () => program.end('SIGTERM') });
  return program;
}

async function refusesToBeItsOwnDatabase(image: Stage, tools: Record<string, string>): Promise<void> {
  const service = start(image, image.cmd, tools, {});
  assert.equal(await service.ended(), 1);
  assert.match(service.stderr, /^There is no embedded PostgreSQL .* set DATABASE_URL to a PostgreSQL server of your own\.\n$/);
  log('Without DATABASE_URL it ends with one sentence.');
}

async function serves(image: Stage, tools: Record<string, string>): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  running.push({ end: () => postgres.stop() });
  const settings = { DATABASE_URL: postgres.url, PORT: String(await freePort()) };
  const service = start(image, image.cmd, tools, settings);
  const url = await service.ready();
  const ready = await fetch(`${url}/api/v1/health/ready`);
  assert.equal(ready.status, 200);
  log(`GET /api/v1/health/ready: ${ready.status} ${await ready.text()}`);

  const ends = async (words: string[]) => {
    const program = start(image, words, tools, settings);
    return { code: await program.ended(), said: program.stdout + program.stderr };
  };
  assert.deepEqual(await ends(image.healthcheck), { code: 0, said: '' });
  log('HEALTHCHECK: healthy.');
  const filed = await ends(['node', 'dist/cli/example.js']);
  assert.equal(filed.code, 0, filed.said);
  log('The example is filed and printed.');
  const client = await ends(['node', '--input-type=module', '--eval', "await import('@kurrent/kurrentdb-client')"]);
  assert.deepEqual(client, { code: 0, said: '' });
  log('The client of KurrentDB finds its native part.');

  assert.equal(await service.end('SIGTERM'), 0);
  assert.equal((await ends(image.healthcheck)).code, 1);
  log('It ends in order on SIGTERM, and is no longer healthy.');
  assert.deepEqual(await readdir(placeIn(image, image.volumes[0]!)), ['admin.key']);
  assert.equal((await stat(placeIn(image, `${image.volumes[0]}/admin.key`))).mode & 0o777, 0o600);
  log('All that it has written to its disk is the admin key.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
