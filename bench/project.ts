import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { PostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded-postgres.js';
import { createPool } from '../src/postgres/pool.js';
import { Caller } from './caller.js';
import { fillFolder } from './filled-folder.js';
import { quantile } from './rounds.js';
import { startService, type RunningService } from './service.js';
import { viewsAt } from './views-at.js';

const DAY_MS = 86_400_000;
const READ_AT_ONCE = 2_000;
const LOOK_MS = 500;
/** Filings a second, for how long, and over how many connections. */
const PACE = 1_000;
const PACED_MS = 10_000;
const FILERS = 32;
/** Of so many filings, one is waited for. */
const EACH = 10;
/** For how long as much is filed as goes. */
const FLOOD_MS = 3_000;
const IDLE_MS = 8_000;
const IDLE_WINDOWS = 5;

const OPTIONS = {
  events: { type: 'string', default: '1000000' },
  seed: { type: 'string', default: '1' },
  /** Where the filled folder is kept for the next run; without it it is temporary. */
  data: { type: 'string' },
} as const;

/**
 * How fast the views are built anew beside those that answer, next to merely reading and decoding the log; how long a filing takes to be in the
 * views while a thousand come in a second; what a service at rest asks of its database; and how much is filed beside a rebuild.
 */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: OPTIONS });
  const parent = values.data === undefined ? await mkdtemp(join(tmpdir(), 'entente-bench-')) : resolve(values.data);
  const dataDir = join(parent, `${values.events}-events`);
  print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  const until = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const { events } = await fillFolder(dataDir, { events: Number(values.events), seed: Number(values.seed), until, wireOnly: true });
  const server = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(server.url, { max: 2, applicationName: 'entente: bench' });
  const service = await startService(dataDir, { DATABASE_URL: server.url });
  const caller = new Caller(service.url, service.headers);
  try {
    await viewsAt(caller, events);
    const reading = await readLog(pool);
    await rebuild(caller, service, reading);
    await lag(service, 'first');
    await lag(service, 'next');
    await idle(pool);
    await beside(caller, service);
  } finally {
    caller.close();
    await service.stop();
    await pool.end();
    await server.stop();
    if (values.data === undefined) await rm(parent, { recursive: true, force: true });
  }
}

/** Events a second. */
async function readLog(pool: Pool): Promise<number> {
  const store = new PostgresEventStore({ pool });
  await store.open();
  const began = performance.now();
  let count = 0;
  for (let after = 0n; ;) {
    const events = await store.readAll(after, READ_AT_ONCE);
    if (events.length === 0) break;
    count += events.length;
    after = events.at(-1)!.position;
  }
  const rate = count / ((performance.now() - began) / 1_000);
  await store.close();
  print(`reading and decoding ${count.toLocaleString('en')} events: ${perSecond(rate)}`);
  return rate;
}

async function rebuild(caller: Caller, { process: { pid } }: RunningService, reading: number): Promise<void> {
  await caller.post('/admin/rebuild', {});
  const began = performance.now();
  const took = new Map<string, number>();
  let [last, memory, position] = [began, 0, 0];
  for (;;) {
    await sleep(LOOK_MS);
    const { state, phase, position: at, error } = (await caller.get('/admin/rebuild')).body as Record<string, string | null>;
    const now = performance.now();
    if (typeof phase === 'string') took.set(phase, (took.get(phase) ?? 0) + now - last);
    last = now;
    position = Number(at ?? position);
    memory = Math.max(memory, await residentMb(pid!));
    if (state === 'running') continue;
    if (state !== 'exchanged') throw new Error(`the rebuild ended as ${state}: ${error ?? 'the new views tell something else'}`);
    break;
  }
  const compared = took.get('comparing') ?? 0;
  const rate = position / ((performance.now() - began - compared) / 1_000);
  const phases = [...took].map(([phase, ms]) => `${phase} ${(ms / 1_000).toFixed(0)} s`).join(', ');
  print(`views built anew: ${perSecond(rate)} without comparing, 1/${(reading / rate).toFixed(1)} of reading (${phases})`);
  print(`memory of the service meanwhile: ${memory.toFixed(0)} MB`);
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1_000;
}

