import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Filer, type Filing, type Newsroom } from './filer.js';
import { notLive } from './health.js';
import type { Broken, Mischief } from './mischief.js';
import { isSame, judge, judgeFeed, type Verdict } from './oracle.js';
import { ServiceProcess } from './service-process.js';
import type { StoreUnderFault } from './store-under-fault.js';
import { unlikeAnew } from './views-anew.js';

const FILERS = 12;
const INSTANCES = 2;
/** How long the services have, when the last fault is over, to answer what is open and to bring their views up to date. */
const RECOVERY_MS = 60_000;
const MOST_EVENTS = 2_000_000;
const STREAMS_AT_ONCE = 100;

export interface FaultRun {
  store: StoreUnderFault;
  random: () => number;
  /** For how long something is broken. */
  milliseconds: number;
  /** Where the services keep the key of their admin. */
  dataDir: string;
  /** What was filed into this store before. */
  filed?: readonly Filing[];
  /** What happens meanwhile, until the signal aborts. */
  meanwhile: (scene: Scene) => Promise<Broken>;
  tell: (what: string) => void;
}

export interface Scene extends Omit<Mischief, 'spans'> {
  /** What was filed so far. */
  filings: readonly Filing[];
}

export interface Findings extends Verdict, Broken {
  name: string;
  /** How often connections were broken how. */
  cuts: Record<string, number>;
  /** All that is stored. */
  log: readonly StoredEvent[];
  /** What became of each filing. */
  filings: readonly Filing[];
}

/** Files into the real service over HTTP while its store, the way there and the service itself are broken; finds what came of it. */
export async function runFaults({ store, random, milliseconds, dataDir, filed = [], meanwhile, tell }: FaultRun): Promise<Findings> {
  const wrong: string[] = [];
  const services: ServiceProcess[] = [];
  const patience = new AbortController();
  try {
    for (let n = 0; n < INSTANCES; n++) {
      const died = (how: string) => wrong.push(`a service ended by itself: ${how}`);
      services.push(await ServiceProcess.start({ ...(await store.environment()), DATA_DIR: dataDir }, died));
    }
    const signal = AbortSignal.timeout(milliseconds);
    const key = (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim();
    const urls = services.map(({ url }) => url);
    const filings = [...filed];
    const newsroom: Newsroom = { urls, key, random, signal, patience: patience.signal, filings, surprises: wrong };
    const feed = await follow(store);
    const filing = Array.from({ length: FILERS }, (_, n) => new Filer(newsroom, `${filed.length}-${n}`).work());
    const broken = await meanwhile({ store, services, random, signal, filings, tell, wrong });
    store.proxy.heal();
    tell('nothing is broken any more');
    setTimeout(() => patience.abort(), RECOVERY_MS).unref();
    await Promise.all(filing);
    const log = await readLog(store);
    wrong.push(...(await notLive(services, RECOVERY_MS)), ...(await unseen(newsroom, log)), ...(await feed.judged(log)));
    wrong.push(...(await unlike(store, log)), ...(await stopAll(services)), ...(await unlikeAnew(store)));
    const verdict = judge(filings, log);
    const found = { name: store.name, cuts: store.proxy.met, log, filings };
    return { ...verdict, ...broken, ...found, wrong: [...wrong, ...verdict.wrong] };
  } finally {
    patience.abort();
    await Promise.all(services.map((service) => service.kill()));
  }
}

export async function readLog(store: StoreUnderFault): Promise<StoredEvent[]> {
  const log = await store.open('straight');
  try {
    return await log.readAll(0n, MOST_EVENTS);
  } finally {
    await log.close();
  }
}

/** Subscribes to the log from its beginning, by the same broken way as the service. */
async function follow(store: StoreUnderFault): Promise<{ judged(log: readonly StoredEvent[]): Promise<string[]> }> {
  const seen: StoredEvent[] = [];
  const stop = new AbortController();
  const log = await store.open('faulty');
  const following = (async () => {
    for await (const batch of log.subscribe(0n, { signal: stop.signal })) seen.push(...batch);
    await log.close();
  })();
  return {
    judged: async (whole) => {
      for (const deadline = Date.now() + RECOVERY_MS; seen.length < whole.length && Date.now() < deadline;) await sleep(50);
      stop.abort();
      await following;
      return judgeFeed(whole, seen, store);
    },
  };
}

/** Whether every instance serves again by itself, with views that hold all of the log. */
async function unseen({ urls, key, filings }: Newsroom, log: readonly StoredEvent[]): Promise<string[]> {
  const head = log.at(-1)?.position ?? 0n;
  const records = filings.filter(({ outcome }) => outcome === 'acknowledged').flatMap((filing) => filing.records);
  const asked = new Set(records.filter((_, index) => index % Math.ceil(records.length / 100) === 0));
  const deadline = Date.now() + RECOVERY_MS;
  const wrong: string[] = [];
  for (const url of urls) {
    for (const record of asked) {
      const ask = () => fetch(`${url}/api/v1/records/${record}?at-least=${head}`, { headers: { authorization: `Bearer ${key}` } });
      let answer = await ask();
      while (answer.status === 503 && Date.now() < deadline) {
        await sleep(200);
        answer = await ask();
      }
      if (answer.status !== 200) wrong.push(`${record}, which is on file, is answered with ${answer.status} ${await answer.text()}`);
    }
  }
  return wrong.slice(0, 20);
}

/** Whether each stream holds what the log holds for it, some seconds later: what a filer left undone is done by others. */
async function unlike(store: StoreUnderFault, events: readonly StoredEvent[]): Promise<string[]> {
  const log = await store.open('straight');
  try {
    const byStream = Map.groupBy(events, ({ stream }) => stream);
    for (const deadline = Date.now() + RECOVERY_MS; ; await sleep(500)) {
      for (const streams of chunks([...byStream.keys()], STREAMS_AT_ONCE))
        for (const [stream, own] of await log.readStreams(streams)) if (isSame(own, byStream.get(stream)!)) byStream.delete(stream);
      if (byStream.size === 0 || Date.now() > deadline) break;
    }
    return [...byStream.keys()].slice(0, 20).map((stream) => `stream ${stream} does not hold what the log holds for it`);
  } finally {
    await log.close();
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

async function stopAll(services: readonly ServiceProcess[]): Promise<string[]> {
  const codes = await Promise.all(services.map((service) => service.stop()));
  return codes.flatMap((code, n) => (code === 0 ? [] : [`service ${n} was asked to end, and ended with ${code}`]));
}
