import { addDays } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Beliefs } from '../../src/read-models/beliefs.js';
import { DisputesHandler, DisputesQuery } from '../../src/read-models/dispute.query.js';
import type { Page, Paging } from '../../src/read-models/page.js';
import { QuestionsHandler, QuestionsQuery } from '../../src/read-models/question.query.js';
import { Progress, Views, type At } from '../../src/read-models/views.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from '../projection/history.js';
import { ProjectedLog } from '../projection/projected-log.js';
import { disputesIn, questionsIn, type All } from './looking-at-all.js';

const MOMENTS = 100;
const KEYS = [undefined, 'COL-USA', 'USA-VEN', 'COL-VEN'];
const FLAGS = [undefined, true, false];

describe('the lists over all relationships', () => {
  const random = seededRandom();
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  let events: StoredEvent[];
  let log: ProjectedLog;
  let views: Views;
  let beliefs: Beliefs;
  beforeAll(async () => {
    events = await randomHistory(random, 500);
    log = await ProjectedLog.open(events);
    await log.project();
    views = new Views(log.database.pool, log.store, new Progress());
    beliefs = new Beliefs(log.database.pool);
  });
  afterAll(() => log.drop());

  /** A moment at random, and all that was believed then. */
  const moment = async (): Promise<{ at: At; all: All }> => {
    const position = BigInt(1 + below(events.length));
    const asOf = addDays('2025-10-01', below(200));
    const read = log.read(position);
    const held = [...(await log.beliefsAt(position)).values()];
    return { at: { asOf, knownAt: { position } }, all: { beliefs: await read.supporting(held), asOf, cite: read.cite } };
  };

  /** A whole list, read in pages of any size. */
  const paged = async <T>(read: (paging: Paging) => Promise<Page<T>>): Promise<T[]> => {
    const items: T[] = [];
    const limit = pick([1, 2, 5, 500]);
    let cursor: string | null | undefined;
    do {
      const page: Page<T> = await read({ limit, ...(typeof cursor === 'string' && { cursor }) });
      expect(page.items.length).toBe(page.next === null ? page.items.length : limit);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  };

  it('have the disputes that are found by looking at every statement, on any day, as known at any position', async () => {
    const disputes = new DisputesHandler(views, beliefs, log.database.pool);
    for (let n = 0; n < MOMENTS; n += 1) {
      const { at, all } = await moment();
      const filter = { relationship: pick(KEYS), open: pick(FLAGS) };
      const told = await paged((paging) => disputes.execute(new DisputesQuery(at, filter, paging)));
      expect({ at, filter, told }).toEqual({ at, filter, told: disputesIn(all, filter) });
    }
  }, 30_000);

  it('have the questions that are found by looking at every record', async () => {
    const questions = new QuestionsHandler(views, beliefs, log.database.pool);
    for (let n = 0; n < MOMENTS; n += 1) {
      const { at, all } = await moment();
      const filter = { relationship: pick(KEYS), open: pick(FLAGS) };
      const told = await paged((paging) => questions.execute(new QuestionsQuery(at, filter, paging)));
      expect({ at, filter, told }).toEqual({ at, filter, told: questionsIn(all, filter) });
    }
  }, 30_000);
});
