import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../start-error.js';
import { openDataFolder, USER, type DataFolder } from './data-folder.js';
import { findPostmaster, freePort, lastComplaint, launch, stopPostmaster, type Postmaster } from './postmaster.js';

export interface EmbeddedPostgres {
  /** postgres://… of the service's database, valid until `stop`, also when the server had to be started again meanwhile. */
  url: string;
  /** Ends the server in order, breaking off open connections; may be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The service's data folder: made if missing; PostgreSQL's files are in `postgres` below it. */
  dataDir: string;
  /** Takes one line when something happens that an operator should know. */
  log?: (line: string) => void;
}

/** Key of the advisory lock that the service using this folder holds as long as it lives. */
const OWNER_LOCK = 'select pg_try_advisory_lock(7306934)';
const POLL_MS = 20;
/** A killed owner's lock is free as soon as the server notices; nobody should wait longer for one that lives. */
const OWNER_WAIT_MS = 1_000;
const UNRESPONSIVE_MS = 60_000;
const STOP_SECONDS = 60;
const LARGEST_PAUSE_MS = 10_000;
const LAUNCHES = 5;

/**
 * Starts PostgreSQL on `${dataDir}/postgres`, listening on a free port of 127.0.0.1, or takes over the server there that a
 * killed service left behind. Starts it again when it dies. Throws StartError, also when another service uses the folder.
 */
export async function startEmbeddedPostgres({ dataDir, log = () => undefined }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = new Server(await openDataFolder(dataDir), log);
  await server.start();
  return { url: server.url(USER), stop: () => server.stop() };
}

class Server {
  readonly #folder: DataFolder;
  readonly #log: (line: string) => void;
  #port: number | undefined;
  /** Its session holds the owner's lock; its end tells that the server is gone. */
  #owner: pg.Client | undefined;
  #revival: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | undefined;

  constructor(folder: DataFolder, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  url(database: string): string {
    return `postgres://${USER}:${this.#folder.password}@127.0.0.1:${this.#port}/${database}`;
  }

  async start(): Promise<void> {
    const client = await this.#reach();
    await this.#own(client);
    this.#owner = client;
    client.once('end', () => this.#revive());
    try {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [USER]);
      if (rowCount === 0) await client.query(`create database ${USER}`);
    } catch (cause) {
      await this.stop();
      throw new StartError(`PostgreSQL in ${this.#folder.path} cannot make its database (${(cause as Error).message}).`, { cause });
    }
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    await this.#revival;
    if (!(await findPostmaster(this.#folder))) return;
    await stopPostmaster(this.#folder, STOP_SECONDS).catch((error: Error) => this.#log(`PostgreSQL does not end: ${error.message}`));
  }

  /** A connection to the server on this folder, which is started if there is none. */
  async #reach(): Promise<pg.Client> {
    let launches = 0;
    let child: { hasExited(): boolean } | undefined;
    let patience = Date.now() + UNRESPONSIVE_MS;
    for (;;) {
      const running = await findPostmaster(this.#folder);
      const answer = running && (await this.#connect(running));
      if (answer instanceof pg.Client) return answer;
      // Recovery after a crash takes as long as it takes.
      if (answer === 'starting') patience = Date.now() + UNRESPONSIVE_MS;
      if (Date.now() > patience) throw this.#unresponsive(running);
      if (!running && (!child || child.hasExited())) {
        if (launches++ === LAUNCHES || (child && !(await this.#portWasTaken()))) throw await this.#refusesToStart();
        child = await launch(this.#folder, this.#port ?? (await freePort()));
      }
      await sleep(POLL_MS);
    }
  }

  async #portWasTaken(): Promise<boolean> {
    return this.#port === undefined && (await lastComplaint(this.#folder)).includes('TCP/IP sockets');
  }

  async #connect({ port }: Postmaster): Promise<pg.Client | 'starting' | 'silent'> {
    const { password, path } = this.#folder;
    const connection = { host: '127.0.0.1', port, user: USER, password, database: 'postgres', application_name: 'entente: owner' };
    const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, keepAlive: true });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      if ((await realpath(rows[0]?.data_directory ?? '/')) !== path) throw new Error('another data folder');
      this.#port = port;
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      return (error as { code?: string }).code === '57P03' ? 'starting' : 'silent';
    }
  }

  async #own(client: pg.Client): Promise<void> {
    for (const deadline = Date.now() + OWNER_WAIT_MS; ; await sleep(POLL_MS)) {
      const { rows } = await client.query<{ pg_try_advisory_lock: boolean }>(OWNER_LOCK);
      if (rows[0]?.pg_try_advisory_lock) return;
      if (Date.now() < deadline) continue;
      await client.end();
      throw new StartError(`Another Entente is using the data folder ${this.#folder.dataDir}: stop it, or set DATA_DIR to another folder.`);
    }
  }

  /** Brings the server back when it dies, with growing pauses as long as that fails. Pools reconnect by themselves. */
  #revive(): void {
    if (this.#stopping.signal.aborted) return;
    this.#log('PostgreSQL has ended unexpectedly and is being started again.');
    this.#revival = (async () => {
      for (let pause = 100; !this.#stopping.signal.aborted; pause = Math.min(pause * 2, LARGEST_PAUSE_MS)) {
        try {
          await this.start();
          return this.#log('PostgreSQL is running again.');
        } catch (error) {
          this.#log(`PostgreSQL could not be started again: ${(error as Error).message}`);
        }
        await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    })();
  }

  #unresponsive(running: Postmaster | undefined): StartError {
    const who = running ? `process ${running.pid}` : 'the server';
    return new StartError(`PostgreSQL in ${this.#folder.path} does not answer (${who}): end that process and start again.`);
  }

  async #refusesToStart(): Promise<StartError> {
    const why = await lastComplaint(this.#folder);
    return new StartError(`PostgreSQL does not start in ${this.#folder.path} (${why}): see ${this.#folder.logFile}.`);
  }
}
