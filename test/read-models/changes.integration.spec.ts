import { belongingsOf } from '../../src/domain/record.js';
import type { Belief } from '../../src/domain/relationship/belief.js';
import { entriesOf, figuresAt, sumsOf } from '../../src/domain/relationship/ledger.js';
import { happenedBy } from '../../src/domain/relationship/listing.js';
import { ENTENTE_1 } from '../../src/domain/relationship/score-profile.js';
import { addDays, type Day } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Beliefs } from '../../src/read-models/beliefs.js';
import { ChangesHandler, ChangesQuery, type Changes } from '../../src/read-models/changes.query.js';
import { Selection } from '../../src/read-models/selection.js';
import { Progress, Views } from '../../src/read-models/views.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from '../projection/history.js';
import { ProjectedLog } from '../projection/projected-log.js';

const QUESTIONS = 40;
const KEYS = ['COL-USA', 'USA-VEN', 'COL-VEN'];
const DIGITS = 9;

describe('why the tension of a relationship changed', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  let handler: ChangesHandler;
  beforeAll(async () => {
    events = await randomHistory(random, 400);
    log = await ProjectedLog.open(events);
    await log.project();
    const { pool } = log.database;
    handler = new ChangesHandler(new Views(pool, log.store, new Progress()), new Beliefs(pool), new Selection(pool), pool);
  }, 20_000);
  afterAll(() => log.drop());

  interface Question {
    key: string;
    from: { asOf: Day; position: bigint };
    to: { asOf: Day; position: bigint };
  }

  const anyQuestion = (n: number): Question => {
    const positions = [random(), random()].map((r) => BigInt(Math.floor(r * (events.length + 1)))).toSorted((a, b) => Number(a - b));
    const days = [random(), random()].map((r) => addDays('2025-10-01', Math.floor(r * 200))).toSorted();
    const [from, to] = [0, 1].map((i) => ({ asOf: days[i]!, position: positions[i]! }));
    return { key: KEYS[n % KEYS.length]!, from: from!, to: to! };
  };

  const changes = async ({ key, from, to }: Question): Promise<Changes> => {
    const at = ({ asOf, position }: Question['from']) => ({ asOf, knownAt: { position } });
    return (await handler.execute(new ChangesQuery(key, at(to), at(from))))!;
  };

  it('is told in three parts that add up, each as found by looking at every record, at any two moments', async () => {
    for (let n = 0; n < QUESTIONS; n += 1) {
      const question = anyQuestion(n);
      const { key, from, to } = question;
      const { delta, faded, corrected, new: filed, ...ends } = await changes(question);
      const [then, now] = [await known(key, from.position), await known(key, to.position)];
      const onFileThen = now.filter(({ entries }) => BigInt(entries[0]!.position) <= from.position);
      const [a, b, c, d] = [
        tension(then, key, from.asOf),
        tension(then, key, to.asOf),
        tension(onFileThen, key, to.asOf),
        tension(now, key, to.asOf),
      ];
      expect([question, ends.from.tension, ends.to.tension]).toEqual([question, a, d]);
      expect(faded.delta).toBeCloseTo((b ?? 0) - (a ?? 0), DIGITS);
      expect(corrected.delta).toBeCloseTo((c ?? 0) - (b ?? 0), DIGITS);
      expect(filed.delta).toBeCloseTo((d ?? 0) - (c ?? 0), DIGITS);
      expect(faded.delta + corrected.delta + filed.delta).toBeCloseTo(delta, DIGITS);
    }
  }, 60_000);

  it('names every record that has been filed since, and every one whose points are other ones', async () => {
    for (let n = 0; n < QUESTIONS; n += 1) {
      const question = anyQuestion(n);
      const { key, from, to } = question;
      const { corrected, new: filed, counts } = await changes(question);
      const [then, now] = [await known(key, from.position), await known(key, to.position)];
      const wasOnFile = ({ entries }: Belief): boolean => BigInt(entries[0]!.position) <= from.position;
      const since = now.filter((belief) => !wasOnFile(belief) && !belief.status.retracted && happenedBy(belief, to.asOf));
      expect([question, counts.new]).toEqual([question, since.length]);
      const newest = since.toSorted((a, b) => Number(BigInt(b.entries[0]!.position) - BigInt(a.entries[0]!.position)));
      expect(filed.records.map(({ record }) => record)).toEqual(newest.slice(0, 50).map(({ record }) => record.id));
      if (counts.corrected > 50) continue;
      const weighed = (beliefs: Belief[]) =>
        new Map(beliefs.filter(wasOnFile).map((belief) => [belief.record.id, points([belief], key, to.asOf)]));
      const [before, after] = [weighed(then), weighed(now)];
      const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
        (id) => (before.get(id) ?? '0 0') !== (after.get(id) ?? '0 0'),
      );
      expect(corrected.records.map(({ record }) => record)).toEqual(expect.arrayContaining(moved));
      for (const { record, before: was, after: is, why } of corrected.records) {
        expect([question, record, why]).toEqual([question, record, expect.stringMatching(/./)]);
        expect([`${was.conflict} ${was.cooperation}`, `${is.conflict} ${is.cooperation}`]).toEqual([
          before.get(record) ?? '0 0',
          after.get(record) ?? '0 0',
        ]);
      }
    }
  }, 60_000);

  it('names the moves that weigh otherwise on the later day, with what they weighed', async () => {
    for (let n = 0; n < QUESTIONS; n += 1) {
      const question = anyQuestion(n);
      const { key, from, to } = question;
      const { faded } = await changes(question);
      const then = await known(key, from.position);
      const changed = then.filter((belief) => points([belief], key, from.asOf) !== points([belief], key, to.asOf));
      const named = new Set(faded.parts.map(({ record }) => record));
      if (faded.parts.length < 50)
        expect([question, [...named].toSorted()]).toEqual([question, changed.map(({ record }) => record.id).toSorted()]);
      const sizes = faded.parts.map(({ before, after }) => Math.abs(after - before));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    }
  }, 60_000);

  /** Every record of a relationship, primary or affected. */
  const known = (key: string, position: bigint): Promise<Belief[]> => log.ofRelationship(key, ['primary', 'affected'], position);
});

function sums(beliefs: readonly Belief[], key: string) {
  return sumsOf(
    beliefs
      .filter(({ muted, record }) => muted === null && belongingsOf(record).some((one) => one.key === key))
      .flatMap((belief) => entriesOf(belief, ENTENTE_1).filter(({ relationship }) => relationship === key)),
  );
}

function tension(beliefs: readonly Belief[], key: string, asOf: Day): number | null {
  return figuresAt(sums(beliefs, key), asOf, ENTENTE_1).value;
}

function points(beliefs: readonly Belief[], key: string, asOf: Day): string {
  const { conflict, cooperation } = figuresAt(sums(beliefs, key), asOf, ENTENTE_1);
  return `${conflict} ${cooperation}`;
}
