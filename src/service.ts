import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool } from 'pg';
import { KeyRing, type AdminKey } from './access/key-ring.js';
import { AppModule, type Parts } from './app.module.js';
import { RecordCache } from './commands/record-cache.js';
import type { Config } from './config.js';
import type { EventStore } from './event-store/event-store.js';
import { APP_OPTIONS, configureApp, createAdapter } from './http/configure.js';
import { migrateAll } from './migrate-all.js';
import { openKurrentLog, openPostgresLog, type OpenLog } from './open-log.js';
import { checkViews } from './projection/check-views.js';
import type { Head, Projected } from './projection/projector.js';
import type { ProjectorSettings } from './projector.worker.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { checkServer, createPool } from './postgres/pool.js';
import { Progress } from './read-models/views.js';
import { StartError } from './start-error.js';
import { projectHere, projectInWorker } from './start-projector.js';
import { rebuildHere, rebuildInWorker } from './start-rebuild.js';
import { codeOf } from './system-error.js';
import { Metrics } from './telemetry/metrics.js';
import { startTracing, type Tracing } from './telemetry/tracing.js';

const MOST_CONNECTIONS = 10;
const LOG_LEVELS: LogLevel[] = ['warn', 'error', 'fatal'];

export interface ServiceOptions {
  /** In a thread of its own (the service), or in this one (specs, which run without a build). */
  projectIn: 'worker' | 'here';
  /** Whether the process is the service's own, so that /metrics tells of it too; specs run several services in one. */
  ownsProcess?: boolean;
  /** A log that is open already, if not the one that the settings name (specs, which project here). */
  store?: EventStore;
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

/** How to end what has been started, in the order in which it was. */
type Stops = (() => Promise<unknown>)[];

/** Starts everything in order; `stop` ends it in the reverse one. Nothing stays behind when a later part cannot start. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const stops: Stops = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const tracing = await trace(config, options, stops);
    if (config.databaseUrl !== undefined) await checkServer(config.databaseUrl);
    const elsewhere = options.store ? { store: options.store } : await openElsewhere(config, stops);
    const databaseUrl = config.databaseUrl ?? (await embedded(config, options, stops));
    const pool = createPool(databaseUrl, { max: MOST_CONNECTIONS, applicationName: 'entente' });
    stops.push(() => pool.end());
    await migrateAll(pool, { withLog: elsewhere === undefined });
    const log = elsewhere ?? (await openHere(pool, databaseUrl, stops));
    await checkViews(pool, log.store);
    const adminKey = await new KeyRing(pool).ensureAdminKey(config.dataDir, { replaceLost: config.databaseUrl === undefined });
    const parts = project({ databaseUrl, kurrent: config.kurrent, log, pool, tracing, options, stops });
    const app = await listen(parts, config);
    stops.push(() => app.close());
    return { url: await app.getUrl(), app, adminKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function embedded({ dataDir }: Config, { log }: ServiceOptions, stops: Stops): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  stops.push(() => postgres.stop());
  return postgres.url;
}

/** Begins to trace, where that is asked for. It ends last, with all that was traced. */
async function trace({ traces }: Config, { log }: ServiceOptions, stops: Stops): Promise<Tracing | undefined> {
  if (traces === undefined) return undefined;
  const tracing = await startTracing(traces, log);
  stops.push(() => tracing.stop());
  return tracing;
}

/** The log, where it is not beside the views. */
async function openElsewhere({ kurrent }: Config, stops: Stops): Promise<OpenLog | undefined> {
  if (kurrent === undefined) return undefined;
  const log = await openKurrentLog(kurrent);
  stops.push(() => log.store.close());
  return log;
}

async function openHere(pool: Pool, databaseUrl: string, stops: Stops): Promise<OpenLog> {
  const log = await openPostgresLog(pool, databaseUrl);
  stops.push(() => log.store.close());
  return log;
}

interface Projecting extends ProjectorSettings {
  log: OpenLog;
  pool: Pool;
  tracing: Tracing | undefined;
  options: ServiceOptions;
  stops: Stops;
}

/** Starts to bring the views up to date, and to build them anew where that is asked for. */
function project({ databaseUrl, kurrent, log, pool, tracing, options, stops }: Projecting): Parts {
  const { store } = log;
  const metrics = new Metrics();
  if (options.ownsProcess) metrics.watchProcess();
  store.observer = metrics;
  const progress = new Progress();
  const cache = new RecordCache(store);
  const moved = (position: bigint, heads: readonly Head[]): void => {
    cache.outdate(heads);
    progress.moved(position);
  };
  const projected = (batch: Projected): void => {
    metrics.projected(batch);
    tracing?.projected(batch);
  };
  const listener = { moved, projected, log: options.log };
  const inWorker = options.projectIn === 'worker';
  stops.push(inWorker ? projectInWorker({ databaseUrl, kurrent }, listener) : projectHere(log, pool, listener));
  const beside = { pool, log: options.log };
  const rebuilds = inWorker ? rebuildInWorker({ databaseUrl, kurrent }, beside) : rebuildHere(store, databaseUrl, beside);
  stops.push(() => rebuilds.stop());
  return { store, pool, cache, progress, rebuilds, metrics };
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
