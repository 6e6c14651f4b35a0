/**
 * `npm run test:postgres`: the suites that want a PostgreSQL and a PgBouncer of the system. Starts both for this run, with the programs in
 * POSTGRES_BIN (a folder; else of the newest version that is installed) and PGBOUNCER (a file), and passes its arguments on to jest.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { Bouncer, findBouncer } from './bouncer.js';
import { findSystemPostgres, NewsroomServer } from './newsroom-server.js';

const SPECS = [
  'test/contracts/newsroom-postgres',
  'test/postgres/(newsroom|outage|failover|pooler|migrate|pool)',
  'test/projection/projector',
  'test/acceptance/acceptance',
];
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--selectProjects=integration'];

const bin = findSystemPostgres();
const pgbouncer = findBouncer();
if (bin === undefined || pgbouncer === undefined) {
  process.stderr.write('NOT RUN: PostgreSQL and PgBouncer are not installed: apt-get install postgresql pgbouncer\n');
  process.exit(1);
}
process.env['POSTGRES_BIN'] = bin;
process.stdout.write(`PostgreSQL of ${dirname(bin)}, and ${pgbouncer}\n`);

const server = await NewsroomServer.start();
const stops = [() => server.remove()];
try {
  const url = await server.prepare('news');
  const bouncer = await Bouncer.start(pgbouncer, url, [new URL(url)]);
  stops.push(() => bouncer.remove());
  const pooled = bouncer.through(url);
  const env = {
    ...process.env,
    DATABASE_URL: url,
    PGBOUNCER_URL: pooled,
    DATABASE_ADMIN_URL: server.url(),
    ENTENTE_TEST_DATABASE_URL: server.url(),
  };
  const specs = ['--testPathPatterns', SPECS.join('|'), ...process.argv.slice(2)];
  const jest = spawn(process.execPath, [...JEST, ...specs], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => jest.kill(signal));
  const [code] = (await once(jest, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  for (const stop of stops.toReversed()) await stop();
}
