import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { OTHER_LOG } from '../../src/projection/checkpoint.js';
import { ProjectorStanding, type Following } from '../../src/read-models/projector-standing.js';
import { filing } from '../contracts/filings.js';
import { ProjectedLog } from '../projection/projected-log.js';
import { ReadNewsroom } from '../read-models/reading.js';
import { SparseStore } from '../support/sparse-store.js';

jest.setTimeout(30_000);

const FAIL = `
  create function view.fail() returns trigger language plpgsql as $$ begin raise exception 'no row is taken'; end $$;
  create trigger fail before update on view.checkpoint for each row execute function view.fail()`;

describe('the health of the service', () => {
  let newsroom: ReadNewsroom;
  let unattended: ReturnType<typeof leave>;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open({});
    // While the others run: nearly all of it is waiting.
    unattended = leave();
    unattended.catch(() => undefined);
  });
  afterAll(() => newsroom.close());

  const query = (sql: string) => newsroom.service.database.pool.query(sql);
  const ready = async (of = newsroom): Promise<{ http: number; status: unknown; projector: Following }> => {
    const { status, body } = await of.service.call('GET', '/health/ready', undefined, { as: null });
    return { http: status, status: body['status'], projector: body['projector'] as Following };
  };
  const until = async (state: Following['state'], most: number): Promise<{ seen: Set<string>; took: number }> => {
    const [began, seen] = [performance.now(), new Set<string>()];
    for (;;) {
      const { projector } = await ready();
      seen.add(projector.state);
      if (projector.state === state) return { seen, took: performance.now() - began };
      if (performance.now() - began > most) throw new Error(`it is ${projector.state} and not ${state} after ${most} ms`);
      await sleep(50);
    }
  };
  /** Views that nobody brings up to date any more: how they stand at once, and some seconds later. */
  const leave = async (): Promise<{ soon: Following; later: Following }> => {
    const log = await ProjectedLog.open();
    await log.store.append(filing());
    await log.project();
    const standing = new ProjectorStanding(log.database.pool, log.store);
    const soon = await standing.now();
    await sleep(5_500);
    const later = await standing.now();
    await log.drop();
    return { soon, later };
  };
  const file = (of = newsroom) => of.file('/sources', { publisher: 'Example Wire', title: 'Talks' });

  it('is told to everybody: how the views follow the log, and who brings them up to date', async () => {
    await newsroom.get(`/records/${await file()}`);
    const { http, status, projector } = await ready();
    expect([http, status]).toEqual([200, 'ok']);
    expect(projector).toEqual({
      state: 'live',
      lag: { events: 0, seconds: 0 },
      rate: expect.any(Number) as number,
      owner: expect.stringContaining(` ${process.pid} `) as string,
      parked: 0,
      unknown: 0,
      problem: null,
    });
  });

  it('tells the rate at which events are projected', async () => {
    for (let n = 0; n < 20; n += 1) await file();
    await sleep(3_500);
    expect((await ready()).projector.rate).toBeGreaterThan(0.2);
  });

  it('shows within 5 s that the views have stopped, and is ready all the same, for filing goes on', async () => {
    await query(FAIL);
    await file();
    await file();
    const { seen, took } = await until('stuck', 5_000);
    expect(took).toBeLessThan(5_000);
    expect([...seen]).toEqual(['live', 'behind', 'stuck']);
    const { http, projector } = await ready();
    expect([http, projector.lag.events, projector.problem]).toEqual([
      200,
      2,
      expect.stringMatching(/^nothing has been projected for \d+ seconds/),
    ]);
    expect(projector.lag.seconds).toBeGreaterThan(4);
    await query('drop trigger fail on view.checkpoint');
    await until('live', 10_000);
  });

  it('is dead, and not ready, where the views are of another log', async () => {
    const { rows } = (await query('select event from view.checkpoint')) as { rows: { event: string }[] };
    await query('update view.checkpoint set event = gen_random_uuid()');
    const { http, status, projector } = await ready();
    expect([http, status, projector.state, projector.problem]).toEqual([503, 'failing', 'dead', OTHER_LOG]);
    expect(projector.lag).toEqual({ events: null, seconds: null });
    await query(`update view.checkpoint set event = '${rows[0]!.event}'`);
    expect((await ready()).projector.state).toBe('live');
  });

  it('counts no events where positions are no numbers', async () => {
    const sparse = await ReadNewsroom.open({ store: new SparseStore() });
    await sparse.get(`/records/${await file(sparse)}`);
    expect((await ready(sparse)).projector).toMatchObject({ state: 'live', lag: { events: null, seconds: 0 } });
    await sparse.close();
  });

  it('is dead where nobody has brought the views up to date for some seconds, but not at once', async () => {
    const { soon, later } = await unattended;
    expect(soon.state).toBe('live');
    expect(later).toMatchObject({ state: 'dead', owner: null, unknown: 1 });
  });
});
