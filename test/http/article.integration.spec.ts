import { randomUUID } from 'node:crypto';
import { startHttpService, type Answer, type CallOptions, type HttpService } from '../support/http-service.js';
import { aMeeting, aSource, aStatement } from './bodies.js';

describe('filing an article over HTTP', () => {
  let service: HttpService;
  beforeAll(async () => {
    service = await startHttpService();
  });
  afterAll(() => service.stop());

  const file = (body: unknown, options?: CallOptions): Promise<Answer> => service.call('POST', '/articles', body, options);
  const { citations: _, ...statement } = aStatement('');
  const { citations: __, ...meeting } = aMeeting('');
  const entry = { command: 'MakeStatement', ...statement };

  it('answers 201 with the source and each entry in order, each citing the article', async () => {
    const { status, headers, body } = await file({
      source: aSource,
      entries: [
        { ref: '$plan', command: 'ScheduleMeeting', ...meeting },
        { ...entry, links: [{ rel: 'about', to: '$plan' }] },
        { command: 'CancelMeeting', record: '$plan', on: '2026-01-20' },
        { command: 'RaiseQuery', record: '$plan', question: 'Who called it off?' },
        { command: 'AnswerQuery', record: '$plan', n: 1, answer: 'Nobody knows' },
      ],
    });
    expect([status, body]).toEqual([201, expect.objectContaining({ source: expect.stringMatching(/^source-/) })]);
    const results = body['results'] as { ref: string | null; id: string; version: number; position: string }[];
    expect(results.map(({ ref, version }) => [ref, version])).toEqual([
      ['$plan', 1],
      [null, 1],
      [null, 2],
      [null, 3],
      [null, 4],
    ]);
    expect(headers.get('entente-position')).toBe(body['position']);
    const read = await service.call('GET', `/records/${results[1]!.id}?at-least=${String(body['position'])}`);
    expect(read.body['citations']).toEqual([expect.objectContaining({ source: body['source'], publisher: aSource.publisher })]);
  });

  it('is filed once for one Idempotency-Key', async () => {
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const body = { source: aSource, entries: [entry, entry] };
    const first = await file(body, options);
    const again = await file(body, options);
    expect(again.body).toEqual(first.body);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect((await file({ ...body, entries: [entry] }, options)).body['code']).toBe('idempotency-key-reused');
  });

  it.each<[string, object, string]>([
    ['no source', { entries: [entry] }, '/source'],
    ['a source that is neither new nor an id', { source: 7, entries: [entry] }, '/source'],
    ['a source with an unknown field', { source: { titel: 'x' }, entries: [entry] }, '/source/titel'],
    ['no entries', { source: aSource }, '/entries'],
    ['an empty list of entries', { source: aSource, entries: [] }, '/entries'],
    ['more than 200 entries', { source: aSource, entries: Array.from({ length: 201 }, () => entry) }, '/entries'],
    ['an unknown field', { source: aSource, entries: [entry], title: 'x' }, '/title'],
    ['an entry that is no object', { source: aSource, entries: ['x'] }, '/entries/0'],
    [
      'a command that only the single call has',
      { source: aSource, entries: [{ command: 'WithdrawSource', record: 'x', reason: 'y' }] },
      '/entries/0/command',
    ],
    ['a name without its $', { source: aSource, entries: [{ ...entry, ref: 'call' }] }, '/entries/0/ref'],
    ['a step that names no record', { source: aSource, entries: [{ command: 'LiftSanction', on: '2026-01-07' }] }, '/entries/0/record'],
    ['a new record that names one', { source: aSource, entries: [{ ...entry, record: '$x' }] }, '/entries/0/record'],
    [
      'a version that is none',
      { source: aSource, entries: [{ command: 'CancelMeeting', record: 'x', on: '2026', ifVersion: 0 }] },
      '/entries/0/ifVersion',
    ],
    ['an answer to no query', { source: aSource, entries: [{ command: 'AnswerQuery', record: 'x', answer: 'y' }] }, '/entries/0/n'],
  ])('is refused with %s', async (_name, body, pointer) => {
    const before = await service.stored();
    const answer = await file(body);
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toContain(pointer);
    expect(await service.stored()).toBe(before);
  });

  it('holds its steps to the version that they were made for', async () => {
    const { body } = await service.call('POST', '/sources', aSource);
    const made = await service.call('POST', '/meetings', aMeeting(String(body['id'])));
    const step = { command: 'CancelMeeting', record: made.body['id'], on: '2026-01-20', ifVersion: 2 };
    const { status, body: problem } = await file({ source: body['id'], entries: [step] });
    expect([status, problem]).toEqual([412, expect.objectContaining({ code: 'version-conflict', expected: 2, actual: 1 })]);
  });

  it('needs the role of an editor where one of its entries does', async () => {
    const assess = { command: 'AssessStatement', record: '$said', verdict: 'questioned', reason: 'nobody else heard it' };
    const article = { source: aSource, entries: [{ ...entry, ref: '$said' }, assess] };
    const refused = await file(article, { as: 'reporter' });
    expect([refused.status, refused.body['code']]).toEqual([403, 'not-allowed']);
    expect(refused.body['detail']).toContain('AssessStatement needs the role editor');
    expect((await file(article, { as: 'editor' })).status).toBe(201);
    expect((await file({ source: aSource, entries: [entry] }, { as: 'reporter' })).status).toBe(201);
  });
});

function pointers({ body }: Answer): string[] {
  return (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
}
