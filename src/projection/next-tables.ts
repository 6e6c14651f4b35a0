import { availableParallelism } from 'node:os';
import type { Pool, PoolClient } from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { AS_LONG_AS_IT_TAKES } from '../postgres/pool.js';
import { isOf, readCheckpoint, type Viewed } from './checkpoint.js';
import { BELIEVED, COLUMNS } from './columns.js';
import { TABLES, tableIn, type TableName } from './generation.js';
import { inTransaction } from './in-transaction.js';

/** Beliefs that are ended: their rows are ended when all are there. */
export const ENDING = 'view.filling_ending';
/** Nobody but the rebuild looks at what is filled. */
const LEFT_ALONE = ['autovacuum_enabled = off'];
/** Sorts of this size are done in memory, beside what the server keeps. */
const WITH_ROOM = `set local maintenance_work_mem = '256MB'; set local work_mem = '128MB'`;
/** Tables that are finished at once: half of a machine on which the database is too is for filings. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2));

/** How far the next generation has come. */
export interface Begun {
  log: string;
  position: bigint;
  /** Whether the log is read into it: from then on it is projected as the views that answer are. */
  filled: boolean;
}

interface Dropped {
  position: bigint;
  record: string;
  version: number;
  type: string;
}

/**
 * Takes up what was begun of the next generation. What was begun of another log, or before this one was restored from a backup, or for tables
 * of another version, is of no use; nor what a crash of the server emptied.
 */
export async function openNext(pool: Pool, store: EventStore, log: string): Promise<Begun> {
  const live = await readCheckpoint(pool);
  const moved = live !== undefined && !(await isOf(store, log, live));
  // Then what was begun may know of dropped events at positions that are given to others.
  const restored = moved && live.log === log;
  const begun = restored ? undefined : await findBegun(pool);
  if (begun && (await isOf(store, log, begun))) return { log, position: begun.position, filled: begun.filled };
  await dropNext(pool);
  await inTransaction(pool, async (client) => {
    await makeFilling(client, log);
    if (moved) await findDropped(client, store);
  });
  return { log, position: 0n, filled: false };
}

async function findBegun(pool: Pool): Promise<(Viewed & { filled: boolean }) | undefined> {
  const { rows } = await pool.query<{ filling: boolean; finishing: boolean; next: boolean }>(`
    select to_regclass('view.filling_checkpoint') is not null as filling,
      exists (select from pg_class where relnamespace = 'view'::regnamespace and starts_with(relname, 'next_')) as finishing,
      to_regclass('view.next_checkpoint') is not null as next`);
  const { filling, finishing, next } = rows[0]!;
  if (!filling && !next) return undefined;
  const generation = next ? 'next' : 'filling';
  const table = tableIn(generation, 'checkpoint');
  const sql = `select obj_description($1::regclass) = (select max(number)::text from view.migration) as "isOfThisVersion"`;
  const [version] = (await pool.query<{ isOfThisVersion: boolean }>(sql, [table])).rows;
  if (!version!.isOfThisVersion) return undefined;
  const checkpoint = await readCheckpoint(pool, generation);
  return checkpoint && { ...checkpoint, filled: finishing };
}

/** Not logged: after a crash of the server they are empty, and the log is read again from its beginning. */
async function makeFilling(client: PoolClient, log: string): Promise<void> {
  for (const name of TABLES)
    await client.query(
      `create unlogged table ${tableIn('filling', name)} (like ${tableIn('live', name)} including defaults including storage) ${await settingsOf(client, name, LEFT_ALONE)}`,
    );
  await client.query(
    `create unlogged table ${ENDING} (record text not null, known_from bigint not null, known_to bigint not null) with (${LEFT_ALONE.join()})`,
  );
  // What is looked up while the log is read.
  await client.query(`alter table ${tableIn('filling', 'record_belief')} add primary key (record, known_from)`);
  await client.query(`create index filling_leaning on ${tableIn('filling', 'leans')} (leans_on, why, record) where why <> 'cites'`);
  await client.query(
    `insert into ${tableIn('filling', 'checkpoint')} (log, position, edition)
     values ($1, 0, coalesce((select edition from ${tableIn('live', 'checkpoint')}), 0))`,
    [log],
  );
  // What was given up stays so; all else that is parked is tried again on the way. What is decided from now on is carried over (carry-over.ts).
  await client.query(`insert into ${tableIn('filling', 'parked')} select * from ${tableIn('live', 'parked')} where dropped_at is not null`);
  await describe(client, 'filling');
}

/** What was given up has another position in another log; or none, where that log does not hold it. */
async function findDropped(client: PoolClient, store: EventStore): Promise<void> {
  const table = tableIn('filling', 'parked');
  const { rows } = await client.query<Dropped>(`select position, record, version, type from ${table}`);
  const streams = await store.readStreams([...new Set(rows.map(({ record }) => record))]);
  const found = rows.flatMap(({ position, record, version, type }) => {
    const event = streams.get(record)!.find((each) => each.version === version && each.type === type);
    return event === undefined ? [] : [{ before: position, now: event.position }];
  });
  const before = found.map((each) => each.before);
  await client.query(`delete from ${table} where position <> all ($1)`, [before]);
  const sql = `update ${table} set position = now from unnest($1::bigint[], $2::bigint[]) as found (before, now) where position = before`;
  await client.query(sql, [before, found.map((each) => each.now)]);
}

/** The last migration of the views is what tells whether tables that were begun can be gone on with. */
async function describe(client: PoolClient, generation: 'next' | 'filling'): Promise<void> {
  const { rows } = await client.query<{ version: string }>('select max(number)::text as version from view.migration');
  await client.query(`comment on table ${tableIn(generation, 'checkpoint')} is '${rows[0]!.version}'`);
}

