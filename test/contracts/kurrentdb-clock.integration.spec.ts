import { randomUUID } from 'node:crypto';
import { ClockAstray } from '../../src/event-store/event-store.js';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import type { KurrentEventStore } from '../../src/event-store/kurrentdb/kurrentdb-event-store.js';
import { notRun } from './event-store.contract.js';
import { article, filing, newKey } from './filings.js';

const NAME = 'the log in KurrentDB, where the clocks differ';
const { KURRENTDB_URL: url } = process.env;

if (url === undefined) notRun(NAME, 'KURRENTDB_URL is not set');
else describe(NAME, () => whereClocksDiffer(url));

function whereClocksDiffer(server: string): void {
  let store: KurrentEventStore;
  /** Seconds that the clock of the machine is ahead. */
  let ahead = 0;

  async function open(seconds: number): Promise<void> {
    ahead = seconds;
    store = await connect(server, { prefix: `clock-${randomUUID()}.`, now: () => Date.now() + ahead * 1000 });
  }

  afterEach(() => store.close());

  it.each([
    [8, 'ahead of'],
    [90, 'ahead of'],
    [-8, 'behind'],
    [-90, 'behind'],
    [-86_400, 'behind'],
  ])('refuses to file with a clock that is %i s ahead, says so when asked whether it is ready, and can be read', async (seconds, how) => {
    await open(seconds);
    const said = new RegExp(`^The clock of this machine is \\d+ s or more ${how} the clock of KurrentDB, so nothing is filed: `);
    for (const filed of [filing(), filing({}, newKey()), article()]) {
      await expect(store.append(filed)).rejects.toThrow(ClockAstray);
      await expect(store.append(filed)).rejects.toThrow(said);
    }
    await expect(store.ready()).rejects.toThrow(said);
    expect(await store.readAll(0n, 10)).toEqual([]);
    expect(await store.head()).toMatchObject({ position: 0n });
  });

  it.each([4, -4])('files with a clock that is %i s ahead', async (seconds) => {
    await open(seconds);
    await store.ready();
    expect(await store.append(filing())).toMatchObject({ outcome: 'stored' });
  });

  it('notices when the clock is set, and files again as soon as it is set right', async () => {
    await open(0);
    expect(await store.append(filing())).toMatchObject({ outcome: 'stored' });
    ahead = 10;
    await expect(store.append(filing())).rejects.toThrow(ClockAstray);
    await expect(store.ready()).rejects.toThrow(ClockAstray);
    ahead = 0;
    await store.ready();
    expect(await store.append(filing())).toMatchObject({ outcome: 'stored' });
    expect(await store.readAll(0n, 10)).toHaveLength(2);
  });
}
