import { jest } from '@jest/globals';
import { hashOf } from '../../src/event-store/event-hash.js';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { Rebuild, type Outcome } from '../../src/projection/rebuild.js';
import { retry } from '../../src/projection/retry.js';
import { seededRandom } from '../contracts/filings.js';
import { SparseStore } from '../support/sparse-store.js';
import { randomHistory } from './history.js';
import { project, ProjectedLog } from './projected-log.js';

interface Parked {
  position: bigint;
  behind: bigint | null;
  dropped: boolean;
}

/** As a newer version of the service would have filed it. */
function newer(event: StoredEvent): StoredEvent {
  const changed = { ...event, schema: 99 };
  return { ...changed, hash: hashOf(changed) };
}

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
  /** What is projected of a log is whole but for what was dropped. */
  const projectAndDrop = async (store: EventStore): Promise<void> => {
    expect(await project(store, log.database.pool)).toEqual([]);
    for (let [first] = await failed(); first !== undefined; [first] = await failed())
      await retry(log.database.pool, store, first, { by: 'boss', reason: 'it was filed by a broken program' });
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
});
