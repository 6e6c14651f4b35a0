import { setTimeout as sleep } from 'node:timers/promises';
import { aMeeting, anEnd, aSanction, aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from './reading.js';

const VIEWS = [
  '/relationships',
  '/relationships/COL-USA',
  '/relationships/COL-USA/timeline',
  '/relationships/COL-USA/tension',
  '/sanctions',
  '/meetings',
  '/actions',
];
const LISTS = VIEWS.filter((path) => path !== '/relationships/COL-USA' && path !== '/relationships/COL-USA/tension');

describe('asking a view', () => {
  let newsroom: ReadNewsroom;
  let source: string;
  let sanction: string;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', aSource);
    sanction = await newsroom.file('/sanctions', aSanction(source));
    await newsroom.file('/meetings', aMeeting(source));
  });
  afterAll(() => newsroom.close());

  const problemOf = async (path: string, query: Query): Promise<unknown[]> => {
    const { status, body, headers } = await newsroom.get(path, query);
    expect(headers.get('content-type')).toContain('application/problem+json');
    return [status, body['code'], body['detail']];
  };

  describe('says when its answer was computed', () => {
    it.each([...VIEWS, '/records/:id'])('%s: the day, what was known, the position, and the log it is valid for', async (path) => {
      const { headers, body } = await newsroom.get(path.replace(':id', sanction), { asOf: '2026-01-10', knownAt: 'position:2' });
      expect(body).toMatchObject({ asOf: '2026-01-10', knownAt: 'position:2', position: '2' });
      const { rows } = await newsroom.service.database.pool.query<{ id: string }>('select id from log.log');
      expect(headers.get('entente-log')).toBe(rows[0]!.id);
      expect(body).not.toHaveProperty('log');
    });

    it('today and now, where nothing else is asked', async () => {
      const before = new Date().toISOString();
      const { asOf, knownAt, position } = await newsroom.state('COL-USA');
      const after = new Date().toISOString();
      expect([before, knownAt, after].toSorted((a, b) => a.localeCompare(b))).toEqual([before, knownAt, after]);
      expect([before.slice(0, 10), after.slice(0, 10)]).toContain(asOf);
      expect(BigInt(position)).toBeGreaterThanOrEqual(3n);
    });

    it('an instant given as asOf is cut to its UTC day', async () => {
      expect((await newsroom.state('COL-USA', { asOf: '2026-01-10T23:30:00-05:00' })).asOf).toBe('2026-01-11');
    });
  });

  describe('as of a day', () => {
    it('looks at the world of that day: before it happened, while it stands, after it ended', async () => {
      const id = await newsroom.file('/sanctions', aSanction(source));
      await newsroom.file(`/sanctions/${id}/lift`, { ...anEnd(source), on: '2026-05-01' });
      const inForce = async (asOf: string): Promise<boolean> =>
        (await newsroom.list('/sanctions', { asOf, inForce: 'true' })).items.some(({ record }) => record === id);
      expect(await Promise.all(['2025-10-30', '2025-10-31', '2026-04-30', '2026-05-01'].map(inForce))).toEqual([false, true, true, false]);
    });
  });

  describe('known at a moment', () => {
    const known = async (id: string, knownAt: string): Promise<boolean> => {
      const { status } = await newsroom.get(`/records/${id}`, { knownAt });
      const { items } = await newsroom.timeline('COL-USA', { knownAt, limit: 500 });
      const listed = items.some(({ record }) => record === id);
      expect(status).toBe(listed ? 200 : 404);
      return listed;
    };

    it('by position: not before it, from it on', async () => {
      const { body } = await newsroom.post('/statements', aStatement(source));
      const [id, position] = [String(body['id']), BigInt(String(body['position']))];
      expect([await known(id, `position:${position - 1n}`), await known(id, `position:${position}`)]).toEqual([false, true]);
    });

    it('by instant: not before it was recorded, from then on', async () => {
      const id = await newsroom.file('/statements', aStatement(source));
      const { recordedAt } = await newsroom.record(id);
      const earlier = new Date(new Date(recordedAt).getTime() - 1).toISOString();
      expect([await known(id, earlier), await known(id, recordedAt)]).toEqual([false, true]);
      expect(await known(id, recordedAt.replace('Z', '+00:00'))).toBe(true);
    });

    it('each step of a record by itself', async () => {
      const id = await newsroom.file('/meetings', aMeeting(source));
      const { body } = await newsroom.post(`/meetings/${id}/cancel`, anEnd(source));
      const before = BigInt(String(body['position'])) - 1n;
      const life = async (query: Query): Promise<[string, number]> => {
        const record = await newsroom.record(id, { asOf: '2026-03-01', ...query });
        return [record.life, record.version];
      };
      expect([await life({ knownAt: `position:${before}` }), await life({})]).toEqual([
        ['scheduled', 1],
        ['cancelled', 2],
      ]);
    });

    it('before anything was recorded, nothing is known', async () => {
      const state = await newsroom.state('COL-USA', { knownAt: '2020-01-01T00:00:00Z' });
      expect(state).toMatchObject({ position: '0', phase: { name: 'none' }, counts: { sanctionsInForce: 0 } });
      expect((await newsroom.relationships({ knownAt: 'position:0' })).items).toEqual([]);
    });

    it('up to a minute ahead means now, and further ahead is refused', async () => {
      const soon = new Date(Date.now() + 30_000).toISOString();
      const { knownAt } = await newsroom.state('COL-USA', { knownAt: soon });
      expect(new Date(knownAt).getTime()).toBeLessThanOrEqual(Date.now());
      const [status, code] = await problemOf('/relationships/COL-USA', { knownAt: new Date(Date.now() + 90_000).toISOString() });
      expect([status, code]).toEqual([400, 'parameter-invalid']);
    });

    it('by a position that the log does not have yet is refused', async () => {
      const [status, code] = await problemOf('/relationships/COL-USA', { knownAt: 'position:99999' });
      expect([status, code]).toEqual([400, 'position-unknown']);
    });

    it('waits for what was recorded by then, as by an instant so by a position', async () => {
      for (let n = 0; n < 20; n += 1) {
        const { body } = await newsroom.post('/statements', aStatement(source));
        const query =
          n % 2 === 0 ? { knownAt: `position:${String(body['position'])}` } : { knownAt: new Date(Date.now() + 1_000).toISOString() };
        const answer = await newsroom.service.call('GET', `/records/${String(body['id'])}?${new URLSearchParams(query).toString()}`);
        expect(answer.status).toBe(200);
      }
    });

    it('in a log without events is nothing, at once', async () => {
      const empty = await ReadNewsroom.open();
      const { status, body } = await empty.get('/relationships', { knownAt: new Date().toISOString() });
      expect([status, body]).toMatchObject([200, { items: [], position: '0' }]);
      await empty.close();
    });
  });

  describe('at least as new as a position', () => {
    it('includes what was just filed, always', async () => {
      for (let n = 0; n < 100; n += 1) {
        const { body } = await newsroom.post('/statements', aStatement(source));
        const [id, position] = [String(body['id']), String(body['position'])];
        const answer = await newsroom.service.call('GET', `/records/${id}?at-least=${position}`);
        expect([n, answer.status, answer.body['id']]).toEqual([n, 200, id]);
        expect(BigInt(String(answer.body['position']))).toBeGreaterThanOrEqual(BigInt(position));
      }
    }, 30_000);

    it('includes it in every view, also when many ask at once', async () => {
      const { body } = await newsroom.post('/statements', { ...aStatement(source), occurred: '2026-02-20' });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          newsroom.service.call(
            'GET',
            `/relationships/COL-USA/timeline?asOf=2026-03-01&order=desc&limit=1&at-least=${String(body['position'])}`,
          ),
        ),
      );
      for (const answer of answers) expect(answer.body['items']).toMatchObject([{ record: body['id'] }]);
    });

    it('is answered 503, to be asked again, when the views do not come so far in 5 seconds', async () => {
      const { status, headers, body } = await newsroom.service.call('GET', '/relationships?at-least=99999');
      expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'view-behind', '1']);
    }, 10_000);

    it('is answered as soon as the views have come so far', async () => {
      const head = BigInt((await newsroom.relationships()).position);
      const waiting = newsroom.service.call('GET', `/relationships?at-least=${head + 1n}`);
      await sleep(50);
      await newsroom.post('/statements', aStatement(source));
      expect((await waiting).status).toBe(200);
    });
  });

  describe('names a relationship', () => {
    it.each(['', '/timeline', '/tension'])('in the order of its codes, and sends who turns them round to it: %s', async (rest) => {
      const answer = await fetch(`${newsroom.service.url}/api/v1/relationships/USA-COL${rest}?asOf=2026-01-10`, {
        redirect: 'manual',
        headers: { authorization: `Bearer ${newsroom.service.keys.reader}` },
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([308, `/api/v1/relationships/COL-USA${rest}?asOf=2026-01-10`]);
      expect((await newsroom.get(`/relationships/USA-COL${rest}`)).status).toBe(200);
    });

    it.each(['COL-XYZ', 'XYZ-COL', 'COL', 'COL-COL', 'COL-USA-VEN', 'col-usa', 'COL-', '%20'])(
      'by two different parties on file, not by %s',
      async (key) => {
        for (const rest of ['', '/timeline', '/tension']) {
          const { status, body } = await newsroom.get(`/relationships/${key}${rest}`);
          expect([status, body['code']]).toEqual([404, 'party-unknown']);
        }
      },
    );

    it('by two parties between which nothing is on file: phase none, everything empty', async () => {
      const state = await newsroom.state('FRA-UN');
      expect(state).toMatchObject({
        key: 'FRA-UN',
        parties: [
          { code: 'FRA', name: 'France' },
          { code: 'UN', name: 'United Nations' },
        ],
        phase: { name: 'none', direction: 'steady' },
        tension: { value: null, conflict: 0, cooperation: 0, rank: null, parts: [], partsRest: { count: 0, conflict: 0, cooperation: 0 } },
        coverage: { records: 0, sources: 0, daysSinceLastRecord: null, topSourceShare: null },
        lastContact: null,
        latestMoves: { FRA: [], UN: [] },
        incomplete: false,
      });
      expect(new Set(Object.values(state.counts))).toEqual(new Set([0]));
      expect((await newsroom.timeline('FRA-UN')).items).toEqual([]);
      expect(new Set((await newsroom.series('FRA-UN')).items.map(({ tension }) => tension))).toEqual(new Set([null]));
    });
  });

  describe('over time', () => {
    const days = async (query: Query): Promise<string[]> => (await newsroom.series('COL-USA', query)).items.map(({ asOf }) => asOf);

    it('by day, by week, or by month, where a month without such a day ends on its last', async () => {
      expect(await days({ from: '2026-02-27', to: '2026-03-02' })).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
      expect(await days({ from: '2026-02-01', to: '2026-02-20', step: 'week' })).toEqual(['2026-02-01', '2026-02-08', '2026-02-15']);
      expect(await days({ from: '2025-12-31', to: '2026-04-30', step: 'month' })).toEqual([
        '2025-12-31',
        '2026-01-31',
        '2026-02-28',
        '2026-03-31',
        '2026-04-30',
      ]);
    });

    it('the last 90 days up to asOf, where nothing else is asked', async () => {
      const asked = await days({ asOf: '2026-03-01' });
      expect([asked.length, asked[0], asked.at(-1)]).toEqual([91, '2025-12-01', '2026-03-01']);
    });

    it.each([
      [{ from: '2026-02-01', to: '2026-01-01' }],
      [{ from: '1990-01-01', to: '2026-01-01' }],
      [{ from: '1900-01-01', to: '2026-01-01', step: 'month' }],
      [{ step: 'year' }],
    ])('not %p', async (query) => {
      expect((await problemOf('/relationships/COL-USA/tension', query)).slice(0, 2)).toEqual([400, 'parameter-invalid']);
    });
  });

  describe('refuses what it does not understand, by name and with a good example', () => {
    it.each([...VIEWS, '/records/:id'])('an unknown parameter: %s', async (path) => {
      const [status, code, detail] = await problemOf(path.replace(':id', sanction), { frobnicate: 1 });
      expect([status, code]).toEqual([400, 'parameter-unknown']);
      expect(detail).toMatch(/"frobnicate".*asOf, knownAt, at-least/);
    });

    it.each<[string, string, Query]>([
      ...VIEWS.flatMap((path): [string, string, Query][] => [
        [path, 'asOf', { asOf: '2026-13-40' }],
        [path, 'asOf', { asOf: 'next week' }],
        [path, 'asOf', { asOf: '2026-02-30' }],
        [path, 'asOf', { asOf: '' }],
        [path, 'knownAt', { knownAt: '2026-02-04' }],
        [path, 'knownAt', { knownAt: 'yesterday' }],
        [path, 'knownAt', { knownAt: '2026-02-30T09:00:00Z' }],
        [path, 'knownAt', { knownAt: '2026-02-04T24:30:00Z' }],
        [path, 'knownAt', { knownAt: 'position:-1' }],
        [path, 'knownAt', { knownAt: 'position:1e3' }],
        [path, 'at-least', { 'at-least': 'now' }],
        [path, 'at-least', { 'at-least': '99999999999999999999' }],
      ]),
      ...LISTS.flatMap((path): [string, string, Query][] => [
        [path, 'limit', { limit: 0 }],
        [path, 'limit', { limit: 501 }],
        [path, 'limit', { limit: 'many' }],
        [path, 'limit', { limit: 1.5 }],
        [path, 'cursor', { cursor: 'x' }],
        [path, 'cursor', { cursor: Buffer.from('["3",-1]').toString('base64url') }],
        [path, 'cursor', { cursor: Buffer.from('["3","2026-02-30",0]').toString('base64url') }],
      ]),
      ['/relationships', 'party', { party: 'XYZ' }],
      ['/relationships', 'phase', { phase: 'tense' }],
      ['/relationships', 'sort', { sort: 'name' }],
      ['/relationships', 'include', { include: 'all' }],
      ['/relationships/COL-USA', 'parts', { parts: 1001 }],
      ['/relationships/COL-USA/timeline', 'kind', { kind: 'source' }],
      ['/relationships/COL-USA/timeline', 'party', { party: 'col' }],
      ['/relationships/COL-USA/timeline', 'speechAct', { speechAct: 'shout' }],
      ['/relationships/COL-USA/timeline', 'role', { role: 'secondary' }],
      ['/relationships/COL-USA/timeline', 'order', { order: 'random' }],
      ['/relationships/COL-USA/timeline', 'from', { from: '2026' }],
      ['/relationships/COL-USA/timeline', 'topic', { topic: '' }],
      ['/sanctions', 'relationship', { relationship: 'COL-XYZ' }],
      ['/sanctions', 'relationship', { relationship: 'COL' }],
      ['/sanctions', 'inForce', { inForce: 'yes' }],
      ['/sanctions', 'authority', { authority: 'US Treasury' }],
      ['/meetings', 'status', { status: 'planned' }],
      ['/actions', 'act', { act: 'invasion' }],
      ['/actions', 'standing', { standing: 1 }],
    ])('%s: %s as in %j', async (path, name, query) => {
      const [status, code, detail] = await problemOf(path, query);
      expect([status, code]).toEqual([400, 'parameter-invalid']);
      expect(detail).toMatch(new RegExp(`"${name}".*(for example ${name}=|it is one of )`));
    });

    it('a parameter that is given twice', async () => {
      const { status, body } = await newsroom.service.call('GET', '/relationships?asOf=2026-01-01&asOf=2026-01-02');
      expect([status, body['code']]).toEqual([400, 'parameter-invalid']);
    });

    it.each(['statement-0190c0de-0000-7000-8000-000000000001', 'x', '%00', 'x'.repeat(150)])(
      'a record that is not on file: %s',
      async (id) => {
        const { status, body } = await newsroom.get(`/records/${id}`);
        expect([status, body['code']]).toEqual([404, 'record-unknown']);
      },
    );
  });
});
