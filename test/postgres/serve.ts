import { startEmbeddedPostgres } from '../../src/postgres/embedded-postgres.js';
import { StartError } from '../../src/start-error.js';

/** A service that does nothing but keep PostgreSQL running on the folder named by its argument: prints the URL, ends on SIGTERM. */
try {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log: (line) => process.stderr.write(`${line}\n`) });
  process.once('SIGTERM', () => void server.stop());
  process.stdout.write(`${server.url}\n`);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
