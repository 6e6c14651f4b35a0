import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import { copyLog, CopyProblem, type Copied, type CopyProgress } from './event-store/copy-log.js';
import { openLogAt, placeOf, type LogAddress } from './log-at.js';
import { StartError } from './start-error.js';
import { reasonOf } from './system-error.js';

/** Copies a log from one place to another, and shows that both are the same. */

const ADVICE = 'write npm run copy-log -- --from ./data --to kurrentdb://host:2113';
const LINE_EVERY_MS = 2_000;
const FORMAT = '{phase} {bar} {percentage} %  {events} events  {eta_formatted}';
const PHASES = { compare: 'compared', copy: 'copied', check: 'checked' };

const interrupted = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

function readAddresses(args: string[]): [from: LogAddress, to: LogAddress] {
  const text = { type: 'string' } as const;
  let values: { from?: string; to?: string; 'from-prefix'?: string; 'to-prefix'?: string };
  try {
    ({ values } = parseArgs({ args, options: { from: text, to: text, 'from-prefix': text, 'to-prefix': text } }));
  } catch (cause) {
    throw new StartError(`These options cannot be understood: ${ADVICE}.`, { cause });
  }
  const { from, to, 'from-prefix': fromPrefix = 'entente.', 'to-prefix': toPrefix = 'entente.' } = values;
  if (from === undefined || to === undefined) throw new StartError(`${from === undefined ? '--from' : '--to'} is missing: ${ADVICE}.`);
  const source = { option: '--from', mayBegin: false, place: from, prefix: fromPrefix };
  const target = { option: '--to', mayBegin: true, place: to, prefix: toPrefix };
  if (placeOf(source) === placeOf(target)) throw new StartError('--from and --to name the same log: name the new place in --to.');
  return [source, target];
}

/** A bar in a terminal, else a line now and then. */
function progressBar(): { show: (progress: CopyProgress) => void; stop: () => void } {
  let bar: cliProgress.SingleBar | undefined;
  let showing: CopyProgress['phase'] | undefined;
  const show = ({ phase, events, position, end }: CopyProgress): void => {
    const done = { phase: PHASES[phase].padEnd(8), events: events.toLocaleString('en') };
    if (phase !== showing) {
      bar?.stop();
      bar = new cliProgress.SingleBar({ format: FORMAT, noTTYOutput: true, notTTYSchedule: LINE_EVERY_MS, emptyOnZero: true });
      bar.start(Number(end), 0, done);
      showing = phase;
    }
    bar?.update(Number(position), done);
  };
  return { show, stop: () => bar?.stop() };
}

async function run(): Promise<Copied | undefined> {
  const [from, to] = readAddresses(process.argv.slice(2));
  const source = await openLogAt(from);
  try {
    const target = await openLogAt(to);
    const bar = progressBar();
    try {
      return await copyLog(source.store, target.store, { progress: bar.show, signal: interrupted.signal });
    } finally {
      bar.stop();
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function tell(copied: Copied | undefined): void {
  if (copied === undefined) throw new StartError('Ended before all was copied: run this again, and it goes on where it was.');
  const { events, before, source, target } = copied;
  const news = before === 0 ? '' : `, ${before.toLocaleString('en')} of them before this run`;
  process.stdout.write(`${events.toLocaleString('en')} events are copied${news}.\n`);
  process.stdout.write(`SHA-256 of the source: ${source}\nSHA-256 of the target: ${target}\n`);
}

function problem(error: unknown): string {
  if (error instanceof StartError || error instanceof CopyProblem) return error.message;
  return `The copy broke off (${reasonOf(error)}): correct this and run it again, and it goes on where it was.`;
}

try {
  tell(await run());
} catch (error) {
  process.stderr.write(`${problem(error)}\n`);
  process.exitCode = 1;
}
