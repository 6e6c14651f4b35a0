import { connect } from 'node:net';
import { startHttpService, type Answer, type CallOptions, type HttpService } from '../support/http-service.js';
import { aMeeting, aSanction, aSource, aStatement } from './bodies.js';

interface Named {
  pointer: string;
  code: string;
  message: string;
}

describe('bad input', () => {
  let service: HttpService;
  let source: string;
  let before: number;
  beforeAll(async () => {
    service = await startHttpService();
    source = String((await post('/sources', aSource)).body['id']);
  });
  beforeEach(async () => {
    before = await service.stored();
  });
  /** Whatever was sent: nothing of it is stored, and the service keeps serving. */
  afterEach(async () => {
    expect(await service.stored()).toBe(before);
    expect((await service.call('GET', '/health/live', undefined, { as: null })).status).toBe(200);
  });
  afterAll(() => service.stop());

  const post = (path: string, body: unknown, options?: CallOptions): Promise<Answer> => service.call('POST', path, body, options);

  describe('in a field is answered with 400, the field, and a good example', () => {
    it.each<[string, string, (source: string) => [string, object], string, string]>([
      ['an unknown field', 'field-unknown', (s) => ['/statements', { ...aStatement(s), sumary: 'x' }], '/sumary', 'summary'],
      [
        'an unknown field of an object in a list',
        'field-unknown',
        (s) => ['/statements', { ...aStatement(s), speakers: [{ kind: 'person', nam: 'x' }] }],
        '/speakers/0/nam',
        'name',
      ],
      [
        'a field called like a method of every object',
        'field-unknown',
        (s) => ['/statements', { ...aStatement(s), constructor: 1 }],
        '/constructor',
        'summary',
      ],
      [
        'a name that a JSON Pointer must escape',
        'field-unknown',
        (s) => ['/statements', { ...aStatement(s), 'a/b~c': 1 }],
        '/a~1b~0c',
        'summary',
      ],
      [
        'a number where text is meant',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), summary: 7 }],
        '/summary',
        'The two presidents spoke by phone',
      ],
      ['null', 'field-invalid', (s) => ['/statements', { ...aStatement(s), channel: null }], '/channel', 'press'],
      [
        'text where a list is meant',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), speakers: 'Petro' }],
        '/speakers',
        'Donald Trump',
      ],
      [
        'text where an object is meant',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), speakers: ['Petro'] }],
        '/speakers/0',
        'Donald Trump',
      ],
      [
        'a list where an object is meant',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), speakers: [[]] }],
        '/speakers/0',
        'Donald Trump',
      ],
      [
        'null where an object is meant',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), speakers: [null] }],
        '/speakers/0',
        'Donald Trump',
      ],
      ['an empty object', 'field-invalid', (s) => ['/statements', { ...aStatement(s), speakers: [{}] }], '/speakers/0/kind', 'person'],
      [
        'a word that is not on the list',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), speechAct: 'shout' }],
        '/speechAct',
        'threaten',
      ],
      [
        'a word of another case',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), speakers: [{ kind: 'Person' }] }],
        '/speakers/0/kind',
        'person',
      ],
      ['a missing field', 'field-invalid', (s) => ['/statements', { ...aStatement(s), speechAct: undefined }], '/speechAct', 'threaten'],
      [
        'a list that is too long',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), topics: Array<string>(51).fill('oil') }],
        '/topics',
        'sanctions',
      ],
      [
        'a text that is too long',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), summary: 'x'.repeat(2_001) }],
        '/summary',
        'The two presidents spoke by phone',
      ],
      ['a control character', 'field-invalid', (s) => ['/statements', { ...aStatement(s), summary: 'ring\u0007' }], '/summary', 'U+0007'],
      ['the null character', 'field-invalid', (s) => ['/statements', { ...aStatement(s), note: 'a\u0000b' }], '/note', 'U+0000'],
      [
        'a control character deep within',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), citations: [{ source: s, locator: 'p\u001b' }] }],
        '/citations/0/locator',
        'paragraph 2',
      ],
      ['half of a character', 'field-invalid', (s) => ['/statements', { ...aStatement(s), summary: 'x\ud83d' }], '/summary', 'surrogate'],
      [
        'a number that is too large for any computer',
        'field-invalid',
        (s) => ['/meetings/held', { ...held(s), durationMinutes: 1e300 }],
        '/durationMinutes',
        '120',
      ],
      ['half a minute', 'field-invalid', (s) => ['/meetings/held', { ...held(s), durationMinutes: 0.5 }], '/durationMinutes', '120'],
      ['an address that is none', 'field-invalid', () => ['/sources', { ...aSource, url: 'javascript:alert(1)' }], '/url', 'https://'],
      [
        'the day that is none',
        'date-unreadable',
        (s) => ['/statements', { ...aStatement(s), occurred: '2026-13-40' }],
        '/occurred',
        '2026-02-03',
      ],
      [
        'a date in words',
        'date-unreadable',
        (s) => ['/statements', { ...aStatement(s), occurred: 'next week' }],
        '/occurred',
        '2026-02-03',
      ],
      ['a date that is a number', 'field-invalid', (s) => ['/statements', { ...aStatement(s), occurred: 2026 }], '/occurred', '2026-01-07'],
      [
        'a date that is a list',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), occurred: ['2026'] }],
        '/occurred',
        '2026-01-07',
      ],
      [
        'a field that a date does not have',
        'field-unknown',
        (s) => ['/statements', { ...aStatement(s), occurred: { from: '2026' } }],
        '/occurred/from',
        'earliest',
      ],
      [
        'a date that leans on nothing',
        'field-invalid',
        (s) => ['/statements', { ...aStatement(s), occurred: { relativeTo: null } }],
        '/occurred/relativeTo',
        'minDays',
      ],
      ['a missing date', 'date-unreadable', (s) => ['/statements', { ...aStatement(s), occurred: undefined }], '/occurred', '2026-02-03'],
      [
        'a reversed window',
        'window-reversed',
        (s) => ['/meetings', { ...aMeeting(s), window: { earliest: '2026-03-01', latest: '2026-02-01' } }],
        '/window/latest',
        '2026-02-03',
      ],
      [
        'an unknown party',
        'party-unknown',
        (s) => ['/statements', { ...aStatement(s), speakers: [{ party: 'XYZ', kind: 'government' }] }],
        '/speakers/0/party',
        'COL',
      ],
      [
        'a missing summary',
        'summary-missing',
        (s) => ['/statements', { ...aStatement(s), summary: undefined }],
        '/summary',
        'The two presidents spoke by phone',
      ],
      [
        'a blank summary',
        'summary-missing',
        (s) => ['/statements', { ...aStatement(s), summary: ' \n' }],
        '/summary',
        'The two presidents spoke by phone',
      ],
      ['a missing citation', 'citation-missing', (s) => ['/statements', { ...aStatement(s), citations: [] }], '/citations', 'paragraph 2'],
      [
        'a citation of nothing',
        'citation-missing',
        (s) => ['/statements', { ...aStatement(s), citations: [{ locator: 'p' }] }],
        '/citations/0/source',
        'source-',
      ],
      [
        'a target without a kind',
        'field-invalid',
        (s) => ['/sanctions', { ...aSanction(s), targets: [{ descriptor: 'his wife' }] }],
        '/targets/0/kind',
        'person',
      ],
    ])('%s (%s)', async (_, code, bad, pointer, example) => {
      const answer = await post(...bad(source));
      expectProblem(answer, { status: 400, code });
      const problem = named(answer).find((error) => error.pointer === pointer);
      expect([named(answer), problem?.code]).toEqual([expect.anything(), code]);
      expect(problem?.message).toContain(example);
    });

    it('a reason that is missing', async () => {
      const answer = await post(`/sources/${source}/withdraw`, {});
      expectProblem(answer, { status: 400, code: 'reason-missing' });
      expect(named(answer)[0]?.pointer).toBe('/reason');
    });

    it('all fields of one body at once', async () => {
      const answer = await post('/statements', {
        ...aStatement(source),
        summary: 7,
        speechAct: 'shout',
        speakers: [{ kind: 'king', age: 80 }],
        x: 1,
      });
      expect(
        named(answer)
          .map(({ pointer }) => pointer)
          .toSorted(),
      ).toEqual(['/speakers/0/age', '/speakers/0/kind', '/speechAct', '/summary', '/x']);
    });
  });

  describe('in the body as a whole', () => {
    it.each<[string, unknown, { status: number; code: string }]>([
      ['of 2 MB', `{"summary":"${'x'.repeat(2_000_000)}"}`, { status: 413, code: 'body-too-large' }],
      ['that is no JSON', '{"summary": ', { status: 400, code: 'body-unreadable' }],
      ['that is empty', '', { status: 400, code: 'field-invalid' }],
      ['that is a list', '[]', { status: 400, code: 'field-invalid' }],
      ['that is null', 'null', { status: 400, code: 'field-invalid' }],
      ['nested 33 levels deep', `{"occurred":${'['.repeat(33)}${']'.repeat(33)}}`, { status: 400, code: 'body-unreadable' }],
      ['nested 300,000 levels deep', '['.repeat(300_000) + ']'.repeat(300_000), { status: 400, code: 'body-unreadable' }],
      ['that reaches for the prototype', '{"__proto__":{"role":"admin"}}', { status: 400, code: 'body-unreadable' }],
      ['that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), { status: 400, code: 'body-unreadable' }],
      [
        'with fifty thousand unknown fields',
        `{${Array.from({ length: 50_000 }, (_, i) => `"f${i}":1`).join(',')}}`,
        { status: 400, code: 'field-unknown' },
      ],
    ])('a body %s', async (_, body, expected) => {
      const answer = await post('/statements', body);
      expectProblem(answer, expected);
      expect(JSON.stringify(answer.body).length).toBeLessThan(50_000);
    });

    it.each(['/statements', '/articles'])('null, where nothing could be left out instead: %s', async (path) => {
      const answer = await post(path, 'null');
      expectProblem(answer, { status: 400, code: 'field-invalid' });
      expect(answer.body['detail']).toMatch(/must be an object, not null; for example \{"s/);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'nonsense'])(
      'a body of type %s',
      async (type) => {
        expectProblem(await post('/statements', JSON.stringify(aStatement(source)), { headers: { 'content-type': type } }), {
          status: 415,
          code: 'media-type-unsupported',
        });
      },
    );

    it('a body of 950 kB, which only an article may not have', async () => {
      const note = 'x'.repeat(10_000);
      const entries = Array.from({ length: 95 }, () => ({ command: 'MakeStatement', ...aStatement(source), note }));
      expectProblem(await post('/articles', { source, entries }), { status: 413, code: 'body-too-large' });
      expectProblem(await post('/statements', { ...aStatement(source), note: note.repeat(95) }), { status: 400, code: 'field-invalid' });
    });
  });

  describe('in the address', () => {
    it('an unknown parameter, by name', async () => {
      const answer = await post('/statements?draft=true', aStatement(source));
      expectProblem(answer, { status: 400, code: 'parameter-unknown' });
      expect(answer.body['detail']).toContain('"draft"');
    });

    it.each(['/nothing', '/statements/x/settle/y', '/%', '/%ff', `/${'x'.repeat(5_000)}`])(
      'an address where nothing is: %.20s',
      async (path) => {
        expectProblem(await post(path, {}), { status: 404, code: 'not-found' });
      },
    );

    it.each(['statement-0190c0de-0000-7000-8000-000000000001', 'x', '%00', '%0a', '$call', 'x'.repeat(150)])(
      'a record that is not on file: %.20s',
      async (id) => {
        const answer = await post(`/records/${id}/queries`, { question: 'Who?' });
        expectProblem(answer, { status: 404, code: 'record-unknown' });
        expect(answer.body['detail']).toContain('such as statement-0190c0de-');
      },
    );

    it.each(['/records/x', '/records/%00/history', '/records/statement-1/impact', '/sources/x'])(
      'what is not on file, asked for: %s',
      async (path) => {
        const answer = await service.call('GET', path);
        expectProblem(answer, { status: 404, code: 'record-unknown' });
        expect(answer.body['detail']).toMatch(/such as (statement|source)-0190c0de-/);
      },
    );

    it.each(['0', 'first', '9999999'])('a number that no query has: %s', async (n) => {
      const answer = await post(`/records/${source}/queries/${n}/answer`, { answer: 'nobody' });
      expectProblem(answer, { status: 404, code: 'step-unknown' });
      expect(answer.body['detail']).toContain(`"${n}" is no number of a query`);
      expect(answer.body['detail']).toContain(`for example /records/${source}/queries/1/answer`);
    });

    it('a record of another kind', async () => {
      const answer = await post(`/statements/${source}/assess`, { verdict: 'supported', reason: 'seen' });
      expectProblem(answer, { status: 404, code: 'record-unknown' });
      expect(answer.body['detail']).toContain('such as statement-0190c0de-');
    });
  });

  it('that is no HTTP is refused without ending the service', async () => {
    const { port } = new URL(service.url);
    const answered = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (data) => resolve(String(data)));
      socket.on('error', reject);
    });
    expect(answered).toMatch(/^HTTP\/1\.1 400/);
    expect(answered).toContain('application/problem+json');
    expect(answered).toContain('"code":"body-unreadable"');
  });

  it('is not stored in part: a bad entry in the middle refuses the whole article, and every bad entry is named', async () => {
    const good = { command: 'MakeStatement', ...aStatement(source) };
    const answer = await post('/articles', {
      source: { title: 'Another' },
      entries: [good, { ...good, ref: '$bad', occurred: 'next week' }, { ...good, speechAct: 'shout', x: 1 }, good, { command: 'Shout' }],
    });
    expectProblem(answer, { status: 400, code: 'date-unreadable' });
    expect(named(answer).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/entries/1/occurred', 'date-unreadable'],
      ['/entries/2/x', 'field-unknown'],
      ['/entries/2/speechAct', 'field-invalid'],
      ['/entries/4/command', 'field-invalid'],
    ]);
    expect(named(answer)[3]?.message).toContain('MakeStatement');
  });
});

function expectProblem({ status, headers, body }: Answer, expected: { status: number; code: string }): void {
  expect([status, body['code']]).toEqual([expected.status, expected.code]);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(body).toEqual(
    expect.objectContaining({ type: `/problems/${expected.code}`, status, title: expect.any(String), detail: expect.any(String) }),
  );
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.js:\d+|at \w+ \(/);
}

function named({ body }: Answer): Named[] {
  return body['errors'] as Named[];
}

function held(s: string): object {
  const { window: _, ...meeting } = aMeeting(s);
  return meeting;
}