/** SQL: the settings of a table that answers, with others. */
async function settingsOf(client: PoolClient, name: TableName, others: readonly string[] = []): Promise<string> {
  const sql = `select coalesce(reloptions, '{}') as settings from pg_class where oid = $1::regclass`;
  const { rows } = await client.query<{ settings: string[] }>(sql, [tableIn('live', name)]);
  const settings = [...others, ...rows[0]!.settings];
  return settings.length === 0 ? '' : `with (${settings.join(', ')})`;
}

/** Makes the next tables from what was filled, each with its indexes; may be cut off between any two. */
export async function finishNext(pool: Pool, signal: AbortSignal, told: (table: TableName) => void): Promise<void> {
  if (!(await exists(pool, ENDING))) return;
  await pool.query({ ...AS_LONG_AS_IT_TAKES, text: `analyze ${ENDING}` });
  const left = TABLES.filter((name) => name !== 'checkpoint');
  const finishOnAndOn = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined && !signal.aborted; name = left.shift()) {
      told(name);
      await finish(pool, name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, finishOnAndOn));
  if (signal.aborted) return;
  // It says that all the others are there.
  await finish(pool, 'checkpoint');
  await dropFilling(pool);
}

/** In one transaction: where the server logs no more than it must, it need not log what is made and filled in the same one. */
async function finish(pool: Pool, name: TableName): Promise<void> {
  const table = tableIn('next', name);
  if (await exists(pool, table)) return;
  await inTransaction(pool, async (client) => {
    await client.query(WITH_ROOM);
    await client.query(
      `create table ${table} (like ${tableIn('live', name)} including defaults including storage including constraints) ${await settingsOf(client, name)}`,
    );
    for (const text of [fillingOf(name), ...(await indexesOf(client, name))]) await client.query({ ...AS_LONG_AS_IT_TAKES, text });
    if (name === 'checkpoint') await describe(client, 'next');
  });
  await pool.query({ ...AS_LONG_AS_IT_TAKES, text: `analyze ${table}` });
}

/** Ends what is no longer believed; of what several pages name, each without regard to the others, one row is enough. */
function fillingOf(name: TableName): string {
  const from = tableIn('filling', name);
  if (name === 'checkpoint' || name === 'parked') return `insert into ${tableIn('next', name)} select * from ${from}`;
  const columns = Object.keys(COLUMNS[name]);
  const insert = `insert into ${tableIn('next', name)} (${columns.join(', ')}) select`;
  if (name === 'leans' || name === 'resting') return `${insert} distinct ${columns.join(', ')} from ${from}`;
  if (name === 'recorded') return `${insert} recorded_at, max(position) from ${from} group by recorded_at`;
  if (name === 'unknown') return `${insert} type, sum(events) from ${from} group by type`;
  const id = BELIEVED.find(([table]) => table === name)?.[1];
  if (id === undefined) return `${insert} ${columns.join(', ')} from ${from}`;
  const ended = columns.map((column) => (column === 'known_to' ? 'coalesce(t.known_to, e.known_to)' : `t.${column}`));
  return `${insert} ${ended.join(', ')} from ${from} t left join ${ENDING} e on e.record = t.${id} and e.known_from = t.known_from`;
}

/** What makes the indexes and keys of a table that answers, for the next one. */
async function indexesOf(client: PoolClient, name: TableName): Promise<string[]> {
  const { rows } = await client.query<{ index: string; definition: string; key: boolean }>(
    `select relname as index, pg_get_indexdef(indexrelid) as definition, indisprimary as key
     from pg_index join pg_class on pg_class.oid = indexrelid where indrelid = $1::regclass order by relname`,
    [tableIn('live', name)],
  );
  const table = tableIn('next', name);
  return rows.flatMap(({ index, definition, key }) => {
    const [, unique = '', how] = /^CREATE (UNIQUE )?INDEX .*? (USING .*)$/.exec(definition)!;
    const made = `create ${unique}index next_${index} on ${table} ${how}`;
    return key ? [made, `alter table ${table} add constraint next_${index} primary key using index next_${index}`] : [made];
  });
}

/** Takes away what was begun. */
export async function dropNext(pool: Pool): Promise<void> {
  await pool.query(`drop table if exists ${TABLES.map((name) => tableIn('next', name)).join(', ')}`);
  await dropFilling(pool);
}

async function dropFilling(pool: Pool): Promise<void> {
  await pool.query(`drop table if exists ${[...TABLES.map((name) => tableIn('filling', name)), ENDING].join(', ')}`);
}

/** Puts the next generation in the place of the one that answers, which goes. The caller holds every table, so that nobody reads half of each. */
export async function exchange(client: PoolClient): Promise<void> {
  // What instances keep in memory of the one that goes is of an edition before.
  await client.query('update view.next_checkpoint set edition = 1 + coalesce((select max(edition) from view.checkpoint), 0)');
  await client.query(`drop table ${TABLES.map((name) => tableIn('live', name)).join(', ')}`);
  await client.query('comment on table view.next_checkpoint is null');
  for (const name of TABLES) await client.query(`alter table ${tableIn('next', name)} rename to ${name}`);
  const sql = `select indexname as name from pg_indexes where schemaname = 'view' and tablename = any($1) and starts_with(indexname, 'next_')`;
  const { rows } = await client.query<{ name: string }>(sql, [TABLES]);
  for (const { name } of rows) await client.query(`alter index view.${name} rename to ${name.slice('next_'.length)}`);
}

async function exists(pool: Pool, table: string): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [table]);
  return rows[0]!.exists;
}
