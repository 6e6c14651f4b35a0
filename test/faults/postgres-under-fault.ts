import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { Bouncer, findBouncer } from '../postgres/bouncer.js';
import { NewsroomServer } from '../postgres/newsroom-server.js';
import { plain } from './language.js';
import { PhaseProxy } from './phase-proxy.js';
import { SmallDisk } from './small-disk.js';
import type { DiskUnderFault, StoreUnderFault } from './store-under-fault.js';

/** Who filed it stands in the metadata of every event. */
const MARKER = '"by":"admin"';
const NO_ROOM = 'No space left on device';
const GAVE_UP = /PANIC: .*: No space left on device/g;

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

/** On a disk of its own that is filled up. What it has put by for its write-ahead log is little. */
export async function smallDiskUnderFault(): Promise<StoreUnderFault> {
  const disk = await SmallDisk.mount();
  const settings = ['max_wal_size=32MB', 'wal_recycle=off'];
  const server = await NewsroomServer.start({ disk: disk.folder, initdb: ['--wal-segsize=1'], settings });
  const straight = await server.prepare('news');
  const stops = [() => disk.unmount(), () => server.remove()];
  return { ...underFault('small-disk', { server, straight, reached: straight, stops }), disk: fillable(disk, server) };
}

function fillable(disk: SmallDisk, server: NewsroomServer): DiskUnderFault {
  return {
    fill: () => disk.fill(),
    free: () => disk.free(),
    exhaust: () => server.administer(['select pg_switch_wal()']).catch(() => undefined),
    met: async () => {
      const said = await server.said();
      return { refused: said.split(NO_ROOM).length - 1, gaveUp: said.match(GAVE_UP)?.length ?? 0 };
    },
  };
}

interface Reachable {
  server: NewsroomServer;
  straight: string;
  /** How the service reaches it. */
  reached: string;
  stops: (() => Promise<void>)[];
}

export function underFault(name: string, { server, straight, reached, stops }: Reachable): StoreUnderFault {
  const proxy = new PhaseProxy(reached, plain(MARKER));
  return {
    name,
    environment: async () => ({ DATABASE_URL: await proxy.listen() }),
    proxy,
    server,
    gapless: true,
    killBefore: [],
    views: { url: straight, server: server.url() },
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
