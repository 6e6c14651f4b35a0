import { randomUUID } from 'node:crypto';
import { KurrentDBClient, jsonEvent } from '@kurrent/kurrentdb-client';
import { StoreUnavailable, type StoredEvent } from '../../src/event-store/event-store.js';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import type { KurrentEventStore } from '../../src/event-store/kurrentdb/kurrentdb-event-store.js';
import { CuttingProxy } from './cutting-proxy.js';
import { expectKept, onlyUnavailable, reach, untilAnswered } from './enduring.js';
import { notRun } from './event-store.contract.js';
import { article, filing, newEvent, newEvents, newKey, positions, seededRandom } from './filings.js';
import { openKurrentLog, type OpenKurrentLog } from './kurrentdb-log.js';

const SECOND = 1000;
const { KURRENTDB_URL: url } = process.env;

if (url === undefined) notRun('the log in KurrentDB, under faults', 'KURRENTDB_URL is not set');
else describe('the log in KurrentDB, under faults', () => underFaults(url));

function underFaults(server: string): void {
  let log: OpenKurrentLog;
  const cleanups: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    log = await openKurrentLog(server);
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    await log.drop();
  });

  async function openThroughProxy(): Promise<{ proxy: CuttingProxy; store: KurrentEventStore }> {
    const proxy = new CuttingProxy(server);
    cleanups.push(() => proxy.close());
    const store = await connect(await proxy.listen(), { prefix: log.prefix });
    cleanups.push(() => store.close());
    return { proxy, store };
  }

  const everything = () => log.store.readAll(0n, 100_000);
  const streamsOf = async (names: readonly string[]) => [...(await log.store.readStreams(names)).values()];

  /** A filer that ends between the append that commits its filing of three new records and the copies for two of them. */
  async function crash(): Promise<ReturnType<typeof article>> {
    const { proxy, store } = await openThroughProxy();
    const filed = article();
    // Only the carrier holds the id of an event of another stream, before its copy does.
    proxy.hangAfter(filed.streams[1]!.events[0]!.id);
    await expect(store.append(filed)).rejects.toThrow(StoreUnavailable);
    return filed;
  }

  describe('a filer that crashes after its carrier, before the copies', () => {
    it(
      'readers see all of the filing at once, and the retry writes what is missing and gives the first answer',
      async () => {
        const batches: StoredEvent[][] = [];
        const stop = new AbortController();
        const following = follow(log.store, stop.signal, (batch) => batches.push(batch));
        const filed = await crash();
        const ids = filed.streams.flatMap(({ events }) => events.map(({ id }) => id));
        const names = filed.streams.map(({ stream }) => stream);
        expect((await everything()).map(({ id }) => id)).toEqual(ids);
        expect(batches.map((batch) => batch.map(({ id }) => id))).toEqual([ids]);
        expect((await streamsOf(names)).map((events) => events.length)).toEqual([2, 0, 0]);

        expect(await log.store.append(filed)).toEqual({ outcome: 'stored', replayed: true, events: await everything() });
        expect((await streamsOf(names)).flat()).toEqual(await everything());
        expect((await everything()).map(({ id }) => id)).toEqual(ids);
        stop.abort();
        await following;
        expect(batches.flat()).toEqual(await everything());
      },
      30 * SECOND,
    );

    it(
      'whoever owns the projector writes what is missing after five seconds, once',
      async () => {
        const filed = await crash();
        let written = 0;
        while (written === 0) written = await log.store.completeCarriers();
        expect(written).toBe(4);
        expect((await streamsOf(filed.streams.map(({ stream }) => stream))).flat()).toEqual(await everything());
        expect(await log.store.completeCarriers()).toBe(0);
        const [, second] = filed.streams;
        const step = filing({ stream: second!.stream, expectedVersion: 2 });
        expect(await log.store.append(step)).toMatchObject({ outcome: 'stored', events: [{ version: 3 }] });
        expect(await (await log.openAnother()).completeCarriers()).toBe(0);
      },
      30 * SECOND,
    );

    it(
      'leaves what is filed whole to itself',
      async () => {
        await Promise.all(Array.from({ length: 20 }, () => log.store.append(article())));
        expect(await log.store.completeCarriers()).toBe(0);
      },
      10 * SECOND,
    );
  });

  it(
    'a filer that crashes before its carrier: nothing is stored, and a retry stores it once',
    async () => {
      const { proxy, store } = await openThroughProxy();
      await store.append(filing());
      proxy.hang();
      const filed = article();
      await expect(store.append(filed)).rejects.toThrow(StoreUnavailable);
      expect(await everything()).toHaveLength(1);
      expect(await log.store.append(filed)).toMatchObject({ outcome: 'stored', replayed: false });
      expect(await everything()).toHaveLength(7);
    },
    20 * SECOND,
  );

  it('what others keep on the same server is skipped: other streams, links and strangers under the prefix, another log', async () => {
    const client = KurrentDBClient.connectionString(server);
    cleanups.push(() => client.dispose());
    const other = await openKurrentLog(server);
    cleanups.push(() => other.drop());
    const seen: StoredEvent[] = [];
    const stop = new AbortController();
    const following = follow(log.store, stop.signal, (batch) => seen.push(...batch));
    const foreign = jsonEvent({ type: 'OrderPlaced', data: { amount: 3 }, metadata: { tenant: 'advertising' } });
    for (let round = 0; round < 5; round++) {
      await client.appendToStream(`orders-${randomUUID()}`, foreign);
      await client.appendToStream(`${log.prefix}stranger`, jsonEvent({ type: 'OrderPlaced', data: { amount: 3 } }));
      await other.store.append(article());
      await log.store.append(article());
      await client.appendToStream(`${log.prefix}links`, jsonEvent({ type: '$>', data: `0@orders-${round}` }));
    }
    const events = await everything();
    expect(events).toHaveLength(30);
    expect((await log.store.head()).position).toBe(events.at(-1)!.position);
    expect((await log.store.head()).log).not.toBe((await other.store.head()).log);
    await reach(seen, 30);
    stop.abort();
    await following;
    expect(seen).toEqual(events);
    expect(await other.store.readAll(0n, 100)).toHaveLength(30);
  }, 20_000);

  it('two instances at once: one of all who race wins, the others learn the version', async () => {
    const other = await log.openAnother();
    const stream = randomUUID();
    for (let version = 0; version < 20; version++) {
      const race = [log.store, other, log.store, other].map((store) => store.append(filing({ stream, expectedVersion: version })));
      const outcomes = (await Promise.all(race)).map(({ outcome }) => outcome).toSorted();
      expect(outcomes).toEqual(['conflict', 'conflict', 'conflict', 'stored']);
    }
    expect(await everything()).toHaveLength(20);
  }, 20_000);

  it('two instances at once: the same key is stored once', async () => {
    const other = await log.openAnother();
    for (let round = 0; round < 20; round++) {
      const retried = filing({}, newKey());
      const outcomes = await Promise.all([log.store.append(retried), other.append(retried)]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
      expect(outcomes.filter((outcome) => outcome.outcome === 'stored' && outcome.replayed)).toHaveLength(1);
    }
    expect(await everything()).toHaveLength(20);
  }, 20_000);

  it.each([
    ['without a key', undefined],
    ['with a key', newKey()],
  ])(
    'an answer lost on the way, %s: the filing is found, and stored once',
    async (_, key) => {
      const { proxy, store } = await openThroughProxy();
      const events = newEvents(2);
      proxy.loseAnswerTo('StatementRecorded');
      expect(await store.append(filing({ events }, key))).toMatchObject({ outcome: 'stored', events });
      expect(await everything()).toMatchObject(events);
      expect(proxy.lost).toBe(1);
    },
    20_000,
  );

  it(
    'a server that hangs: filings and reads fail as unavailable in time, and go on when it answers again',
    async () => {
      const { proxy, store } = await openThroughProxy();
      await store.append(filing());
      proxy.hang();
      const start = performance.now();
      const results = await Promise.allSettled([
        store.append(filing()),
        store.readStreams([newEvent().id]),
        store.head(),
        store.append(article()),
      ]);
      expect(results.map((result) => result.status === 'rejected' && result.reason instanceof StoreUnavailable)).toEqual(
        results.map(() => true),
      );
      expect(performance.now() - start).toBeLessThan(7 * SECOND);
      proxy.recover();
      expect(await untilAnswered(() => store.append(filing()))).toMatchObject({ outcome: 'stored' });
      expect(await untilAnswered(() => store.readAll(0n, 10))).toEqual(await everything());
    },
    30 * SECOND,
  );

  it(
    'connections broken again and again: what was acknowledged is stored once, and subscriptions go on',
    async () => {
      const random = seededRandom();
      const { proxy, store } = await openThroughProxy();
      const seen: StoredEvent[] = [];
      const stop = new AbortController();
      const following = follow(store, stop.signal, (batch) => seen.push(...batch));
      const end = performance.now() + 5 * SECOND;
      const acknowledged: string[] = [];
      const write = async () => {
        while (performance.now() < end) {
          const filed = random() < 0.3 ? article() : filing({ events: newEvents(2) }, random() < 0.5 ? newKey() : undefined);
          const outcome = await store.append(filed).catch(onlyUnavailable);
          if (outcome?.outcome === 'conflict') throw new Error('a filing of a new record conflicted with itself');
          if (outcome?.outcome === 'stored') acknowledged.push(...outcome.events.map(({ id }) => id));
        }
      };
      const cut = async () => {
        while (performance.now() < end) {
          await new Promise((resolve) => setTimeout(resolve, 50 + random() * 300));
          proxy.recover();
        }
      };
      await Promise.all([cut(), ...Array.from({ length: 8 }, write)]);
      const events = await everything();
      expectKept(events, acknowledged);
      expect(acknowledged.length).toBeGreaterThan(50);
      await reach(seen, events.length);
      stop.abort();
      await following;
      expect(seen).toEqual(events);
    },
    60 * SECOND,
  );

  it(
    'a subscriber that is slower than the filers gets everything, in order',
    async () => {
      const seen: StoredEvent[] = [];
      const stop = new AbortController();
      let wait = 3 * SECOND;
      const following = (async () => {
        for await (const batch of log.store.subscribe(0n, { signal: stop.signal, batchSize: 10 })) {
          seen.push(...batch);
          await new Promise((resolve) => setTimeout(resolve, wait));
          wait = 0;
        }
      })();
      for (let round = 0; round < 20; round++)
        await Promise.all(Array.from({ length: 100 }, () => log.store.append(filing({ events: newEvents(2) }))));
      const events = await everything();
      await reach(seen, events.length);
      stop.abort();
      await following;
      expect(events).toHaveLength(4000);
      expect(seen).toEqual(events);
      expect(positions(events)).toEqual(positions(events).toSorted((a, b) => (a < b ? -1 : 1)));
    },
    60 * SECOND,
  );
}

async function follow(store: KurrentEventStore, signal: AbortSignal, take: (batch: StoredEvent[]) => void): Promise<void> {
  for await (const batch of store.subscribe(0n, { signal })) take(batch);
}
