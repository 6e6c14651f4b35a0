import type { Pool, PoolClient } from 'pg';
import { BELIEVED } from './columns.js';
import { TABLES, tableIn, type TableName } from './generation.js';

/** Beliefs that are ended; the rows of the tables are ended by these at once, when all are there. */
export const ENDING = 'view.next_ending';
/** A sort of this size is done in memory, beside what the server keeps. */
const INDEXING = `set local maintenance_work_mem = '256MB'`;
const AS_LONG_AS_IT_TAKES = { query_timeout: 2 ** 31 - 1 };

/** What several pages name, each without regard to the others: one row of each is enough, the last of an instant. */
const DOUBLED = [
  `delete from view.next_leans a using view.next_leans b where a.ctid > b.ctid and (a.leans_on, a.why, a.record) = (b.leans_on, b.why, b.record)`,
  `delete from view.next_resting a using view.next_resting b where a.ctid > b.ctid and (a.source, a.relationship) = (b.source, b.relationship)`,
  `delete from view.next_recorded a using view.next_recorded b where a.position < b.position and a.recorded_at = b.recorded_at`,
];

/** How far the next generation has come. */
export interface NextCheckpoint {
  log: string;
  position: bigint;
  /** The migration that made the tables of which these are the like. */
  version: number;
  /** Whether it is filled: from then on it is projected as the views that answer are. */
  filled: boolean;
}

/** The last migration of the views. */
export async function versionOf(pool: Pool | PoolClient): Promise<number> {
  const { rows } = await pool.query<{ version: number }>('select max(number) as version from view.migration');
  return rows[0]!.version;
}

/** Makes the tables of the next generation, like those that answer, but for their indexes; or takes those that are there already. */
export async function makeNext(pool: Pool, log: string): Promise<NextCheckpoint> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ name: TableName; options: string | null }>(
      `select relname as name, array_to_string(reloptions, ', ') as options from pg_class
       where relnamespace = 'view'::regnamespace and relname = any($1) and to_regclass('view.next_checkpoint') is null`,
      [TABLES],
    );
    for (const { name, options } of rows) {
      const including = name === 'checkpoint' ? 'including all' : 'including defaults including storage';
      const settings = ['autovacuum_enabled = off', ...(options === null ? [] : [options])].join(', ');
      await client.query(`create table ${tableIn('next', name)} (like ${tableIn('live', name)} ${including}) with (${settings})`);
    }
    if (rows.length === 0) return;
    await client.query(`create table ${ENDING} (record text not null, known_from bigint not null, known_to bigint not null)`);
    // What is looked up while the log is read; all else is indexed when it is there.
    await client.query('alter table view.next_record_belief add constraint next_record_belief_pkey primary key (record, known_from)');
    await client.query(`create index next_leaning on view.next_leans (leans_on, why, record) where why <> 'cites'`);
    await client.query('insert into view.next_checkpoint (log, position) values ($1, 0)', [log]);
    await client.query(`comment on table view.next_checkpoint is '${await versionOf(client)}'`);
  });
  const sql = `
    select log, position, obj_description('view.next_checkpoint'::regclass)::int as version, to_regclass('${ENDING}') is null as filled
    from view.next_checkpoint`;
  return (await pool.query<NextCheckpoint>(sql)).rows[0]!;
}

/** Ends what is no longer believed, and makes the indexes. May be cut off at any point and begun again. */
export async function finishNext(pool: Pool, signal: AbortSignal, told: (doing: string) => void): Promise<void> {
  told('what is no longer believed');
  if (!signal.aborted) await endBeliefs(pool);
  for (const { definition, name } of await missingIndexes(pool)) {
    if (signal.aborted) return;
    told(name);
    await inTransaction(pool, async (client) => {
      await client.query(INDEXING);
      await client.query({ ...AS_LONG_AS_IT_TAKES, text: definition });
    });
  }
  told('statistics');
  for (const name of TABLES) {
    if (signal.aborted) return;
    const table = tableIn('next', name);
    await pool.query(`alter table ${table} reset (autovacuum_enabled)`);
    await pool.query({ ...AS_LONG_AS_IT_TAKES, text: `analyze ${table}` });
  }
}

/** At once for all, in one transaction: it is done, or not begun. */
async function endBeliefs(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ done: boolean }>('select to_regclass($1) is null as done', [ENDING]);
    if (rows[0]!.done) return;
    const ended = BELIEVED.map(
      ([table, id]) =>
        `update ${tableIn('next', table)} t set known_to = e.known_to from ${ENDING} e where t.${id} = e.record and t.known_from = e.known_from`,
    );
    for (const text of [`analyze ${ENDING}`, ...ended, ...DOUBLED, `drop table ${ENDING}`])
      await client.query({ ...AS_LONG_AS_IT_TAKES, text });
  });
}

/** The indexes and keys that the tables that answer have, and the next ones have not. */
async function missingIndexes(pool: Pool): Promise<{ name: string; definition: string }[]> {
  const { rows } = await pool.query<{ name: string; table: string; definition: string; primary: boolean }>(
    `select i.indexname as name, i.tablename as table, i.indexdef as definition, x.indisprimary as primary
     from pg_indexes i join pg_index x on x.indexrelid = ('view.' || i.indexname)::regclass
     where i.schemaname = 'view' and i.tablename = any($1) and to_regclass('view.next_' || i.indexname) is null`,
    [TABLES],
  );
  return rows.map(({ name, table, definition, primary }) => {
    const [, columns] = /\bUSING (.*)$/.exec(definition)!;
    const unique = definition.startsWith('CREATE UNIQUE') ? 'unique ' : '';
    const made = `create ${unique}index next_${name} on view.next_${table} using ${columns}`;
    const key = `; alter table view.next_${table} add constraint next_${name} primary key using index next_${name}`;
    return { name, definition: primary ? made + key : made };
  });
}

/** Takes the next generation away. */
export async function dropNext(pool: Pool | PoolClient): Promise<void> {
  await pool.query(`drop table if exists ${[...TABLES.map((name) => tableIn('next', name)), ENDING].join(', ')}`);
}

/**
 * Puts the next generation in the place of the one that answers, which goes. The caller holds every table, so that nobody reads half of each.
 */
export async function exchange(client: PoolClient): Promise<void> {
  // What instances keep in memory of the one that goes is of an edition before.
  await client.query('update view.next_checkpoint set edition = 1 + coalesce((select max(edition) from view.checkpoint), 0)');
  await client.query(`drop table ${TABLES.map((name) => tableIn('live', name)).join(', ')}`);
  await client.query('drop index view.next_leaning; comment on table view.next_checkpoint is null');
  for (const name of TABLES) await client.query(`alter table ${tableIn('next', name)} rename to ${name}`);
  const sql = `select indexname as name from pg_indexes where schemaname = 'view' and tablename = any($1) and starts_with(indexname, 'next_')`;
  const { rows } = await client.query<{ name: string }>(sql, [TABLES]);
  for (const { name } of rows) await client.query(`alter index view.${name} rename to ${name.slice('next_'.length)}`);
}

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
