import 'reflect-metadata';
import { readConfig } from './config.js';
import { startService, type Service } from './service.js';
import { StartError } from './start-error.js';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

/** Resolves when somebody asks the process to end; asked during the start, the service is stopped as soon as it has started. */
const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
});

function announce({ url, adminKey }: Service): void {
  if (adminKey.message !== undefined) log(adminKey.message);
  process.stdout.write(`Entente is ready on ${url}\n`);
}

try {
  const service = await startService(readConfig(), { projectIn: 'worker', ownsProcess: true, log });
  announce(service);
  await asked;
  await service.stop();
} catch (error) {
  log(error instanceof StartError ? error.message : `Entente could not start: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
