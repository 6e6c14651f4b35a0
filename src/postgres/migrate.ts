import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool, PoolClient } from 'pg';
import { StartError } from '../start-error.js';
import { codeOf, reasonOf } from '../system-error.js';

export interface MigrateOptions {
  /** Lower-case name of the schema; what has been applied is recorded in `<schema>.migration`. */
  schema: string;
  /** Folder of files `NNNN_name.sql`, numbered from 0001 without gaps. */
  dir: string | URL;
}

interface Migration {
  number: number;
  name: string;
  sql: string;
  /** SHA-256 (hex) of the text with Unix line ends. */
  checksum: string;
}

/** A migration may fill large tables, and waits for another instance that does. */
const AS_LONG_AS_IT_TAKES = { query_timeout: 2 ** 31 - 1 };
const INSUFFICIENT_PRIVILEGE = '42501';

type Applied = Pick<Migration, 'number' | 'name' | 'checksum'>;

/**
 * Brings a schema up to date: applies, in order and in one transaction, the migrations it does not have yet, after making
 * the schema if need be. Instances that start at once wait for each other. Throws StartError where the database was changed
 * by another version of Entente, or a migration fails: then nothing is changed.
 */
export async function migrate(pool: Pool, { schema, dir }: MigrateOptions): Promise<void> {
  const migrations = await readMigrations(dir instanceof URL ? fileURLToPath(dir) : dir);
  const client = await pool.connect();
  try {
    await client.query('begin');
    const lock = { text: `select pg_advisory_xact_lock(hashtextextended('entente migration ' || $1, 0))`, values: [schema] };
    await client.query({ ...AS_LONG_AS_IT_TAKES, ...lock });
    const applied = await readApplied(client, schema);
    checkApplied(schema, migrations, applied);
    for (const migration of migrations.slice(applied.length)) await apply(client, schema, migration);
    await client.query('commit');
    client.release();
  } catch (error) {
    // The connection is thrown away, and with it the transaction.
    client.release(true);
    throw error;
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d{4})_[a-z0-9-]+\.sql$/.exec(name)?.[1]);
      if (number !== index + 1) throw new Error(`${join(dir, name)} should be called ${String(index + 1).padStart(4, '0')}_name.sql`);
      const sql = (await readFile(join(dir, name), 'utf8')).replaceAll('\r\n', '\n');
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readApplied(client: PoolClient, schema: string): Promise<Applied[]> {
  const table = `${client.escapeIdentifier(schema)}.migration`;
  const { rows } = await client.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [table]);
  if (!rows[0]?.exists) await makeSchema(client, schema, table);
  return (await client.query<Applied>(`select number, name, checksum from ${table} order by number`)).rows;
}

/** A schema that was made for this role is enough: then it needs no right to make one. */
async function makeSchema(client: PoolClient, schema: string, table: string): Promise<void> {
  const sql = 'select to_regnamespace($1) is not null as exists, current_database() as database, current_user as role';
  const { rows } = await client.query<{ exists: boolean; database: string; role: string }>(sql, [client.escapeIdentifier(schema)]);
  const { exists, database, role } = rows[0]!;
  try {
    if (!exists) await client.query(`create schema ${client.escapeIdentifier(schema)}`);
    await client.query(
      `create table ${table} (number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`,
    );
  } catch (cause) {
    if (codeOf(cause) !== INSUFFICIENT_PRIVILEGE) throw cause;
    const remedy = exists ? `alter schema "${schema}" owner to "${role}"` : `create schema "${schema}" authorization "${role}"`;
    throw new StartError(
      `The role ${role} may not ${exists ? 'make tables in' : 'make'} the schema ${schema} of the database ${database}: let its owner run ${remedy}.`,
      { cause },
    );
  }
}

function checkApplied(schema: string, migrations: Migration[], applied: Applied[]): void {
  const advice = 'start the version that last used it, or a newer one';
  for (const { number, name, checksum } of applied) {
    const ours = migrations[number - 1];
    if (!ours) throw new StartError(`The database belongs to another version of Entente (it has ${schema}/${name}): ${advice}.`);
    if (ours.checksum === checksum) continue;
    throw new StartError(
      `The database belongs to another version of Entente (it has another text of ${schema}/${ours.name}): ${advice}, or undo the change of that file.`,
    );
  }
}

async function apply(client: PoolClient, schema: string, { number, name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query({ ...AS_LONG_AS_IT_TAKES, text: sql });
    const table = `${client.escapeIdentifier(schema)}.migration`;
    await client.query(`insert into ${table} (number, name, checksum) values ($1, $2, $3)`, [number, name, checksum]);
  } catch (cause) {
    throw new StartError(`The migration ${schema}/${name} failed, and nothing was changed: ${reasonOf(cause)}.`, { cause });
  }
}
