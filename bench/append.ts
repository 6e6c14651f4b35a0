import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Append, EventStore } from '../src/event-store/event-store.js';
import { PostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded-postgres.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';

/**
 * Appends per second into the embedded PostgreSQL, one event of about 400 bytes to a new stream each, beside a floor: the
 * same row inserted by one statement in a transaction of its own, from the same process, into a table with the same columns
 * and indexes. Rounds of all of them are interleaved, so that whatever else the machine does falls on each alike.
 */
const WRITERS = [1, 8, 32, 128];
const ROUNDS = 5;
const ROUND_MS = 1000;
/** More connections than this make the floor slower, not faster. */
const FLOOR_CONNECTIONS = 32;

interface Round {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

interface Contender {
  name: string;
  append: () => Promise<unknown>;
}

export async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-bench-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(server.url, { max: FLOOR_CONNECTIONS, applicationName: 'entente: bench' });
  const store = new PostgresEventStore({ pool });
  try {
    await migrate(pool, { schema: 'log', dir: new URL('../src/event-store/postgres/migrations/', import.meta.url) });
    await store.open();
    await pool.query('create table floor (like log.event including all)');
    await measureAll(pool, [storeContender(store, false), storeContender(store, true), floorContender(pool)]);
  } finally {
    await store.close();
    await pool.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureAll(pool: Pool, contenders: Contender[]): Promise<void> {
  const { rows } = await pool.query<{ server_version: string; fsync: string }>(
    `select current_setting('server_version') as server_version, current_setting('fsync') as fsync`,
  );
  print(`PostgreSQL ${rows[0]?.server_version}, fsync ${rows[0]?.fsync}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  print(`median of ${ROUNDS} interleaved rounds of ${ROUND_MS / 1000} s`);
  for (const contender of contenders) await measure(contender, 32);
  print('\nwriters  what            appends/s   p50 ms   p99 ms   × floor');
  for (const writers of WRITERS) {
    const rounds = await interleave(contenders, writers);
    const floor = median(rounds.get('floor')!.map(({ perSecond }) => perSecond));
    for (const { name } of contenders) print(line(writers, name, rounds.get(name)!, floor));
  }
}

async function interleave(contenders: Contender[], writers: number): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  for (let number = 0; number < ROUNDS; number++) {
    for (const contender of contenders) rounds.get(contender.name)!.push(await measure(contender, writers));
  }
  return rounds;
}

async function measure(contender: Contender, writers: number): Promise<Round> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + ROUND_MS;
  const write = async () => {
    for (let before = performance.now(); before < end;) {
      await contender.append();
      const now = performance.now();
      latencies.push(now - before);
      before = now;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return { perSecond: latencies.length / seconds, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

/** As the service does it: time-ordered ids without a key, hashed and therefore scattered ones with a key. */
function storeContender(store: EventStore, keyed: boolean): Contender {
  const append = async () => {
    const { outcome } = await store.append(filing(keyed));
    if (outcome !== 'stored') throw new Error(`The log answered ${outcome}.`);
  };
  return { name: keyed ? 'log, with keys' : 'log', append };
}

/** A UUIDv7 made at so little cost that it does not count: half of it is a random UUID. */
function timeOrderedId(): string {
  const milliseconds = Date.now().toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${randomUUID().slice(15)}`;
}

const KEY_HASH = createHash('sha256').update('{}').digest('hex');

function filing(keyed: boolean): Append {
  const id = keyed ? randomUUID : timeOrderedId;
  const event = { id: id(), type: 'StatementRecorded', schema: 1, data: DATA, metadata: METADATA };
  const streams = [{ stream: `statement-${id()}`, expectedVersion: 0, events: [event] }];
  return keyed ? { streams, key: { id: randomUUID(), hash: KEY_HASH } } : { streams };
}

function floorContender(pool: Pool): Contender {
  let position = 0;
  const hash = createHash('sha256').update('{}').digest();
  const text = `insert into floor (position, recorded_at, version, schema, stream, id, hash, type, data, metadata)
    values ($1, clock_timestamp(), 1, 1, $2, $3, $4, 'StatementRecorded', $5, $6)`;
  const append = () =>
    pool.query({
      name: 'floor',
      text,
      values: [++position, `statement-${timeOrderedId()}`, timeOrderedId(), hash, JSON.stringify(DATA), JSON.stringify(METADATA)],
    });
  return { name: 'floor', append };
}

const DATA = {
  by: 'USA',
  about: ['COL'],
  on: { edtf: '2025-10-19', asWritten: 'on Sunday' },
  form: 'social-media-post',
  stance: 'hostile',
  gist: 'Announces that payments and subsidies to the country end, and names its president as the reason.',
  citation: { source: 'source-018f3a5c-7c1e-7d33-9a51-2f8b7f0c1d2e', locator: 'paragraph 4', quote: 'no longer be made' },
};
const METADATA = { by: 'desk', entry: 3 };

function line(writers: number, name: string, rounds: Round[], floor: number): string {
  const perSecond = median(rounds.map((round) => round.perSecond));
  const milliseconds = (pick: (round: Round) => number) => median(rounds.map(pick)).toFixed(1).padStart(9);
  const columns = [String(writers).padStart(7), `  ${name.padEnd(14)}`, Math.round(perSecond).toLocaleString('en').padStart(11)];
  return [...columns, milliseconds(({ p50 }) => p50), milliseconds(({ p99 }) => p99), (perSecond / floor).toFixed(2).padStart(10)].join('');
}

function median(values: number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Of sorted values. */
function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
