import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { evolve } from '../../src/domain/fold.js';
import { belongingsOf, type RecordOnFile } from '../../src/domain/record.js';
import { redate } from '../../src/domain/redate.js';
import { believe, type Entry, type Held } from '../../src/domain/relationship/belief.js';
import { ENTENTE_1 } from '../../src/domain/relationship/score-profile.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { lift } from '../../src/event-store/upcast.js';
import { createPool } from '../../src/postgres/pool.js';
import { Projector } from '../../src/projection/projector.js';
import { Newsroom } from '../commands/newsroom.js';
import { seededRandom } from '../contracts/filings.js';
import { makeStatement, scheduleMeeting } from '../domain/samples.js';
import { randomHistory } from './history.js';
import { ProjectedLog } from './projected-log.js';

jest.setTimeout(20_000);

describe('the projector', () => {
  const logs: ProjectedLog[] = [];
  const open = async (events: readonly StoredEvent[] = []): Promise<ProjectedLog> => {
    const log = await ProjectedLog.open(events);
    logs.push(log);
    return log;
  };
  afterAll(() => Promise.all(logs.map((log) => log.drop())));

  describe('over a history of a newsroom as nobody would plan it', () => {
    let events: StoredEvent[];
    let log: ProjectedLog;
    let views: Awaited<ReturnType<ProjectedLog['views']>>;
    beforeAll(async () => {
      events = await randomHistory(seededRandom(), 240);
      log = await open(events);
      await log.project();
      views = await log.views();
    });

    it('has something of everything to look at', () => {
      const types = new Set(events.map(({ type }) => type));
      expect(types.size).toBeGreaterThanOrEqual(12);
      expect(events.length).toBeGreaterThan(100);
    });

    it('holds at every position what the events up to it make, looked at without any view', async () => {
      const newsroom = new FromTheStart();
      for (const event of events) {
        newsroom.apply(event);
        if (event.position % 5n !== 0n && event !== events.at(-1)) continue;
        expect(plain(await log.beliefsAt(event.position))).toEqual(newsroom.beliefs());
      }
    });

    it('follows each belief of a record on another without a gap or an overlap, from its first event to now', async () => {
      const first = new Map(events.toReversed().map(({ stream, position }) => [stream, position]));
      const byRecord = Map.groupBy(
        views.beliefs as { record: string; known_from: bigint; known_to: bigint | null }[],
        ({ record }) => record,
      );
      expect([...byRecord.keys()].toSorted(compare)).toEqual([...first.keys()].toSorted(compare));
      for (const [record, beliefs] of byRecord) {
        expect(beliefs[0]!.known_from).toBe(first.get(record));
        expect(beliefs.map(({ known_to: to }) => to)).toEqual([...beliefs.slice(1).map(({ known_from: from }) => from), null]);
      }
    });

    it('puts each belief into its relationships for as long as it is believed', () => {
      const expected = (views.beliefs as { known_from: bigint; known_to: bigint | null; latest: Date | null; body: Held }[]).flatMap(
        ({ known_from, known_to, latest, body }) =>
          belongingsOf(body.record).map(({ key, role }) => ({
            relationship: key,
            record: body.record.id,
            known_from,
            known_to,
            role,
            latest,
          })),
      );
      const key = (row: { relationship: string; record: string; known_from: bigint }) =>
        `${row.relationship} ${row.record} ${row.known_from}`;
      const first = (views.happenings as ((typeof expected)[number] & { version: number })[]).filter(({ version }) => version === 1);
      const told = first.map(({ relationship, record, known_from, known_to, role, latest }) => ({
        relationship,
        record,
        known_from,
        known_to,
        role,
        latest,
      }));
      expect(new Map(told.map((row) => [key(row), row]))).toEqual(new Map(expected.map((row) => [key(row), row])));
    });

    it('finds the last position of every instant', () => {
      expect(views.recorded).toEqual(
        [...new Map(events.map(({ recordedAt, position }) => [recordedAt.getTime(), position]))].map(([time, position]) => ({
          recorded_at: new Date(time),
          position,
        })),
      );
    });

    it.each([1, 13, 10_000])('holds the same when it reads %i events at a time, from the start', async (batchSize) => {
      await log.forgetViews();
      expect(await log.project({ batchSize })).toEqual([]);
      expect(await log.views()).toEqual(views);
    });

    it('holds the same when it was stopped and started anew all along', async () => {
      await log.forgetViews();
      for (let to = 1n; to <= events.at(-1)!.position; to += 17n) await log.project({ to, batchSize: 5 });
      await log.project();
      expect(await log.views()).toEqual(views);
    });

    it('projects each event once, whatever breaks where', async () => {
      await log.forgetViews();
      const killing = breakConnections(log, seededRandom(), 8);
      const failures = await log.project({ batchSize: 2 });
      await killing;
      expect(failures.length).toBeGreaterThan(0);
      expect(await log.views()).toEqual(views);
    });

    it('projects each event once where two run at the same time: one works, the other waits, and each tells what has moved on', async () => {
      await log.forgetViews();
      const pools = [1, 2].map((n) => createPool(log.database.url, { max: 3, applicationName: `entente: rival ${n}`, pipelined: true }));
      const stopping = new AbortController();
      const failures: unknown[] = [];
      const end = events.at(-1)!.position;
      const heads = pools.map(() => new Map<string, number>());
      const [begun, told] = [pools.map(() => end), pools.map(() => 0n)];
      const rivals = pools.map((pool, n) =>
        new Projector(
          log.store,
          pool,
          {
            moved: (position, streams) => {
              for (const [stream, version] of streams) heads[n]!.set(stream, version);
              if (position < begun[n]!) begun[n] = position;
              told[n] = position;
              if (told.every((each) => each >= end)) stopping.abort();
            },
            failed: (error) => failures.push(error),
          },
          { batchSize: 3 + n },
        ).run(stopping.signal),
      );
      await Promise.all(rivals);
      await Promise.all(pools.map((pool) => pool.end()));
      expect(failures).toEqual([]);
      expect(await log.views()).toEqual(views);
      for (const [n, since] of begun.entries())
        expect(heads[n]).toEqual(
          new Map(events.filter(({ position }) => position > since).map(({ stream, version }) => [stream, version])),
        );
    });
  });

  describe('writes rows and checkpoint in one transaction', () => {
    it('and nothing of a batch is there when its last write fails; it is tried again', async () => {
      const newsroom = new Newsroom();
      await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
      for (let n = 0; n < 9; n += 1) await newsroom.file(makeStatement({ id: `statement-${n}` }));
      const log = await open(await newsroom.store.everything());
      await log.project({ to: 4n, batchSize: 4 });
      const before = await log.views();
      await log.database.pool.query(`
        create function view.fail() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
        create trigger fail before update of position on view.checkpoint for each row execute function view.fail()`);
      const stopping = new AbortController();
      const failed = Promise.withResolvers<unknown>();
      const moved: bigint[] = [];
      const running = new Projector(
        log.store,
        log.database.pool,
        { moved: (p) => moved.push(p), failed: failed.resolve },
        { batchSize: 4 },
      ).run(stopping.signal);
      expect(String(await failed.promise)).toContain('the disk is full');
      expect(await log.views()).toEqual(before);
      expect(moved).toEqual([4n]);
      await log.database.pool.query('drop trigger fail on view.checkpoint');
      while (moved.at(-1) !== 10n) await sleep(10);
      stopping.abort();
      await running;
      expect((await log.beliefsAt(10n)).size).toBe(10);
    });
  });

  describe('derives anew what depends on what has changed, at that same position', () => {
    let newsroom: Newsroom;
    let log: ProjectedLog;
    beforeEach(async () => {
      newsroom = new Newsroom();
      for (const id of ['source-wire', 'source-blog']) await newsroom.file({ command: 'RegisterSource', id, publisher: id });
    });
    /** The beliefs of a record: the position of each, and whatever of it is asked for. */
    const story = async <T>(id: string, of: (belief: Held) => T): Promise<[number, T][]> => {
      log = await open(await newsroom.store.everything());
      await log.project({ batchSize: 1 });
      const rows = (await log.views()).beliefs as { record: string; known_from: bigint; body: Held }[];
      return rows.filter(({ record }) => record === id).map(({ known_from: from, body }) => [Number(from), of(body)]);
    };
    const source = (id: string) => ({ citations: [{ source: id }] });
    const link = (record: string, rel: 'denies' | 'repeats' | 'confirms', to: string) =>
      newsroom.file({ command: 'LinkRecords', record, rel, to });

    it('nothing where a source is graded or withdrawn: what it supports is looked at when it is read', async () => {
      await newsroom.file(makeStatement({ id: 'statement-1', ...source('source-wire') }));
      await newsroom.file({ command: 'GradeSource', record: 'source-wire', reliability: 'F', credibility: 6, reason: 'an imported lead' });
      await newsroom.file({ command: 'WithdrawSource', record: 'source-wire', reason: 'it was made up' });
      expect(await story('statement-1', ({ status }) => status)).toEqual([[3, { disputed: false, questioned: false, retracted: false }]]);
    });

    it('both ends of a link, whether it is filed with a record or later', async () => {
      await newsroom.file(makeStatement({ id: 'statement-1', speechAct: 'accuse' }));
      await newsroom.file(makeStatement({ id: 'statement-2', speechAct: 'deny', links: [{ rel: 'denies', to: 'statement-1' }] }));
      await newsroom.file(makeStatement({ id: 'statement-3', speechAct: 'deny' }));
      await link('statement-3', 'repeats', 'statement-2');
      const derived = ({ status, muted, linkedFrom }: Held) => [
        status.disputed,
        muted,
        linkedFrom.map(({ from, rel }) => `${rel} by ${from}`),
      ];
      expect(await story('statement-1', derived)).toEqual([
        [3, [false, null, []]],
        [4, [true, null, ['denies by statement-2']]],
      ]);
      expect(await story('statement-2', derived)).toEqual([
        [4, [true, null, []]],
        [6, [true, null, ['repeats by statement-3']]],
      ]);
      expect(await story('statement-3', derived)).toEqual([
        [5, [false, null, []]],
        [6, [false, 'repeats statement-2', []]],
      ]);
    });

    it('what is part of a record that has scores only once a step of it is filed', async () => {
      await newsroom.file({ ...makeStatement({ id: 'statement-1', speechAct: 'assert' }) });
      await newsroom.file(makeStatement({ id: 'statement-2', speechAct: 'praise', links: [{ rel: 'partOf', to: 'statement-1' }] }));
      await newsroom.file(scheduleMeeting({ id: 'meeting-1' }));
      await newsroom.file(makeStatement({ id: 'statement-3', speechAct: 'praise', links: [{ rel: 'partOf', to: 'meeting-1' }] }));
      expect(await story('statement-2', ({ muted }) => muted)).toEqual([[4, null]]);
      expect(await story('statement-3', ({ muted }) => muted)).toEqual([[6, 'partOf meeting-1']]);
    });

    it('a record that was linked to before it was filed, in the same article and read in another batch', async () => {
      await newsroom.fileArticle({
        source: 'source-wire',
        entries: [
          { ref: '$denial', command: makeStatement({ id: 'statement-1', speechAct: 'deny', links: [{ rel: 'denies', to: '$claim' }] }) },
          { ref: '$claim', command: makeStatement({ id: 'statement-2', speechAct: 'accuse' }) },
        ],
      });
      expect(await story('statement-1', ({ status }) => status.disputed)).toEqual([
        [3, false],
        [4, true],
      ]);
      expect(await story('statement-2', ({ linkedFrom }) => linkedFrom.length)).toEqual([[4, 1]]);
    });
  });

  describe('skips events of types that it does not know', () => {
    it('and keeps count of them in the version of their record', async () => {
      const log = await open();
      const filed = [];
      const newsroom = new Newsroom();
      await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
      await newsroom.file(scheduleMeeting({ id: 'meeting-1' }));
      await newsroom.file({ command: 'RaiseQuery', record: 'meeting-1', question: 'Where?' });
      await newsroom.file({ command: 'RaiseQuery', record: 'meeting-1', question: 'When?' });
      for (const { stream, version, id, schema, type, data, metadata } of await newsroom.store.everything()) {
        const unheard = stream === 'meeting-1' && version === 2 ? { type: 'MeetingDreamtOf' } : {};
        filed.push({ stream, expectedVersion: version - 1, events: [{ id, schema, type, data, metadata, ...unheard }] });
      }
      filed.push({ stream: 'dream-1', expectedVersion: 0, events: [{ ...filed[2]!.events[0]!, id: crypto.randomUUID() }] });
      filed.push({ stream: 'dream-1', expectedVersion: 1, events: [{ ...filed[3]!.events[0]!, id: crypto.randomUUID() }] });
      for (const stream of filed) expect(await log.store.append({ streams: [stream] })).toMatchObject({ outcome: 'stored' });
      expect(await log.project()).toEqual([]);
      const beliefs = await log.beliefsAt(6n);
      expect([...beliefs.keys()]).toEqual(['meeting-1', 'source-wire']);
      expect(beliefs.get('meeting-1')).toMatchObject({ record: { version: 3, queries: [{ n: 1, version: 3, question: 'When?' }] } });
      expect(beliefs.get('meeting-1')!.entries.map(({ type }) => type)).toEqual(['MeetingScheduled', 'MeetingDreamtOf', 'QueryRaised']);
    });
  });

  describe('refuses another log than the one the views were built from', () => {
    it.each([
      ['one with another id', `update log.log set id = gen_random_uuid()`],
      ['one that tells another story', `update view.checkpoint set event = gen_random_uuid()`],
      ['one that ends before them', `update view.checkpoint set position = 99`],
    ])('%s', async (_, change) => {
      const newsroom = new Newsroom();
      await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
      const log = await open(await newsroom.store.everything());
      await log.project();
      await log.database.pool.query(change);
      const before = await log.views();
      await log.store.append({
        streams: [
          { stream: 'source-2', expectedVersion: 0, events: [{ ...(await newsroom.store.everything())[0]!, id: crypto.randomUUID() }] },
        ],
      });
      const stopping = new AbortController();
      const failed = Promise.withResolvers<unknown>();
      const moved: bigint[] = [];
      const running = new Projector(log.store, log.database.pool, { moved: (p) => moved.push(p), failed: failed.resolve }).run(
        stopping.signal,
      );
      expect(String(await failed.promise)).toContain('not the log these views were built from');
      stopping.abort();
      await running;
      expect([moved, await log.views()]).toEqual([[], before]);
    });
  });
});

