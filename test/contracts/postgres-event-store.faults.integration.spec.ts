import { StoreUnavailable, type AppendOutcome, type StoredEvent } from '../../src/event-store/event-store.js';
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { CuttingProxy } from './cutting-proxy.js';
import { onlyUnavailable } from './enduring.js';
import { consecutive, filing, newEvent, newEvents, newKey, positions, seededRandom } from './filings.js';
import { openPostgresLog, type OpenPostgresLog } from './postgres-log.js';

const SECOND = 1000;

describe('the log in PostgreSQL, under faults', () => {
  let log: OpenPostgresLog;
  const cleanups: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    log = await openPostgresLog();
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
    await log.drop();
  });

  async function openThroughProxy(): Promise<{ proxy: CuttingProxy; store: PostgresEventStore }> {
    const proxy = new CuttingProxy(log.database.url);
    cleanups.push(() => proxy.close());
    return { proxy, store: await log.openAnother(await proxy.listen()) };
  }

  const everything = () => log.store.readAll(0n, 100_000);

  it('two instances at once: one of all who race wins, the others learn the version', async () => {
    const other = await log.openAnother();
    const stream = newEvent().id;
    for (let version = 0; version < 20; version++) {
      const race = [log.store, other, log.store, other].map((store) => store.append(filing({ stream, expectedVersion: version })));
      const outcomes = (await Promise.all(race)).map(({ outcome }) => outcome).toSorted();
      expect(outcomes).toEqual(['conflict', 'conflict', 'conflict', 'stored']);
    }
    expect(positions(await everything())).toEqual(consecutive(1n, 20));
  });

  it('two instances at once: the same key is stored once', async () => {
    const other = await log.openAnother();
    for (let round = 0; round < 20; round++) {
      const retried = filing({}, newKey());
      const outcomes = await Promise.all([log.store.append(retried), other.append(retried)]);
      expect(outcomes.map((outcome) => outcome.outcome)).toEqual(['stored', 'stored']);
      expect(outcomes.filter((outcome) => outcome.outcome === 'stored' && outcome.replayed)).toHaveLength(1);
    }
    expect(await everything()).toHaveLength(20);
  });

  it(
    'an instance at rest hears at once what another one appends',
    async () => {
      const other = await log.openAnother();
      const subscription = other.subscribe(0n, { signal: AbortSignal.timeout(20 * SECOND) })[Symbol.asyncIterator]();
      const next = subscription.next();
      await new Promise((resolve) => setTimeout(resolve, 4 * SECOND));
      const start = performance.now();
      await log.store.append(filing());
      await next;
      expect(performance.now() - start).toBeLessThan(400);
    },
    30 * SECOND,
  );

  it('one value the database refuses fails only its own filing', async () => {
    const filings = Array.from({ length: 50 }, (_, index) =>
      filing({ events: [newEvent(index === 20 ? { type: 'Statement\u0000Recorded' } : {})] }),
    );
    const results = await Promise.allSettled(filings.map((each) => log.store.append(each)));
    expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([20]);
    expect(results[20]).toMatchObject({ reason: { code: '22021' } });
    expect(positions(await everything())).toEqual(consecutive(1n, 49));
  });

  it(
    'connections broken again and again: what was acknowledged is stored once, and subscriptions go on',
    async () => {
      const random = seededRandom();
      const other = await log.openAnother();
      const stop = new AbortController();
      const seen: StoredEvent[] = [];
      const following = (async () => {
        for await (const batch of other.subscribe(0n, { signal: stop.signal, batchSize: 20 })) seen.push(...batch);
      })();
      const acknowledged: string[] = [];
      const end = performance.now() + 3 * SECOND;
      const write = async () => {
        while (performance.now() < end) {
          const outcome = await log.store
            .append(filing({ events: newEvents(2) }, random() < 0.5 ? newKey() : undefined))
            .catch(onlyUnavailable);
          if (outcome?.outcome === 'conflict') throw new Error('a filing of a new record conflicted with itself');
          if (outcome?.outcome === 'stored') acknowledged.push(...outcome.events.map(({ id }) => id));
        }
      };
      const cut = async () => {
        while (performance.now() < end) {
          await new Promise((resolve) => setTimeout(resolve, 20 + random() * 100));
          await log.database.pool
            .query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
            .catch(() => undefined);
        }
      };
      await Promise.all([cut(), ...Array.from({ length: 16 }, write)]);
      const events = await everything();
      const ids = events.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(positions(events)).toEqual(consecutive(1n, events.length));
      while (seen.length < events.length) await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort();
      await following;
      expect(seen).toEqual(events);
    },
    30 * SECOND,
  );

  it.each([
    ['without a key', undefined],
    ['with a key', newKey()],
  ])('an answer lost on the way, %s: the filing is found, and stored once', async (_, key) => {
    const { proxy, store } = await openThroughProxy();
    proxy.loseAnswerTo('StatementRecorded');
    const events = newEvents(2);
    expect(await store.append(filing({ events }, key))).toMatchObject({ outcome: 'stored', replayed: true, events });
    expect(await everything()).toMatchObject(events);
    expect(proxy.lost).toBe(1);
  });

  it('an answer lost on the way to several: each learns its own outcome', async () => {
    const { proxy, store } = await openThroughProxy();
    const stream = newEvent().id;
    await store.append(filing({ stream }));
    proxy.loseAnswerTo('StatementRecorded');
    const conflict = { outcome: 'conflict', stream, expected: 0, actual: 1 } satisfies AppendOutcome;
    const outcomes = await Promise.all([store.append(filing()), store.append(filing({ stream })), store.append(filing({}, newKey()))]);
    expect(outcomes).toMatchObject([
      { outcome: 'stored', events: [{ position: 2n }] },
      conflict,
      { outcome: 'stored', events: [{ position: 3n }] },
    ]);
    expect(await everything()).toHaveLength(3);
    expect(proxy.lost).toBe(1);
  });

  it(
    'a database that hangs: filings fail as unavailable in time, and go on when it answers again',
    async () => {
      const { proxy, store } = await openThroughProxy();
      await store.append(filing());
      proxy.hang();
      const start = performance.now();
      const results = await Promise.allSettled([store.append(filing()), store.readStreams([newEvent().id]), store.append(filing())]);
      expect(results.map((result) => result.status === 'rejected' && result.reason instanceof StoreUnavailable)).toEqual([
        true,
        true,
        true,
      ]);
      expect(performance.now() - start).toBeLessThan(6 * SECOND);
      proxy.recover();
      expect(await store.append(filing())).toMatchObject({ outcome: 'stored' });
      expectGaplessStreams(await everything());
    },
    20 * SECOND,
  );

  it('a connection that forgets its prepared statements, as a pooler may give: filings go on', async () => {
    const single = createPool(log.database.url, { max: 1, applicationName: 'entente: forgetful' });
    cleanups.push(() => single.end());
    const store = new PostgresEventStore({ pool: single });
    await store.append(filing());
    await single.query('deallocate all');
    for (const key of [undefined, newKey()])
      expect(await store.append(filing({}, key))).toMatchObject({ outcome: 'stored', replayed: false });
    expect(await everything()).toHaveLength(3);
  });

  it('a lock that is not let go: filings fail as unavailable after two seconds, and go on when it is', async () => {
    const holder = await log.database.pool.connect();
    const other = await log.openAnother();
    const lock = await holder.query<{ source: string }>(
      `select prosrc as source from pg_proc where proname = 'append' and pronamespace = 'log'::regnamespace`,
    );
    await holder.query('begin');
    await holder.query(`select ${/pg_advisory_xact_lock\(\d+\)/.exec(lock.rows[0]!.source)![0]}`);
    const start = performance.now();
    await expect(other.append(filing())).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - start).toBeGreaterThan(1.5 * SECOND);
    await holder.query('rollback');
    holder.release();
    expect(await other.append(filing())).toMatchObject({ outcome: 'stored' });
  });

  it.each([
    ['default_transaction_isolation', 'repeatable read', 'READ COMMITTED'],
    ['synchronous_commit', 'off', 'acknowledged'],
  ])('a database with %s = %s is refused at the start', async (setting, value, reason) => {
    const name = new URL(log.database.url).pathname.slice(1);
    await log.database.pool.query(`alter database ${name} set ${setting} = '${value}'`);
    await expect(log.openAnother()).rejects.toThrow(reason);
  });

  it(
    'a filtered subscription finds a rare type far away in the log',
    async () => {
      for (let thousand = 0; thousand < 21; thousand++) await log.store.append(filing({ events: newEvents(1000, { data: {} }) }));
      await log.store.append(filing({ events: [newEvent({ type: 'Rare' })] }));
      for await (const batch of log.store.subscribe(0n, { filter: { types: ['Rare'] }, signal: AbortSignal.timeout(10 * SECOND) })) {
        expect(positions(batch)).toEqual([21_001n]);
        return;
      }
      throw new Error('the subscription ended');
    },
    30 * SECOND,
  );
});

function expectGaplessStreams(events: readonly StoredEvent[]): void {
  const versions = new Map<string, number>();
  for (const { stream, version } of events) {
    expect(version).toBe((versions.get(stream) ?? 0) + 1);
    versions.set(stream, version);
  }
}
