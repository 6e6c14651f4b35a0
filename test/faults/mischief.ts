import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './phase-proxy.js';
import type { ServiceProcess } from './service-process.js';
import type { StoreUnderFault } from './store-under-fault.js';

export interface Mischief {
  store: StoreUnderFault;
  services: readonly ServiceProcess[];
  random: () => number;
  signal: AbortSignal;
  /** How long the server is stopped by SIGSTOP, in milliseconds. */
  frozenFor: number;
  tell: (what: string) => void;
}

/** Longer than the service waits for its store. */
const LONG_STALL_MS = 7_000;
/** Of all faults: while one append is stalled, others wait, and nothing else can break. */
const STALLS = 0.15;
const LONG_STALLS = 0.01;
/** A few bytes are what tells the server to commit: an interruption before them is rare, and the nastiest. */
const SHORT_TAIL = 16;

/** Breaks connections in every phase of an append, one after the other, until the signal aborts. */
export async function cutConnections({ store, random, signal }: Mischief): Promise<void> {
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

/** Kills and stops the server and the services in turn, in any order, until the signal aborts; how often what was killed. */
export async function killInTurn(mischief: Mischief): Promise<Record<string, number>> {
  const { store, random, signal } = mischief;
  const kills: Record<string, number> = {};
  const count = (what: string): void => void (kills[what] = (kills[what] ?? 0) + 1);
  const deeds = [
    () => killServer(mischief, count),
    () => killService(mischief, count),
    () => freezeServer(mischief),
    ...store.killBefore.map((append) => () => killBefore(append, mischief, count)),
  ];
  await pause(1_000, signal);
  while (!signal.aborted) {
    for (const deed of deeds.toSorted(() => random() - 0.5)) {
      if (!signal.aborted) await deed();
      await pause(1_000 + random() * 2_000, signal);
    }
  }
  return kills;
}

type Count = (what: string) => void;

async function killServer({ store, random, tell }: Mischief, count: Count): Promise<void> {
  count('the server');
  tell('the server is killed');
  await store.server.kill();
  await sleep(random() * 1_500);
  await store.server.start();
}

async function killService({ services, random, tell }: Mischief, count: Count): Promise<void> {
  count('a service');
  tell('a service is killed');
  const service = services[Math.floor(random() * services.length)]!;
  await service.kill();
  await sleep(random() * 1_000);
  await service.start();
}

/** Which service it is falls to the one that comes to this append first. */
async function killBefore(append: string, { store, services, random, signal, tell }: Mischief, count: Count): Promise<void> {
  const door = await store.proxy.killAt(append, (at) => void services[at]!.kill(), signal);
  if (door === undefined) return;
  count(`a service before the ${append}`);
  tell(`a service is killed before the ${append}`);
  await services[door]!.kill();
  await sleep(random() * 1_000);
  await services[door]!.start();
}

async function freezeServer({ store, frozenFor, tell }: Mischief): Promise<void> {
  tell(`the server is stopped for ${frozenFor} ms`);
  store.server.freeze();
  await sleep(frozenFor);
  store.server.thaw();
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
