import { mkdtemp } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts one PostgreSQL for the whole run, unless ENTENTE_TEST_DATABASE_URL names one already. */
export default async function startPostgres(): Promise<void> {
  if (process.env.ENTENTE_TEST_DATABASE_URL) return;
  const { startEmbeddedPostgres } = await importEmbeddedPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), 'entente-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  process.env.ENTENTE_TEST_DATABASE_URL = server.url;
  globalThis.testPostgres = { dataDir, stop: () => server.stop() };
}

/** Jest compiles what a global setup imports, but leaves it to Node to find it, and Node does not find X.ts under the name X.js. */
async function importEmbeddedPostgres() {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => next(/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts') ? specifier.replace(/js$/, 'ts') : specifier, context),
  });
  try {
    return await import('../../src/postgres/embedded-postgres.js');
  } finally {
    hooks.deregister();
  }
}

declare global {
  var testPostgres: { dataDir: string; stop(): Promise<void> } | undefined;
}
