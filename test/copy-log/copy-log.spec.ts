import { randomUUID } from 'node:crypto';
import { copyLog, CopyProblem, type CopyOptions, type CopyProgress } from '../../src/event-store/copy-log.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { filing, newEvents, newKey, seededRandom } from '../contracts/filings.js';
import { SparseStore } from '../support/sparse-store.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** A log with filings of one and of several streams, with and without a key. */
async function filled(filings: number, log: EventStore = new MemoryEventStore()): Promise<EventStore> {
  for (let n = 0; n < filings; n++) {
    const [first] = filing({ events: newEvents(1 + (n % 4)) }).streams;
    const [second] = filing().streams;
    const key = n % 2 === 0 ? { key: newKey() } : {};
    await log.append({ streams: n % 3 === 0 ? [first!, second!] : [first!], ...key });
  }
  return log;
}

const everything = async (log: EventStore) => (await log.readAll(0n, 100_000)).map(({ position: _, ...rest }) => rest);

async function problem(source: EventStore, target: EventStore): Promise<string> {
  const thrown: unknown = await copyLog(source, target).catch((error: unknown) => error);
  if (!(thrown instanceof CopyProblem)) throw new Error(`expected a CopyProblem, not ${String(thrown)}`);
  return thrown.message;
}

describe('copying a log', () => {
  it('keeps all of it but the positions, and answers the same hash for both', async () => {
    const [source, target] = [await filled(20, new SparseStore()), new MemoryEventStore()];
    const copied = await copyLog(source, target, { batchSize: 7 });
    expect(await everything(target)).toEqual(await everything(source));
    expect(copied).toMatchObject({ events: (await everything(source)).length, before: 0 });
    expect(copied?.source).toMatch(/^[0-9a-f]{64}$/);
    expect(copied?.target).toBe(copied?.source);
  });

  it('of an empty log is an empty log', async () => {
    expect(await copyLog(new MemoryEventStore(), new MemoryEventStore())).toMatchObject({ events: 0 });
  });

  it('done again copies nothing, and what was filed since where there is something', async () => {
    const [source, target] = [await filled(5), new MemoryEventStore()];
    const first = await copyLog(source, target);
    expect(await copyLog(source, target)).toEqual({ ...first, before: first!.events });
    await filled(5, source);
    const second = await copyLog(source, target, { batchSize: 3 });
    expect(second?.before).toBe(first?.events);
    expect(await everything(target)).toEqual(await everything(source));
  });

  it('tells how far it is: copied and checked up to the end of the source', async () => {
    const source = await filled(10);
    const told: CopyProgress[] = [];
    await copyLog(source, new MemoryEventStore(), { batchSize: 4, progress: (progress) => told.push(progress) });
    const { position: end } = await source.head();
    for (const phase of ['copy', 'check'] as const) {
      const positions = told.filter((one) => one.phase === phase).map(({ position }) => position);
      expect(positions.at(-1)).toBe(end);
      expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)));
    }
    expect(told.every((one) => one.end === end)).toBe(true);
  });

  it(`cut off anywhere, goes on there (SEED=${SEED})`, async () => {
    const random = seededRandom(SEED);
    const source = await filled(40, new SparseStore());
    const target = new MemoryEventStore();
    for (let runs = 0; ; runs++) {
      const stop = new AbortController();
      const options: CopyOptions = { batchSize: 1 + Math.floor(random() * 9), signal: stop.signal };
      const copied = await copyLog(source, target, { ...options, progress: () => random() < 0.04 && stop.abort() });
      if (copied === undefined) continue;
      process.stdout.write(`cut off ${runs} times\n`);
      expect(copied.target).toBe(copied.source);
      break;
    }
    expect(await everything(target)).toEqual(await everything(source));
  });

  describe('is refused, with the first event that differs,', () => {
    it('when both are the same log', async () => {
      const log = await filled(1);
      expect(await problem(log, log)).toBe('Source and target are the same log.');
    });

    it('when the target holds another log', async () => {
      expect(await problem(await filled(3), await filled(1))).toMatch(
        /^The target holds something else: its event number 1 is \w+ [0-9a-f-]+ \(/,
      );
    });

    it('when the target holds more than the source', async () => {
      const [source, target] = [await filled(3), new MemoryEventStore()];
      await copyLog(source, target);
      const { events } = (await copyLog(source, target))!;
      await target.append(filing({ stream: randomUUID() }));
      expect(await problem(source, target)).toContain(`its event number ${events + 1} is `);
      expect(await problem(source, target)).toContain('and in the source it is none');
    });

    it('when an event has another time', async () => {
      const [source, target] = [await filled(1), new MemoryEventStore()];
      const [event, ...rest] = await source.readAll(0n, 100);
      await target.restore([{ ...event!, recordedAt: new Date(event!.recordedAt.getTime() - 1) }, ...rest]);
      expect(await problem(source, target)).toContain(`its event number 1 is ${event!.type} ${event!.id}`);
    });
  });
});
