import { randomUUID, createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { verify } from '../../src/event-store/event-hash.js';
import { StoreUnavailable, type AppendOutcome, type EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { asSeen } from './crowd.js';
import { twoCrowds } from './crowds.js';
import { untilAnswered } from './enduring.js';
import { consecutive, filing, newEvent, newEvents, newKey, positions, seededRandom, types } from './filings.js';

export interface OpenLog {
  store: EventStore;
  /** Closes the store and deletes the log. */
  drop(): Promise<void>;
  /** Milliseconds after which a subscription without news has gone to rest; none for a store that never polls. */
  restsAfter?: number;
  /** Whether positions are 1, 2, 3 and so on; else they only rise. */
  gapless: boolean;
  /** Whether an id that is in another stream is refused, and several existing streams can be in one filing. */
  guardsAll: boolean;
  /** Whether filings that come together are stored in one commit. */
  gathers?: boolean;
  /** Breaks every connection of `store`; none for a store without connections. */
  cut?(): Promise<void>;
  /** Another instance of the service on the same log, which the drop closes; none where the log is in its memory. */
  openAnother?(): Promise<EventStore>;
  /** What another process opens the log by: see log-process.ts. */
  processArguments?: string[];
}

/** What every store keeps to. `open` makes an empty log. */
export function eventStoreContract(name: string, open: () => Promise<OpenLog>): void {
  describe(name, () => {
    let log: OpenLog;
    let store: EventStore;

    beforeEach(async () => {
      log = await open();
      store = log.store;
    });

    afterEach(() => log.drop());

    const everything = () => store.readAll(0n, 100_000);

    /** So many events, each once, at rising positions: without gaps where the store promises that. */
    function expectInOrder(events: readonly StoredEvent[], wanted: number, first = 1n): void {
      const found = positions(events);
      expect(found).toHaveLength(wanted);
      if (log.gapless) expect(found).toEqual(consecutive(first, wanted));
      else expect(found.every((position, index) => position > (found[index - 1] ?? 0n))).toBe(true);
      expect(new Set(events.map(({ id }) => id)).size).toBe(wanted);
    }

    describe('appending', () => {
      it('is told to an observer, where there is one: what became of each filing and how long it took, and what went in one commit', async () => {
        const told: [outcome: string, milliseconds: number][] = [];
        const commits: [filings: number, events: number][] = [];
        store.observer = {
          appended: (outcome, milliseconds) => told.push([outcome, milliseconds]),
          committed: (filings, events) => commits.push([filings, events]),
        };
        const keyed = { ...filing({ stream: randomUUID(), events: newEvents(3) }), key: newKey() };
        await store.append(keyed);
        await store.append(keyed);
        await store.append({ ...keyed, key: { ...keyed.key, hash: 'b'.repeat(64) } });
        await store.append(filing({ stream: keyed.streams[0]!.stream, events: newEvents(2) }));
        expect(told.map(([outcome]) => outcome)).toEqual(['stored', 'replayed', 'key-reused', 'conflict']);
        expect(told.every(([, milliseconds]) => milliseconds > 0)).toBe(true);
        expect(commits.map(([, events]) => events)).toEqual([3, 3, 3, 2]);
        await Promise.all(newEvents(40).map((event) => store.append(filing({ stream: randomUUID(), events: [event] }))));
        const later = commits.slice(4);
        const sum = (numbers: number[]): number => numbers.reduce((all, number) => all + number, 0);
        expect([sum(later.map(([filings]) => filings)), sum(later.map(([, events]) => events))]).toEqual([40, 40]);
        if (log.gathers) expect(later.length).toBeLessThan(10);
      });

      it('is told as failed where the store has no answer', async () => {
        const told: string[] = [];
        store.observer = { appended: (outcome) => told.push(outcome), committed: () => undefined };
        const first = newEvent();
        await store.append(filing({ stream: randomUUID(), events: [first] }));
        const again = store.append(filing({ stream: randomUUID(), events: [first] }));
        if (log.guardsAll) await expect(again).rejects.toThrow();
        else await again;
        expect(told).toEqual(['stored', log.guardsAll ? 'failed' : 'stored']);
      });

      it('stores the events of a new stream at versions from 1 and rising positions', async () => {
        const events = newEvents(3);
        const stream = randomUUID();
        const stored = storedEvents(await store.append(filing({ stream, events })));
        expect(stored.map(({ version }) => version)).toEqual([1, 2, 3]);
        expectInOrder(stored, 3);
        expect(stored).toMatchObject(events.map((event) => ({ ...event, stream })));
        expect(await everything()).toEqual(stored);
      });

      it('stores further events of a stream at its next versions', async () => {
        const stream = randomUUID();
        await store.append(filing({ stream, events: newEvents(2) }));
        const stored = storedEvents(await store.append(filing({ stream, expectedVersion: 2 })));
        expect(stored).toMatchObject([{ version: 3 }]);
        expectInOrder(await everything(), 3);
      });

      it('stores nothing when the stream is at another version than expected, and tells which', async () => {
        const stream = randomUUID();
        await store.append(filing({ stream, events: newEvents(2) }));
        for (const expected of [0, 1, 3]) {
          const outcome = await store.append(filing({ stream, expectedVersion: expected }));
          expect(outcome).toEqual({ outcome: 'conflict', stream, expected, actual: 2 });
        }
        expect(await store.append(filing({ stream: EMPTY, expectedVersion: 1 }))).toEqual({
          outcome: 'conflict',
          stream: EMPTY,
          expected: 1,
          actual: 0,
        });
        expect(await everything()).toHaveLength(2);
      });

      it('stores several streams all or nothing, and names the first that is not at its version', async () => {
        const [old, first, second] = [randomUUID(), randomUUID(), randomUUID()];
        await store.append(filing({ stream: old }));
        const streams = [
          { stream: first, expectedVersion: 0, events: newEvents(2) },
          { stream: old, expectedVersion: 0, events: newEvents(1) },
          { stream: second, expectedVersion: 7, events: newEvents(1) },
        ];
        expect(await store.append({ streams })).toEqual({ outcome: 'conflict', stream: old, expected: 0, actual: 1 });
        expect(await everything()).toHaveLength(1);
        const corrected = streams.map((each) => ({ ...each, expectedVersion: each.stream === old ? 1 : 0 }));
        const stored = storedEvents(await store.append({ streams: corrected }));
        expect(stored.map(({ stream, version }) => [stream, version])).toEqual([
          [first, 1],
          [first, 2],
          [old, 2],
          [second, 1],
        ]);
        expectInOrder(stored, 4, 2n);
        expect((await everything()).slice(1)).toEqual(stored);
        const read = await store.readStreams([first, old, second]);
        expect(
          [...read.values()]
            .flat()
            .toSorted((a, b) => (a.position < b.position ? -1 : 1))
            .slice(-4),
        ).toEqual(stored);
      });

      it('lets exactly one of many win who race for a new stream', async () => {
        const stream = randomUUID();
        const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.append(filing({ stream }))));
        expect(count(outcomes)).toEqual({ stored: 1, conflict: 49 });
        expect(await everything()).toHaveLength(1);
      });

      it('lets exactly one of many win who race for the next version of a stream', async () => {
        const stream = randomUUID();
        await store.append(filing({ stream }));
        const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.append(filing({ stream, expectedVersion: 1 }))));
        expect(count(outcomes)).toEqual({ stored: 1, conflict: 49 });
        expect(await everything()).toHaveLength(2);
      });

      it('fails only the one of 100 filings at once that conflicts', async () => {
        const stream = randomUUID();
        await store.append(filing({ stream }));
        const filings = Array.from({ length: 100 }, (_, index) => filing(index === 42 ? { stream } : {}));
        const outcomes = await Promise.all(filings.map((each) => store.append(each)));
        expect(outcomes[42]).toEqual({ outcome: 'conflict', stream, expected: 0, actual: 1 });
        expect(count(outcomes)).toEqual({ stored: 99, conflict: 1 });
        expectInOrder(await everything(), 100);
      });

      it('fails only the one of 100 filings of several streams at once that conflicts, and stores nothing of it', async () => {
        const stream = randomUUID();
        await store.append(filing({ stream }));
        const several = (index: number) => ({
          streams: [filing(), filing(index === 42 ? { stream } : {})].map(({ streams }) => streams[0]!),
        });
        const filings = Array.from({ length: 100 }, (_, index) => several(index));
        const outcomes = await Promise.all(filings.map((each) => store.append(each)));
        expect(outcomes[42]).toEqual({ outcome: 'conflict', stream, expected: 0, actual: 1 });
        expect(count(outcomes)).toEqual({ stored: 99, conflict: 1 });
        expectInOrder(await everything(), 199);
        expect((await store.readStreams([filings[42]!.streams[0]!.stream])).get(filings[42]!.streams[0]!.stream)).toEqual([]);
      });

      it('stores nothing of 500 events to 100 new streams when one of these is there already', async () => {
        const streams = Array.from({ length: 100 }, () => ({ stream: randomUUID(), expectedVersion: 0, events: newEvents(5) }));
        await store.append(filing({ stream: streams[57]!.stream }));
        const conflict = { outcome: 'conflict', stream: streams[57]!.stream, expected: 0, actual: 1 };
        expect(await store.append({ streams, key: newKey() })).toEqual(conflict);
        expect(await everything()).toHaveLength(1);
        const read = await store.readStreams(streams.map(({ stream }) => stream));
        expect([...read.values()].flat()).toHaveLength(1);
      });

      it('adds to two existing streams at once, or says that it cannot, and then stores nothing', async () => {
        const [one, two] = [randomUUID(), randomUUID()];
        await store.append(filing({ stream: one }));
        await store.append(filing({ stream: two }));
        const streams = [one, two].map((stream) => ({ stream, expectedVersion: 1, events: newEvents(1) }));
        const outcome = await store.append({ streams });
        if (!log.guardsAll) expect(outcome).toEqual({ outcome: 'cannot-append-many', streams: [one, two] });
        expectInOrder(await everything(), log.guardsAll ? 4 : 2);
      });

      it('stores 500 events to 100 new streams in one filing, in the order given', async () => {
        const streams = Array.from({ length: 100 }, () => ({ stream: randomUUID(), expectedVersion: 0, events: newEvents(5) }));
        const stored = storedEvents(await store.append({ streams, key: newKey() }));
        expect(stored.map(({ id }) => id)).toEqual(streams.flatMap(({ events }) => events.map(({ id }) => id)));
        expectInOrder(stored, 500);
        expect(await everything()).toEqual(stored);
        const read = await store.readStreams(streams.map(({ stream }) => stream));
        expect([...read.values()].flat()).toEqual(stored);
        expect(await store.head()).toMatchObject({ position: stored.at(-1)!.position, recordedAt: stored.at(-1)!.recordedAt });
      });

      it('keeps an event of 900 kB', async () => {
        const event = newEvent({ data: { quote: 'ñ'.repeat(450_000) } });
        await store.append(filing({ events: [event] }));
        expect((await everything())[0]?.data).toEqual(event.data);
      });

      it('keeps every character of a value, U+0000 too', async () => {
        const event = newEvent({ data: { quote: 'a\u0000b "\\ \u2028 😀' }, metadata: { by: 'desk', note: '\u0000' } });
        await store.append(filing({ events: [event] }));
        expect(await everything()).toMatchObject([event]);
      });

      it('refuses a filing without streams, without events, with a stream twice, an unprintable stream or an id that is no UUID in lower case', async () => {
        const twice = filing().streams[0]!;
        const bad = [
          { streams: [] },
          filing({ events: [] }),
          { streams: [twice, twice] },
          filing({ stream: '' }),
          filing({ stream: 'USA\n' }),
          filing({ events: [newEvent({ id: 'the-first' })] }),
          filing({ events: [newEvent({ id: EMPTY.toUpperCase() })] }),
          filing({}, { id: EMPTY, hash: 'A'.repeat(64) }),
        ];
        for (const each of bad) await expect(store.append(each)).rejects.toThrow(TypeError);
        expect((await store.head()).position).toBe(0n);
      });

      it('fails only the filings with a bad value among many at once', async () => {
        const known = newEvent();
        await store.append(filing({ events: [known] }));
        const bad = new Map([
          [7, filing({ events: [newEvent({ data: { quote: '\ud800' } })] })],
          [8, filing({ events: [newEvent({ data: { share: NaN } })] })],
          ...(log.guardsAll ? ([[9, filing({ events: [known] })]] as const) : []),
        ]);
        const filings = Array.from({ length: 30 }, (_, index) => bad.get(index) ?? filing());
        const results = await Promise.allSettled(filings.map((each) => store.append(each)));
        const failed = results.flatMap((result, index) =>
          result.status === 'rejected' ? [[index, result.reason instanceof StoreUnavailable]] : [],
        );
        expect(failed).toEqual([...bad.keys()].map((index) => [index, false]));
        expectInOrder(await everything(), 31 - bad.size);
      });
    });

    it('32 writers and 4 subscribers, in two processes where there can be two: none skips or repeats a position, and streams keep their order', async () => {
      const seed = Math.floor(seededRandom()() * 2 ** 30);
      const crowds = twoCrowds(log, seed, { writers: 16, filings: 30, subscribers: 2 });
      const stored = (await Promise.all(crowds.map((crowd) => crowd.write()))).flat();
      const events = await everything();
      const seen = (await Promise.all(crowds.map((crowd) => crowd.seenUpTo(events.at(-1)!.position)))).flat();
      expectInOrder(events, stored.length);
      expect(events.map(({ id }) => id).toSorted()).toEqual(stored.toSorted());
      expect(seen).toHaveLength(4);
      for (const each of seen) expect(each).toEqual(events.map(asSeen));
      for (const [, own] of Map.groupBy(events, ({ stream }) => stream))
        expect(own.map(({ version }) => version)).toEqual(own.map((_, index) => index + 1));
    }, 60_000);

    describe('idempotency', () => {
      it('answers a retried filing of a new record with the first answer, and stores nothing', async () => {
        const first = filing({ events: newEvents(2) }, newKey());
        const stored = storedEvents(await store.append(first));
        expect(await store.append(first)).toEqual({ outcome: 'stored', replayed: true, events: stored });
        expect(await everything()).toEqual(stored);
      });

      it('answers a retried step with the first answer, although its stream has moved on', async () => {
        const stream = randomUUID();
        await store.append(filing({ stream }));
        const key = newKey();
        const stored = storedEvents(await store.append(filing({ stream, expectedVersion: 1 }, key)));
        await store.append(filing({ stream, expectedVersion: 2 }));
        for (const expectedVersion of [1, 3]) {
          const again = await store.append(filing({ stream, expectedVersion }, key));
          expect(again).toEqual({ outcome: 'stored', replayed: true, events: stored });
        }
        expect(await everything()).toHaveLength(3);
      });

      it('answers a retried filing of several streams with all its events in their order', async () => {
        const streams = Array.from({ length: 20 }, () => ({ stream: randomUUID(), expectedVersion: 0, events: newEvents(2) }));
        const key = newKey();
        const stored = storedEvents(await store.append({ streams, key }));
        expect(await store.append({ streams, key })).toEqual({ outcome: 'stored', replayed: true, events: stored });
      });

      it('stores once what is filed many times at once, and gives all the same answer', async () => {
        const once = filing({}, newKey());
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.append(once)));
        const [event] = await everything();
        for (const outcome of outcomes) expect(storedEvents(outcome)).toEqual([event]);
        expect(outcomes.filter((outcome) => outcome.outcome === 'stored' && !outcome.replayed)).toHaveLength(1);
        expect(await everything()).toHaveLength(1);
      });

      it('refuses a key that was used with another body', async () => {
        const key = newKey('a'.repeat(64));
        await store.append(filing({}, key));
        expect(await store.append(filing({}, { ...key, hash: 'b'.repeat(64) }))).toEqual({ outcome: 'key-reused' });
        expect(await everything()).toHaveLength(1);
      });

      it('stores both when another caller uses the same key, which has another id', async () => {
        expect(count([await store.append(filing({}, newKey())), await store.append(filing({}, newKey()))])).toEqual({ stored: 2 });
        expect(await everything()).toHaveLength(2);
      });

      it('remembers no filing that was not stored', async () => {
        const stream = randomUUID();
        const key = newKey();
        expect(await store.append(filing({ stream, expectedVersion: 1 }, key))).toMatchObject({ outcome: 'conflict' });
        expect(await store.append(filing({ stream, expectedVersion: 0 }, { ...key, hash: 'b'.repeat(64) }))).toMatchObject({
          outcome: 'stored',
          replayed: false,
        });
      });
    });

    describe('idempotency across restarts', () => {
      it('gives a retry the first answer when the service was started anew, and still refuses another body', async () => {
        const keyed = [
          filing({ events: newEvents(2) }, newKey()),
          { streams: [filing(), filing()].map(({ streams }) => streams[0]!), key: newKey() },
        ];
        const answers = [];
        for (const each of keyed) answers.push(storedEvents(await store.append(each)));
        const again = await anotherStart();
        for (const [index, each] of keyed.entries()) {
          expect(await again.append(each)).toEqual({ outcome: 'stored', replayed: true, events: answers[index] });
          const other = filing({}, { ...each.key!, hash: 'b'.repeat(64) });
          expect(await again.append(other)).toEqual({ outcome: 'key-reused' });
        }
        expect(await again.readAll(0n, 10)).toEqual(answers.flat());
      });

      it('stores once what is retried while connections break', async () => {
        const other = (await log.openAnother?.()) ?? store;
        const until = performance.now() + 2000;
        const answers = new Map<string, Set<string>>();
        const retry = async () => {
          while (performance.now() < until) {
            const streams = Array.from({ length: 3 }, () => filing({ events: newEvents(2) }).streams[0]!);
            const once = { streams, key: newKey() };
            const attempts = [store, other, store].map((each) => untilAnswered(() => each.append(once)));
            const found = (await Promise.all(attempts)).map((outcome) => storedEvents(outcome).map(asSeen));
            answers.set(once.key.id, new Set(found.map((events) => JSON.stringify(events))));
          }
        };
        const breaking = async () => {
          while (performance.now() < until) {
            await new Promise((resolve) => setTimeout(resolve, 150));
            await log.cut?.();
          }
        };
        await Promise.all([breaking(), retry(), retry()]);
        expect([...answers.values()].filter(({ size }) => size !== 1)).toEqual([]);
        expectInOrder(await everything(), 6 * answers.size);
        const read = await store.readStreams([...new Set((await everything()).map(({ stream }) => stream))]);
        expect([...read.values()].flat()).toHaveLength(6 * answers.size);
      }, 40_000);

      /** The store closed, and one that knows nothing but the log; the same one where the log is in its memory. */
      async function anotherStart(): Promise<EventStore> {
        if (!log.openAnother) return store;
        await store.close();
        return log.openAnother();
      }
    });

    describe('reading', () => {
      it('gives each stream its events in order, and an empty one to a stream that does not exist', async () => {
        const [one, two] = [randomUUID(), randomUUID()];
        await store.append(filing({ stream: one }));
        await store.append(filing({ stream: two }));
        await store.append(filing({ stream: one, expectedVersion: 1 }));
        const streams = await store.readStreams([two, EMPTY, one]);
        const [first, second, third] = await everything();
        expect([...streams]).toEqual([
          [two, [second]],
          [EMPTY, []],
          [one, [first, third]],
        ]);
      });

      it('is read on in steps of any size', async () => {
        for (let round = 0; round < 5; round++) {
          await store.append(filing({ events: newEvents(3) }));
          await store.append({ streams: Array.from({ length: 3 }, () => filing({ events: newEvents(2) }).streams[0]!) });
        }
        const all = await everything();
        expectInOrder(all, 45);
        for (const limit of [1, 2, 3, 4, 5, 6, 7, 9, 44, 45, 46]) {
          const read: StoredEvent[] = [];
          for (let step: StoredEvent[]; (step = await store.readAll(read.at(-1)?.position ?? 0n, limit)).length > 0;) read.push(...step);
          expect(read).toEqual(all);
        }
      }, 30_000);

      it('reads on from any position', async () => {
        await store.append(filing({ events: newEvents(4) }));
        for (let version = 4; version < 10; version++) await store.append(filing());
        const streams = Array.from({ length: 3 }, () => filing({ events: newEvents(3) }).streams[0]!);
        await store.append({ streams });
        const all = await everything();
        expectInOrder(all, 19);
        for (const after of [0n, ...positions(all).flatMap((position) => [position - 1n, position])]) {
          const rest = all.filter(({ position }) => position > after);
          expect(await store.readAll(after, 4)).toEqual(rest.slice(0, 4));
          const following = store.subscribe(after, { signal: AbortSignal.timeout(5000) });
          if (rest.length > 0) expect((await take(following, rest.length)).slice(0, rest.length)).toEqual(rest);
        }
      }, 30_000);

      it('reads only the types asked for', async () => {
        await store.append(filing({ events: ['A', 'B', 'C', 'A'].map((type) => newEvent({ type })) }));
        expect(types(await store.readAll(0n, 10, { types: ['A', 'C'] }))).toEqual(['A', 'C', 'A']);
        const all = await everything();
        expect(await store.readAll(all[0]!.position, 1, { types: ['A'] })).toEqual([all[3]]);
        expect(await store.readAll(0n, 10, { types: [] })).toEqual([]);
      });

      it('tells the head, and keeps its id', async () => {
        const empty = await store.head();
        expect(empty).toMatchObject({ position: 0n, recordedAt: null });
        const [event] = storedEvents(await store.append(filing()));
        expect(await store.head()).toEqual({ log: empty.log, position: event?.position, recordedAt: event?.recordedAt });
      });

      it('gives every event the hash of its canonical JSON', async () => {
        await store.append(filing({ stream: 'a-"chosen"\\id', events: newEvents(2) }, newKey()));
        await store.append(filing({ events: [newEvent({ data: { at: undefined, when: new Date(0), '10': 1, '9': -0 } })] }));
        const events = await everything();
        for (const event of events) {
          const { position: _position, recordedAt: _recordedAt, hash, ...hashed } = event;
          expect(hash).toBe(createHash('sha256').update(canonicalize(hashed)!).digest('hex'));
          expect(verify(event)).toBe(true);
          expect(verify({ ...event, data: { ...event.data, stance: 'friendly' } })).toBe(false);
        }
        expect(events).toHaveLength(3);
      });

      it('never dates an event before the one before it', async () => {
        const before = Date.now();
        for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 20 }, () => store.append(filing())));
        const times = (await everything()).map(({ recordedAt }) => recordedAt.getTime());
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(Math.abs(times[0]! - before)).toBeLessThan(10_000);
      });
    });

    describe('a clock that was set back', () => {
      it('dates what is appended like the last event, until the clock has caught up', async () => {
        await store.append(filing());
        const [event] = await everything();
        const ahead = new Date(Date.now() + 3_600_000);
        const other = await open();
        await other.store.restore([{ ...event!, recordedAt: ahead }]);
        const [appended] = storedEvents(await other.store.append(filing()));
        expect(appended?.recordedAt).toEqual(ahead);
        expect((await other.store.head()).recordedAt).toEqual(ahead);
        await other.drop();
      });
    });

    describe('a subscription', () => {
      let stop: AbortController;

      beforeEach(() => (stop = new AbortController()));
      afterEach(() => stop.abort());

      it('gives what is there, then what is appended', async () => {
        await store.append(filing({ events: newEvents(5) }));
        const [first] = await everything();
        const reading = take(store.subscribe(first!.position, { signal: stop.signal }), 7);
        await store.append(filing({ events: newEvents(2) }));
        await store.append(filing());
        expect(await reading).toEqual((await everything()).slice(1));
      });

      it('wakes at once for an append of its own process, also after a long rest', async () => {
        const reading = take(store.subscribe(0n, { signal: stop.signal }), 1);
        await new Promise((resolve) => setTimeout(resolve, log.restsAfter ?? 50));
        const start = performance.now();
        await store.append(filing());
        await reading;
        expect(performance.now() - start).toBeLessThan(500);
      }, 20_000);

      it('gives batches of the size asked for', async () => {
        await store.append(filing({ events: newEvents(5) }));
        const sizes: number[] = [];
        for await (const batch of store.subscribe(0n, { signal: stop.signal, batchSize: 2 })) {
          sizes.push(batch.length);
          if (sizes.length === 3) break;
        }
        expect(sizes).toEqual([2, 2, 1]);
      });

      it('gives only the types asked for', async () => {
        const reading = take(store.subscribe(0n, { signal: stop.signal, filter: { types: ['B'] } }), 3);
        for (let round = 0; round < 3; round++) await store.append(filing({ events: ['A', 'B', 'A'].map((type) => newEvent({ type })) }));
        const all = await everything();
        expect(await reading).toEqual([all[1], all[4], all[7]]);
      });

      it('ends when it is told to, whether it waits or has more to give', async () => {
        const [event] = storedEvents(await store.append(filing()));
        const [waiting, reading] = [new AbortController(), new AbortController()];
        const got = Promise.withResolvers<void>();
        const ends = [
          drain(store.subscribe(event!.position, { signal: waiting.signal })),
          drain(store.subscribe(0n, { signal: reading.signal, batchSize: 1 }), got.resolve),
        ];
        await got.promise;
        const start = performance.now();
        waiting.abort();
        reading.abort();
        expect(await Promise.all(ends)).toEqual([0, 1]);
        expect(performance.now() - start).toBeLessThan(500);
        expect(await drain(store.subscribe(0n, { signal: reading.signal }))).toBe(0);
      });

      it('neither skips nor repeats while many append', async () => {
        const random = seededRandom();
        const reading = take(store.subscribe(0n, { signal: stop.signal, batchSize: 7 }), 300);
        let left = 300;
        const write = async () => {
          while (left > 0) {
            const size = Math.min(left, 1 + Math.floor(random() * 5));
            left -= size;
            await store.append(filing({ events: newEvents(size) }, random() < 0.5 ? newKey() : undefined));
          }
        };
        await Promise.all([write(), write(), write(), write()]);
        expect(await reading).toEqual(await everything());
      });
    });

    describe('restoring', () => {
      let other: OpenLog;
      let events: StoredEvent[];
      const key = newKey();

      beforeEach(async () => {
        other = await open();
        const stream = randomUUID();
        await other.store.append(filing({ stream, events: newEvents(2) }, key));
        await other.store.append(filing());
        await other.store.append(filing({ stream, expectedVersion: 2 }, newKey()));
        events = await other.store.readAll(0n, 10);
      });

      afterEach(() => other.drop());

      /** Positions are kept as far as they are gapless; else their order is. */
      function expectRestored(found: readonly StoredEvent[]): void {
        expectInOrder(found, events.length);
        expect(found).toEqual(events.map((event, index) => ({ ...event, position: found[index]!.position })));
      }

      it('keeps ids, versions, order, times, keys and hashes', async () => {
        await store.restore(events.slice(0, 1));
        await store.restore(events.slice(1));
        expectRestored(await everything());
      });

      it('still knows the keys, and goes on at the next version and position', async () => {
        await store.restore(events);
        const again = await store.append(filing({ stream: events[0]!.stream, expectedVersion: 3 }, key));
        expect(again).toEqual({ outcome: 'stored', replayed: true, events: (await everything()).slice(0, 2) });
        expect(await store.append(filing({ stream: events[0]!.stream, expectedVersion: 3 }))).toMatchObject({ events: [{ version: 4 }] });
        expectInOrder(await everything(), 5);
      });

      it('is seen by subscriptions', async () => {
        const stop = new AbortController();
        const reading = take(store.subscribe(0n, { signal: stop.signal }), 4);
        await store.restore(events);
        expectRestored(await reading);
        stop.abort();
      });

      it('is refused once something was appended', async () => {
        await store.restore(events.slice(0, 2));
        await store.append(filing());
        await expect(store.restore(events.slice(2))).rejects.toThrow('empty');
        expect(await everything()).toHaveLength(3);
      });

      it('refuses a changed event, another order, and a gap', async () => {
        const changed = { ...events[0]!, data: {} };
        for (const bad of [[changed], events.toReversed(), events.slice(1)]) await expect(store.restore(bad)).rejects.toThrow();
        expect(await everything()).toEqual([]);
      });
    });

    describe('closing', () => {
      it('ends subscriptions, lets filings in flight end, and takes no more', async () => {
        const subscription = drain(store.subscribe(0n, { signal: new AbortController().signal }));
        const inFlight = Promise.all(Array.from({ length: 20 }, () => store.append(filing())));
        await store.close();
        expect(count(await inFlight)).toEqual({ stored: 20 });
        await subscription;
        await expect(store.append(filing())).rejects.toThrow(StoreUnavailable);
      });
    });
  });
}

/** A contract that cannot be checked here shows as skipped, with the reason in its name. */
export function notRun(name: string, why: string): void {
  describe(name, () => {
    it.skip(`NOT RUN: ${why}`, () => undefined);
  });
}

const EMPTY = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

function storedEvents(outcome: AppendOutcome): readonly StoredEvent[] {
  if (outcome.outcome !== 'stored') throw new Error(`expected to be stored: ${JSON.stringify(outcome)}`);
  return outcome.events;
}

function count(outcomes: readonly AppendOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** The first so many events of a subscription. */
async function take(subscription: AsyncIterable<StoredEvent[]>, wanted: number): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const batch of subscription) {
    events.push(...batch);
    if (events.length >= wanted) break;
  }
  return events;
}

/** How many events a subscription gives until it ends; tells of each batch. */
async function drain(subscription: AsyncIterable<StoredEvent[]>, got: () => void = () => undefined): Promise<number> {
  let number = 0;
  for await (const batch of subscription) {
    number += batch.length;
    got();
  }
  return number;
}
