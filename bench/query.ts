import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BIG } from './beats.js';
import { Caller, type Answer } from './caller.js';
import { Dice } from './dice.js';
import { dropViews, fillFolder, settleDatabase, sizesOf } from './filled-folder.js';
import { FIRST_DAY, type LogPlan } from './generate.js';
import { QUESTIONS, standWire, type Question, type Subject } from './questions.js';
import { quantile } from './rounds.js';
import { startService, type RunningService } from './service.js';
import { viewsAt } from './views-at.js';

const DAY_MS = 86_400_000;
const WARM_UP = 3;
const MISSING = 'not there yet';
const PAGES = 40;
/** No row takes longer, of either size. */
const ROW_MS = 10_000;
/** An answer may cost this much more in the largest log than in the smallest. */
const MOST_GROWTH = 1.3;

const OPTIONS = {
  /** Sizes of the logs. */
  events: { type: 'string', default: '1000000,100000' },
  seed: { type: 'string', default: '1' },
  /** Where the filled folders are kept for the next run; without it they are temporary. */
  data: { type: 'string' },
  /** Builds the views of kept folders anew. */
  'fresh-views': { type: 'boolean', default: false },
  /** The big relationship rests on one wire source alone. */
  wire: { type: 'boolean', default: true },
  /** Only questions whose name has this in it. */
  only: { type: 'string', default: '' },
} as const;

interface Contender {
  plan: LogPlan;
  service: RunningService;
  subject: Subject;
}

interface Measured {
  /** Milliseconds, sorted; empty where there was no answer to time. */
  took: number[];
  /** Why there is none. */
  refusal?: string;
}

/**
 * What is asked of the views, over HTTP, on one connection, one call after the other: a relationship with up to 100,000 records in logs
 * of several sizes. The services of all sizes run at once and each question is put to them in turn, so that whatever else the machine
 * does falls on each alike.
 */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: OPTIONS, allowNegative: true });
  const parent = values.data === undefined ? await mkdtemp(join(tmpdir(), 'entente-bench-')) : resolve(values.data);
  const contenders: Contender[] = [];
  try {
    const until = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
    print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
    for (const events of sizesIn(values.events)) {
      const plan = { events, seed: Number(values.seed), until, wireOnly: values.wire };
      contenders.push(await prepare(join(parent, `${events}-events`), plan, values['fresh-views']));
    }
    await measureAll(contenders, values.only);
  } finally {
    for (const { service, subject } of contenders) {
      subject.caller.close();
      await service.stop();
    }
    if (values.data === undefined) await rm(parent, { recursive: true, force: true });
  }
}

function sizesIn(sent: string): number[] {
  const sizes = sent.split(',').map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 1_000))
    throw new Error(`--events=${sent}: name sizes from 1000, such as --events=1000000,100000`);
  return sizes;
}

async function prepare(dataDir: string, wanted: LogPlan, freshViews: boolean): Promise<Contender> {
  print(`\n${wanted.events.toLocaleString('en')} events, seed ${wanted.seed}`);
  const plan = await timed('log filled', wanted.events, () => fillFolder(dataDir, wanted));
  if (freshViews) await dropViews(dataDir);
  const builder = await startService(dataDir);
  const builds = new Caller(builder.url, builder.headers);
  try {
    await timed('views brought up to date', plan.events, () => viewsAt(builds, plan.events));
  } finally {
    builds.close();
    await builder.stop();
  }
  await settleDatabase(dataDir);
  const { log, view } = await sizesOf(dataDir);
  print(`on disk: ${kilobytes(log / plan.events)} kB an event in the log, ${kilobytes(view / plan.events)} kB in the views`);
  const service = await startService(dataDir);
  return { plan, service, subject: await subjectOf(new Caller(service.url, service.headers), plan) };
}

/** Records and pages are collected by walking through the timeline. */
async function subjectOf(caller: Caller, { events, seed, until }: LogPlan): Promise<Subject> {
  const dice = new Dice(seed);
  const subject: Subject = { caller, dice, head: events, until, records: [], deepPages: [] };
  const deadline = performance.now() + ROW_MS;
  for (let i = 0; i < PAGES && (i === 0 || performance.now() < deadline); i += 1) {
    const year = dice.whole(Number(FIRST_DAY.slice(0, 4)), Number(until.slice(0, 4)) - 1);
    const path = `/relationships/${BIG}/timeline?limit=50&from=${year}-0${dice.whole(1, 9)}-15`;
    const { body } = await caller.get(path);
    const { items = [], next } = body as { items?: { record: string }[]; next?: string | null };
    subject.records.push(...items.map(({ record }) => record));
    if (typeof next === 'string') subject.deepPages.push(`${path}&cursor=${encodeURIComponent(next)}`);
  }
  await standWire(subject);
  return subject;
}

async function measureAll(contenders: readonly Contender[], only: string): Promise<void> {
  print(`\n${line(['question', 'events', 'p50 ms', 'p99 ms', 'n', 'target', 'met', '× small'])}`);
  for (const question of QUESTIONS.filter(({ name }) => name.includes(only))) {
    const measured: Measured[] = [];
    for (const { subject } of contenders) measured.push(await measure(question, subject));
    for (const [i, { plan }] of contenders.entries()) print(row(question, plan, measured[i]!, i === 0 ? growth(measured) : ''));
  }
}

async function measure({ times, ask }: Question, subject: Subject): Promise<Measured> {
  const took: number[] = [];
  const deadline = performance.now() + ROW_MS;
  for (let i = 0; i < times + WARM_UP && (i === 0 || performance.now() < deadline); i += 1) {
    const answer = await ask(subject);
    if (answer.status >= 400) return { took: [], refusal: refusalIn(answer) };
    took.push(answer.took);
  }
  // What was slow enough to use up the time alone is not left out as a warm-up.
  return { took: took.slice(took.length > 2 * WARM_UP ? WARM_UP : 0).toSorted((a, b) => a - b) };
}

function refusalIn({ status, body }: Answer): string {
  return status === 404 || status === 501 ? MISSING : `${status} ${(body as { code?: string }).code ?? ''}`;
}

function row({ name, target }: Question, { events }: LogPlan, { took, refusal }: Measured, ratio: string): string {
  const p99 = quantile(took, 0.99);
  const times = refusal === undefined ? [rounded(quantile(took, 0.5)), rounded(p99)] : [refusal, ''];
  const met = target === undefined || refusal === MISSING ? '' : p99 <= target ? 'yes' : 'no';
  return line([name, events, ...times, took.length, target ?? '', met, ratio]);
}

function line([question, ...figures]: readonly (string | number)[]): string {
  return String(question).padEnd(40) + figures.map((figure) => String(figure).padStart(14)).join('');
}

/** How much more the first, largest log costs than the last, in the median, which a single interruption does not move. */
function growth(measured: readonly Measured[]): string {
  const ratio = quantile(measured[0]!.took, 0.5) / quantile(measured.at(-1)!.took, 0.5);
  if (measured.length < 2 || Number.isNaN(ratio)) return '';
  return `${ratio.toFixed(2)}${ratio > MOST_GROWTH ? ' no' : ' yes'}`;
}

async function timed<T>(what: string, events: number, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1_000;
  const rate = seconds < 1 ? 'as it was' : `${seconds.toFixed(1)} s, ${Math.round(events / seconds).toLocaleString('en')} events/s`;
  print(`${what}: ${rate}`);
  return result;
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(2);
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toPrecision(3));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
