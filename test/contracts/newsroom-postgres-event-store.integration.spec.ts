import { eventStoreContract, notRun } from './event-store.contract.js';
import { openNewsroomLog } from './newsroom-postgres-log.js';

const { DATABASE_URL: direct, PGBOUNCER_URL: pooled } = process.env;

for (const [name, variable, url] of [
  ["the log in the newsroom's PostgreSQL", 'DATABASE_URL', direct],
  ["the log in the newsroom's PostgreSQL, through PgBouncer", 'PGBOUNCER_URL', pooled],
] as const) {
  if (!url) notRun(name, `${variable} is not set`);
  else eventStoreContract(name, () => openNewsroomLog(url));
}
