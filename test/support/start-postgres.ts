// oxlint-disable-next-line import/no-unassigned-import -- it is there for what it does
import './find-typescript.js';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stopPostgres from './stop-postgres.js';
import { startEmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';

/** Starts one PostgreSQL for the whole run, unless ENTENTE_TEST_DATABASE_URL names one already. */
export default async function startPostgres(): Promise<void> {
  if (process.env.ENTENTE_TEST_DATABASE_URL) return;
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  process.env.ENTENTE_TEST_DATABASE_URL = server.url;
  globalThis.testPostgres = { dataDir, stop: () => server.stop() };
  // A run that is broken off has no teardown.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stopPostgres().finally(() => process.exit(1)));
}

declare global {
  var testPostgres: { dataDir: string; stop(): Promise<void> } | undefined;
}
