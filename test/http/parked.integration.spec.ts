import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { EventStore, type StoredEvent } from '../../src/event-store/event-store.js';
import { ReadNewsroom } from '../read-models/reading.js';

const STATEMENT = {
  summary: 'Asks for talks',
  occurred: '2026-01-05',
  speechAct: 'request',
  speakers: [{ party: 'USA', kind: 'government' }],
  addressees: [{ party: 'COL', kind: 'government' }],
};

jest.setTimeout(30_000);

describe('what the views could not take in', () => {
  let newsroom: ReadNewsroom;
  let source: string;
  let spoiled: string;
  let denial: string;
  let elsewhere: string;
  let sound: string;
  let poison: StoredEvent;
  const admin = (method: string, path: string, body?: unknown) =>
    newsroom.service.call(method, `/admin/parked${path}`, body, { as: 'admin' });
  const made = (more: object = {}) => newsroom.file('/statements', { ...STATEMENT, citations: [{ source }], ...more });
  const incomplete = async (path: string, query = {}) => (await newsroom.get(path, query)).body['incomplete'];

  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', { publisher: 'Example Wire', title: 'Talks' });
    spoiled = await made();
    sound = (await newsroom.get(`/records/${spoiled}`)).body['position'] as string;
    // A correction that leads nowhere, as a broken program might have stored it.
    const store = newsroom.service.app.get(EventStore);
    const data = { kind: 'typo', reason: 'a letter', changes: [{ after: 'Asks for peace talks' }] };
    const event = { id: randomUUID(), type: 'RecordCorrected', schema: 1, data, metadata: { by: 'a broken program' } };
    const outcome = await store.append({ streams: [{ stream: spoiled, expectedVersion: 1, events: [event] }] });
    if (outcome.outcome !== 'stored') throw new Error(outcome.outcome);
    poison = outcome.events[0]!;
    elsewhere = await made({
      speakers: [{ party: 'ISL', kind: 'government' }],
      addressees: [{ party: 'NOR', kind: 'government' }],
    });
  });
  afterAll(() => newsroom.close());

  it('is listed for an admin, with what is wrong with it and where it is missing', async () => {
    await newsroom.get(`/records/${elsewhere}`);
    expect((await admin('GET', '')).body).toEqual({
      items: [
        {
          position: String(poison.position),
          record: spoiled,
          version: 2,
          type: 'RecordCorrected',
          why: 'failed',
          error: expect.any(String) as string,
          attempts: 1,
          since: expect.any(String) as string,
          relationships: ['COL-USA'],
          dropped: null,
        },
      ],
      next: null,
      unknown: [],
    });
    expect((await newsroom.service.call('GET', '/admin/parked', undefined, { as: 'editor' })).status).toBe(403);
  });

  it('is answered by its record with 503 record-parked, but not as it was known before, nor in its history', async () => {
    const answer = await newsroom.get(`/records/${spoiled}`);
    expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([503, 'record-parked', '60']);
    expect((await newsroom.get(`/records/${spoiled}/impact`)).status).toBe(503);
    expect((await newsroom.get(`/records/${spoiled}`, { knownAt: `position:${sound}` })).body).toMatchObject({
      version: 1,
      incomplete: false,
    });
    const history = await newsroom.get(`/records/${spoiled}/history`);
    expect((history.body['items'] as object[]).length).toBe(2);
    expect((await newsroom.get(`/records/${elsewhere}`)).body).toMatchObject({ version: 1, incomplete: false });
  });

  it('lets nobody file on its record, or link to it, and everybody else go on', async () => {
    for (const filing of [
      newsroom.service.call('POST', `/records/${spoiled}/queries`, { question: 'Where?' }),
      newsroom.service.call('POST', '/statements', { ...STATEMENT, citations: [{ source }], links: [{ rel: 'denies', to: spoiled }] }),
    ]) {
      const { status, body } = await filing;
      expect([status, body['code']]).toEqual([503, 'record-parked']);
    }
    denial = await made({ links: [{ rel: 'denies', to: elsewhere }] });
    expect((await newsroom.get(`/records/${denial}`)).status).toBe(200);
  });

  it('makes every answer that misses it say that it is incomplete, and no other', async () => {
    const own = ['', '/timeline', '/tension', '/changes?since=2026-01-01'].map((path) => `/relationships/COL-USA${path.split('?')[0]}`);
    for (const path of own) {
      const query = path.endsWith('/changes') ? { fromAsOf: '2026-01-01' } : {};
      expect([path, await incomplete(path, query)]).toEqual([path, true]);
      const before = { ...query, knownAt: `position:${sound}` };
      expect([path, await incomplete(path, before)]).toEqual([path, false]);
      const other = path.replace('COL-USA', 'ISL-NOR');
      expect([other, await incomplete(other, query)]).toEqual([other, false]);
    }
    for (const path of ['/statements', '/disputes', '/queries', '/corrections']) {
      expect([path, await incomplete(path)]).toEqual([path, true]);
      expect([path, await incomplete(path, { relationship: 'ISL-NOR' })]).toEqual([path, false]);
    }
    const { items } = await newsroom.relationships();
    expect(Object.fromEntries(items.map((item) => [item.key, item.incomplete]))).toMatchObject({ 'COL-USA': true, 'ISL-NOR': false });
  });

  it('is tried again in vain as long as it is what it is', async () => {
    const again = await admin('POST', `/${poison.position}/retry`);
    expect([again.status, again.body]).toEqual([200, { projected: 0, parked: 1 }]);
    expect((await admin('POST', '/retry')).body).toEqual({ projected: 0, parked: 1 });
    expect((await admin('GET', '?limit=1')).body).toMatchObject({ items: [{ attempts: 3 }], next: null });
  });

  it('is dropped with a reason, which is kept; then its record is told on without it', async () => {
    const path = `/${poison.position}/drop`;
    expect((await admin('POST', path, {})).body).toMatchObject({ status: 400, code: 'reason-missing' });
    expect((await admin('POST', path, { reason: 'by a broken program' })).body).toEqual({ projected: 0, parked: 0 });
    expect((await newsroom.get(`/records/${spoiled}`)).body).toMatchObject({
      version: 2,
      incomplete: false,
      fields: { summary: 'Asks for talks' },
    });
    expect(await incomplete('/relationships/COL-USA')).toBe(false);
    const dropped = { at: expect.any(String) as string, by: 'boss', reason: 'by a broken program' };
    expect((await admin('GET', '')).body).toMatchObject({ items: [{ dropped }] });
  });

  it('is told at its own position once it can be projected, whatever was kept in memory meanwhile', async () => {
    const { pool } = newsroom.service.database;
    const id = `statement-${randomUUID()}`;
    await pool.query(`
      create function view.refuse() returns trigger language plpgsql as $$
        begin raise exception 'no row can be made of it' using errcode = 'check_violation'; end $$;
      create trigger refuse before insert on view.happening for each row when (new.record = '${id}') execute function view.refuse()`);
    const parked = await newsroom.post('/statements', { ...STATEMENT, id, speechAct: 'threaten', citations: [{ source }] });
    const at = { asOf: '2026-01-06', knownAt: `position:${parked.body['position'] as string}` };
    await made({ links: [{ rel: 'denies', to: id }] });
    const questions = () => Promise.all([newsroom.state('COL-USA', { asOf: '2026-01-06' }), newsroom.state('COL-USA', at)]);
    const [now, then] = await questions();
    expect([now.incomplete, then.incomplete]).toEqual([true, true]);
    expect((await admin('GET', '')).body).toMatchObject({
      items: [{}, { why: 'failed' }, { why: `behind ${parked.body['position'] as string}` }],
    });
    await pool.query('drop trigger refuse on view.happening');
    expect((await admin('POST', '/retry')).body).toEqual({ projected: 2, parked: 0 });
    const [nowAgain, thenAgain] = await questions();
    expect([nowAgain.incomplete, thenAgain.incomplete]).toEqual([false, false]);
    const hasIt = ({ tension }: typeof now) => tension.parts.some(({ record }) => record === id);
    expect([now, then, nowAgain, thenAgain].map(hasIt)).toEqual([false, false, true, true]);
    expect([nowAgain.counts.openDisputes, thenAgain.counts.openDisputes]).toEqual([2, 1]);
    expect((await newsroom.record(id)).status.disputed).toBe(true);
  });

  it('is not found where nothing is parked', async () => {
    for (const position of [poison.position, 999_999_999, 'nowhere'])
      for (const [path, body] of [['retry'], ['drop', { reason: 'why not' }]] as const) {
        const { status, body: problem } = await admin('POST', `/${position}/${path}`, body);
        expect([status, problem['code']]).toEqual([404, 'event-not-parked']);
      }
  });
});
