import type { Pool } from 'pg';
import { readConfig, type Config } from './config.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { checkServer, createPool } from './postgres/pool.js';
import { StartError } from './start-error.js';

/** Lets the next start build the views anew from the log. */

async function run({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl !== undefined) {
    await checkServer(databaseUrl);
    return dropViews(databaseUrl);
  }
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await dropViews(postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function dropViews(url: string): Promise<void> {
  const pool = createPool(url, { max: 1, applicationName: 'entente: rebuild' });
  try {
    await mustBeStopped(pool);
    await pool.query('drop schema if exists view cascade');
  } finally {
    await pool.end();
  }
}

async function mustBeStopped(pool: Pool): Promise<void> {
  const sql = `select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name in ('entente', 'entente: projector')`;
  const { rowCount } = await pool.query(sql);
  if (rowCount !== 0) throw new StartError('Entente is running on this database: stop it first.');
}

try {
  await run(readConfig());
  process.stdout.write('The views are gone. Start Entente: it builds them anew from the log.\n');
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
