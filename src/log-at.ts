import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Pool } from 'pg';
import type { EventStore } from './event-store/event-store.js';
import { checkPrefix, serverOf } from './log-settings.js';
import { LOG_SCHEMA, openKurrentLog, openPostgresLog } from './open-log.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { migrate } from './postgres/migrate.js';
import { checkServer, createPool } from './postgres/pool.js';
import { StartError } from './start-error.js';

/** A log that is named on the command line: by a URL, or by the data folder of an embedded PostgreSQL. */
export interface LogAddress {
  /** The option that names it, as in `--from`. */
  option: string;
  /** Whether a log may be begun there. */
  mayBegin: boolean;
  place: string;
  /** Of the streams, in KurrentDB. */
  prefix: string;
}

export interface LogAt {
  store: EventStore;
  close(): Promise<void>;
}

const EXAMPLES = 'postgres://user:password@host:5432/database, kurrentdb://user:password@host:2113, or a data folder such as ./data';

/** The same for two addresses that are written differently and mean one place. Throws StartError for what is no address. */
export function placeOf({ option, place, prefix }: LogAddress): string {
  const url = place.trim();
  if (serverOf(url) === 'KurrentDB') return `${url} ${checkPrefix(prefix, `${option}-prefix`)}`;
  if (serverOf(url) === 'PostgreSQL') return url;
  if (url !== '' && (!/^[a-z][\w+.-]*:/i.test(url) || /^file:(?!\/\/)/i.test(url))) return resolve(url.replace(/^file:/i, ''));
  throw new StartError(`${option} is neither the address of a log nor a folder: write ${EXAMPLES}.`);
}

/** Throws StartError, which names the option. */
export async function openLogAt(address: LogAddress): Promise<LogAt> {
  try {
    return await open(address);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw new StartError(error.message.replaceAll(/EVENT_STORE_URL|DATABASE_URL|DATA_DIR/g, address.option), { cause: error });
  }
}

async function open(address: LogAddress): Promise<LogAt> {
  const { place, prefix, option, mayBegin } = address;
  if (serverOf(place) === 'KurrentDB') {
    const { store } = await openKurrentLog({ url: place, prefix });
    return { store, close: () => store.close() };
  }
  if (serverOf(place) === 'PostgreSQL') {
    await checkServer(place);
    return openIn(place, address);
  }
  const dataDir = placeOf(address);
  if (!mayBegin && !existsSync(join(dataDir, 'postgres'))) {
    throw new StartError(`There is no data of Entente in ${dataDir}: write ${option} with the folder that DATA_DIR names.`);
  }
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const log = await openIn(postgres.url, address);
    return { store: log.store, close: () => log.close().then(() => postgres.stop()) };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function openIn(url: string, { option, mayBegin }: LogAddress): Promise<LogAt> {
  const pool = createPool(url, { max: 2, applicationName: 'entente: copy-log' });
  try {
    if (!mayBegin && !(await hasLog(pool))) throw new StartError(`There is no log in the database that ${option} names: correct it.`);
    await migrate(pool, LOG_SCHEMA);
    const { store } = await openPostgresLog(pool, url);
    return { store, close: () => store.close().then(() => pool.end()) };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function hasLog(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(`select to_regclass('log.event') is not null as found`);
  return rows[0]?.found ?? false;
}
