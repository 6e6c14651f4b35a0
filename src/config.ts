import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import dotenv from 'dotenv';
import { checkDatabaseUrl, readKurrentSettings, type KurrentSettings } from './log-settings.js';
import { StartError } from './start-error.js';
import { readTraceSettings, type TraceSettings } from './trace-settings.js';

/** What the service is told by its environment, or by a file `.env` in the folder it is started in. */
export interface Config {
  /** Address to listen on. */
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Absolute path of the folder for the embedded PostgreSQL and the admin key. */
  dataDir: string;
  /** The newsroom's own PostgreSQL; without it the embedded one is used. */
  databaseUrl?: string;
  /** Where the log is, if not beside the views. */
  kurrent?: KurrentSettings;
  /** Where traces are sent, if anywhere. */
  traces?: TraceSettings;
}

/** Reads the settings, the only place that does. Throws StartError naming the variable. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  if (existsSync('.env')) dotenv.config({ quiet: true, processEnv: environment });
  const setting = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const databaseUrl = checkDatabaseUrl(setting('DATABASE_URL'));
  const kurrent = readKurrentSettings(setting('EVENT_STORE_URL'), setting('EVENT_STORE_PREFIX') ?? 'entente.');
  const traces = readTraceSettings(
    setting('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'),
    setting('OTEL_EXPORTER_OTLP_ENDPOINT'),
    setting('OTEL_SERVICE_NAME') ?? 'entente',
  );
  return {
    host: setting('HOST') ?? '127.0.0.1',
    port: readPort(setting('PORT')),
    dataDir: resolve(setting('DATA_DIR') ?? './data'),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(kurrent !== undefined && { kurrent }),
    ...(traces !== undefined && { traces }),
  };
}

/** Where a command-line client finds a running service, and its key. */
export interface ClientConfig {
  url: string;
  /** Else the admin key in `dataDir` is used. */
  key?: string;
  dataDir: string;
}

export function readClientConfig(environment: NodeJS.ProcessEnv = process.env): ClientConfig {
  const { host, port, dataDir } = readConfig(environment);
  const key = environment['ENTENTE_KEY'];
  const url = environment['ENTENTE_URL'] ?? `http://${host}:${port}`;
  if (!URL.canParse(url)) throw new StartError('ENTENTE_URL is not the address of a service: write http://127.0.0.1:3000.');
  return { url: url.replace(/\/$/, ''), dataDir, ...(key !== undefined && { key }) };
}

function readPort(value = '3000'): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535)
    throw new StartError(`PORT is "${value}", which is no port: set it to a number from 0 (any free one) to 65535, such as 3000.`);
  return port;
}
