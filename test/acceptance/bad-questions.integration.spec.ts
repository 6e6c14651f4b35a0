import { aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from '../read-models/reading.js';

const RELATIONSHIP = ['', '/timeline', '/tension', '/changes', '/replay'].map((view) => `/relationships/{key}${view}`);
const RECORD = ['/records/{id}', '/records/{id}/history', '/records/{id}/impact', '/sources/{id}'];
const LISTS = [
  '/relationships',
  '/relationships/{key}/timeline',
  '/sanctions',
  '/meetings',
  '/statements',
  '/actions',
  '/disputes',
  '/quantities',
  '/queries',
  '/corrections',
  '/parties',
  '/actors',
  '/topics',
  '/sources/{id}',
];
const VIEWS = [...new Set([...LISTS, ...RELATIONSHIP, ...RECORD])];

describe('a question that cannot be answered', () => {
  let newsroom: ReadNewsroom;
  let [source, statement] = ['', ''];
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', aSource);
    statement = await newsroom.file('/statements', aStatement(source));
  });
  afterAll(() => newsroom.close());

  /** The address of a view of what is on file. */
  const addressOf = (view: string, key = 'COL-USA'): string =>
    view.replace('{key}', key).replace('/sources/{id}', `/sources/${source}`).replace('{id}', statement);

  const problemOf = async (view: string, query: Query): Promise<unknown[]> => {
    const { status, body, headers } = await newsroom.get(addressOf(view), query);
    expect(headers.get('content-type')).toContain('application/problem+json');
    return [status, body['code'], body['detail']];
  };

  describe.each(VIEWS)('%s', (view) => {
    it.each<[string, () => string]>([
      ['further ahead than a minute', () => new Date(Date.now() + 90_000).toISOString()],
      ['no instant', () => 'yesterday'],
      ['a day, which is no instant', () => '2026-02-04'],
      ['an instant that there is not', () => '2026-02-30T09:00:00Z'],
      ['no position', () => 'position:last'],
    ])('knownAt: %s', async (_, knownAt) => {
      const [status, code, detail] = await problemOf(view, { knownAt: knownAt() });
      expect([status, code]).toEqual([400, 'parameter-invalid']);
      expect(detail).toMatch(/"knownAt".*an instant that is not in the future.*for example knownAt=/);
    });

    it('knownAt: a position beyond the log', async () => {
      expect((await problemOf(view, { knownAt: `position:${Number.MAX_SAFE_INTEGER}` })).slice(0, 2)).toEqual([400, 'position-unknown']);
    });

    it.each(['2026-13-40', '2026-02-30', 'next week', ''])('asOf: %p', async (asOf) => {
      const [status, code, detail] = await problemOf(view, { asOf });
      expect([status, code]).toEqual([400, 'parameter-invalid']);
      expect(detail).toMatch(/"asOf".*for example asOf=/);
    });

    it('a parameter that it does not have, by name', async () => {
      const [status, code, detail] = await problemOf(view, { frobnicate: 1 });
      expect([status, code]).toEqual([400, 'parameter-unknown']);
      expect(detail).toMatch(/"frobnicate".*asOf, knownAt, at-least/);
    });
  });

  describe.each(LISTS)('the list %s', (view) => {
    it.each(['x', 'WzFd', Buffer.from('["3","2026-02-30",0]').toString('base64url')])('a cursor that it never gave: %s', async (cursor) => {
      const [status, code, detail] = await problemOf(view, { cursor });
      expect([status, code]).toEqual([400, 'parameter-invalid']);
      expect(detail).toContain('"cursor"');
    });

    it.each([['2026-01-01'], ['5', '5'], ['5', '2026-01-01', '5'], []])('a cursor to a place that no list has: %s', async (...place) => {
      const { position } = (await newsroom.get(addressOf(view))).body;
      const [status, code, detail] = await problemOf(view, {
        cursor: Buffer.from(JSON.stringify([position, '2026-03-01', place])).toString('base64url'),
      });
      expect([status, code]).toEqual([400, 'parameter-invalid']);
      expect(detail).toContain('"cursor"');
    });

    it.each([0, 501, 'all'])('a page of %s', async (limit) => {
      expect(await problemOf(view, { limit })).toEqual([400, 'parameter-invalid', expect.stringContaining('from 1 to 500')]);
    });
  });

  describe.each(RELATIONSHIP)('%s', (view) => {
    it.each(['COL-XYZ', 'XYZ-COL', 'COL-COL', 'COL'])('between parties that there are not: %s', async (key) => {
      const { status, body } = await newsroom.get(addressOf(view, key));
      expect([status, body['code']]).toEqual([404, 'party-unknown']);
    });

    it('with its parties turned round leads to their right order, and keeps what was asked', async () => {
      const asked = `${newsroom.service.url}/api/v1${addressOf(view, 'USA-COL')}?asOf=2026-01-10`;
      const headers = { authorization: `Bearer ${newsroom.service.keys.reader}` };
      const answer = await fetch(asked, { redirect: 'manual', headers });
      expect([answer.status, answer.headers.get('location')]).toEqual([308, `/api/v1${addressOf(view)}?asOf=2026-01-10`]);
    });
  });

  it.each(RECORD)('%s of what is not on file', async (view) => {
    const nothing = view.replace('{id}', 'statement-0190c0de-0000-7000-8000-000000000001');
    const { status, body } = await newsroom.get(nothing);
    expect([status, body['code']]).toEqual([404, 'record-unknown']);
  });

  it('/sources/{id} of a record of another kind', async () => {
    const { status, body } = await newsroom.get(`/sources/${statement}`);
    expect([status, body['code']]).toEqual([404, 'record-unknown']);
  });

  it.each<[string, Query]>([
    ['/relationships/{key}/changes', { fromAsOf: 'May' }],
    ['/relationships/{key}/changes', { fromKnownAt: 'position:x' }],
    ['/relationships/{key}/changes', { since: 'yesterday' }],
    ['/relationships/{key}/replay', { from: 'the start' }],
    ['/relationships/{key}/replay', { to: '2026-02-04' }],
    ['/relationships/{key}/timeline', { status: 'corrected' }],
    ['/corrections', { since: 'yesterday' }],
    ['/statements', { open: 'yes' }],
    ['/statements', { speechAct: 'shout' }],
    ['/statements', { modality: 'maybe' }],
    ['/disputes', { open: 1 }],
    ['/disputes', { relationship: 'COL-XYZ' }],
    ['/quantities', { measure: '' }],
    ['/queries', { open: 'maybe' }],
  ])('%s with %j', async (view, query) => {
    const [status, code, detail] = await problemOf(view, query);
    expect([status, code]).toEqual([400, 'parameter-invalid']);
    expect(detail).toContain(`"${Object.keys(query)[0]}"`);
  });

  it('is asked here of every view that the service describes', async () => {
    const answer = await fetch(`${newsroom.service.url}/api/v1/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, { get?: { parameters?: { name: string }[] } }> };
    const views = Object.entries(paths).flatMap(([path, { get }]) =>
      get?.parameters?.some(({ name }) => name === 'knownAt') === true ? [path.replace('/api/v1', '')] : [],
    );
    expect(views.toSorted()).toEqual(VIEWS.toSorted());
  });
});
