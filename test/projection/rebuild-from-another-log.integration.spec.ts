import { jest } from '@jest/globals';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { Bulk } from '../../src/projection/bulk.js';
import { openNext } from '../../src/projection/next-tables.js';
import { Rebuild, type Outcome } from '../../src/projection/rebuild.js';
import { retry, type Retried } from '../../src/projection/retry.js';
import { Newsroom } from '../commands/newsroom.js';
import { seededRandom } from '../contracts/filings.js';
import { SparseStore } from '../support/sparse-store.js';
import { newer, randomHistory } from './history.js';
import { project, ProjectedLog } from './projected-log.js';

interface Parked {
  position: bigint;
  behind: bigint | null;
  dropped: boolean;
}

const NEVER = new AbortController().signal;
/** An exchange that gives way is tried again and again. */
const LONGEST_MS = 10_000;
jest.setTimeout(30_000);

describe('views that are built anew from another log than those that answer', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  beforeAll(async () => {
    const all = await randomHistory(random, 80);
    const failing = [0.1, 0.3, 0.9].map((part) => Math.floor(part * all.length));
    events = all.map((event, n) => (failing.includes(n) ? newer(event) : event));
  });
  beforeEach(async () => {
    log = await ProjectedLog.open(events);
  });
  afterEach(() => log.drop());

  const run = (): Promise<Outcome> =>
    new Rebuild(log.store, log.database.pool, () => undefined).run({ accept: false, signal: AbortSignal.timeout(LONGEST_MS) });
  /** But for the relationships where it is missing: they are what was known when it was parked, which depends on the batch. */
  const parked = async (): Promise<Parked[]> => {
    const sql = `
      select position, record, version, type, behind, error, names, dropped_at is not null as dropped, reason from view.parked order by position`;
    return (await log.database.pool.query<Parked>(sql)).rows;
  };
  const failed = async (): Promise<bigint[]> =>
    (await parked()).filter(({ behind, dropped }) => behind === null && !dropped).map(({ position }) => position);
  const drop = (store: EventStore, position: bigint): Promise<Retried | undefined> =>
    retry(log.database.pool, store, position, { by: 'boss', reason: 'it was filed by a broken program' });
  /** What is projected of a log is whole but for what was dropped. */
  const projectAndDrop = async (store: EventStore): Promise<void> => {
    expect(await project(store, log.database.pool)).toEqual([]);
    for (let [first] = await failed(); first !== undefined; [first] = await failed()) await drop(store, first);
  };
  const forgetAll = async (): Promise<void> => {
    await log.forgetViews();
    await log.database.pool.query('delete from view.parked');
  };

  it('pass over what was dropped, at its position there, and over nothing else', async () => {
    await projectAndDrop(log.store);
    const told = [await log.views(), await parked()];
    expect((await parked()).length).toBeGreaterThan(2);
    await forgetAll();
    const before = new SparseStore(3n);
    await before.restore(events);
    await projectAndDrop(before);
    expect(await run()).toEqual({ outcome: 'exchanged', position: events.at(-1)!.position });
    expect([await log.views(), await parked()]).toEqual(told);
  });

  describe('which is the same, restored from a backup,', () => {
    const half = (): bigint => events[Math.floor(events.length / 2)]!.position;
    const restoreBackup = () =>
      log.database.pool.query(`delete from log.event where position > ${half()}; update log.log set restored = ${half()}`);
    const lost = () => events.filter(({ position }) => position > half());
    /** Others than were lost: so many that all positions are taken again. */
    const fileOthers = async (): Promise<void> => {
      const newsroom = new Newsroom();
      for (const { position } of lost())
        await newsroom.file({ command: 'RegisterSource', id: `source-new-${position}`, publisher: 'Anew' });
      const last = events.find(({ position }) => position === half())!;
      await log.store.restore((await newsroom.store.everything()).map((event) => ({ ...event, recordedAt: last.recordedAt })));
    };
    const expectAsFromNothing = async (): Promise<void> => {
      const told = [await log.views(), await parked()];
      await log.forgetViews();
      expect(await log.project()).toEqual([]);
      expect([await log.views(), await parked()]).toEqual(told);
    };
    beforeEach(() => projectAndDrop(log.store));

    it('take the place of those that had come further, and pass over nothing that is filed again', async () => {
      await restoreBackup();
      const dropped = (await parked()).filter(({ position }) => position <= half());
      expect(await run()).toEqual({ outcome: 'exchanged', position: half() });
      expect(await parked()).toEqual(dropped);
      await log.store.restore(lost());
      expect(await log.project()).toEqual([]);
      expect((await failed()).length).toBeGreaterThan(0);
      await expectAsFromNothing();
    });

    it('are not compared with them where it went on otherwise', async () => {
      await restoreBackup();
      await fileOthers();
      expect(await run()).toEqual({ outcome: 'exchanged', position: (await log.store.head()).position });
      await expectAsFromNothing();
    });

    it('are begun again where they alone had come further', async () => {
      const { pool } = log.database;
      await log.forgetViews();
      await pool.query('delete from view.parked where position > $1', [half()]);
      await log.project({ to: half() / 2n, batchSize: 5 });
      await openNext(pool, log.store, (await log.store.head()).log);
      expect(await new Bulk(log.store, pool, () => undefined, { folded: 5, written: 5 }).fill(0n, NEVER)).toBeGreaterThan(half());
      await restoreBackup();
      await fileOthers();
      expect(await run()).toEqual({ outcome: 'exchanged', position: (await log.store.head()).position });
      await expectAsFromNothing();
    });

    it('are begun again where they know of something dropped that was lost', async () => {
      const last = (await parked()).at(-1)!.position;
      await openNext(log.database.pool, log.store, (await log.store.head()).log);
      await restoreBackup();
      expect(await run()).toEqual({ outcome: 'exchanged', position: half() });
      expect((await parked()).map(({ position }) => position)).not.toContain(last);
      await expectAsFromNothing();
    });
  });
});
