import { jest } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { TABLES } from '../../src/projection/generation.js';
import { finishNext, openNext } from '../../src/projection/next-tables.js';
import { Rebuild, type Doing, type Outcome } from '../../src/projection/rebuild.js';
import { retry, type Retried } from '../../src/projection/retry.js';
import { seededRandom } from '../contracts/filings.js';
import { newer, randomHistory } from './history.js';
import { ProjectedLog } from './projected-log.js';

interface Parked {
  position: bigint;
  behind: bigint | null;
  dropped: boolean;
}

const NEVER = new AbortController().signal;
jest.setTimeout(30_000);

describe('views that are built anew while what is parked is dropped or tried again', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let failing: bigint[];
  let log: ProjectedLog;
  beforeAll(async () => {
    const all = await randomHistory(random, 80);
    failing = [0.2, 0.5, 0.8].map((part) => all[Math.floor(part * all.length)]!.position);
    events = all.map((event) => (failing.includes(event.position) ? newer(event) : event));
  });
  beforeEach(async () => {
    log = await ProjectedLog.open(events);
    await log.project();
  });
  afterEach(() => log.drop());

  const rebuild = (told: (doing: Doing) => void = () => undefined) => new Rebuild(log.store, log.database.pool, told);
  const run = (): Promise<Outcome> => rebuild().run({ accept: false, signal: NEVER });
  const head = (): bigint => events.at(-1)!.position;
  /** But for the relationships where it is missing: they are what was known when it was parked, which depends on the batch. */
  const parked = async (): Promise<Parked[]> => {
    const sql = `
      select position, record, version, type, behind, error, names, dropped_at is not null as dropped, reason from view.parked order by position`;
    return (await log.database.pool.query<Parked>(sql)).rows;
  };
  const drop = (position: bigint): Promise<Retried | undefined> =>
    retry(log.database.pool, log.store, position, { by: 'boss', reason: `nobody needs ${position}` });
  const failed = async (): Promise<bigint[]> =>
    (await parked()).filter(({ behind, dropped }) => behind === null && !dropped).map(({ position }) => position);
  /** From now on rows of these beliefs are refused in a table. */
  const refuse = (table: string, positions: readonly bigint[]) =>
    log.database.pool.query(`
      create or replace function view.refuse() returns trigger language plpgsql as $$
        begin raise exception 'refused' using errcode = 'check_violation'; end $$;
      create or replace trigger refuse before insert on ${table} for each row
        when (new.known_from = any ('{${positions.join(',')}}'::bigint[])) execute function view.refuse()`);
  const accept = (table: string) => log.database.pool.query(`drop trigger refuse on ${table}`);
  /** Until it tells of a phase for the nth time. */
  const runTo = async (until: Doing['phase'], nth = 1): Promise<void> => {
    const stopping = new AbortController();
    let times = 0;
    const told = ({ phase }: Doing): void => void (phase === until && ++times === nth && stopping.abort());
    expect(await rebuild(told).run({ accept: false, signal: stopping.signal })).toEqual({ outcome: 'cut off' });
  };
  /** Until so many wait for a lock on the views. */
  const waiting = async (count: number): Promise<void> => {
    const sql = `select from pg_locks join pg_class c on c.oid = relation where relnamespace = 'view'::regnamespace and not granted`;
    while ((await log.database.pool.query(sql)).rowCount! < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  /** Views that begin from nothing, with what was given up until now. */
  const expectAsFromNothing = async (): Promise<void> => {
    const told = [await log.views(), await parked()];
    await log.forgetViews();
    expect(await log.project()).toEqual([]);
    expect([await log.views(), await parked()]).toEqual(told);
  };

  it.each<[Doing['phase'], number]>([
    ['indexing', TABLES.length - 1],
    ['comparing', 1],
  ])('pass over what was dropped before they had come further than %s (%i)', async (phase, nth) => {
    await runTo(phase, nth);
    const [first] = await failed();
    expect(await drop(first!)).toMatchObject({ parked: expect.any(Number) as number });
    const told = [await log.views(), await parked()];
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
    expect([await log.views(), await parked()]).toEqual(told);
    await expectAsFromNothing();
  });

  it('pass over what was dropped while they waited to be exchanged', async () => {
    const reader = await log.database.pool.connect();
    await reader.query('begin; select from view.move limit 1');
    const [first] = await failed();
    const exchanging = Promise.withResolvers<void>();
    const told = ({ phase }: Doing): void => void (phase === 'exchanging' && exchanging.resolve());
    const running = rebuild(told).run({ accept: false, signal: NEVER });
    await exchanging.promise;
    await drop(first!);
    await reader.query('commit');
    reader.release();
    expect(await running).toEqual({ outcome: 'exchanged', position: head() });
    expect(await failed()).not.toContain(first);
    await expectAsFromNothing();
  });

  it('stand in their place before something is dropped that came while they took it', async () => {
    const { pool } = log.database;
    const reader = await pool.connect();
    await reader.query('begin; select from view.move limit 1');
    const [first] = await failed();
    const running = run();
    await waiting(1);
    const dropping = drop(first!);
    await waiting(2);
    await reader.query('commit');
    reader.release();
    expect(await Promise.all([running, dropping])).toEqual([{ outcome: 'exchanged', position: head() }, expect.any(Object)]);
    expect(await failed()).not.toContain(first);
    await expectAsFromNothing();
  });

  it('are begun again where they have taken in what was dropped since', async () => {
    // Before all that fail, so that it waits for none of them.
    const whole = events[Math.floor(0.1 * events.length)]!.position;
    await refuse('view.record_belief', [whole]);
    await log.forgetViews();
    await log.project();
    expect(await failed()).toContain(whole);
    expect(await run()).toMatchObject({ outcome: 'differs' });
    await accept('view.record_belief');
    await drop(whole);
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
    expect((await parked()).find(({ position }) => position === whole)).toMatchObject({ dropped: true });
    await expectAsFromNothing();
  });

  it('take in what has been taken in since by those that answer', async () => {
    const { pool } = log.database;
    const before = await failed();
    const refused = events.filter(({ position }) => position < before[0]!).map(({ position }) => position);
    await refuse('view.record_belief', refused.slice(-3));
    await log.forgetViews();
    await log.project();
    expect((await failed())[0]).toBeLessThan(before[0]!);
    await openNext(pool, log.store, (await log.store.head()).log);
    await finishNext(pool, NEVER, () => undefined);
    await refuse('view.next_record_belief', refused.slice(-3));
    await runTo('comparing');
    await accept('view.record_belief');
    await accept('view.next_record_belief');
    for (const position of await failed()) await retry(pool, log.store, position);
    expect(await failed()).toEqual(before);
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
    expect(await failed()).toEqual(before);
    await expectAsFromNothing();
  });

  it('pass over no more what those that answer have taken in again', async () => {
    const { pool } = log.database;
    const last = (await failed()).at(-1)!;
    await drop(last);
    await runTo('comparing');
    // As where its place in the record cannot be noted any more.
    await pool.query('update view.parked set dropped_at = null, dropped_by = null, reason = null where position = $1', [last]);
    await retry(pool, log.store, last);
    expect(await failed()).toContain(last);
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
    expect(await failed()).toContain(last);
    await expectAsFromNothing();
  });

  it.each([1, 2])('are what they would be from nothing, whenever that was (%i)', async () => {
    const running = run();
    for (;;) {
      const all = await failed();
      if (all.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, random() * 150));
      await drop(all[Math.floor(random() * all.length)]!);
    }
    expect(await running).toEqual({ outcome: 'exchanged', position: head() });
    expect(await failed()).toEqual([]);
    await expectAsFromNothing();
  });
});
