/** `npm run faults -- --minutes=10 --store=postgres --seed=1`: breaks a store in every way, and prints what was lost or doubled. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../contracts/filings.js';
import { runFaults, type FaultRun, type Findings } from './fault-run.js';
import { kurrentUnderFault } from './kurrentdb-under-fault.js';
import { cutConnections, killInTurn, type Spans } from './mischief.js';
import { NotRun } from './not-run.js';
import { bouncerUnderFault, postgresUnderFault, smallDiskUnderFault } from './postgres-under-fault.js';
import { runRestores } from './restores.js';
import { inNamespace } from './small-disk.js';
import type { StoreUnderFault } from './store-under-fault.js';

type Given = Omit<FaultRun, 'store' | 'meanwhile'>;

const RUNS: Record<string, (given: Given) => Promise<Findings[]>> = {
  postgres: (given) => breakAll(postgresUnderFault, given),
  pgbouncer: (given) => breakAll(bouncerUnderFault, given),
  'small-disk': (given) => breakAll(smallDiskUnderFault, given),
  restored: runRestores,
  kurrentdb: (given) => breakAll(kurrentUnderFault, given),
};
const SHORT_MINUTES: Record<string, number> = { restored: 0.1 };
const MINUTE_MS = 60_000;
/** For how long the server is frozen, gone and hanging in runs of so many minutes and more. */
const SPANS: [minutes: number, spans: Spans][] = [
  [10, { frozen: 20_000, gone: 120_000, hanging: 120_000 }],
  [3, { frozen: 20_000, gone: 120_000 }],
  [1, { frozen: 20_000, gone: 20_000 }],
  [0, { frozen: 3_000, gone: 8_000 }],
];

const { values } = parseArgs({ options: { minutes: { type: 'string' }, store: { type: 'string' }, seed: { type: 'string' } } });
const name = values.store ?? 'postgres';
const minutes = Number(values.minutes ?? SHORT_MINUTES[name] ?? 0.4);
const carryOut = RUNS[name];
if (carryOut === undefined || !(minutes > 0 && minutes <= 600)) {
  const stores = Object.keys(RUNS).join(' | ');
  process.stderr.write(`What is to be broken, and for how long? npm run faults -- --store=${stores} --minutes=10 (at most 600)\n`);
  process.exit(1);
}

const dataDir = await mkdtemp(join(tmpdir(), 'entente-faults-'));
try {
  process.exitCode = (name === 'small-disk' ? inNamespace() : undefined) ?? (await runHere(carryOut));
} catch (error) {
  process.stderr.write(`${error instanceof NotRun ? `NOT RUN: ${error.message}` : String((error as Error).stack)}\n`);
  process.exitCode = error instanceof NotRun ? 0 : 1;
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

async function runHere(run: (given: Given) => Promise<Findings[]>): Promise<number> {
  const { status } = spawnSync(process.execPath, ['build-if-changed.js'], { stdio: 'inherit' });
  if (status !== 0) return 1;
  const random = values.seed === undefined ? seededRandom() : seededRandom(Number(values.seed));
  const began = performance.now();
  const tell = (what: string): void =>
    void process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}\n`);
  const all = await run({ random, milliseconds: minutes * MINUTE_MS, dataDir, tell });
  all.forEach(print);
  return all.every(({ wrong, lost, duplicated }) => wrong.length + lost + duplicated === 0) ? 0 : 1;
}

async function breakAll(open: () => Promise<StoreUnderFault>, given: Given): Promise<Findings[]> {
  const [, spans] = SPANS.find(([least]) => minutes >= least)!;
  const store = await open();
  try {
    const found = await runFaults({
      ...given,
      store,
      meanwhile: async (scene) => {
        const [broken] = await Promise.all([killInTurn({ ...scene, spans }), cutConnections(scene)]);
        return broken;
      },
    });
    return [found];
  } finally {
    await store.remove();
  }
}

function print({ name: store, wrong, cuts, kills, halts, lost, duplicated, log, ...told }: Findings): void {
  const { acknowledged, unanswered, unansweredStored } = told;
  const lines = [
    ...wrong.map((each) => `WRONG: ${each}`),
    listed(cuts),
    ...(sumOf(kills) > 0 ? [`killed: ${listed(kills)}`] : []),
    ...(sumOf(halts) > 0 ? [`the server was: ${listed(halts)}`] : []),
    `${acknowledged} filings acknowledged, ${unanswered} unanswered, of which ${unansweredStored} are stored; ${log.length} events`,
    `${store}: ${sumOf(cuts)} cuts, ${sumOf(kills)} kills, ${lost} lost, ${duplicated} duplicated`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function listed(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}
