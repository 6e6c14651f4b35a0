import { citationsOf } from '../../src/domain/record.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Dependants } from '../../src/read-models/dependants.js';
import { KeptRelationships } from '../../src/read-models/kept-relationships.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from '../projection/history.js';
import { ProjectedLog } from '../projection/projected-log.js';

const QUESTIONS = 60;
const NEVER_WALKED = -1;
const ALL = 10_000;

describe('the records that cite a source', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let sources: string[];
  let log: ProjectedLog;
  let walking: Dependants;
  let looking: Dependants;
  beforeAll(async () => {
    events = await randomHistory(random, 400);
    sources = events.flatMap(({ type, stream }) => (type === 'SourceRegistered' ? [stream] : []));
    log = await ProjectedLog.open(events);
    await log.project();
    const { pool } = log.database;
    const kept = new KeptRelationships(pool);
    walking = new Dependants(pool, kept);
    looking = new Dependants(pool, kept, NEVER_WALKED);
  });
  afterAll(() => log.drop());

  it('are those of all records that do so and are not retracted, at any position, walked through or looked for in the table', async () => {
    let found = 0;
    for (let n = 0; n < QUESTIONS; n += 1) {
      const position = BigInt(1 + Math.floor(random() * events.length));
      const source = sources[Math.floor(random() * sources.length)]!;
      const expected = await citing(source, position);
      const asked = { source, position, records: expected.toSorted(), count: expected.length };
      for (const dependants of [walking, looking]) {
        const { records, count } = await dependants.citing(source, position, ALL);
        expect({ source, position, records: records.toSorted(), count }).toEqual(asked);
      }
      found += expected.length;
    }
    expect(found).toBeGreaterThan(QUESTIONS);
  }, 30_000);

  it('come page by page in one order, the same both ways', async () => {
    const position = BigInt(events.length);
    for (const source of sources) {
      const { records, count } = await walking.citing(source, position, ALL);
      expect((await looking.citing(source, position, ALL)).records).toEqual(records);
      for (let offset = 0; offset < count; offset += 3)
        expect(await walking.citing(source, position, 3, offset)).toEqual({ records: records.slice(offset, offset + 3), count });
    }
  });

  const citing = async (source: string, position: bigint): Promise<string[]> =>
    [...(await log.beliefsAt(position)).values()].flatMap(({ record }) =>
      record.kind !== 'source' && record.retracted === undefined && citationsOf(record).some((citation) => citation.source === source)
        ? [record.id]
        : [],
    );
});
