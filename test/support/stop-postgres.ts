import { rm } from 'node:fs/promises';

/** Stops and deletes the PostgreSQL that this run has started. */
export default async function stopPostgres(): Promise<void> {
  const server = globalThis.testPostgres;
  if (!server) return;
  globalThis.testPostgres = undefined;
  await server.stop();
  await rm(server.dataDir, { recursive: true, force: true });
}
