import { startHttpService, type Answer, type CallOptions, type HttpService } from '../support/http-service.js';
import { anEnd, aHolding, aMeeting, aSanction, aSource, aStatement } from './bodies.js';

const REASON = { reason: 'the second edition says otherwise' };

describe('going back on what was filed, over HTTP', () => {
  let service: HttpService;
  let source: string;
  /** A statement with one link, which no refusal changes. */
  let standing: string;
  let linkedTo: string;
  beforeAll(async () => {
    service = await startHttpService();
    source = await file('/sources', aSource);
    linkedTo = await aStatementOnFile();
    standing = await aStatementOnFile({ links: [{ rel: 'denies', to: linkedTo }] });
  });
  afterAll(() => service.stop());

  const post = (path: string, body?: unknown, options?: CallOptions): Promise<Answer> => service.call('POST', path, body, options);
  const file = async (path: string, body: unknown): Promise<string> => {
    const answer = await post(path, body);
    expect(answer).toMatchObject({ body: { id: expect.any(String) } });
    return String(answer.body['id']);
  };
  const aStatementOnFile = (changed: object = {}): Promise<string> => file('/statements', { ...aStatement(source), ...changed });
  const aHeldMeeting = async (): Promise<string> => {
    const id = await file('/meetings', aMeeting(source));
    expect((await post(`/meetings/${id}/hold`, aHolding(source))).status).toBe(200);
    return id;
  };
  const correct = (id: string, patch: object, more: object = {}): Promise<Answer> =>
    post(`/records/${id}/correct`, { patch, kind: 'correction', ...REASON, ...more });
  const unlink = (id: string, n: string, body?: unknown, options?: CallOptions): Promise<Answer> =>
    service.call('DELETE', `/records/${id}/links/${n}`, body, options);
  const lastStored = async (): Promise<{ type: string; data: Record<string, unknown> }> => {
    const { rows } = await service.database.pool.query<{ type: string; data: string }>(
      'select type, data from log.event order by position desc limit 1',
    );
    return { type: rows[0]!.type, data: JSON.parse(rows[0]!.data) as Record<string, unknown> };
  };

  describe('a correction', () => {
    it('keeps for each field what it said and what it says, with why and who approved it', async () => {
      const id = await aStatementOnFile();
      const { status, body, headers } = await correct(
        id,
        { summary: 'The US president threatens Colombia', channel: null },
        { approvedBy: 'an editor' },
      );
      expect([status, body['events'], body['version'], headers.get('etag')]).toEqual([200, ['RecordCorrected'], 2, '"2"']);
      expect(await lastStored()).toEqual({
        type: 'RecordCorrected',
        data: {
          kind: 'correction',
          approvedBy: 'an editor',
          ...REASON,
          changes: expect.arrayContaining([
            { pointer: '/channel', before: 'press' },
            { pointer: '/summary', before: aStatement(source).summary, after: 'The US president threatens Colombia' },
          ]),
        },
      });
    });

    it('of a step names it by its version', async () => {
      const id = await aHeldMeeting();
      const { body } = await correct(id, { on: '2026-02-04' }, { step: 2, kind: 'typo' });
      expect([body['version'], body['events']]).toEqual([3, ['RecordCorrected']]);
      expect(await lastStored()).toMatchObject({ data: { step: 2, changes: [{ pointer: '/on', after: { latest: '2026-02-04' } }] } });
    });

    it('of the record itself may be called that of step 1', async () => {
      await correct(await aStatementOnFile(), { summary: 'A threat' }, { step: 1 });
      expect((await lastStored()).data).not.toHaveProperty('step');
    });

    it.each<[string, object, number, string, string]>([
      ['that changes nothing', { channel: 'press' }, 422, 'correction-changes-nothing', '/patch'],
      ['that is empty', {}, 422, 'correction-changes-nothing', '/patch'],
      ['of an unknown field', { sumary: 'x' }, 422, 'correction-of-unknown-field', '/patch/sumary'],
      ['of a derived field', { status: { disputed: true } }, 422, 'correction-of-unknown-field', '/patch/status'],
      ['of the id', { id: 'statement-1' }, 422, 'correction-of-unknown-field', '/patch/id'],
      ['of the kind', { kind: 'meeting' }, 422, 'correction-of-unknown-field', '/patch/kind'],
      ['of the links', { links: [] }, 422, 'correction-of-unknown-field', '/patch/links'],
      ['of a field of another kind', { measures: [] }, 422, 'correction-of-unknown-field', '/patch/measures'],
      ['that takes the summary away', { summary: null }, 400, 'summary-missing', '/patch/summary'],
      ['that takes the date away', { occurred: null }, 400, 'date-unreadable', '/patch/occurred'],
      ['that takes all sources away', { citations: [] }, 400, 'citation-missing', '/patch/citations'],
      ['that takes the speech act away', { speechAct: null }, 400, 'field-invalid', '/patch/speechAct'],
      ['to what has no shape', { speakers: 'Petro' }, 400, 'field-invalid', '/patch/speakers'],
      ['to a date that is none', { occurred: 'next week' }, 400, 'date-unreadable', '/patch/occurred'],
      ['to an unknown party', { addressees: [{ party: 'XYZ', kind: 'government' }] }, 400, 'party-unknown', '/patch/addressees/0/party'],
      ['to a control character', { summary: 'ring\u0007' }, 400, 'field-invalid', '/patch/summary'],
    ])('%s is refused', async (_, patch, status, code, pointer) => {
      await refused(() => correct(standing, patch), status, code, pointer);
    });

    it.each<[string, object, number, string, string]>([
      ['without a reason', { patch: { summary: 'x' }, kind: 'typo' }, 400, 'reason-missing', '/reason'],
      ['without a kind', { patch: { summary: 'x' }, ...REASON }, 400, 'field-invalid', '/kind'],
      ['without a patch', { kind: 'typo', ...REASON }, 400, 'field-invalid', '/patch'],
      ['with a list for a patch', { patch: [], kind: 'typo', ...REASON }, 400, 'field-invalid', '/patch'],
      ['of step 0', { step: 0, patch: { summary: 'x' }, kind: 'typo', ...REASON }, 400, 'field-invalid', '/step'],
      ['of a step that is not there', { step: 7, patch: { summary: 'x' }, kind: 'typo', ...REASON }, 404, 'step-unknown', '/step'],
      [
        'by a source that is not on file',
        { patch: { summary: 'x' }, kind: 'typo', ...REASON, citations: [{ source: 'source-1' }] },
        422,
        'source-unknown',
        '/citations/0/source',
      ],
    ])('%s is refused', async (_, body, status, code, pointer) => {
      await refused(() => post(`/records/${standing}/correct`, body), status, code, pointer);
    });

    it.each([
      ['reaches for the prototype', '{"patch":{"__proto__":{"summary":"x"}},"kind":"typo","reason":"y"}'],
      ['is nested too deep', `{"patch":{"place":${'{"a":'.repeat(33)}1${'}'.repeat(33)}},"kind":"typo","reason":"y"}`],
    ])('whose patch %s is refused', async (_, body) => {
      await refused(() => post(`/records/${standing}/correct`, body), 400, 'body-unreadable');
    });

    it('that would make a later step impossible is refused, and names the step', async () => {
      const meeting = await aHeldMeeting();
      const answer = await refused(() => correct(meeting, { occurred: '2026-02-10' }), 422, 'step-too-early', '/patch/occurred');
      expect(answer.body['detail']).toContain('MeetingHeld');
      const sanction = await file('/sanctions', aSanction(source));
      await post(`/sanctions/${sanction}/lift`, { targets: ['wife'], ...anEnd(source) });
      const others = [{ id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' }];
      await refused(() => correct(sanction, { targets: others }), 409, 'target-id-used', '/patch/targets');
    });

    it('that leads dates round in a circle is refused', async () => {
      const first = await aStatementOnFile();
      const second = await aStatementOnFile({ occurred: { relativeTo: { record: first, minDays: 1, maxDays: 1 } } });
      const third = await aStatementOnFile({ occurred: { relativeTo: { record: second, minDays: 1, maxDays: 1 } } });
      for (const leaning of [first, second, third])
        await refused(
          () => correct(first, { occurred: { relativeTo: { record: leaning, minDays: -1, maxDays: -1 } } }),
          422,
          'date-circular',
        );
    });
  });

  describe('a retraction', () => {
    it('takes out the record, is answered again with the same version, and is undone by a reinstatement', async () => {
      const id = await aStatementOnFile();
      expect((await post(`/records/${id}/retract`, REASON)).body).toMatchObject({ version: 2, events: ['RecordRetracted'] });
      expect(await lastStored()).toEqual({ type: 'RecordRetracted', data: REASON });
      expect((await post(`/records/${id}/retract`, REASON)).body).toMatchObject({ version: 2, events: [] });
      expect((await post(`/records/${id}/reinstate`, REASON)).body).toMatchObject({ version: 3, events: ['RecordReinstated'] });
    });

    it('takes out one step, and what stood in its way can be filed', async () => {
      const id = await aHeldMeeting();
      expect((await post(`/meetings/${id}/cancel`, anEnd(source))).body['code']).toBe('meeting-already-held');
      expect((await post(`/records/${id}/retract`, { step: 2, ...REASON })).body).toMatchObject({
        version: 3,
        events: ['RecordRetracted'],
      });
      expect((await post(`/meetings/${id}/cancel`, anEnd(source))).body).toMatchObject({ version: 4, events: ['MeetingCancelled'] });
      const { status, body } = await post(`/records/${id}/reinstate`, { step: 2, ...REASON });
      expect([status, body['code']]).toEqual([409, expect.stringMatching(/^meeting-/)]);
    });

    it('leaves nothing else to be done with the record', async () => {
      const id = await aStatementOnFile();
      await post(`/records/${id}/retract`, REASON);
      const calls: [string, object][] = [
        [`/records/${id}/correct`, { patch: { summary: 'x' }, kind: 'typo', ...REASON }],
        [`/records/${id}/links`, { rel: 'context', to: linkedTo }],
        [`/records/${id}/citations`, { source, locator: 'page 9' }],
        [`/records/${id}/queries`, { question: 'Who?' }],
        [`/statements/${id}/settle`, { outcome: 'withdrawn', ...anEnd(source) }],
      ];
      for (const [path, body] of calls) await refused(() => post(path, body), 409, 'record-retracted');
    });

    it.each(['retract', 'reinstate'])('asks for a reason, and for a step that is there: %s', async (call) => {
      await refused(() => post(`/records/${standing}/${call}`), 400, 'reason-missing', '/reason');
      await refused(() => post(`/records/${standing}/${call}`, { reason: ' ' }), 400, 'reason-missing', '/reason');
      await refused(() => post(`/records/${standing}/${call}`, { step: 5, ...REASON }), 404, 'step-unknown', '/step');
    });
  });

  describe('a link', () => {
    const linked = async (): Promise<[from: string, to: string]> => {
      const [from, to] = [await aStatementOnFile(), await aStatementOnFile()];
      await post(`/records/${from}/links`, { rel: 'denies', to });
      return [from, to];
    };

    it('is taken back by its number, without a body or with one, and can then be made again', async () => {
      const [from, to] = await linked();
      expect((await unlink(from, '1')).body).toMatchObject({ version: 3, events: ['RecordsUnlinked'] });
      expect(await lastStored()).toEqual({ type: 'RecordsUnlinked', data: { n: 1, rel: 'denies', to } });
      expect((await unlink(from, '1')).body).toMatchObject({ version: 3, events: [] });
      expect((await post(`/records/${from}/links`, { rel: 'denies', to })).body).toMatchObject({ version: 4, events: ['RecordsLinked'] });
      expect((await unlink(from, '2', { ...REASON, citations: [{ source }] })).body).toMatchObject({ version: 5 });
      expect((await lastStored()).data).toMatchObject({ n: 2, ...REASON, citations: [{ source }] });
    });

    it('is taken back by a call that names a type for the body it does not have', async () => {
      const [from] = await linked();
      const { status, body } = await unlink(from, '1', undefined, { headers: { 'content-type': 'application/json' } });
      expect([status, body['events']]).toEqual([200, ['RecordsUnlinked']]);
    });

    it.each(['2', '0', 'first', '-1', '1.0', '9999999'])('that is not there cannot be taken back: %s', async (n) => {
      const [from] = await linked();
      const answer = await refused(() => unlink(from, n), 404, 'step-unknown');
      expect(answer.body['detail']).toMatch(/for example \/records\/statement-.*\/links\/1$/);
    });

    it('that is null in its body is refused in words that say what to send, or that nothing need be sent', async () => {
      const [from] = await linked();
      const { body } = await refused(() => unlink(from, '1', 'null'), 400, 'field-invalid');
      expect(body['detail']).toMatch(/^What is sent must be an object, not null; for example \{"reason":.*\}, or nothing at all$/);
      const { body: needed } = await refused(() => post(`/records/${from}/retract`, 'null'), 400, 'field-invalid');
      expect(needed['detail']).toMatch(/^What is sent must be an object, not null; for example \{"reason":"[^"]*"\}$/);
    });

    it('is taken back with known fields only, from a record on file', async () => {
      await refused(() => unlink(standing, '1', { why: 'x' }), 400, 'field-unknown', '/why');
      await refused(() => unlink('statement-1', '1'), 404, 'record-unknown');
    });

    it.each<[string, (from: string, to: string) => [string, string], string]>([
      ['to itself', (from) => [from, from], 'link-circular'],
      ['straight back', (from, to) => [to, from], 'link-circular'],
      ['to nothing on file', (from) => [from, 'statement-0190c0de-0000-7000-8000-000000000001'], 'link-target-unknown'],
    ])('%s is refused', async (_, ends, code) => {
      const [from, to] = ends(standing, linkedTo);
      await refused(() => post(`/records/${from}/links`, { rel: 'about', to }), 422, code, '/to');
    });
  });

  it('a step that is filed late and does not fit is refused, and what stands in the way is named', async () => {
    const id = await aHeldMeeting();
    const answer = await refused(
      () => post(`/meetings/${id}/cancel`, { ...anEnd(source), on: '2026-01-20' }),
      409,
      'meeting-cancelled',
      '/on',
    );
    expect(answer.body['detail']).toContain('MeetingHeld on 2026-02-03 (version 2)');
    await refused(
      () => post(`/meetings/${id}/reschedule`, { window: '2026-02', ...anEnd(source), on: '2026-01-01' }),
      422,
      'step-too-early',
      '/on',
    );
  });

  it.each<[string, (id: string, options: CallOptions) => Promise<Answer>]>([
    ['corrected', (id, options) => post(`/records/${id}/correct`, { patch: { summary: 'x' }, kind: 'typo', ...REASON }, options)],
    ['retracted', (id, options) => post(`/records/${id}/retract`, REASON, options)],
    ['reinstated', (id, options) => post(`/records/${id}/reinstate`, REASON, options)],
    ['unlinked', (id, options) => unlink(id, '1', undefined, options)],
  ])('is %s by an editor, at the version that was read', async (_, call) => {
    const id = await aStatementOnFile({ links: [{ rel: 'context', to: linkedTo }] });
    const before = await service.stored();
    expect(await call(id, { as: 'reporter' })).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect(await call(id, { headers: { 'if-match': '"2"' } })).toMatchObject({
      status: 412,
      body: { code: 'version-conflict', expected: 2, actual: 1 },
    });
    expect(await service.stored()).toBe(before);
    expect((await call(id, { headers: { 'if-match': '"1"' } })).status).toBe(200);
  });

  it('is filed once for one Idempotency-Key', async () => {
    const id = await aStatementOnFile({ links: [{ rel: 'context', to: linkedTo }] });
    const options = { headers: { 'idempotency-key': 'unlink-once' } };
    const first = await unlink(id, '1', undefined, options);
    const again = await unlink(id, '1', undefined, options);
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, first.body, 'true']);
  });

  /** Refused for this reason, at this field; nothing is stored. */
  async function refused(call: () => Promise<Answer>, status: number, code: string, pointer?: string): Promise<Answer> {
    const before = await service.stored();
    const answer = await call();
    expect(answer).toMatchObject({ status, body: { code, ...(pointer !== undefined && { errors: [{ pointer }] }) } });
    expect(await service.stored()).toBe(before);
    return answer;
  }
});
