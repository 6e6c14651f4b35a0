import { jest } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { retry, type Retried } from '../../src/projection/retry.js';
import { Newsroom } from '../commands/newsroom.js';
import { seededRandom } from '../contracts/filings.js';
import { makeStatement, scheduleMeeting } from '../domain/samples.js';
import { randomHistory } from './history.js';
import { ProjectedLog } from './projected-log.js';

interface Parked {
  position: bigint;
  record: string;
  behind: bigint | null;
  error: string | null;
  attempts: number;
  names: string[];
  relationships: string[] | null;
}

jest.setTimeout(30_000);

describe('an event that cannot be projected', () => {
  const logs: ProjectedLog[] = [];
  let random: () => number;
  beforeAll(() => {
    random = seededRandom();
  });
  afterAll(() => Promise.all(logs.map((log) => log.drop())));

  const open = async (events: readonly StoredEvent[]): Promise<ProjectedLog> => {
    const log = await ProjectedLog.open(events);
    logs.push(log);
    return log;
  };
  const parkedIn = async ({ database }: ProjectedLog): Promise<Parked[]> => {
    const sql = 'select * from view.parked where dropped_at is null order by position';
    return (await database.pool.query<Parked>(sql)).rows;
  };
  /** From now on the database takes nothing that begins at these positions, as if this version could not put it into rows. */
  const poison = ({ database }: ProjectedLog, positions: readonly bigint[]) =>
    database.pool.query(`
      create or replace function view.refuse() returns trigger language plpgsql as $$
        begin raise exception 'poison at %', new.known_from using errcode = 'check_violation'; end $$;
      create or replace trigger poison before insert on view.record_belief for each row
        when (new.known_from = any ('{${positions.join(',')}}'::bigint[])) execute function view.refuse()`);
  const cure = ({ database }: ProjectedLog) => database.pool.query('drop trigger poison on view.record_belief');
  const retryAt = ({ database, store }: ProjectedLog, position: bigint) => retry(database.pool, store, position);
  const retryAll = async (log: ProjectedLog): Promise<void> => {
    for (let [first] = await parkedIn(log); first !== undefined; [first] = await parkedIn(log))
      expect(((await retryAt(log, first.position)) as Retried).projected).toBeGreaterThan(0);
  };
  const dropAt = ({ database, store }: ProjectedLog, position: bigint) =>
    retry(database.pool, store, position, { by: 'boss', reason: 'it was filed by a broken program' });
  const some = (events: readonly StoredEvent[], count: number): bigint[] =>
    Array.from({ length: count }, () => events[Math.floor(random() * events.length)]!.position);

  describe('in a history of a newsroom as nobody would plan it', () => {
    let events: StoredEvent[];
    let expected: Awaited<ReturnType<ProjectedLog['views']>>;
    let log: ProjectedLog;
    beforeAll(async () => {
      events = await randomHistory(random, 200);
      log = await open(events);
      await log.project();
      expected = await log.views();
    });
    beforeEach(() => log.forgetViews());

    it('is parked with those that wait for it, and the checkpoint moves past all of them', async () => {
      const poisoned = [...new Set(some(events, 3))];
      await poison(log, poisoned);
      expect(await log.project({ batchSize: 50 })).toEqual([]);
      const parked = await parkedIn(log);
      const failed = parked.filter(({ behind }) => behind === null);
      expect(parked.length).toBeGreaterThan(0);
      expect(failed.every(({ position, error }) => poisoned.includes(position) && error?.includes('poison'))).toBe(true);
      expect(parked.every(({ behind }) => behind === null || failed.some(({ position }) => position === behind))).toBe(true);
      expect((await log.views()).checkpoint).toEqual(expected.checkpoint);
      await cure(log);
      await retryAll(log);
      expect(await log.views()).toEqual(expected);
    });

    it.each([1, 2, 3])('leaves nothing behind once it was tried again, wherever it was and whatever came since (%i)', async (n) => {
      await poison(log, some(events, n * 2));
      for (let to = 25n; to < events.at(-1)!.position; to += BigInt(10 + Math.floor(random() * 40))) {
        await log.project({ to, batchSize: 1 + Math.floor(random() * 30) });
        const parked = await parkedIn(log);
        const one = parked[Math.floor(random() * parked.length)];
        // As it was, or cured: in a part of the tries.
        if (one !== undefined && random() < 0.5) await poison(log, random() < 0.5 ? [] : some(events, 2));
        if (one !== undefined) await retryAt(log, one.position);
      }
      await log.project();
      await cure(log);
      await retryAll(log);
      expect(await log.views()).toEqual(expected);
    });

    it('leaves nothing behind that was tried again while others were projected', async () => {
      await poison(log, some(events, 6));
      await log.project({ to: 60n, batchSize: 9 });
      await cure(log);
      const projecting = log.project({ batchSize: 3 });
      await retryAll(log);
      await projecting;
      await retryAll(log);
      expect(await log.views()).toEqual(expected);
    });

    it.each([1, 2])('that was dropped is as if nobody knew its type, also when the views are built anew from zero (%i)', async () => {
      await poison(log, some(events, 4));
      await log.project();
      await cure(log);
      for (let [first] = await parkedIn(log); first !== undefined; [first] = await parkedIn(log)) await dropAt(log, first.position);
      const dropped = await log.views();
      await log.forgetViews();
      await log.project({ batchSize: 7 });
      expect(await parkedIn(log)).toEqual([]);
      expect(await log.views()).toEqual(dropped);
      await log.database.pool.query('delete from view.parked');
    });
  });

  describe('holds up no more than it must', () => {
    const newsroom = async (): Promise<Newsroom> => {
      const desk = new Newsroom();
      await desk.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
      await desk.file(scheduleMeeting({ id: 'meeting-1' }));
      await desk.file({ command: 'RaiseQuery', record: 'meeting-1', question: 'Where?' });
      await desk.file({ command: 'RaiseQuery', record: 'meeting-1', question: 'When?' });
      await desk.file(makeStatement({ id: 'statement-about', links: [{ rel: 'about', to: 'meeting-1' }] }));
      await desk.file(
        makeStatement({ id: 'statement-after', occurred: { relativeTo: { record: 'meeting-1', minDays: -9, maxDays: -9 } } }),
      );
      await desk.file(makeStatement({ id: 'statement-denial', links: [{ rel: 'denies', to: 'statement-about' }] }));
      await desk.file(makeStatement({ id: 'statement-else' }));
      await desk.file({ command: 'RaiseQuery', record: 'statement-else', question: 'Who?' });
      return desk;
    };
    const told = ({ position, record, behind }: Parked) => `${position} ${record}${behind === null ? '' : ` behind ${behind}`}`;

    it('but its own record and what leans on it by a date or a link, however far', async () => {
      const log = await open(await (await newsroom()).store.everything());
      await poison(log, [3n]);
      await log.project();
      expect((await parkedIn(log)).map(told)).toEqual([
        '3 meeting-1',
        '4 meeting-1 behind 3',
        '5 statement-about behind 3',
        '6 statement-after behind 3',
        '7 statement-denial behind 3',
      ]);
      expect([...(await log.beliefsAt(9n)).keys()]).toEqual(['meeting-1', 'source-wire', 'statement-else']);
    });

    it('and nothing that cites it, where it is a source', async () => {
      const desk = await newsroom();
      await desk.file({ command: 'GradeSource', record: 'source-wire', reliability: 'F', credibility: 6, reason: 'an imported lead' });
      await desk.file(makeStatement({ id: 'statement-last' }));
      const log = await open(await desk.store.everything());
      await poison(log, [10n]);
      await log.project();
      expect((await parkedIn(log)).map(told)).toEqual(['10 source-wire']);
    });

    it('and says where it is missing: in its own relationships, and in those of records that it names', async () => {
      const log = await open(await (await newsroom()).store.everything());
      await poison(log, [5n]);
      await log.project();
      expect((await parkedIn(log)).map(({ record, names, relationships }) => [record, names, relationships])).toEqual([
        ['statement-about', ['meeting-1'], ['COL-USA']],
        ['statement-denial', ['statement-about'], ['COL-USA']],
      ]);
    });

    it('and is counted each time it is tried in vain', async () => {
      const log = await open(await (await newsroom()).store.everything());
      await poison(log, [3n]);
      await log.project();
      expect(await retryAt(log, 3n)).toEqual({ projected: 0, parked: 5 });
      expect(await retryAt(log, 7n)).toEqual({ projected: 0, parked: 5 });
      expect((await parkedIn(log)).map(({ attempts }) => attempts)).toEqual([3, 0, 0, 0, 0]);
      expect(await retryAt(log, 8n)).toBeUndefined();
      expect(await dropAt(log, 4n)).toBeUndefined();
      // Not even its place in the record can be noted.
      expect(await dropAt(log, 3n)).toEqual({ projected: 0, parked: 5 });
      await cure(log);
      expect(await dropAt(log, 3n)).toEqual({ projected: 4, parked: 0 });
      expect((await log.beliefsAt(9n)).get('meeting-1')!.record).toMatchObject({ version: 3, queries: [{ question: 'When?' }] });
    });
  });

  describe('is real', () => {
    /** Files what a desk has filed, each event as it is or as somebody has spoiled it. */
    const fileAll = async (desk: Newsroom, spoil: (event: StoredEvent) => object): Promise<ProjectedLog> => {
      const log = await open([]);
      for (const event of await desk.store.everything()) {
        const { stream, version, id, schema, type, data, metadata } = event;
        const events = [{ id, schema, type, data, metadata, ...spoil(event) }];
        expect(await log.store.append({ streams: [{ stream, expectedVersion: version - 1, events }] })).toMatchObject({
          outcome: 'stored',
        });
      }
      return log;
    };
    const newsroom = async (): Promise<Newsroom> => {
      const desk = new Newsroom();
      await desk.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
      await desk.file(makeStatement({ id: 'statement-1' }));
      await desk.file({ command: 'CorrectRecord', record: 'statement-1', kind: 'typo', reason: 'a letter', patch: { summary: 'Anew' } });
      await desk.file(makeStatement({ id: 'statement-2' }));
      return desk;
    };
    const spoiled = (position: bigint, how: object) => (event: StoredEvent) => (event.position === position ? how : {});

    it.each<[string, bigint, object, RegExp]>([
      ['a correction that leads nowhere', 3n, { data: { kind: 'typo', reason: '…', changes: [{ after: 'Anew' }] } }, /undefined/],
      ['data of another shape', 2n, { data: { summary: 'Nothing else' } }, /iterable/],
      [
        'an event of a newer version of Entente',
        3n,
        { schema: 2 },
        /^RecordCorrected of shape 2 .* is newer than this version of Entente$/,
      ],
      [
        'a day that there is not',
        3n,
        {
          data: {
            kind: 'typo',
            reason: '…',
            changes: [{ pointer: '/occurred', after: { earliest: null, latest: '2026-02-30', precision: 'day', basis: 'stated' } }],
          },
        },
        /date/,
      ],
    ])('%s', async (_, position, how, error) => {
      const log = await fileAll(await newsroom(), spoiled(position, how));
      expect(await log.project()).toEqual([]);
      const [first, ...others] = await parkedIn(log);
      expect(first).toMatchObject({ position, record: 'statement-1', behind: null, error: expect.stringMatching(error) as string });
      expect(others.every(({ behind }) => behind === position)).toBe(true);
      expect([...(await log.beliefsAt(4n)).keys()]).toContain('statement-2');
    });

    it('but one of a type that this version does not know is passed over, and counted', async () => {
      const log = await fileAll(await newsroom(), spoiled(3n, { type: 'RecordDreamtOf' }));
      await log.project();
      expect(await parkedIn(log)).toEqual([]);
      const { rows } = await log.database.pool.query('select * from view.unknown');
      expect(rows).toEqual([{ type: 'RecordDreamtOf', events: 1n }]);
    });
  });
});
