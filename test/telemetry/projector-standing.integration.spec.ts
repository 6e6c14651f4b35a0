import type { EventStore } from '../../src/event-store/event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { ProjectorStanding } from '../../src/read-models/projector-standing.js';
import { filing } from '../contracts/filings.js';
import { ProjectedLog } from '../projection/projected-log.js';

/** So many filings of one event each. */
async function fill(store: EventStore, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => store.append(filing())));
}

describe('how the projector stands, for those who ask again and again', () => {
  let log: ProjectedLog;
  beforeEach(async () => {
    log = await ProjectedLog.open();
  });
  afterEach(() => log.drop());

  it('says how many events the views are behind, and since when the oldest waits', async () => {
    await fill(log.store, 250);
    await log.project({ to: 20n, batchSize: 20 });
    const { state, lag } = (await new ProjectorStanding(log.database.pool, log.store).lately())!;
    expect([state, lag]).toEqual(['live', { events: 230, seconds: expect.any(Number) }]);
  });

  it('is asked of the database once a second at most', async () => {
    const standing = new ProjectorStanding(log.database.pool, log.store);
    const missing = async (): Promise<unknown> => (await standing.lately())?.lag.events;
    await fill(log.store, 1);
    expect(await Promise.all([missing(), missing()])).toEqual([1, 1]);
    await fill(log.store, 1);
    expect(await missing()).toBe(1);
    expect((await standing.now()).lag.events).toBe(2);
  });

  it('is not told where the database does not answer', async () => {
    const away = createPool('postgres://127.0.0.1:1/nowhere', { max: 1, applicationName: 'entente: test' });
    expect(await new ProjectorStanding(away, log.store).lately()).toBeUndefined();
    await away.end();
  });
});
