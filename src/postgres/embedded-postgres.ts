import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { StartError } from '../start-error.js';
import { reasonOf } from '../system-error.js';
import { openDataFolder, USER, type DataFolder } from './data-folder.js';
import { findPostmaster, freePort, launch, stopPostmaster, type Launch, type Postmaster } from './postmaster.js';

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

/** Held, as an advisory lock of a session of its own, by the service that uses the folder, as long as it lives. */
const OWNER_LOCK = 'select pg_try_advisory_lock(7306934) as held';
const POLL_MS = 20;
/** A killed owner's lock is free as soon as the server notices; nobody should wait longer for one that lives. */
const OWNER_WAIT_MS = 1_000;
const CONNECT_MS = 5_000;
const PATIENCE_MS = 15_000;
const STOP_MS = 60_000;
const LARGEST_PAUSE_MS = 10_000;
const LAUNCHES = 7;
/** What passes by itself: a port that was just taken, and what a server killed a moment ago still holds. */
const TRANSIENT = /TCP\/IP sockets|pre-existing shared memory|lock file/;

/**
 * Starts PostgreSQL on `${dataDir}/postgres`, listening on a free port of 127.0.0.1, or takes over the server there that a
 * killed service left behind. Starts it again when it dies. Throws StartError, also when another service uses the folder.
 */
export async function startEmbeddedPostgres({ dataDir, log = () => undefined }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = new Server(await openDataFolder(dataDir), log);
  await server.start();
  return { url: server.url, stop: () => server.stop() };
}

class Server {
  readonly #folder: DataFolder;
  readonly #log: (line: string) => void;
  readonly #stopping = new AbortController();
  /** Fixed by the first start, so that the URL stays the same. */
  #port: number | undefined;
  /** Whether the server on the folder, if any, is for this service to stop. */
  #ours = false;
  #revival: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(folder: DataFolder, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  get url(): string {
    return `postgres://${USER}:${this.#folder.password}@127.0.0.1:${this.#port}/${USER}`;
  }

  async start(): Promise<void> {
    const owner = await this.#own();
    try {
      const { rowCount } = await owner.query('select from pg_database where datname = $1', [USER]);
      if (rowCount === 0) await owner.query(`create database ${USER}`);
    } catch (cause) {
      await this.stop();
      throw new StartError(`The database cannot be made in ${this.#folder.path} (${reasonOf(cause)}): correct this and start again.`, {
        cause,
      });
    }
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    await this.#revival;
    if (!this.#ours) return;
    await stopPostmaster(this.#folder, STOP_MS).catch((error: unknown) => this.#log(`PostgreSQL does not end: ${reasonOf(error)}`));
  }

  /** Makes this service the only one on the folder. The end of the owning session tells that the server is gone. */
  async #own(): Promise<Client> {
    const owner = await this.#reach();
    const locked = await this.#lock(owner).catch((error: unknown) => {
      if (error instanceof StartError) throw error;
      return false;
    });
    // Another service was just ending and has taken the server with it.
    if (!locked) return this.#own();
    owner.once('end', () => this.#revive());
    return owner;
  }

  async #lock(owner: Client): Promise<true> {
    for (const deadline = Date.now() + OWNER_WAIT_MS; ; await sleep(POLL_MS)) {
      const { rows } = await owner.query<{ held: boolean }>(OWNER_LOCK);
      if (rows[0]?.held) return (this.#ours = true);
      if (Date.now() < deadline) continue;
      this.#ours = false;
      await owner.end();
      throw new StartError(`Another Entente is using the data folder ${this.#folder.dataDir}: stop it, or set DATA_DIR to another folder.`);
    }
  }

  /** A connection to the server on this folder, which is started if there is none. Recovery after a crash takes as long as it takes. */
  async #reach(): Promise<Client> {
    let launched: Launch | undefined;
    let launches = 0;
    for (let deadline = Date.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
      const running = await findPostmaster(this.#folder);
      // Not while a launched server is still out of sight: it could not be stopped.
      if (running || !launched || launched.hasExited()) this.#stopping.signal.throwIfAborted();
      if (running?.ready) {
        const answer = await this.#connect(running);
        if (answer instanceof Client) return answer;
        if (Date.now() > deadline) throw this.#silent(running, answer);
      } else if (running) {
        deadline = Date.now() + PATIENCE_MS;
      } else if (!launched || launched.hasExited()) {
        await this.#checkRefusal(launched, launches);
        launched = await launch(this.#folder, this.#port ?? (await freePort()));
        launches += 1;
        this.#ours = true;
      }
    }
  }

  async #connect({ port }: Postmaster): Promise<Client | string> {
    const address = { host: '127.0.0.1', port, user: USER, password: this.#folder.password, database: 'postgres' };
    const client = new Client({ ...address, connectionTimeoutMillis: CONNECT_MS, application_name: 'entente: owner' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      this.#port = port;
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      return reasonOf(error);
    }
  }

  #silent({ pid }: Postmaster, reason: string): StartError {
    return new StartError(`PostgreSQL in ${this.#folder.path} does not answer (${reason}): end its process ${pid} and start again.`);
  }

  /** A server that has refused to start may do so a moment later. */
  async #checkRefusal(launched: Launch | undefined, launches: number): Promise<void> {
    if (!launched) return;
    const why = (await launched.complaint()) ?? 'it did not say why';
    if (!TRANSIENT.test(why) || launches === LAUNCHES) {
      throw new StartError(`PostgreSQL does not start in ${this.#folder.path} (${why}): see ${this.#folder.logFile}.`);
    }
    await sleep(POLL_MS * 2 ** launches);
  }

  /** Brings the server back when it has died, with growing pauses as long as that fails. Pools reconnect by themselves. */
  #revive(): void {
    if (this.#stopping.signal.aborted) return;
    this.#log('PostgreSQL has ended unexpectedly and is being started again.');
    this.#revival = this.#tryToOwn();
  }

  async #tryToOwn(): Promise<void> {
    for (let pause = POLL_MS; !this.#stopping.signal.aborted; pause = Math.min(pause * 2, LARGEST_PAUSE_MS)) {
      try {
        await this.#own();
        return this.#log('PostgreSQL is running again.');
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#log(`PostgreSQL is not running: ${reasonOf(error)}`);
      }
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }
}
