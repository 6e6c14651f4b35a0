import 'reflect-metadata';
import { readConfig } from './config.js';
import { startService } from './service.js';
import { StartError } from './start-error.js';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  const { url, adminKey, stop } = await startService(readConfig(), { projectIn: 'worker', log });
  let stopped: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void (stopped ??= stop()));
  if (adminKey.message !== undefined) log(adminKey.message);
  process.stdout.write(`Entente is ready on ${url}\n`);
} catch (error) {
  log(error instanceof StartError ? error.message : `Entente could not start: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
