import { setTimeout as sleep } from 'node:timers/promises';
import { notUnwell } from './health.js';
import type { Fault } from './phase-proxy.js';
import type { ServiceProcess } from './service-process.js';
import type { StoreUnderFault } from './store-under-fault.js';

export interface Mischief {
  store: StoreUnderFault;
  services: readonly ServiceProcess[];
  random: () => number;
  signal: AbortSignal;
  spans: Spans;
  tell: (what: string) => void;
  /** What is not as it should be meanwhile. */
  wrong: string[];
}

/** For how long the server does not serve, in milliseconds. */
export interface Spans {
  /** It is stopped by SIGSTOP. */
  frozen: number;
  /** It is gone, once in a run. */
  gone: number;
  /** It hangs, once in a run; left out of shorter ones. */
  hanging?: number;
}

/** How often what was killed, and what else the server went through. */
export interface Broken {
  kills: Record<string, number>;
  halts: Record<string, number>;
}

/** Longer than the service waits for its store. */
const LONG_STALL_MS = 7_000;
/** Of all faults: while one append is stalled, others wait, and nothing else can break. */
const STALLS = 0.15;
const LONG_STALLS = 0.01;
/** A few bytes are what tells the server to commit: an interruption before them is rare, and the nastiest. */
const SHORT_TAIL = 16;
/** How long a server may write on a full disk without meeting it: it has some room put by. */
const MET_WITHIN_MS = 20_000;

/** Breaks connections in every phase of an append, one after the other, until the signal aborts. */
export async function cutConnections({ store, random, signal }: Pick<Mischief, 'store' | 'random' | 'signal'>): Promise<void> {
  while (!signal.aborted) {
    store.proxy.breakNext(anyFault(random));
    await pause(20 + random() * 130, signal);
  }
}

function anyFault(random: () => number): Fault {
  const tail = 1 + Math.floor(random() * (random() < 0.5 ? SHORT_TAIL : 1_000));
  const dice = random();
  if (dice < STALLS) {
    const milliseconds = dice < LONG_STALLS ? LONG_STALL_MS : random() * 500;
    return random() < 0.5 ? { kind: 'stall-request', tail, milliseconds } : { kind: 'stall-answer', milliseconds };
  }
  const faults: Fault[] = [
    { kind: 'cut-request', tail },
    { kind: 'cut-commit', after: random() * 4 },
    { kind: 'cut-answer' },
    { kind: 'cut-all' },
    { kind: 'slow', milliseconds: random() * 20 },
  ];
  return faults[Math.floor(random() * faults.length)]!;
}

/**
 * Kills and stops the server and the services in turn, in any order, until the signal aborts, and fills the server's disk where that can be
 * done. First comes what each run is to meet, however short it is: a full disk, and a server that is away for long.
 */
export async function killInTurn(mischief: Mischief): Promise<Broken> {
  const { store, random, signal, spans } = mischief;
  const broken: Broken = { kills: {}, halts: {} };
  const filling = store.disk ? [fillDisk, exhaustDisk] : [];
  const deeds: Deed[] = [killServer, killService, freezeServer, ...filling, ...store.killBefore.map(killBefore)];
  const met: Deed[] = [...filling, removeServer, ...(spans.hanging === undefined ? [] : [hangServer])];
  await pause(1_000, signal);
  for (const deed of met) {
    await deed(mischief, broken);
    await pause(1_000 + random() * 2_000, signal);
  }
  while (!signal.aborted) {
    for (const deed of deeds.toSorted(() => random() - 0.5)) {
      if (!signal.aborted) await deed(mischief, broken);
      await pause(1_000 + random() * 2_000, signal);
    }
  }
  return broken;
}

type Deed = (mischief: Mischief, broken: Broken) => Promise<void>;

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

const killServer: Deed = async ({ store, random, tell }, { kills }) => {
  count(kills, 'the server');
  tell('the server is killed');
  await store.server.kill();
  await sleep(random() * 1_500);
  await store.server.start();
};

const killService: Deed = async ({ services, random, tell }, { kills }) => {
  count(kills, 'a service');
  tell('a service is killed');
  const service = services[Math.floor(random() * services.length)]!;
  await service.kill();
  await sleep(random() * 1_000);
  await service.start();
};

const freezeServer: Deed = async ({ store, spans, tell }, { halts }) => {
  count(halts, `frozen for ${seconds(spans.frozen)}`);
  tell(`the server is stopped for ${seconds(spans.frozen)}`);
  store.server.freeze();
  await sleep(spans.frozen);
  store.server.thaw();
};

/** Killed, and nobody listens in its place; every service says so. */
const removeServer: Deed = async ({ store, services, spans, tell, wrong }, { kills, halts }) => {
  count(kills, 'the server');
  count(halts, `gone for ${seconds(spans.gone)}`);
  tell(`the server is gone for ${seconds(spans.gone)}`);
  await store.server.kill();
  await sleep(spans.gone);
  wrong.push(...(await notUnwell(services)));
  await store.server.start();
  tell('the server is back');
};

const hangServer: Deed = async ({ store, services, spans, tell, wrong }, { halts }) => {
  const span = spans.hanging!;
  count(halts, `hanging for ${seconds(span)}`);
  tell(`the server hangs for ${seconds(span)}`);
  store.server.freeze();
  await sleep(span);
  wrong.push(...(await notUnwell(services)));
  store.server.thaw();
};

/** Until the server has met it, and somewhat longer. */
const fillDisk: Deed = async ({ store: { disk }, random, tell, wrong }, { halts }) => {
  count(halts, 'without room on the disk');
  tell('the disk is full');
  const { refused } = await disk!.met();
  await disk!.fill();
  if (!(await becomes(async () => (await disk!.met()).refused > refused))) wrong.push('the disk was full, and the server has not met it');
  await sleep(1_000 + random() * 4_000);
  await disk!.free();
  tell('the disk has room again');
};

/** Until the server has given up, and is started again. */
const exhaustDisk: Deed = async ({ store: { disk, server }, random, tell, wrong }, { halts }) => {
  count(halts, 'ended by a full disk');
  tell('the disk is full, also for the write-ahead log');
  const { gaveUp } = await disk!.met();
  await disk!.fill();
  const hasGivenUp = async (): Promise<boolean> => {
    await disk!.exhaust();
    return (await disk!.met()).gaveUp > gaveUp;
  };
  if (!(await becomes(hasGivenUp))) wrong.push('the disk was full, and the server has not ended');
  await sleep(1_000 + random() * 4_000);
  await disk!.free();
  await server.start();
  tell('the disk has room again, and the server runs');
};

async function becomes(isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + MET_WITHIN_MS;
  for (; Date.now() < deadline; await sleep(200)) if (await isSo()) return true;
  return false;
}

/** Which service it is falls to the one that comes to this append first. */
function killBefore(append: string): Deed {
  return async ({ store, services, random, signal, tell }, { kills }) => {
    const door = await store.proxy.killAt(append, (at) => void services[at]!.kill(), signal);
    if (door === undefined) return;
    count(kills, `a service before the ${append}`);
    tell(`a service is killed before the ${append}`);
    await services[door]!.kill();
    await sleep(random() * 1_000);
    await services[door]!.start();
  };
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1_000} s`;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
