import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { ACCESS_SCHEMA, KeyRing, type AdminKey } from './access/key-ring.js';
import { AppModule, type Parts } from './app.module.js';
import { RecordCache } from './commands/record-cache.js';
import type { Config } from './config.js';
import { PostgresEventStore } from './event-store/postgres/postgres-event-store.js';
import { APP_OPTIONS, configureApp, createAdapter } from './http/configure.js';
import { Projector, type Head } from './projection/projector.js';
import type { ProjectorMessage } from './projector.worker.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { migrate } from './postgres/migrate.js';
import { checkServer, createPool } from './postgres/pool.js';
import { Progress } from './read-models/views.js';
import { StartError } from './start-error.js';
import { codeOf } from './system-error.js';

const MOST_CONNECTIONS = 10;
const LOG_LEVELS: LogLevel[] = ['warn', 'error', 'fatal'];

export interface ServiceOptions {
  /** In a thread of its own (the service), or in this one (specs, which run without a build). */
  projectIn: 'worker' | 'here';
  /** Takes a line that an operator should read. */
  log: (line: string) => void;
}

export interface Service {
  url: string;
  app: NestFastifyApplication;
  /** What the operator should know of the admin key. */
  adminKey: AdminKey;
  stop(): Promise<void>;
}

/** Starts everything in order; `stop` ends it in the reverse one. Nothing stays behind when a later part cannot start. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const databaseUrl = config.databaseUrl ?? (await embedded(config, options, stops));
    if (config.databaseUrl !== undefined) await checkServer(databaseUrl);
    const pool = createPool(databaseUrl, { max: MOST_CONNECTIONS, applicationName: 'entente' });
    stops.push(() => pool.end());
    await migrateAll(pool);
    const adminKey = await new KeyRing(pool).ensureAdminKey(config.dataDir, { replaceLost: config.databaseUrl === undefined });
    const parts = await openParts(pool, databaseUrl, options, stops);
    const app = await listen(parts, config);
    stops.push(() => app.close());
    return { url: await app.getUrl(), app, adminKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function embedded({ dataDir }: Config, { log }: ServiceOptions, stops: (() => Promise<unknown>)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  stops.push(() => postgres.stop());
  return postgres.url;
}

async function migrateAll(pool: Pool): Promise<void> {
  await migrate(pool, { schema: 'log', dir: new URL('./event-store/postgres/migrations/', import.meta.url) });
  await migrate(pool, { schema: 'view', dir: new URL('./read-models/migrations/', import.meta.url) });
  await migrate(pool, ACCESS_SCHEMA);
}

async function openParts(pool: Pool, databaseUrl: string, options: ServiceOptions, stops: (() => Promise<unknown>)[]): Promise<Parts> {
  const store = new PostgresEventStore({ pool, listen: databaseUrl });
  await store.open();
  stops.push(() => store.close());
  const progress = new Progress();
  const cache = new RecordCache(store);
  const moved = (position: bigint, heads: readonly Head[]): void => {
    cache.outdate(heads);
    progress.moved(position);
  };
  stops.push(await project({ databaseUrl, store, pool, moved, ...options }));
  return { store, pool, cache, progress };
}

interface Projecting extends ServiceOptions {
  databaseUrl: string;
  store: PostgresEventStore;
  pool: Pool;
  moved: (position: bigint, heads: readonly Head[]) => void;
}

/** Starts the projector; answers how to stop it. */
async function project({ databaseUrl, store, pool, moved, projectIn, log }: Projecting): Promise<() => Promise<void>> {
  if (projectIn === 'worker') return projectInWorker(databaseUrl, moved, log);
  const stopping = new AbortController();
  const failed = (error: unknown): void => log(`The views cannot be brought up to date: ${String(error)}`);
  const running = new Projector(store, pool, { moved, failed }).run(stopping.signal);
  return () => {
    stopping.abort();
    return running;
  };
}

async function projectInWorker(databaseUrl: string, moved: Projecting['moved'], log: (line: string) => void): Promise<() => Promise<void>> {
  const worker = new Worker(new URL('./projector.worker.js', import.meta.url), {
    workerData: { databaseUrl },
    // Left to itself the young generation grows to 100 MB under load, for objects that live a few milliseconds.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  worker.on('message', (message: ProjectorMessage) => {
    if ('moved' in message) moved(message.moved, message.heads);
    else log(`The views cannot be brought up to date: ${message.failed}`);
  });
  worker.on('error', (error) => log(`The projector has stopped: ${String(error)}`));
  const ended = once(worker, 'exit');
  return async () => {
    worker.postMessage('stop');
    await ended;
  };
}

async function listen(parts: Parts, { host, port }: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), createAdapter(), {
    ...APP_OPTIONS,
    logger: LOG_LEVELS,
    abortOnError: false,
  });
  configureApp(app);
  await app.init();
  // What keeps it from listening is told in one sentence, and not by Nest too.
  app.useLogger(false);
  try {
    await app.listen(port, host);
    app.useLogger(LOG_LEVELS);
    return app;
  } catch (error) {
    await app.close();
    throw startProblem(error, host, port);
  }
}

function startProblem(error: unknown, host: string, port: number): unknown {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} of ${host} is in use: stop what listens there, or start with another, as in PORT=3001 npm start.`,
    EACCES: `Port ${port} of ${host} needs more rights than this account has: set PORT to a number above 1023.`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set HOST to one, such as 127.0.0.1.`,
    ENOTFOUND: `${host} is no address of this machine: set HOST to one, such as 127.0.0.1.`,
  };
  const sentence = sentences[codeOf(error) ?? ''];
  return sentence === undefined ? error : new StartError(sentence);
}