/** What is believed of every record, folded from all events without batches, rows or leans. */
class FromTheStart {
  private readonly records = new Map<string, RecordOnFile>();
  private readonly entries = new Map<string, Entry[]>();

  apply(event: StoredEvent): void {
    const { stream, position, recordedAt, metadata, type } = event;
    this.records.set(stream, evolve(stream, this.records.get(stream), lift(event)));
    const entry = { position: position.toString(), recordedAt: recordedAt.toISOString(), by: metadata.by, type };
    this.entries.set(stream, [...(this.entries.get(stream) ?? []), entry]);
  }

  beliefs(): Map<string, Held> {
    const linking = [...this.records.keys()].toSorted(compare).map((id) => this.dated(id)!);
    const around = { onFile: (id: string) => this.dated(id), linking };
    return plain(new Map(linking.map((record) => [record.id, believe(record, around, this.entries.get(record.id)!, ENTENTE_1)])));
  }

  private dated(id: string): RecordOnFile | undefined {
    const record = this.records.get(id);
    return record && redate(record, (other) => this.dated(other));
  }
}

/** As JSON tells it. */
function plain(beliefs: Map<string, Held>): Map<string, Held> {
  return new Map(JSON.parse(JSON.stringify([...beliefs])) as [string, Held][]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Breaks all connections of the service, so many times. */
async function breakConnections({ database }: ProjectedLog, random: () => number, times: number): Promise<void> {
  const killer = createPool(database.url, { max: 1, applicationName: 'entente: killer' });
  for (let n = 0; n < times; n += 1) {
    await sleep(20 + 60 * random());
    await killer.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'entente: test'`,
    );
  }
  await killer.end();
}
