import { randomUUID } from 'node:crypto';
import { startHttpService, type Answer, type CallOptions, type HttpService } from '../support/http-service.js';
import { anEnd, aHolding, aMeeting, anAction, aSanction, aSource, aStatement } from './bodies.js';

describe('filing over HTTP', () => {
  let service: HttpService;
  let source: string;
  beforeAll(async () => {
    service = await startHttpService();
    source = String((await post('/sources', aSource)).body['id']);
  });
  afterAll(() => service.stop());

  const post = (path: string, body: unknown, options?: CallOptions): Promise<Answer> => service.call('POST', path, body, options);
  const file = async (path: string, body: unknown): Promise<string> => String((await post(path, body)).body['id']);

  describe('every write', () => {
    it('answers a new record with 201, its place, its version and its position', async () => {
      const { status, headers, body } = await post('/statements', aStatement(source));
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.stringMatching(/^statement-/),
        kind: 'statement',
        version: 1,
        position: expect.stringMatching(/^\d+$/),
        events: ['StatementMade'],
      });
      expect(headers.get('location')).toBe(`/api/v1/records/${String(body['id'])}`);
      expect(headers.get('etag')).toBe('"1"');
      expect(headers.get('entente-position')).toBe(body['position']);
      expect(headers.get('idempotency-replayed')).toBeNull();
    });

    it.each<[string, (id: string) => [string, object]]>([
      ['assessment', (id) => [`/statements/${id}/assess`, { verdict: 'supported', reason: 'a transcript' }]],
      ['link', (id) => [`/records/${id}/links`, { rel: 'context', to: 'LINKED', reason: 'the same week' }]],
      ['question', (id) => [`/records/${id}/queries`, { question: 'Who was there?' }]],
    ])('lets the newsroom name its sources for an %s too', async (_, step) => {
      const [id, other] = [await file('/statements', aStatement(source)), await file('/statements', aStatement(source))];
      const [path, body] = step(id);
      const sent = { ...body, ...('to' in body && { to: other }), citations: [{ source, locator: 'page 2' }] };
      expect(await post(path, sent)).toMatchObject({ status: 200, body: { version: 2 } });
      const unknown = { ...sent, ...('verdict' in body && { verdict: 'refuted' }), citations: [{ source: 'source-nowhere' }] };
      expect(
        await post(path, { ...unknown, ...('question' in body && { question: 'When?' }), ...('to' in body && { rel: 'about' }) }),
      ).toMatchObject({
        status: 422,
        body: { code: 'source-unknown', errors: [{ pointer: '/citations/0/source' }] },
      });
    });

    it('answers a step with 200 and the new version, and again with no events where it is already so', async () => {
      const id = await file('/sanctions', aSanction(source));
      const lift = { on: '2026-05-01', citations: [{ source }] };
      const first = await post(`/sanctions/${id}/lift`, lift);
      const again = await post(`/sanctions/${id}/lift`, lift);
      expect([first.status, first.body['version'], first.body['events']]).toEqual([200, 2, ['SanctionLifted']]);
      expect([again.status, again.body['version'], again.body['events']]).toEqual([200, 2, []]);
      expect(first.headers.get('etag')).toBe('"2"');
    });

    it('can be read at once by who waits for its position', async () => {
      const { body } = await post('/statements', aStatement(source));
      const read = await service.call('GET', `/records/${String(body['id'])}?at-least=${String(body['position'])}`);
      expect([read.status, read.body['id']]).toEqual([200, body['id']]);
    });

    it('is stamped with the name of the key that filed it', async () => {
      const { body } = await post('/statements', aStatement(source), { as: 'reporter' });
      const read = await service.call('GET', `/records/${String(body['id'])}?at-least=${String(body['position'])}`);
      expect(read.body['by']).toBe('reporter');
    });
  });

  it.each<[string, (ids: Record<'source' | 'statement' | 'sanction' | 'meeting' | 'action', string>) => [string, unknown], string]>([
    [
      'graded',
      (ids) => [`/sources/${ids.source}/grade`, { reliability: 'B', credibility: 2, reason: 'agrees with the transcript' }],
      'SourceGraded',
    ],
    [
      'assessed',
      (ids) => [`/statements/${ids.statement}/assess`, { verdict: 'unsubstantiated', reason: 'no evidence', by: [{ kind: 'outlet' }] }],
      'StatementAssessed',
    ],
    ['settled', (ids) => [`/statements/${ids.statement}/settle`, { outcome: 'withdrawn', ...anEnd(ids.source) }], 'StatementSettled'],
    ['amended', (ids) => [`/sanctions/${ids.sanction}/amend`, { addMeasures: ['travel-ban'], ...anEnd(ids.source) }], 'SanctionAmended'],
    ['rescheduled', (ids) => [`/meetings/${ids.meeting}/reschedule`, { window: '2026-03', ...anEnd(ids.source) }], 'MeetingRescheduled'],
    ['cancelled', (ids) => [`/meetings/${ids.meeting}/cancel`, anEnd(ids.source)], 'MeetingCancelled'],
    ['held', (ids) => [`/meetings/${ids.meeting}/hold`, aHolding(ids.source)], 'MeetingHeld'],
    ['ended', (ids) => [`/actions/${ids.action}/end`, { outcome: 'completed', ...anEnd(ids.source) }], 'ActionEnded'],
    ['cited', (ids) => [`/records/${ids.action}/citations`, { source: ids.source, locator: 'paragraph 9' }], 'SourceCited'],
    ['linked', (ids) => [`/records/${ids.action}/links`, { rel: 'respondsTo', to: ids.statement }], 'RecordsLinked'],
    ['asked about', (ids) => [`/records/${ids.action}/queries`, { question: 'Who gave the order?' }], 'QueryRaised'],
    ['withdrawn', (ids) => [`/sources/${ids.source}/withdraw`, { reason: 'the publisher took it down' }], 'SourceWithdrawn'],
  ])('a record can be %s', async (_, step, event) => {
    const own = await file('/sources', aSource);
    const ids = {
      source: own,
      statement: await file('/statements', aStatement(own)),
      sanction: await file('/sanctions', aSanction(own)),
      meeting: await file('/meetings', aMeeting(own)),
      action: await file('/actions', anAction(own)),
    };
    const { status, body } = await post(...step(ids));
    expect([status, body['events'], body['version']]).toEqual([200, [event], 2]);
  });

  it('a query can be answered, and a contact that nobody announced can be filed as held', async () => {
    const { summary, occurred, format, participants, citations } = aMeeting(source);
    const held = await post('/meetings/held', { summary, occurred, format, participants, citations });
    expect([held.status, held.body['events']]).toEqual([201, ['MeetingHeld']]);
    const id = String(held.body['id']);
    await post(`/records/${id}/queries`, { question: 'Who called whom?' });
    const { status, body } = await post(`/records/${id}/queries/1/answer`, { answer: 'The White House called' });
    expect([status, body['events']]).toEqual([200, ['QueryAnswered']]);
    expect((await post(`/records/${id}/queries/2/answer`, { answer: 'x' })).body['code']).toBe('step-unknown');
    expect((await post(`/records/${id}/queries/first/answer`, { answer: 'x' })).status).toBe(404);
  });

  describe('an Idempotency-Key', () => {
    it('files the same request once and answers it as the first time, a new record with 201 again', async () => {
      const options = keyed();
      const body = aStatement(source);
      const first = await post('/statements', body, options);
      const before = await service.stored();
      const again = await post('/statements', body, options);
      expect(again.body).toEqual(first.body);
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(await service.stored()).toBe(before);
    });

    it('answers a step again with 200, although the record has gone on', async () => {
      const id = await file('/meetings', aMeeting(source));
      const options = keyed();
      const first = await post(`/meetings/${id}/cancel`, anEnd(source), options);
      await post(`/meetings/${id}/reschedule`, { window: '2026-03', ...anEnd(source) });
      const again = await post(`/meetings/${id}/cancel`, anEnd(source), options);
      expect(again.body).toEqual(first.body);
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    });

    it('is refused with another body', async () => {
      const options = keyed();
      await post('/statements', aStatement(source), options);
      const { status, body } = await post('/statements', { ...aStatement(source), occurred: '2026-01-06' }, options);
      expect([status, body['code']]).toEqual([422, 'idempotency-key-reused']);
    });

    it('is another one for another caller, and for another path', async () => {
      const key = randomUUID();
      const mine = await post('/statements', aStatement(source), keyed(key));
      const theirs = await post('/statements', aStatement(source), { ...keyed(key), as: 'reporter' });
      const elsewhere = await post('/actions', anAction(source), keyed(key));
      expect([mine.status, theirs.status, elsewhere.status]).toEqual([201, 201, 201]);
      expect(new Set([mine.body['id'], theirs.body['id']]).size).toBe(2);
    });

    it('has 1 to 255 printable ASCII characters', async () => {
      const { status, body } = await post('/statements', aStatement(source), keyed('x'.repeat(256)));
      expect([status, body['code']]).toEqual([400, 'parameter-invalid']);
      expect((await post('/statements', aStatement(source), keyed('x'.repeat(255)))).status).toBe(201);
    });

    it('goes with no id of the client’s own choosing, in an article neither', async () => {
      const chosen = { ...aStatement(source), id: `statement-${randomUUID()}` };
      const single = await post('/statements', chosen, keyed());
      const article = await post('/articles', { source, entries: [{ command: 'MakeStatement', ...chosen }] }, keyed());
      expect([single.status, single.body['code'], single.body['errors']]).toEqual([
        400,
        'field-invalid',
        [expect.objectContaining({ pointer: '/id' })],
      ]);
      expect([article.status, article.body['errors']]).toEqual([400, [expect.objectContaining({ pointer: '/entries/0/id' })]]);
    });
  });

  describe('a chosen id', () => {
    it('is answered with 200 when the same is filed again, and refused for anything else', async () => {
      const id = `statement-${randomUUID()}`;
      const body = { ...aStatement(source), id };
      expect((await post('/statements', body)).body['id']).toBe(id);
      const again = await post('/statements', body);
      expect([again.status, again.body['id']]).toEqual([200, id]);
      const other = await post('/statements', { ...body, occurred: '2026-01-06' });
      expect([other.status, other.body['code']]).toEqual([409, 'record-already-on-file']);
    });

    it.each([
      ['short', 'statement-1'],
      ['bare', '0190c0de-0000-7000-8000-000000000003'],
      ['of another kind', 'meeting-0190c0de-0000-7000-8000-000000000003'],
      ['in upper case', 'statement-0190C0DE-0000-7000-8000-000000000003'],
    ])('is not %s', async (_, id) => {
      const { status, body } = await post('/statements', { ...aStatement(source), id });
      expect([status, body['code'], body['errors']]).toEqual([400, 'field-invalid', [expect.objectContaining({ pointer: '/id' })]]);
    });
  });

  describe('If-Match', () => {
    it('lets a step through at the version that was read, and refuses a stale one with both versions', async () => {
      const id = await file('/meetings', aMeeting(source));
      expect((await post(`/meetings/${id}/cancel`, anEnd(source), match('"1"'))).status).toBe(200);
      const stale = await post(`/meetings/${id}/reschedule`, { window: '2026-03', ...anEnd(source) }, match('"1"'));
      expect([stale.status, stale.body]).toEqual([412, expect.objectContaining({ code: 'version-conflict', expected: 1, actual: 2 })]);
    });

    it.each(['1', '"0"', '"one"', 'W/"1"', '*', '"1", "2"'])('is not %s', async (value) => {
      const id = await file('/meetings', aMeeting(source));
      const { status, body } = await post(`/meetings/${id}/cancel`, anEnd(source), match(value));
      expect([status, body['code']]).toEqual([400, 'parameter-invalid']);
    });

    it('goes with no new record', async () => {
      expect((await post('/statements', aStatement(source), match('"1"'))).body['code']).toBe('parameter-invalid');
    });
  });
});

function keyed(key: string = randomUUID()): CallOptions {
  return { headers: { 'idempotency-key': key } };
}

function match(version: string): CallOptions {
  return { headers: { 'if-match': version } };
}
