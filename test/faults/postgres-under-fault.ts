import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { Bouncer, findBouncer } from '../postgres/bouncer.js';
import { NewsroomServer } from '../postgres/newsroom-server.js';
import { plain } from './language.js';
import { PhaseProxy } from './phase-proxy.js';
import type { StoreUnderFault } from './store-under-fault.js';

/** Who filed it stands in the metadata of every event. */
const MARKER = '"by":"admin"';

/** The newsroom's own PostgreSQL, with a role that owns its schemas and nothing else. */
export async function postgresUnderFault(): Promise<StoreUnderFault> {
  const server = await NewsroomServer.start();
  const straight = await server.prepare('news');
  return underFault('postgres', { server, straight, reached: straight, stops: [() => server.remove()] });
}

/** The same with PgBouncer in transaction mode before it, which goes on while the server is killed. */
export async function bouncerUnderFault(): Promise<StoreUnderFault> {
  const program = findBouncer();
  if (program === undefined) throw new Error('PgBouncer is not installed: apt-get install pgbouncer');
  const server = await NewsroomServer.start();
  const straight = await server.prepare('news');
  const bouncer = await Bouncer.start(program, straight, [new URL(straight)]);
  const stops = [() => server.remove(), () => bouncer.remove()];
  return underFault('pgbouncer', { server, straight, reached: bouncer.through(straight), stops });
}

interface Reachable {
  server: NewsroomServer;
  straight: string;
  /** How the service reaches it. */
  reached: string;
  stops: (() => Promise<void>)[];
}

async function underFault(name: string, { server, straight, reached, stops }: Reachable): Promise<StoreUnderFault> {
  const proxy = new PhaseProxy(reached, plain(MARKER));
  return {
    name,
    environment: async () => ({ DATABASE_URL: await proxy.listen() }),
    proxy,
    server,
    gapless: true,
    killBefore: [],
    open: async (way) => open(way === 'faulty' ? await proxy.listen() : straight),
    remove: async () => {
      for (const stop of [...stops, () => proxy.close()].toReversed()) await stop();
    },
  };
}

function open(url: string): PostgresEventStore {
  const pool = createPool(url, { max: 2, applicationName: 'entente: fault run' });
  return new (class extends PostgresEventStore {
    override async close(): Promise<void> {
      await super.close();
      await pool.end();
    }
  })({ pool, listen: url });
}
