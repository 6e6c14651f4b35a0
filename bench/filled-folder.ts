import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../src/event-store/event-store.js';
import { PostgresEventStore } from '../src/event-store/postgres/postgres-event-store.js';
import { startEmbeddedPostgres } from '../src/postgres/embedded-postgres.js';
import { migrate } from '../src/postgres/migrate.js';
import { createPool } from '../src/postgres/pool.js';
import { generate, type LogPlan } from './generate.js';

const BATCH = 1_000;
const MARK = 'filled.json';

/**
 * The service's data folder at `dataDir`, with a log made by this plan. One that was filled before, by the same plan up to whatever day,
 * is taken as it is; one that was given up half way is filled anew. Answers the plan of its log.
 */
export async function fillFolder(dataDir: string, plan: LogPlan): Promise<LogPlan> {
  const before = await readMark(dataDir);
  if (before !== undefined && before.events === plan.events && before.seed === plan.seed && before.wireOnly === plan.wireOnly)
    return before;
  if (existsSync(dataDir) && !existsSync(join(dataDir, 'postgres'))) throw new Error(`${dataDir} is no data folder; name another one`);
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  await withDatabase(dataDir, (pool) => fillLog(pool, plan));
  await writeFile(join(dataDir, MARK), JSON.stringify(plan));
  return plan;
}

/** Takes the views away, so that the service builds them anew. */
export function dropViews(dataDir: string): Promise<void> {
  return withDatabase(dataDir, async (pool) => void (await pool.query('drop schema if exists view cascade')));
}

/** What the database does by itself when it has an hour of rest after a bulk load, and its files in the memory of the machine as after a day. */
export function settleDatabase(dataDir: string): Promise<void> {
  return withDatabase(dataDir, async (pool) => {
    await pool.query('vacuum (analyze)');
    await pool.query('checkpoint');
    for (const table of ['record_belief', 'happening', 'move', 'place', 'source']) await pool.query(`select count(t) from view.${table} t`);
  });
}

/** Bytes on disk, with indexes, of the log and of the views. */
export async function sizesOf(dataDir: string): Promise<{ log: number; view: number }> {
  const sizes = { log: 0, view: 0 };
  await withDatabase(dataDir, async (pool) => {
    const { rows } = await pool.query<{ schema: 'log' | 'view'; bytes: bigint }>(
      `select relnamespace::regnamespace::text as schema, sum(pg_total_relation_size(oid))::bigint as bytes from pg_class
       where relkind = 'r' and relnamespace in ('log'::regnamespace, 'view'::regnamespace) group by 1`,
    );
    for (const { schema, bytes } of rows) sizes[schema] = Number(bytes);
  });
  return sizes;
}

async function readMark(dataDir: string): Promise<LogPlan | undefined> {
  const text = await readFile(join(dataDir, MARK), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LogPlan);
}

async function withDatabase(dataDir: string, work: (pool: Pool) => Promise<void>): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(server.url, { max: 2, applicationName: 'entente: bench' });
  try {
    await work(pool);
  } finally {
    await pool.end();
    await server.stop();
  }
}

async function fillLog(pool: Pool, plan: LogPlan): Promise<void> {
  await migrate(pool, { schema: 'log', dir: new URL('../src/event-store/postgres/migrations/', import.meta.url) });
  const store = new PostgresEventStore({ pool });
  await store.open();
  try {
    await restoreAll(store, plan);
  } finally {
    await store.close();
  }
}

/** The next events are made while the last ones are being stored. */
async function restoreAll(store: EventStore, plan: LogPlan): Promise<void> {
  let storing: Promise<void> = Promise.resolve();
  let batch: StoredEvent[] = [];
  for (const event of generate(plan)) {
    if (batch.push(event) < BATCH) continue;
    await storing;
    storing = store.restore(batch);
    batch = [];
    // Making events never waits: without a pause the batch would not even be sent.
    await turnOfTheLoop();
  }
  await storing;
  if (batch.length > 0) await store.restore(batch);
}
