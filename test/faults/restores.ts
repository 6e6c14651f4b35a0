import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { findSystemPostgres, NewsroomServer } from '../postgres/newsroom-server.js';
import { readLog, runFaults, type FaultRun, type Findings } from './fault-run.js';
import type { Filing } from './filer.js';
import { cutConnections, type Broken } from './mischief.js';
import { NotRun } from './not-run.js';
import { underFault } from './postgres-under-fault.js';
import type { StoreUnderFault } from './store-under-fault.js';

const run = promisify(execFile);
const DATABASE = 'news';
const NOTHING_ELSE: Broken = { kills: {}, halts: {} };

type Given = Omit<FaultRun, 'store' | 'meanwhile'>;

interface Dump {
  file: string;
  /** Schemas that it does not have. */
  without: readonly string[];
  /** What was filed by then, or may have been. */
  filed: readonly Filing[];
}

/**
 * Dumps a database while filing goes on, and its log and keys alone when that is over; restores both into fresh servers, as
 * docs/operations.md says, and files on there.
 */
export async function runRestores(given: Given): Promise<Findings[]> {
  const bin = findSystemPostgres();
  if (bin === undefined) throw new NotRun('dump and restore: PostgreSQL is not installed (apt-get install postgresql)');
  // The one that comes along has no programs to dump and restore, and those of another version would not do.
  process.env['POSTGRES_BIN'] = bin;
  const program = (name: string, ...args: string[]) => run(join(bin, name), args);
  const dump = (url: string, file: string, ...how: string[]) => program('pg_dump', '--format=custom', `--file=${file}`, ...how, url);

  const server = await NewsroomServer.start();
  const url = await server.prepare(DATABASE);
  const store = storeOn('dumped', server, url);
  const [whole, parts] = ['whole', 'parts'].map((name) => join(given.dataDir, `${name}.dump`)) as [string, string];
  try {
    const { found, before } = await fileMeanwhile(store, given, () => dump(url, whole));
    await dump(url, parts, '--schema=log', '--schema=access');
    const filed = found.filings.map((filing) => (before.has(filing) ? filing : open(filing)));
    const restore = (name: string, from: Dump) =>
      fileOn(name, from, found.log, given, (admin) => program('pg_restore', '--exit-on-error', `--dbname=${admin}`, from.file));
    return [
      found,
      await restore('restored', { file: whole, without: [], filed }),
      await restore('restored without views', { file: parts, without: ['view'], filed: found.filings }),
    ];
  } finally {
    await store.remove();
  }
}

function storeOn(name: string, server: NewsroomServer, url: string): StoreUnderFault {
  return underFault(name, { server, straight: url, reached: url, stops: [() => server.remove()] });
}

/** `before`: the filings that were acknowledged before the dump was begun. */
async function fileMeanwhile(
  store: StoreUnderFault,
  given: Given,
  dump: () => Promise<unknown>,
): Promise<{ found: Findings; before: Set<Filing> }> {
  let before = new Set<Filing>();
  const meanwhile: FaultRun['meanwhile'] = async (scene) => {
    const cutting = cutConnections(scene);
    await sleep(given.milliseconds / 2);
    before = new Set(scene.filings.filter(({ outcome }) => outcome === 'acknowledged'));
    given.tell(`a dump is taken, with ${before.size} filings acknowledged`);
    await dump();
    given.tell(`the dump is there, with ${scene.filings.length} filings answered`);
    await cutting;
    return NOTHING_ELSE;
  };
  return { found: await runFaults({ ...given, store, meanwhile }), before };
}

/** Restores into a server of its own, with the same role; the service goes on there. */
async function fileOn(
  name: string,
  { without, filed }: Dump,
  dumped: readonly StoredEvent[],
  given: Given,
  restore: (admin: string) => Promise<unknown>,
): Promise<Findings> {
  const server = await NewsroomServer.start();
  const store = storeOn(name, server, await server.prepareEmpty(DATABASE));
  try {
    await restore(server.url(DATABASE));
    await server.makeSchemas(without, DATABASE);
    const log = await readLog(store);
    given.tell(`${log.length} events are ${name}`);
    const meanwhile: FaultRun['meanwhile'] = async (scene) => {
      await cutConnections(scene);
      return NOTHING_ELSE;
    };
    const found = await runFaults({ ...given, store, filed, meanwhile });
    if (!isDeepStrictEqual(log, dumped.slice(0, log.length))) found.wrong.push('the log restored is not the beginning of the one dumped');
    return found;
  } finally {
    await store.remove();
  }
}

/** The dump may hold it or not: it was not acknowledged before. */
function open(filing: Filing): Filing {
  return filing.outcome === 'refused' ? filing : { ...filing, outcome: 'unknown', records: [] };
}
