import { randomUUID } from 'node:crypto';
import { startHttpService, type Answer, type CallOptions, type HttpService } from '../support/http-service.js';
import { aMeeting, anEnd, aSource, aStatement } from './bodies.js';

interface Told {
  record: string;
  kind: string;
  version: number;
  type: string;
  data: object;
  pointer?: string;
}

describe('a dry run', () => {
  let service: HttpService;
  let source: string;
  beforeAll(async () => {
    service = await startHttpService();
    source = String((await post('/sources', aSource)).body['id']);
  });
  afterAll(() => service.stop());

  const post = (path: string, body: unknown, options?: CallOptions): Promise<Answer> => service.call('POST', path, body, options);
  const file = async (path: string, body: unknown): Promise<string> => String((await post(path, body)).body['id']);
  const told = ({ body }: Answer): Told[] => body['wouldStore'] as Told[];
  /** What the last filings stored, as a dry run tells it. */
  const lastStored = async (events: number): Promise<Told[]> => {
    const { rows } = await service.database.pool.query<Omit<Told, 'data' | 'kind'> & { data: string }>(
      'select stream as record, version, type, data from log.event order by position desc limit $1',
      [events],
    );
    return rows.toReversed().map((row) => ({ ...row, kind: row.record.split('-')[0]!, data: JSON.parse(row.data) as object }));
  };
  /** The same call tried and then made: trying it stores nothing, and tells what making it stores. */
  const triedAndMade = async (path: string, body: unknown, { method = 'POST', ...options }: CallOptions & { method?: string } = {}) => {
    const before = await service.stored();
    const tried = await service.call(method, `${path}?dry-run=true`, body, options);
    expect([tried.status, tried.body['dryRun'], await service.stored()]).toEqual([200, true, before]);
    const made = await service.call(method, `${path}?dry-run=false`, body, options);
    expect(await service.stored()).toBe(before + told(tried).length);
    expect(told(tried).map(({ pointer: _, ...event }) => event)).toEqual(await lastStored(told(tried).length));
    return { tried, made };
  };

  it('of a new record stores nothing, and tells what the call then stores and what that changes', async () => {
    const { tried, made } = await triedAndMade('/statements', { ...aStatement(source), id: `statement-${randomUUID()}` });
    expect(made.status).toBe(201);
    expect(told(tried)).toMatchObject([
      { kind: 'statement', version: 1, type: 'StatementMade', data: { relationships: [{ key: 'COL-USA' }] } },
    ]);
    expect(tried.body).toMatchObject({
      effects: [{ relationship: 'COL-USA', before: null, after: expect.any(Number), delta: expect.any(Number) }],
      lookAlikes: [],
      records: [{ id: made.body['id'], kind: 'statement', version: 1 }],
    });
    for (const header of ['location', 'etag', 'entente-position', 'idempotency-replayed'])
      expect([header, tried.headers.get(header)]).toEqual([header, null]);
  });

  it('shows what looks like it and is on file', async () => {
    const id = await file('/statements', { ...aStatement(source), occurred: '2024-05-06' });
    const { body } = await post('/statements?dry-run=true', { ...aStatement(source), occurred: '2024-05' });
    expect(body['lookAlikes']).toEqual([expect.objectContaining({ record: id, summary: aStatement(source).summary })]);
  });

  it('of an article tells of all its entries, each seeing the earlier ones', async () => {
    const { citations: _, ...meeting } = aMeeting('');
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const entries = [
      { ref: '$plan', command: 'ScheduleMeeting', ...meeting },
      { command: 'CancelMeeting', record: '$plan', on: '2026-01-20' },
    ];
    const { tried, made } = await triedAndMade('/articles', { source: aSource, entries }, options);
    expect([made.status, made.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(told(tried).map(({ type, version, pointer }) => [type, version, pointer])).toEqual([
      ['SourceRegistered', 1, '/source'],
      ['MeetingScheduled', 1, '/entries/0'],
      ['MeetingCancelled', 2, '/entries/1'],
    ]);
  });

  it('can be made of every step, corrections and unlinking included', async () => {
    const to = await file('/statements', aStatement(source));
    const meeting = await file('/meetings', { ...aMeeting(source), links: [{ rel: 'context', to }] });
    const reason = { reason: 'the second edition says otherwise' };
    const calls: [path: string, body: object, method?: string][] = [
      [`/meetings/${meeting}/cancel`, anEnd(source)],
      [`/records/${meeting}/correct`, { step: 2, patch: { on: '2026-02-01' }, kind: 'typo', ...reason }],
      [`/records/${meeting}/links/1`, {}, 'DELETE'],
      [`/sources/${source}/grade`, { reliability: 'B', credibility: 2, ...reason }],
      [`/records/${meeting}/retract`, reason],
      [`/records/${meeting}/reinstate`, reason],
    ];
    for (const [path, body, method] of calls) expect(told((await triedAndMade(path, body, { method })).tried)).toHaveLength(1);
  });

  it('of what is already so tells that nothing would be stored', async () => {
    const id = await file('/meetings', aMeeting(source));
    await post(`/meetings/${id}/cancel`, anEnd(source));
    expect((await post(`/meetings/${id}/cancel?dry-run=true`, anEnd(source))).body).toMatchObject({
      dryRun: true,
      wouldStore: [],
      effects: [],
    });
  });

  it('under a key that was used before tells that the call would only be answered again, and refuses the key for anything else', async () => {
    const options = { headers: { 'idempotency-key': randomUUID() } };
    await post('/statements', aStatement(source), options);
    expect((await post('/statements?dry-run=true', aStatement(source), options)).body).toMatchObject({ dryRun: true, wouldStore: [] });
    const { status, body } = await post('/statements?dry-run=true', { ...aStatement(source), channel: 'speech' }, options);
    expect([status, body['code']]).toEqual([422, 'idempotency-key-reused']);
  });

  it.each<[string, (meeting: string) => [string, unknown, CallOptions?], number, string]>([
    ['a bad body', () => ['/statements', { ...aStatement(source), occurred: 'next week' }], 400, 'date-unreadable'],
    ['a bad article', () => ['/articles', { source, entries: [{ command: 'Shout' }] }], 400, 'field-invalid'],
    ['a step that does not fit', (id) => [`/meetings/${id}/cancel`, anEnd(source)], 409, 'meeting-cancelled'],
    ['a stale version', (id) => [`/meetings/${id}/hold`, anEnd(source), { headers: { 'if-match': '"9"' } }], 412, 'version-conflict'],
    ['a role that may not', (id) => [`/records/${id}/retract`, { reason: 'x' }, { as: 'reporter' }], 403, 'not-allowed'],
  ])('is refused as the call itself would be: %s', async (_, call, status, code) => {
    const id = await file('/meetings', aMeeting(source));
    await post(`/meetings/${id}/cancel`, { ...anEnd(source), on: '2026-01-20' });
    const [path, body, options] = call(id);
    const before = await service.stored();
    const tried = await post(`${path}?dry-run=true`, body, options);
    expect([tried.status, tried.body['code'], await service.stored()]).toEqual([status, code, before]);
    expect((await post(path, body, options)).body).toEqual(tried.body);
  });

  it.each(['', 'yes', '1', 'TRUE', 'true&dry-run=true'])('is either true or false, not "%s"', async (value) => {
    const { status, body } = await post(`/statements?dry-run=${value}`, aStatement(source));
    expect([status, body['code'], body['detail']]).toEqual([400, 'parameter-invalid', expect.stringContaining('one of true, false')]);
  });
});
