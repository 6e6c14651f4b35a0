/** `npm run faults -- --minutes=10 --store=postgres --seed=1`: breaks a store in every way, and prints what was lost or doubled. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { seededRandom } from '../contracts/filings.js';
import { runFaults, sumOf, told } from './fault-run.js';
import { kurrentUnderFault } from './kurrentdb-under-fault.js';
import { bouncerUnderFault, postgresUnderFault } from './postgres-under-fault.js';
import type { StoreUnderFault } from './store-under-fault.js';

const STORES: Record<string, () => Promise<StoreUnderFault>> = {
  postgres: postgresUnderFault,
  pgbouncer: bouncerUnderFault,
  kurrentdb: kurrentUnderFault,
};
const SHORT_MINUTES = 0.4;
const LONG_MINUTES = 1;
const MINUTE_MS = 60_000;
const FROZEN_MS = { short: 3_000, long: 20_000 };

const { values } = parseArgs({ options: { minutes: { type: 'string' }, store: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? SHORT_MINUTES);
const open = STORES[values.store ?? 'postgres'];
if (open === undefined || !(minutes > 0 && minutes <= 600)) {
  const stores = Object.keys(STORES).join(' | ');
  process.stderr.write(`What is to be broken, and for how long? npm run faults -- --store=${stores} --minutes=10 (at most 600)\n`);
  process.exit(1);
}

const { status } = spawnSync(process.execPath, ['build-if-changed.js'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const random = values.seed === undefined ? seededRandom() : seededRandom(Number(values.seed));
const began = performance.now();
const tell = (what: string): void =>
  void process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}\n`);

const store = await open().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
try {
  const frozenFor = minutes < LONG_MINUTES ? FROZEN_MS.short : FROZEN_MS.long;
  const found = await runFaults({ store, random, milliseconds: minutes * MINUTE_MS, frozenFor, tell });
  const { cuts, kills, lost, duplicated, wrong } = found;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const each of wrong) print(`WRONG: ${each}`);
  print(listed(store.proxy.met));
  print(`killed: ${listed(kills)}`);
  print(told(found));
  print(`${store.name}: ${cuts} cuts, ${sumOf(kills)} kills, ${lost} lost, ${duplicated} duplicated`);
  if (wrong.length + lost + duplicated > 0) process.exitCode = 1;
} finally {
  await store.remove();
}

function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}
