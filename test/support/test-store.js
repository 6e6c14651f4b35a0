/**
 * `npm run test:store -- --store=kurrentdb|postgres|memory`: the contract of the stores, the example and the acceptance checks, over one
 * kind of store. What comes after `--store` goes to jest.
 */
import { spawnSync } from 'node:child_process';

const STORES = ['kurrentdb', 'postgres', 'memory'];
const SUITES = ['test/acceptance/', 'test/read-models/example', 'test/example/'];

const args = process.argv.slice(2);
const store = args.find((arg) => arg.startsWith('--store='))?.slice('--store='.length);

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (!STORES.includes(store)) refuse(`Write npm run test:store -- --store=${STORES.join('|')}.`);
if (store === 'kurrentdb' && !process.env.KURRENTDB_URL) {
  refuse('KURRENTDB_URL is not set: name a server that may be filled, such as kurrentdb://127.0.0.1:2113?tls=false.');
}

const database = store === 'postgres' && process.env.DATABASE_URL;
const { status } = spawnSync(
  'npm',
  [
    'run',
    '--silent',
    'jest',
    '--',
    ...args.filter((arg) => !arg.startsWith('--store=')),
    `--testPathPatterns=test/contracts/(newsroom-)?${store}-|${SUITES.join('|')}`,
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, ENTENTE_TEST_STORE: store, ...(database && { ENTENTE_TEST_DATABASE_URL: database }) },
  },
);
process.exitCode = status ?? 1;
