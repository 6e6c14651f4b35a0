import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { EventStore } from '../src/event-store/event-store.js';
import { PostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded-postgres.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { DATA, filing, METADATA, timeOrderedId } from './filing.js';
import { interleave, measure, median, ROUND_MS, ROUNDS, type Contender, type Round } from './rounds.js';

/**
 * Appends per second into the embedded PostgreSQL, one event of about 400 bytes to a new stream each, beside a floor: the
 * same row inserted by one statement in a transaction of its own, from the same process, into a table with the same columns
 * and indexes. Rounds of all of them are interleaved, so that whatever else the machine does falls on each alike.
 */
const WRITERS = [1, 8, 32, 128];
/** More connections than this make the floor slower, not faster. */
const FLOOR_CONNECTIONS = 32;

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

/** As the service does it: time-ordered ids without a key, hashed and therefore scattered ones with a key. */
function storeContender(store: EventStore, keyed: boolean): Contender {
  const append = async () => {
    const { outcome } = await store.append(filing(keyed));
    if (outcome !== 'stored') throw new Error(`The log answered ${outcome}.`);
  };
  return { name: keyed ? 'log, with keys' : 'log', append };
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

function line(writers: number, name: string, rounds: Round[], floor: number): string {
  const perSecond = median(rounds.map((round) => round.perSecond));
  const milliseconds = (pick: (round: Round) => number) => median(rounds.map(pick)).toFixed(1).padStart(9);
  const columns = [String(writers).padStart(7), `  ${name.padEnd(14)}`, Math.round(perSecond).toLocaleString('en').padStart(11)];
  return [...columns, milliseconds(({ p50 }) => p50), milliseconds(({ p99 }) => p99), (perSecond / floor).toFixed(2).padStart(10)].join('');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
