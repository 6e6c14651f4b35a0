import { jest } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { ProjectorStanding } from '../../src/read-models/projector-standing.js';
import { filing } from '../contracts/filings.js';
import { ProjectedLog } from '../projection/projected-log.js';
import { SparseStore } from '../support/sparse-store.js';

jest.setTimeout(30_000);

/** So many filings of one event each. */
async function fill(store: EventStore, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => store.append(filing())));
}

describe('how the projector stands', () => {
  let log: ProjectedLog;
  beforeEach(async () => {
    log = await ProjectedLog.open();
  });
  afterEach(() => log.drop());

  it('is live where the views have taken in everything, and where what they have not is only just recorded', async () => {
    await fill(log.store, 3);
    const standing = (now?: () => number) => new ProjectorStanding(log.database.pool, log.store, now).read();
    expect(await standing()).toMatchObject({ lagEvents: 3, state: 'live' });
    await log.project();
    expect(await standing()).toEqual({ lagEvents: 0, lagSeconds: 0, state: 'live' });
  });

  it('says how many events they are behind, and since when the oldest waits', async () => {
    await fill(log.store, 250);
    await log.project({ to: 20n, batchSize: 20 });
    const [, oldest] = await log.store.readAll(19n, 2);
    const now = oldest!.recordedAt.getTime() + 12_500;
    const standing = await new ProjectorStanding(log.database.pool, log.store, () => now).read();
    expect(standing).toEqual({ lagEvents: 230, lagSeconds: 12.5, state: 'behind' });
  });

  it('is stuck where they are behind and have not moved for four seconds, until they move', async () => {
    await fill(log.store, 30);
    let now = Date.now() + 60_000;
    const projector = new ProjectorStanding(log.database.pool, log.store, () => now);
    const states: (string | undefined)[] = [];
    const look = async () => states.push((await projector.read())?.state);
    await look();
    now += 3_000;
    await look();
    now += 1_000;
    await look();
    await log.project({ to: 10n, batchSize: 10 });
    now += 1_000;
    await look();
    expect(states).toEqual(['behind', 'behind', 'stuck', 'behind']);
  });

  it('is asked of the database once a second at most', async () => {
    let now = Date.now();
    const projector = new ProjectorStanding(log.database.pool, log.store, () => now);
    await fill(log.store, 1);
    expect(await projector.read()).toMatchObject({ lagEvents: 1 });
    await fill(log.store, 1);
    now += 999;
    expect(await projector.read()).toMatchObject({ lagEvents: 1 });
    now += 1;
    expect(await Promise.all([projector.read(), projector.read()])).toMatchObject([{ lagEvents: 2 }, { lagEvents: 2 }]);
  });

  it('is told of a log with gaps by how dense its events are', async () => {
    const sparse = new SparseStore();
    await fill(sparse, 340);
    expect(await new ProjectorStanding(log.database.pool, sparse).read()).toMatchObject({ lagEvents: 340 });
  });

  it('is not told where the database does not answer', async () => {
    const away = createPool('postgres://127.0.0.1:1/nowhere', { max: 1, applicationName: 'entente: test' });
    expect(await new ProjectorStanding(away, log.store).read()).toBeUndefined();
    await away.end();
  });
});
