import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BACKWARDS, END, FORWARDS, KurrentDBClient, NO_STREAM, START } from '@kurrent/kurrentdb-client';
import { seal } from '../src/event-store/event-hash.js';
import type { EventStore } from '../src/event-store/event-store.js';
import { connect } from '../src/event-store/kurrentdb/connect.js';
import { toEventData } from '../src/event-store/kurrentdb/envelope.js';
import { PostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded-postgres.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { DATA, filing, METADATA } from './filing.js';
import { interleave, measure, median, quantile, type Contender } from './rounds.js';

/** What is appended a second while a subscriber follows, and for how long. */
const PACE = 1_000;
const PACED_MS = 10_000;
const EVENTS_READ = 100_000;
const READ_AT_ONCE = 5_000;
const READ_ROUNDS = 5;

/**
 * How far a subscriber is behind on each store; and, where a KurrentDB server is named, what the port adds to the client that it goes by, to an
 * append of one event to a new stream and to reading the log.
 */
export async function run(): Promise<void> {
  print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  await withPostgres(async (store) => {
    print('\nPostgreSQL, embedded');
    await printLag(store);
  });
  const url = process.env['KURRENTDB_URL'];
  if (url === undefined)
    return print('\nKurrentDB: NOT RUN: set KURRENTDB_URL, such as KURRENTDB_URL=kurrentdb://127.0.0.1:2113?tls=false');
  const store = await connect(url, { prefix: `bench-${randomUUID()}.` });
  const client = KurrentDBClient.connectionString(url);
  try {
    print('\nKurrentDB');
    await printLag(store);
    await printAppends(store, client);
    await printReads(store, client);
  } finally {
    await store.close();
    await client.dispose();
  }
}

async function withPostgres(work: (store: EventStore) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-bench-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(server.url, { max: 10, applicationName: 'entente: bench' });
  const store = new PostgresEventStore({ pool, listen: server.url });
  try {
    await migrate(pool, { schema: 'log', dir: new URL('../src/event-store/postgres/migrations/', import.meta.url) });
    await store.open();
    await work(store);
  } finally {
    await store.close();
    await pool.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** From the answer to an append until a subscriber has its event; 0 where the event came first. */
async function printLag(store: EventStore): Promise<void> {
  const answered = new Map<string, number>();
  const came = new Map<string, number>();
  const stopping = new AbortController();
  const following = (async () => {
    for await (const events of store.subscribe((await store.head()).position, { signal: stopping.signal }))
      for (const { id } of events) came.set(id, performance.now());
  })();
  await sleep(500);
  const appends: Promise<void>[] = [];
  const began = performance.now();
  for (let due = 0; performance.now() - began < PACED_MS; await sleep(1))
    for (; due < ((performance.now() - began) * PACE) / 1_000; due += 1) appends.push(append(store, answered));
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(appends);
  for (const deadline = performance.now() + 10_000; came.size < answered.size && performance.now() < deadline;) await sleep(10);
  stopping.abort();
  await following;
  if (came.size < answered.size) throw new Error(`${answered.size - came.size} events did not come`);
  const lags = [...answered].map(([id, at]) => Math.max(0, came.get(id)! - at)).toSorted((a, b) => a - b);
  const pace = Math.round(answered.size / seconds).toLocaleString('en');
  print(
    `a subscriber at ${pace} appends/s is behind by: p50 ${quantile(lags, 0.5).toFixed(1)} ms, p99 ${quantile(lags, 0.99).toFixed(1)} ms`,
  );
}

async function append(store: EventStore, answered: Map<string, number>): Promise<void> {
  const { outcome } = await store.append(filing(false)).then((told) => {
    if (told.outcome === 'stored') answered.set(told.events[0]!.id, performance.now());
    return told;
  });
  if (outcome !== 'stored') throw new Error(`The log answered ${outcome}.`);
}

async function printAppends(store: EventStore, client: KurrentDBClient): Promise<void> {
  const raw: Contender = { name: 'client', append: () => appendRaw(client) };
  const port = (keyed: boolean): Contender => ({
    name: keyed ? 'port, with keys' : 'port',
    append: () => store.append(filing(keyed)),
  });
  const contenders = [raw, port(false), port(true)];
  for (const contender of contenders) await measure(contender, 32);
  print('writers  what             appends/s   p99 ms   × time of the client');
  for (const writers of [1, 32]) {
    const rounds = await interleave(contenders, writers);
    const perSecond = (name: string): number => median(rounds.get(name)!.map((round) => round.perSecond));
    for (const { name } of contenders) {
      const p99 = median(rounds.get(name)!.map((round) => round.p99)).toFixed(1);
      const cells = [String(writers).padStart(7), `  ${name.padEnd(15)}`, Math.round(perSecond(name)).toLocaleString('en').padStart(11)];
      print([...cells, p99.padStart(9), (perSecond(raw.name) / perSecond(name)).toFixed(2).padStart(10)].join(''));
    }
  }
}

/** What the port stores, without the port. */
async function appendRaw(client: KurrentDBClient): Promise<void> {
  const { streams } = filing(false);
  const { stream, events } = streams[0]!;
  const { hash } = seal(events[0]!, stream, 1);
  const event = { ...events[0]!, stream, version: 1, hash, recordedAt: new Date() };
  await client.appendToStream(`raw-${stream}`, toEventData(event, {}), { streamState: NO_STREAM });
}

/** The same stretch of the server's log, by the client and by the port. */
async function printReads(store: EventStore, client: KurrentDBClient): Promise<void> {
  const before = (await store.head()).position;
  const from = await endOf(client);
  for (let stored = 0; stored < EVENTS_READ; stored += 100) await appendHundred(store);
  const took = { client: [] as number[], port: [] as number[] };
  for (let round = 0; round < READ_ROUNDS; round += 1) {
    took.client.push(await timed(() => readRaw(client, from)));
    took.port.push(await timed(() => readPort(store, before)));
  }
  const seconds = { client: median(took.client) / 1_000, port: median(took.port) / 1_000 };
  const rate = (each: number): string => `${Math.round(EVENTS_READ / each).toLocaleString('en')} events/s`;
  const times = (seconds.port / seconds.client).toFixed(2);
  print(
    `reading ${EVENTS_READ.toLocaleString('en')} events: client ${rate(seconds.client)}, port ${rate(seconds.port)}: ${times} × its time`,
  );
}

async function appendHundred(store: EventStore): Promise<void> {
  const events = Array.from({ length: 100 }, () => ({
    id: randomUUID(),
    type: 'StatementRecorded',
    schema: 1,
    data: DATA,
    metadata: METADATA,
  }));
  await store.append({ streams: [{ stream: `statement-${randomUUID()}`, expectedVersion: 0, events }] });
}

async function endOf(client: KurrentDBClient): Promise<typeof START | { commit: bigint; prepare: bigint }> {
  for await (const { event } of client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 1 })) if (event) return event.position;
  return START;
}

async function readRaw(client: KurrentDBClient, from: Awaited<ReturnType<typeof endOf>>): Promise<number> {
  let count = 0;
  for await (const { event } of client.readAll({ fromPosition: from, direction: FORWARDS, maxCount: EVENTS_READ + 1 }))
    if (event) count += 1;
  return count;
}

async function readPort(store: EventStore, after: bigint): Promise<number> {
  let count = 0;
  for (let last = after; ;) {
    const events = await store.readAll(last, READ_AT_ONCE);
    if (events.length === 0) return count;
    count += events.length;
    last = events.at(-1)!.position;
  }
}

async function timed(read: () => Promise<number>): Promise<number> {
  const began = performance.now();
  const count = await read();
  if (count < EVENTS_READ) throw new Error(`only ${count} events were read`);
  return performance.now() - began;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
