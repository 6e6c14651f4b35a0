import { belongingsOf } from '../../src/domain/record.js';
import type { Belief } from '../../src/domain/relationship/belief.js';
import { relationshipState } from '../../src/domain/relationship/state.js';
import { addDays, type Day } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Edition } from '../../src/read-models/edition.js';
import { Beliefs } from '../../src/read-models/beliefs.js';
import { Selection } from '../../src/read-models/selection.js';
import { StateCache } from '../../src/read-models/state-cache.js';
import { seededRandom } from '../contracts/filings.js';
import { knownFrom } from '../domain/relationship/known.js';
import { randomHistory } from '../projection/history.js';
import { ProjectedLog } from '../projection/projected-log.js';

const QUESTIONS = 60;
const KEYS = ['COL-USA', 'USA-VEN', 'COL-VEN'];

describe('what is selected from the tables for the state of a relationship', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  beforeAll(async () => {
    events = await randomHistory(random, 400);
    log = await ProjectedLog.open(events);
    await log.project();
  });
  afterAll(() => log.drop());

  it('is what is found by looking at every record, on any day, as known at any position', async () => {
    for (let n = 0; n < QUESTIONS; n += 1) {
      const position = BigInt(1 + Math.floor(random() * events.length));
      const asOf = addDays('2025-10-01', Math.floor(random() * 300));
      const key = KEYS[n % 3]!;
      expect({ key, asOf, position, state: await selected(key, asOf, position) }).toEqual({
        key,
        asOf,
        position,
        state: await found(key, asOf, position),
      });
    }
  }, 30_000);

  it('and what was told before is told again only while it is still so, by rows that are kept while others are added', async () => {
    const { pool } = log.database;
    const cache = new StateCache(pool, new Edition());
    const kept = new Selection(pool);
    const beliefs = new Beliefs(pool);
    let [asked, told] = [0, 0];
    await log.forgetViews();
    for (let to = 1n; to <= 200n; to += 4n) {
      await log.project({ to, batchSize: 2 });
      for (const key of KEYS) {
        asked += 1;
        const tell = (position: bigint) => selected(key, '2026-02-04', position, kept, beliefs);
        const answer = await cache.at(key, 'today', to, () => ((told += 1), tell(to)));
        expect([to, key, JSON.parse(answer.toString())]).toEqual([to, key, plain(await selected(key, '2026-02-04', to))]);
        const before = BigInt(Math.ceil(random() * Number(to)));
        expect([before, key, await tell(before)]).toEqual([before, key, await selected(key, '2026-02-04', before)]);
      }
    }
    expect(told).toBeLessThan(asked);
  }, 30_000);

  const plain = (state: object): unknown => JSON.parse(JSON.stringify(state));

  const selected = async (
    key: string,
    asOf: Day,
    position: bigint,
    selection = new Selection(log.database.pool),
    beliefs = new Beliefs(log.database.pool),
  ) => relationshipState(await selection.known({ key, asOf, position }, beliefs.at(position), 50), asOf);

  const found = async (key: string, asOf: Day, position: bigint) => {
    const beliefs = log.read(position);
    const all = await beliefs.supporting([...(await log.beliefsAt(position)).values()]);
    const isOwn = ({ record }: Belief): boolean => belongingsOf(record).some((one) => one.key === key && one.role !== 'topic');
    const own = all.filter(isOwn);
    const elsewhere = all.filter((belief) => !isOwn(belief));
    return relationshipState(knownFrom(key, own, elsewhere, asOf, beliefs.cite), asOf);
  };
});
