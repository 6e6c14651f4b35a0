import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Config } from './config.js';
import { migrateAll } from './migrate-all.js';
import { openKurrentLog, openPostgresLog } from './open-log.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { checkServer, createPool } from './postgres/pool.js';
import { RebuildOrder } from './projection/rebuild-order.js';
import {
  CancelRebuildHandler,
  RebuildHandler,
  StartRebuild,
  StartRebuildHandler,
  type RebuildAnswer,
} from './read-models/rebuild.query.js';
import { StartError } from './start-error.js';
import { rebuildHere } from './start-rebuild.js';

/** Where the views are built anew: by a service that runs, or here. */
export interface RebuildDesk {
  /** Begins it, or goes on with it; refused where that is done already. */
  start(accept: boolean): Promise<unknown>;
  status(): Promise<RebuildAnswer>;
  cancel(): Promise<RebuildAnswer>;
}

/** On the database itself, where no service runs. What is not done when the work ends can be gone on with. */
export async function withRebuildHere<T>(config: Config, log: (line: string) => void, work: (desk: RebuildDesk) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== undefined) {
    await checkServer(databaseUrl);
    return onDatabase(databaseUrl, config, log, work);
  }
  if (!existsSync(join(dataDir, 'postgres')))
    throw new StartError(`There is no data of Entente in ${dataDir}: set DATA_DIR to its folder, or ENTENTE_URL to where it runs.`);
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    return await onDatabase(postgres.url, config, log, work);
  } finally {
    await postgres.stop();
  }
}

async function onDatabase<T>(
  url: string,
  { kurrent }: Config,
  log: (line: string) => void,
  work: (desk: RebuildDesk) => Promise<T>,
): Promise<T> {
  const pool = createPool(url, { max: 4, applicationName: 'entente: rebuild order' });
  try {
    await mustBeStopped(pool);
    await migrateAll(pool, { withLog: kurrent === undefined });
    const { store } = await (kurrent ? openKurrentLog(kurrent) : openPostgresLog(pool, url));
    const watch = rebuildHere(store, url, { pool, log });
    const order = new RebuildOrder(pool);
    try {
      return await work({
        start: (accept) => new StartRebuildHandler(order, watch).execute(new StartRebuild(accept)),
        status: () => new RebuildHandler(order).execute(),
        cancel: () => new CancelRebuildHandler(order, watch).execute(),
      });
    } finally {
      await watch.stop();
      await store.close();
    }
  } finally {
    await pool.end();
  }
}

async function mustBeStopped(pool: Pool): Promise<void> {
  const sql = `select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name in ('entente', 'entente: projector')`;
  const { rowCount } = await pool.query(sql);
  if (rowCount !== 0) throw new StartError('Entente is running on this database: set ENTENTE_URL to where it runs, or stop it first.');
}