/** From the answer to a filing until a question that asks for it is answered; a service that has just begun is slower. */
async function lag({ url, headers }: RunningService, which: 'first' | 'next'): Promise<void> {
  const source = await fileSource(new Caller(url, headers));
  const lags: number[] = [];
  let [due, filed] = [0, 0];
  const began = performance.now();
  const filer = async (): Promise<void> => {
    const [files, asks] = [new Caller(url, headers), new Caller(url, headers)];
    while (performance.now() - began < PACED_MS) {
      const n = due;
      const at = began + (n * 1_000) / PACE;
      due += 1;
      if (at > performance.now()) await sleep(at - performance.now());
      const { status, body } = await files.post('/statements', statement(source, n));
      if (status !== 201) throw new Error(`a filing was answered with ${status}`);
      filed += 1;
      if (n % EACH !== 0) continue;
      const acknowledged = performance.now();
      await asks.get(`/records/${String(body['id'])}?at-least=${String(body['position'])}`);
      lags.push(performance.now() - acknowledged);
    }
    files.close();
    asks.close();
  };
  await Promise.all(Array.from({ length: FILERS }, filer));
  const rate = filed / ((performance.now() - began) / 1_000);
  lags.sort((a, b) => a - b);
  print(
    `the ${which} ${PACED_MS / 1_000} s at ${Math.round(rate).toLocaleString('en')} filings/s, until a filing is in the views: p50 ${quantile(lags, 0.5).toFixed(1)} ms, p99 ${quantile(lags, 0.99).toFixed(1)} ms`,
  );
}

/** How much is filed in each phase of a rebuild that takes a while, next to how much without one. */
async function beside(caller: Caller, service: RunningService): Promise<void> {
  const alone = await flood(service);
  await caller.post('/admin/rebuild', {});
  const shares: string[] = [];
  for (const phase of ['reading', 'indexing', 'comparing']) {
    let told: Record<string, string | null>;
    do {
      await sleep(LOOK_MS / 10);
      told = (await caller.get('/admin/rebuild')).body as Record<string, string | null>;
    } while (told['state'] === 'running' && told['phase'] !== phase);
    if (told['state'] === 'running') shares.push(`${phase} ${((await flood(service)) / alone).toFixed(2)}`);
  }
  // What is left of it would be gone on with at the next start.
  while (((await caller.get('/admin/rebuild')).body as Record<string, string>)['state'] === 'running') {
    await caller.delete('/admin/rebuild');
    await sleep(LOOK_MS);
  }
  print(`${Math.round(alone).toLocaleString('en')} filings/s; beside a rebuild, × that: ${shares.join(', ')}`);
}

/** Filings a second. */
async function flood({ url, headers }: RunningService): Promise<number> {
  const source = await fileSource(new Caller(url, headers));
  let filed = 0;
  const began = performance.now();
  const filer = async (): Promise<void> => {
    const files = new Caller(url, headers);
    for (; performance.now() - began < FLOOD_MS; filed += 1) await files.post('/statements', statement(source, filed));
    files.close();
  };
  await Promise.all(Array.from({ length: FILERS }, filer));
  return filed / ((performance.now() - began) / 1_000);
}

async function fileSource(caller: Caller): Promise<string> {
  const { body } = await caller.post('/sources', { publisher: 'Example Wire', title: 'A benchmark', publishedAt: '2026-01-08' });
  caller.close();
  return String(body['id']);
}

function statement(source: string, n: number): object {
  return {
    summary: `Iceland asked Norway for talks about fishing quotas, for the ${n + 1}th time`,
    occurred: '2026-03-02',
    speechAct: 'request',
    speakers: [{ party: 'ISL', kind: 'government' }],
    addressees: [{ party: 'NOR', kind: 'government' }],
    citations: [{ source }],
  };
}

/** Transactions of a service at rest; each statement of its is one. */
async function idle(pool: Pool): Promise<void> {
  const count = async (): Promise<number> => {
    const sql = 'select xact_commit + xact_rollback as transactions from pg_stat_database where datname = current_database()';
    return Number((await pool.query<{ transactions: bigint }>(sql)).rows[0]!.transactions);
  };
  const rates: number[] = [];
  // What an idle connection did is counted ten seconds later; and in some windows the server itself looks after its tables.
  for (let window = 0; window < IDLE_WINDOWS; window += 1) {
    const before = await count();
    await sleep(IDLE_MS);
    // This count is one of them.
    rates.push(((await count()) - before - 1) / (IDLE_MS / 1_000));
  }
  print(`at rest: ${Math.min(...rates).toFixed(1)} queries/s`);
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en')} events/s`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
