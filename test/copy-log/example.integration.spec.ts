import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { copyLog, type Copied } from '../../src/event-store/copy-log.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { notRun } from '../contracts/event-store.contract.js';
import { articles } from '../example/articles.js';
import { exampleId, ReadNewsroom } from '../read-models/reading.js';
import type { TestedLog } from '../support/http-service.js';
import { SparseStore } from '../support/sparse-store.js';
import { answerTo, everyQuestion, ranksIn } from './every-view.js';

jest.setTimeout(60_000);

const { KURRENTDB_URL: url } = process.env;
const DAYS = ['2025-12-31', '2026-01-08', '2026-02-04'];

const storeOf = (newsroom: ReadNewsroom) => newsroom.service.app.get(EventStore);

/** The example's three articles, and what editors did about them afterwards. */
async function fileEverything(newsroom: ReadNewsroom): Promise<void> {
  for (const name of articles.keys()) await newsroom.fileExample(name);
  const act = (fact: string, call: string, body: object) => newsroom.post(`/records/${exampleId(fact)}/${call}`, body);
  await act('A13', 'retract', { reason: 'It could not be confirmed.' });
  await act('A13', 'reinstate', { reason: 'It was confirmed.' });
}

/** The log goes from PostgreSQL to another store, and from there to an empty PostgreSQL: each time with its views. */
function movesHouse(name: string, log: () => TestedLog): void {
  describe(`the example, copied from PostgreSQL to ${name} and back`, () => {
    let newsrooms: [first: ReadNewsroom, between: ReadNewsroom, last: ReadNewsroom];
    let copies: (Copied | undefined)[];
    let moments: { asOf: string; knownAt: string }[];

    beforeAll(async () => {
      newsrooms = [await ReadNewsroom.open({}), await ReadNewsroom.open(log()), await ReadNewsroom.open({})];
      const [first, between, last] = newsrooms;
      await fileEverything(first);
      copies = [await copyLog(storeOf(first), storeOf(between)), await copyLog(storeOf(between), storeOf(last))];
      const events = await storeOf(first).readAll(0n, 100_000);
      const times = [...new Set(events.map(({ recordedAt }) => recordedAt.getTime()))];
      // Each instant on one of the days in turn.
      moments = [times[0]! - 1, ...times].map((time, index) => ({
        asOf: DAYS[index % DAYS.length]!,
        knownAt: new Date(time).toISOString(),
      }));
    });
    afterAll(async () => {
      for (const newsroom of newsrooms) await newsroom.close();
    });

    it('has the same hash everywhere', () => {
      const [there, back] = copies;
      expect(there?.source).toMatch(/^[0-9a-f]{64}$/);
      expect(there?.events).toBeGreaterThan(60);
      expect(there?.target).toBe(there?.source);
      expect(back).toEqual(there);
    });

    it('keeps order, ids, versions, keys, metadata and times', async () => {
      const [first, between, last] = await Promise.all(newsrooms.map((newsroom) => storeOf(newsroom).readAll(0n, 100_000)));
      const unplaced = (events: typeof first) => events!.map(({ position: _, ...rest }) => rest);
      expect(unplaced(between)).toEqual(unplaced(first));
      expect(last).toEqual(first);
    });

    it('is answered alike in every view, on every day, as known at every instant', async () => {
      const [first] = newsrooms;
      const records = [...(await recordsOf(first))];
      const questions = everyQuestion(records);
      expect(questions.length).toBeGreaterThan(150);
      const ranks = await Promise.all(newsrooms.map(ranksIn));
      let answers = 0;
      for (const moment of moments) {
        const [told, ...others] = await Promise.all(
          newsrooms.map((newsroom, index) => Promise.all(questions.map((question) => answerTo(newsroom, question, moment, ranks[index]!)))),
        );
        for (const other of others) expect(other).toEqual(told);
        answers += told!.filter((answer) => answer.startsWith('200')).length;
      }
      expect(answers).toBeGreaterThan(1000);
    });

    it('takes a filing that was filed before the move for the same filing afterwards', async () => {
      const [first, , last] = newsrooms;
      const key = { 'idempotency-key': randomUUID() };
      const body = { publisher: 'Example Wire' };
      const filed = await first.service.call('POST', '/sources', body, { headers: key });
      await copyLog(storeOf(first), storeOf(last));
      const again = await last.service.call('POST', '/sources', body, { headers: key });
      expect(again.body['id']).toBe(filed.body['id']);
      expect(await last.service.stored()).toBe(await first.service.stored());
    });
  });
}

async function recordsOf(newsroom: ReadNewsroom): Promise<Set<string>> {
  return new Set((await storeOf(newsroom).readAll(0n, 100_000)).map(({ stream }) => stream));
}

movesHouse('memory', () => ({ store: new SparseStore() }));
if (url === undefined) notRun('the example, copied from PostgreSQL to KurrentDB and back', 'KURRENTDB_URL is not set');
else movesHouse('KurrentDB', () => ({ kurrent: { url, prefix: `moving-${randomUUID()}.` } }));
