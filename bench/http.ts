import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startService } from './service.js';

const CONNECTIONS = 64;
const ROUND_S = 5;
const ROUNDS = 3;
/** The compiler takes its time. */
const WARM_UP_S = 10;

interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  memoryMb: number;
}

/**
 * `POST /statements` with full validation beside an empty GET of the same server, over 64 connections: requests per second, latency
 * in ms, and the largest resident memory of the service. Service, database and load share the machine; rounds are interleaved.
 */
export async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-bench-'));
  const service = await startService(join(dataDir, 'data'));
  try {
    const { url, headers } = service;
    const body = JSON.stringify(await statement(url, headers));
    const get = { url: `${url}/api/v1/health/live` };
    const post = { url: `${url}/api/v1/statements`, method: 'POST' as const, headers, body };
    const keyed = { ...post, setupClient: giveKeys(headers, body) };
    for (const load of [get, post]) await measure(load, WARM_UP_S, service.process);
    const rounds: Record<'get' | 'post' | 'keyed', Measured[]> = { get: [], post: [], keyed: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.get.push(await measure(get, ROUND_S, service.process));
      rounds.post.push(await measure(post, ROUND_S, service.process));
      rounds.keyed.push(await measure(keyed, ROUND_S, service.process));
    }
    print(rounds);
  } finally {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A statement as an editor would file it. */
async function statement(url: string, headers: Record<string, string>): Promise<object> {
  const file = async (path: string, body: object): Promise<string> => {
    const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(await answer.text());
    return ((await answer.json()) as { id: string }).id;
  };
  const source = await file('sources', { title: 'A benchmark', publishedAt: '2026-01-08' });
  const said = {
    summary: 'The US president says military action against Colombia would be possible',
    occurred: '2026-01-05',
    channel: 'press',
    speechAct: 'threaten',
    modality: 'hypothetical',
    speakers: [{ party: 'USA', name: 'Donald Trump', role: 'President', kind: 'person' }],
    addressees: [{ party: 'COL', kind: 'government' }],
    citations: [{ source, locator: 'paragraph 2' }],
  };
  return said;
}

/** Every request with an idempotency key of its own. */
function giveKeys(headers: Record<string, string>, body: string): (client: autocannon.Client) => void {
  let n = 0;
  const next = (): void => void (n += 1);
  return (client) => {
    const send = (): void => {
      next();
      client.setHeadersAndBody({ ...headers, 'idempotency-key': `bench-${process.pid}-${n}` }, body);
    };
    send();
    client.on('response', send);
  };
}

async function measure(load: autocannon.Options, seconds: number, service: ChildProcess): Promise<Measured> {
  let memoryMb = 0;
  const watch = setInterval(() => void memoryOf(service).then((mb) => (memoryMb = Math.max(memoryMb, mb))), 250);
  const result = await autocannon({ ...load, connections: CONNECTIONS, duration: seconds });
  clearInterval(watch);
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} answers that were no success, ${result.errors} errors`);
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99, memoryMb };
}

async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

function print({ get, post, keyed }: Record<'get' | 'post' | 'keyed', Measured[]>): void {
  const row = (name: string, rounds: Measured[]): object => ({
    '': name,
    'requests/s': Math.round(median(rounds.map(({ perSecond }) => perSecond))),
    'p50 ms': median(rounds.map(({ p50 }) => p50)),
    'p99 ms': median(rounds.map(({ p99 }) => p99)),
    'memory MB': Math.round(Math.max(...rounds.map(({ memoryMb }) => memoryMb))),
    'of the GET': ratio(rounds, get),
  });
  const rows = [row('empty GET', get), row('POST /statements', post), row('POST /statements with a key', keyed)];
  process.stdout.write(`${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${ROUND_S} s\n`);
  console.table(rows);
}

function ratio(rounds: readonly Measured[], get: readonly Measured[]): string {
  return median(rounds.map(({ perSecond }, i) => perSecond / get[i]!.perSecond)).toFixed(3);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
