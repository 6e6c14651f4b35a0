import { once } from 'node:events';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import { expectKept, reach, untilAnswered } from './enduring.js';
import { notRun } from './event-store.contract.js';
import { forkScript } from './fork-script.js';
import { article, filing, newEvents, newKey } from './filings.js';
import { KurrentServer } from './kurrentdb-server.js';

const SECOND = 1000;
const NAME = 'the log in KurrentDB, whose server is killed';
const { KURRENTDB_COMMAND: command } = process.env;

if (command === undefined) notRun(NAME, 'KURRENTDB_COMMAND is not set');
else describe(NAME, () => underKills(command));

function underKills(startServer: string): void {
  let server: KurrentServer;

  beforeEach(async () => {
    server = await KurrentServer.start(startServer);
  }, 60 * SECOND);

  afterEach(() => server.remove());

  it(
    'loses nothing that was acknowledged, stores nothing twice, and goes on by itself',
    async () => {
      const store = await connect(server.url);
      const other = await connect(server.url);
      const seen: StoredEvent[] = [];
      const stop = new AbortController();
      const following = (async () => {
        for await (const batch of other.subscribe(0n, { signal: stop.signal })) seen.push(...batch);
      })();
      const acknowledged: string[] = [];
      const load = new AbortController();
      const write = async (index: number) => {
        for (let round = 0; !load.signal.aborted; round++) {
          const filed = round % 3 === 0 ? article() : filing({ events: newEvents(2) }, newKey());
          const outcome = await untilAnswered(() => (index % 2 === 0 ? store : other).append(filed));
          if (outcome.outcome !== 'stored') throw new Error(`a filing of a new record was not stored: ${outcome.outcome}`);
          acknowledged.push(...outcome.events.map(({ id }) => id));
        }
      };
      const writers = Array.from({ length: 16 }, (_, index) => write(index));
      const goOn = async () => {
        for (const before = acknowledged.length; acknowledged.length < before + 200;)
          await new Promise((resolve) => setTimeout(resolve, 10));
      };
      for (let kill = 0; kill < 3; kill++) {
        await goOn();
        await server.kill();
        await server.start();
      }
      await goOn();
      load.abort();
      await Promise.all(writers);

      const events = await store.readAll(0n, 1_000_000);
      expectKept(events, acknowledged);
      expect(events).toHaveLength(acknowledged.length);
      await reach(seen, events.length);
      stop.abort();
      await following;
      expect(seen).toEqual(events);
      await Promise.all([store.close(), other.close()]);
    },
    120 * SECOND,
  );

  it(
    'a store that meets a dead server tells so in time, and reads again when there is one',
    async () => {
      const store = await connect(server.url);
      const keyed = filing({}, newKey());
      const answer = await store.append(keyed);
      await server.kill();
      const start = performance.now();
      await expect(store.readAll(0n, 10)).rejects.toThrow('The log cannot be reached');
      await expect(store.append(filing())).rejects.toThrow('The log cannot be reached');
      expect(performance.now() - start).toBeLessThan(12 * SECOND);
      await server.start();
      expect(await untilAnswered(() => store.append(keyed))).toEqual({ ...answer, replayed: true });
      expect(await untilAnswered(() => store.readAll(0n, 10))).toHaveLength(1);
      await store.close();
    },
    60 * SECOND,
  );

  it(
    'a process that was there while the server stood still ends when it closes the log',
    async () => {
      const child = forkScript('filing-process.ts', [server.url]);
      const ended = once(child, 'exit');
      await once(child, 'message');
      await new Promise((resolve) => setTimeout(resolve, SECOND));
      server.freeze();
      await new Promise((resolve) => setTimeout(resolve, 8 * SECOND));
      server.thaw();
      await new Promise((resolve) => setTimeout(resolve, 2 * SECOND));
      child.send('enough');
      const late = new Promise((resolve) => setTimeout(() => resolve('still runs'), 10 * SECOND).unref());
      const how = await Promise.race([ended, late]);
      child.kill('SIGKILL');
      expect(how).toEqual([0, null]);
    },
    60 * SECOND,
  );
}
