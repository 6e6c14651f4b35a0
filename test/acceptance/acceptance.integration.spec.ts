import { jest } from '@jest/globals';
import { addDays } from '../../src/domain/time.js';
import { articles, type Entry } from '../example/articles.js';
import { everythingIn, exampleId, ReadNewsroom, type Query } from '../read-models/reading.js';
import {
  act,
  ask,
  before,
  historyOf,
  instantBefore,
  listed,
  recordsIn,
  replayed,
  type Change,
  type Changes,
  type Corrected,
  type Dispute,
  type Happened,
  type Impact,
  type Told,
  type When,
} from './asking.js';

// The hooks start a service and file three articles: more than the usual five seconds on a busy machine.
jest.setTimeout(20_000);

/** The eighteen checks that the three articles hand us, asked over HTTP. */
const BUILDUP = '2025-12-01-the-buildup.json';
const CALL = '2026-01-08-the-call.json';
const MEETING = '2026-02-04-the-meeting.json';
const NOW = '2026-02-04';
const NEVER = '2020-01-01T00:00:00Z';
const BOTH = ['COL-USA', 'USA-VEN'];

const refOf = (fact: string): string => `$${fact}`;

/** An article without one of its entries. */
function without(name: string, fact: string): object {
  const { source, entries } = articles.get(name)!;
  return { source, entries: entries.filter(({ ref }) => ref !== refOf(fact)) };
}

/** An article one entry of which says something else. */
function saying(name: string, fact: string, other: object): object {
  const { source, entries } = articles.get(name)!;
  return { source, entries: entries.map((entry) => (entry.ref === refOf(fact) ? { ...entry, ...other } : entry)) };
}

/** An article that leaves it to the service to name its records. */
function unnamed(name: string): object {
  const { source, entries } = articles.get(name)!;
  const withoutId = ({ id: _, ...rest }: Entry | { id: string }): object => rest;
  return { source: withoutId(source), entries: entries.map(withoutId) };
}

const days = (from: When, to: When): number => (Date.parse(to.latest!) - Date.parse(from.latest!)) / 86_400_000;

describe('the articles as they were filed, the sanction of October after the call', () => {
  let newsroom: ReadNewsroom;
  let [afterBuildup, beforeSanction, afterCall] = ['', '', ''];
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    afterBuildup = `position:${await newsroom.fileExample(BUILDUP)}`;
    beforeSanction = `position:${String((await newsroom.post('/articles', without(CALL, 'A13'))).body['position'])}`;
    afterCall = `position:${await newsroom.fileExample(CALL)}`;
    await newsroom.fileExample(MEETING);
  });
  afterAll(() => newsroom.close());

  describe('1. Vague window', () => {
    it('the planned meeting is upcoming, its window open, its place the White House', async () => {
      const { upcomingMeetings } = await newsroom.state('COL-USA', { asOf: '2026-01-08', knownAt: afterCall });
      expect(upcomingMeetings).toMatchObject([
        {
          record: exampleId('A02'),
          window: { statedAs: 'in the coming weeks', earliest: '2026-01-08', latest: null },
          place: { statedAs: 'the White House' },
        },
      ]);
      expect(await recordsIn(newsroom, '/meetings', { asOf: '2026-01-08', status: 'upcoming' })).toEqual([exampleId('A02')]);
    });

    it('is upcoming no more once it was held, for who knows that it was', async () => {
      const held = await newsroom.state('COL-USA', { asOf: NOW });
      expect([held.upcomingMeetings, held.overdueMeetings, held.counts['upcomingMeetings']]).toEqual([[], [], 0]);
      const { upcomingMeetings } = await newsroom.state('COL-USA', { asOf: NOW, knownAt: afterCall });
      expect(upcomingMeetings.map(({ record }) => record)).toEqual([exampleId('A02')]);
      expect((await newsroom.state('COL-USA', { asOf: '2026-01-08', knownAt: beforeSanction })).upcomingMeetings).toHaveLength(1);
      expect((await newsroom.state('COL-USA', { asOf: '2026-01-08', knownAt: afterBuildup })).upcomingMeetings).toEqual([]);
    });

    it('its history shows it scheduled, cited once more and held, 27 days later; then linked to the sanctions', async () => {
      const told = await historyOf(newsroom, exampleId('A02'));
      expect(told.map(({ version, type, by }) => [version, type, by])).toEqual([
        [1, 'MeetingScheduled', 'editor'],
        [2, 'SourceCited', 'editor'],
        [3, 'MeetingHeld', 'editor'],
        [4, 'RecordsLinked', 'editor'],
      ]);
      expect(days(told[0]!.data['occurred'] as When, told[2]!.data['on'] as When)).toBe(27);
      const known = await historyOf(newsroom, exampleId('A02'), { knownAt: afterCall });
      expect(known).toEqual(told.slice(0, 2));
    });
  });

  it('2. Not duplicated by corroboration: the near future is one more source for the plan, and no second meeting', async () => {
    for (const knownAt of [afterCall, `position:${(await newsroom.relationships()).position}`])
      expect(await recordsIn(newsroom, '/meetings', { asOf: '2026-01-10', knownAt, relationship: 'COL-USA', status: 'upcoming' })).toEqual([
        exampleId('A02'),
      ]);
    const { citations } = await newsroom.record(exampleId('A02'), { knownAt: afterCall });
    expect(citations.map(({ statedAs }) => statedAs)).toEqual([undefined, 'in the near future']);
  });

  it('3. Sanctions outlive the meeting: four targets before and after it', async () => {
    for (const asOf of ['2026-01-08', '2026-02-02', '2026-02-03', NOW]) {
      const { sanctionsInForce } = await newsroom.state('COL-USA', { asOf });
      expect(sanctionsInForce.map(({ target }) => target.id)).toEqual(['petro', 'wife', 'son', 'interior-minister']);
      const across = await recordsIn(newsroom, '/sanctions', { asOf, inForce: 'true', authority: 'USA', target: 'COL' });
      expect(across).toEqual(Array.from({ length: 4 }, () => exampleId('A13')));
    }
  });

  it('4. Alleged stays alleged: in no view do grounds stand without who alleges them', async () => {
    const views = ['/sanctions', '/statements', '/meetings', '/actions', '/disputes', '/quantities', '/queries', '/relationships'];
    const records = ['A13', 'C05'].flatMap((fact) => ['', '/history', '/impact'].map((view) => `/records/${exampleId(fact)}${view}`));
    const answers = await Promise.all([
      ...views.map((view) => ask(newsroom, view, { asOf: NOW, limit: 500 })),
      ...BOTH.flatMap((key) => [newsroom.state(key, { asOf: NOW }), newsroom.timeline(key, { asOf: NOW, limit: 500 })]),
      ...BOTH.map((key) => ask(newsroom, `/relationships/${key}/changes`, { asOf: NOW, fromAsOf: NOW, fromKnownAt: NEVER })),
      ...records.map((path) => ask(newsroom, path)),
    ]);
    const found = answers.flatMap((answer) => [...everythingIn(answer)]);
    const grounds = found.filter(({ path }) => path.at(-1) === 'grounds').map(({ value }) => value);
    expect(grounds.length).toBeGreaterThan(10);
    for (const ground of grounds) expect(ground).toMatchObject({ alleged: true });
    const texts = found.flatMap(({ path, value }) => (typeof value === 'string' && path.at(-2) !== 'grounds' ? [value] : []));
    const safe = 'sanctioned by US Treasury, which alleges connections to the illicit drug trade';
    expect(new Set(texts.filter((text) => /illicit drug trade|linked to drug/.test(text)))).toEqual(new Set([safe]));
    for (const text of texts.filter((one) => /run by|drug cartel/.test(one))) expect(text).toMatch(/alleged/);
  });

  it('5. Hypothetical is not an act: what was only spoken of is in no view of what was done', async () => {
    expect(await recordsIn(newsroom, '/actions', { asOf: NOW })).not.toContain(exampleId('A06'));
    expect(await recordsIn(newsroom, '/actions', { asOf: NOW, act: 'operation' })).toEqual([exampleId('B05')]);
    expect(await recordsIn(newsroom, '/actions', { asOf: NOW, act: 'operation', knownAt: afterCall })).toEqual([]);
    const { standingActions } = await newsroom.state('COL-USA', { asOf: NOW });
    expect(standingActions.map(({ record }) => record)).not.toContain(exampleId('A06'));
    expect(await recordsIn(newsroom, '/statements', { asOf: NOW, modality: 'hypothetical' })).toEqual([exampleId('A06')]);
  });

  it('6. The dispute about cocaine is open before and after the meeting, with both positions', async () => {
    const positions = ({ positions: all }: Dispute): string[] => all.map(({ record }) => record);
    for (const asOf of ['2026-01-08', '2026-02-02', '2026-02-03', NOW]) {
      const disputes = await listed<Dispute>(newsroom, '/disputes', { asOf, relationship: 'COL-USA', open: 'true' });
      expect(disputes.map(positions)).toEqual([[exampleId('A07'), exampleId('A09')]]);
      const { openDisputes } = await newsroom.state('COL-USA', { asOf });
      expect(openDisputes.map(positions)).toEqual(disputes.map(positions));
    }
    expect(await listed(newsroom, '/disputes', { asOf: NOW, relationship: 'COL-USA', knownAt: afterBuildup })).toEqual([]);
    expect((await newsroom.record(exampleId('A07'))).status).toMatchObject({ disputed: true, support: 'onRecord' });
  });

  it('8. Two calls: the last contact of either relationship is its own', async () => {
    const contact = async (key: string, asOf: string): Promise<unknown> => (await newsroom.state(key, { asOf })).lastContact;
    expect(await contact('COL-USA', '2026-01-10')).toMatchObject({
      record: exampleId('A01'),
      format: 'phone',
      confirmedBy: ['COL', 'USA'],
    });
    expect(await contact('COL-USA', NOW)).toMatchObject({ record: exampleId('A02'), format: 'in-person' });
    for (const asOf of ['2026-01-10', NOW])
      expect(await contact('USA-VEN', asOf)).toMatchObject({ record: exampleId('C01'), format: 'phone', confirmedBy: ['USA'] });
  });

  describe('11. Late arrival: the sanction of October, filed after the call of January', () => {
    const november = { asOf: '2025-11-15' };

    it('was in force in November for who knows of it, and unknown before it was filed', async () => {
      const [then, now] = [
        await newsroom.state('COL-USA', { ...november, knownAt: beforeSanction }),
        await newsroom.state('COL-USA', november),
      ];
      expect([then.phase.name, then.tension.value, then.sanctionsInForce]).toEqual(['none', null, []]);
      expect([now.phase.name, now.tension.value, now.sanctionsInForce.length]).toEqual(['mixed', 37.5, 4]);
      expect((await newsroom.get(`/records/${exampleId('A13')}`, { knownAt: beforeSanction })).status).toBe(404);
      expect((await newsroom.record(exampleId('A13'), { knownAt: afterCall })).life).toBe('in-force');
    });

    it('is what changed about November, and all that did', async () => {
      const query = { ...november, fromAsOf: november.asOf, fromKnownAt: beforeSanction };
      const changes = await ask<Changes>(newsroom, '/relationships/COL-USA/changes', query);
      expect([changes.from.tension, changes.to.tension, changes.delta]).toEqual([null, 37.5, 37.5]);
      expect(changes.new).toMatchObject({ delta: 37.5, records: [{ record: exampleId('A13') }] });
      expect([changes.faded.delta, changes.corrected]).toEqual([0, { delta: 0, records: [] }]);
    });

    it('stands in the order of the world, not of the filing', async () => {
      const told = await listed<Happened>(newsroom, '/relationships/COL-USA/timeline', { asOf: NOW });
      const [sanction, call] = ['A13', 'A01'].map((fact) => told.findIndex(({ record }) => record === exampleId(fact)));
      expect(sanction).toBe(0);
      expect(call).toBeGreaterThan(sanction!);
    });
  });

  it('14. Number with scope: at least 83, of what is unclear, by whom is not stated', async () => {
    const [killed, ...others] = await listed(newsroom, '/quantities', { asOf: NOW, measure: 'killed' });
    expect(others).toEqual([]);
    expect(killed).toMatchObject({ record: exampleId('C18'), min: 83, max: null, wording: 'at least 83', countedBy: 'not stated' });
    expect(killed).toMatchObject({ scope: { text: expect.stringContaining('unclear'), ambiguous: true } });
    expect(await listed(newsroom, '/quantities', { asOf: NOW, measure: 'killed', relationship: 'COL-USA' })).toEqual([]);
    expect((await newsroom.state('USA-VEN', { asOf: NOW })).quantities).toContainEqual(expect.objectContaining({ wording: 'at least 83' }));
  });

  it('15. Summary not scored: it adds nothing to the tension, what it sums up does', async () => {
    const { tension } = await newsroom.state('COL-USA', { asOf: NOW, parts: 1000 });
    const counted = tension.parts.map(({ record }) => record);
    expect(counted).toEqual(expect.arrayContaining(['A06', 'A08', 'A10', 'A11', 'A12'].map(exampleId)));
    expect(counted).not.toContain(exampleId('A05'));
    const { effects } = await ask<Impact>(newsroom, `/records/${exampleId('A05')}/impact`, { asOf: NOW });
    expect(effects.filter(({ delta }) => delta !== 0)).toEqual([]);
  });

  it('16. Repetition: what Trump said twice of the meeting counts once', async () => {
    const { tension } = await newsroom.state('COL-USA', { asOf: NOW, parts: 1000 });
    const praised = tension.parts.map(({ record }) => record).filter((record) => ['B21', 'B24'].map(exampleId).includes(record));
    expect(praised).toEqual([exampleId('B21')]);
    expect((await newsroom.record(exampleId('B24'), { asOf: NOW })).moves).toMatchObject([{ counts: false, score: 5 }]);
  });

  it('17. Third-country topic: the call is found from Venezuela, whose score it leaves alone', async () => {
    const found = await listed<Happened>(newsroom, '/relationships/USA-VEN/timeline', { asOf: NOW, role: 'topic' });
    expect(found.find(({ record }) => record === exampleId('A01'))).toMatchObject({ score: 0, counts: false });
    const { tension } = await newsroom.state('USA-VEN', { asOf: NOW, parts: 1000 });
    expect(tension.parts.map(({ record }) => record)).not.toContain(exampleId('A01'));
    const { effects } = await ask<Impact>(newsroom, `/records/${exampleId('A01')}/impact`, { asOf: NOW });
    expect(effects.filter(({ delta }) => delta !== 0).map(({ relationship }) => relationship)).toEqual(['COL-USA']);
  });

  it('18. Party view beside computed view: both sides see it easing, and the number does not listen', async () => {
    const { assessments, phase, tension } = await newsroom.state('COL-USA', { asOf: NOW, parts: 1000 });
    const seen = new Map(assessments.map(({ record, ofParty, direction }) => [record, [ofParty, direction]]));
    const views = ['B17', 'B22'].map(exampleId);
    expect(views.map((record) => seen.get(record))).toEqual([
      ['COL', 'easing'],
      ['USA', 'easing'],
    ]);
    expect(phase).toEqual({ name: 'strained', direction: 'easing' });
    for (const record of views) {
      expect(tension.parts.map((part) => part.record)).not.toContain(record);
      const { effects } = await ask<Impact>(newsroom, `/records/${record}/impact`, { asOf: NOW });
      expect(effects.filter(({ delta }) => delta !== 0)).toEqual([]);
    }
  });

  describe('a replay of the log, with the world as it stood in February', () => {
    it.each(BOTH)('tells of %s, after every event, what who asks for that moment is told', async (key) => {
      const told = await replayed(newsroom, key, { asOf: NOW });
      expect(told.length).toBeGreaterThan(20);
      const { tension, phase } = await newsroom.state(key, { asOf: NOW });
      expect(told.at(-1)!.state).toMatchObject({ tension: tension.value, phase });
      for (const { position, state } of told.filter((_, i) => i % 6 === 0)) {
        const known = await newsroom.state(key, { asOf: NOW, knownAt: `position:${position}` });
        const { sanctionsInForce, upcomingMeetings, standingActions, openDisputes } = known.counts;
        const counts = { sanctionsInForce, upcomingMeetings, standingActions, openDisputes };
        expect([position, state]).toMatchObject([position, { phase: known.phase, tension: known.tension.value, ...counts }]);
      }
    });

    it('goes from one moment to another', async () => {
      const all = await replayed(newsroom, 'COL-USA', { asOf: NOW });
      const [from, to] = [all[3]!.position, all[8]!.position];
      expect(await replayed(newsroom, 'COL-USA', { asOf: NOW, from: `position:${from}`, to: `position:${to}` })).toEqual(all.slice(3, 9));
    });
  });

  describe('before the first event nothing was known, which is no error', () => {
    it.each([
      '/sanctions',
      '/meetings',
      '/statements',
      '/actions',
      '/disputes',
      '/quantities',
      '/queries',
      '/corrections',
      '/relationships',
    ])('%s is empty', async (path) => {
      for (const knownAt of [NEVER, 'position:0'])
        expect(await ask(newsroom, path, { knownAt })).toMatchObject({ items: [], next: null, position: '0' });
    });

    it.each(BOTH)('%s has phase none, and no story', async (key) => {
      expect(await newsroom.state(key, { knownAt: NEVER })).toMatchObject({ phase: { name: 'none' }, tension: { value: null } });
      expect((await newsroom.timeline(key, { knownAt: NEVER })).items).toEqual([]);
    });

    it.each(['', '/history', '/impact'])('no record was on file: /records/{id}%s', async (view) => {
      const { status, body } = await newsroom.get(`/records/${exampleId('A13')}${view}`, { knownAt: NEVER });
      expect([status, body['code']]).toEqual([404, 'record-unknown']);
    });
  });
});

describe('7. Duplicate paragraphs: the same facts fed twice', () => {
  let newsroom: ReadNewsroom;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
  });
  afterAll(() => newsroom.close());

  it('with the same idempotency key are on file once, counted once and scored once', async () => {
    const feed = () =>
      newsroom.service.call('POST', '/articles', unnamed(BUILDUP), { headers: { 'idempotency-key': 'the buildup, as printed' } });
    const first = await feed();
    const query = { asOf: NOW, 'at-least': String(first.body['position']) };
    const look = async () => {
      const { tension, counts } = await newsroom.state('USA-VEN', query);
      return { tension, counts, killed: await listed(newsroom, '/quantities', { ...query, measure: 'killed' }) };
    };
    const [once, stored] = [await look(), await newsroom.service.stored()];
    const second = await feed();
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(second.body).toEqual(first.body);
    expect(await newsroom.service.stored()).toBe(stored);
    expect(await look()).toEqual(once);
    expect(once.killed).toMatchObject([{ min: 83, max: null }]);
  });
});

describe('the articles as they were corrected later', () => {
  let newsroom: ReadNewsroom;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    await newsroom.fileExample(BUILDUP);
    await newsroom.post('/articles', saying(CALL, 'A13', { occurred: { statedAs: 'back in October', edtf: 'XXXX-10' } }));
    await newsroom.fileExample(MEETING);
  });
  afterAll(() => newsroom.close());

  const tension = async (key: string, query: Query = {}) => (await newsroom.state(key, { asOf: NOW, parts: 1000, ...query })).tension;

  describe('9. Correction with memory: who spoke of the oil', () => {
    const C10 = exampleId('C10');
    const reason = 'The sentence is about the country, whose government said it.';
    let [then, since, t1, t2] = ['', '', '', ''];
    beforeAll(async () => {
      const body = {
        patch: { speakers: [{ party: 'VEN', asStyled: 'Venezuela', kind: 'government' }] },
        kind: 'correction',
        reason,
        approvedBy: 'the foreign editor',
      };
      const position = await act(newsroom, C10, 'correct', body);
      [then, since] = [before(position), `position:${position}`];
      t2 = (await historyOf(newsroom, C10)).at(-1)!.recordedAt;
      t1 = instantBefore(t2);
    });

    const speaker = async (query: Query): Promise<string> => {
      const { fields } = await newsroom.record(C10, query);
      return (fields['speakers'] as { kind: string }[])[0]!.kind;
    };

    it('shows the speaker as printed to who asks what was known then, and as corrected since', async () => {
      expect(await Promise.all([speaker({ knownAt: then }), speaker({ knownAt: t1 })])).toEqual(['opposition', 'opposition']);
      expect(await Promise.all([speaker({}), speaker({ knownAt: since }), speaker({ knownAt: t2 })])).toEqual([
        'government',
        'government',
        'government',
      ]);
    });

    it('shows it so in the dispute and in the timeline, each as known', async () => {
      const heard = async (knownAt: string) => {
        const disputes = await listed<Dispute>(newsroom, '/disputes', { asOf: NOW, open: 'true', knownAt });
        const told = await listed<Happened & { who: { kind: string }[] }>(newsroom, '/relationships/USA-VEN/timeline', {
          asOf: NOW,
          knownAt,
        });
        const position = disputes.flatMap(({ positions }) => positions).find(({ record }) => record === C10);
        return [position?.by[0]?.kind, told.find(({ record }) => record === C10)?.who[0]?.kind];
      };
      expect([await heard(then), await heard(since)]).toEqual([
        ['opposition', 'opposition'],
        ['government', 'government'],
      ]);
    });

    it('keeps the first version in its history, and what was changed with who, why and who approved', async () => {
      const [first, asked, corrected] = await historyOf(newsroom, C10);
      expect(first).toMatchObject({ version: 1, type: 'StatementMade', data: { speakers: [{ kind: 'opposition' }] } });
      expect(asked).toMatchObject({ version: 2, type: 'QueryRaised' });
      expect(corrected).toMatchObject({ version: 3, type: 'RecordCorrected', by: 'editor', recordedAt: t2 });
      expect(corrected!.data).toMatchObject({ kind: 'correction', reason, approvedBy: 'the foreign editor' });
      expectSpeakers(corrected!.changes);
      expect(await historyOf(newsroom, C10, { knownAt: t1 })).toHaveLength(2);
    });

    it('stands in the corrections log with both, the reason and the editor, from when it was recorded', async () => {
      const log = await listed<Corrected>(newsroom, '/corrections', { since: t1 });
      const entry = log.find(({ record }) => record === C10);
      expect(entry).toMatchObject({ type: 'RecordCorrected', kind: 'correction', reason, by: 'editor', recordedAt: t2 });
      expect(`position:${entry!.position}`).toBe(since);
      expectSpeakers(entry!.changes);
      expect(await recordsIn(newsroom, '/corrections', { knownAt: then })).not.toContain(C10);
    });

    it('moves the tension by what a government’s accusation weighs, and says so', async () => {
      const query = { asOf: NOW, fromAsOf: NOW, fromKnownAt: then, knownAt: since };
      const changes = await ask<Changes>(newsroom, '/relationships/USA-VEN/changes', query);
      expect(changes.corrected.records).toEqual([{ record: C10, why: 'corrected' }].map((item) => expect.objectContaining(item)));
      expect(changes.corrected.delta).toBeGreaterThan(0);
      expect([changes.faded.delta, changes.new.delta]).toEqual([0, 0]);
      const [was, is] = [await tension('USA-VEN', { knownAt: then }), await tension('USA-VEN', { knownAt: since })];
      expect(changes.delta).toBeCloseTo(is.value! - was.value!, 9);
      expect([was, is].map(({ parts }) => parts.some(({ record }) => record === C10))).toEqual([false, true]);
    });

    it('answers the question that the doubt had raised', async () => {
      const asked = { asOf: NOW, open: 'true' };
      expect(await recordsIn(newsroom, '/queries', asked)).toContain(C10);
      const position = await act(newsroom, C10, 'queries/1/answer', { answer: 'The government; corrected.' });
      expect(await recordsIn(newsroom, '/queries', asked)).not.toContain(C10);
      expect(await recordsIn(newsroom, '/queries', { ...asked, knownAt: before(position) })).toContain(C10);
    });

    function expectSpeakers(changes: readonly Change[] | undefined): void {
      const change = changes?.find(({ pointer }) => pointer === '/speakers');
      expect(change).toMatchObject({ before: [{ kind: 'opposition' }], after: [{ kind: 'government' }] });
    }
  });

  describe('10. Retraction with memory: what the reports claimed', () => {
    const CLAIMS = ['C12', 'C13'].map(exampleId);
    const reason = 'The reports were withdrawn.';
    let then = '';
    beforeAll(async () => {
      const positions = [];
      for (const claim of CLAIMS) positions.push(await act(newsroom, claim, 'retract', { reason }));
      then = before(positions[0]!);
    });

    it.each(CLAIMS)('%s was an unsubstantiated and questioned claim, and is retracted', async (claim) => {
      const known = await newsroom.record(claim, { knownAt: then });
      expect(known.status).toMatchObject({ verdict: 'unsubstantiated', questioned: true, retracted: false });
      expect(known.fields).toMatchObject({ speechAct: 'allege', speakers: [{ kind: 'unnamed' }] });
      const now = await newsroom.record(claim);
      expect(now.status).toMatchObject({ retracted: true });
      expect(now).not.toHaveProperty('fields');
      expect(JSON.stringify(now)).toContain(reason);
    });

    it.each<[string, Query]>([
      ['/relationships/USA-VEN/timeline', {}],
      ['/statements', { speechAct: 'allege' }],
      ['/queries', { open: 'true' }],
    ])('they are out of %s, where they were', async (path, query) => {
      const inIt = async (knownAt?: string): Promise<string[]> => {
        const found = await recordsIn(newsroom, path, { asOf: NOW, ...query, ...(knownAt !== undefined && { knownAt }) });
        return CLAIMS.filter((claim) => found.includes(claim));
      };
      expect(await inIt(then)).toEqual(path === '/queries' ? [exampleId('C13')] : CLAIMS);
      expect(await inIt()).toEqual([]);
    });

    it('they are in the timeline for who asks for what was retracted, and in the log of corrections', async () => {
      const timeline = '/relationships/USA-VEN/timeline';
      expect((await recordsIn(newsroom, timeline, { asOf: NOW, status: 'retracted' })).toSorted(byText)).toEqual(CLAIMS.toSorted(byText));
      expect(await recordsIn(newsroom, timeline, { asOf: NOW, status: 'retracted', knownAt: then })).toEqual([]);
      const log = await listed<Corrected>(newsroom, '/corrections');
      for (const claim of CLAIMS)
        expect(log.find(({ record }) => record === claim)).toMatchObject({ type: 'RecordRetracted', reason, by: 'editor' });
    });

    it('rest no more on their source', async () => {
      const { source } = (await newsroom.record(CLAIMS[0]!, { knownAt: then })).citations[0]!;
      const resting = async (query: Query): Promise<string[]> =>
        (await ask<{ restsOnIt: { record: string }[] }>(newsroom, `/sources/${source}`, query)).restsOnIt.map(({ record }) => record);
      expect(await resting({ knownAt: then })).toEqual(expect.arrayContaining(CLAIMS));
      const now = await resting({});
      expect(CLAIMS.filter((claim) => now.includes(claim))).toEqual([]);
    });

    it('no score moves, and changes names them', async () => {
      expect(await tension('USA-VEN')).toEqual(await tension('USA-VEN', { knownAt: then }));
      const query = { asOf: NOW, fromAsOf: NOW, fromKnownAt: then };
      const { delta, corrected } = await ask<Changes>(newsroom, '/relationships/USA-VEN/changes', query);
      expect(delta).toBe(0);
      for (const claim of CLAIMS) expect(corrected.records).toContainEqual(expect.objectContaining({ record: claim, why: 'retracted' }));
    });

    it('one that is put back is as it was', async () => {
      const [claim] = CLAIMS;
      const known = await newsroom.record(claim!, { knownAt: then });
      await act(newsroom, claim!, 'reinstate', { reason: 'The reports stand after all.' });
      const now = await newsroom.record(claim!);
      expect([now.status, now.fields]).toEqual([known.status, known.fields]);
      expect((await historyOf(newsroom, claim!)).map(({ type }) => type).slice(-2)).toEqual(['RecordRetracted', 'RecordReinstated']);
    });
  });

  describe('12. Date chain: the remark is re-dated', () => {
    const [REMARK, DAY_BEFORE] = ['A06', 'A08'].map(exampleId) as [string, string];
    let then = '';
    beforeAll(async () => {
      const body = { patch: { occurred: '2026-01-04' }, kind: 'clarification', reason: 'The week began on the Sunday.' };
      then = before(await act(newsroom, REMARK, 'correct', body));
    });

    const dates = async (query: Query): Promise<Map<string, When>> => {
      const told = await Promise.all(
        BOTH.map((key) => listed<Happened>(newsroom, `/relationships/${key}/timeline`, { asOf: NOW, ...query })),
      );
      return new Map(told.flat().map(({ record, version, occurred }) => [`${record} ${version}`, occurred]));
    };

    it('and the warning of the day before moves with it; nothing else does', async () => {
      const [was, is] = [await dates({ knownAt: then }), await dates({})];
      const moved = [...was]
        .filter(([happened, when]) => JSON.stringify(is.get(happened)) !== JSON.stringify(when))
        .map(([happened]) => happened);
      expect(moved.toSorted(byText)).toEqual([`${REMARK} 1`, `${DAY_BEFORE} 1`].toSorted(byText));
      expect(was.get(`${DAY_BEFORE} 1`)).toMatchObject({ earliest: '2026-01-03', latest: '2026-01-04' });
      expect(is.get(`${DAY_BEFORE} 1`)).toMatchObject({ earliest: '2026-01-03', latest: '2026-01-03', statedAs: 'the day before that' });
      expect(is.get(`${REMARK} 1`)).toMatchObject({
        earliest: '2026-01-04',
        latest: '2026-01-04',
        statedAs: 'Just days earlier … this week',
      });
    });

    it('without a new version of what follows it, at the same position', async () => {
      const follows = await newsroom.record(DAY_BEFORE);
      expect([follows.version, follows.fields['occurred']]).toMatchObject([1, { earliest: '2026-01-03', latest: '2026-01-03' }]);
      expect(await historyOf(newsroom, DAY_BEFORE)).toHaveLength(1);
    });

    it('which changes explains: one was corrected, the date of the other follows', async () => {
      const query = { asOf: '2026-01-08', fromAsOf: '2026-01-08', fromKnownAt: then };
      const { corrected, faded, ...changes } = await ask<Changes>(newsroom, '/relationships/COL-USA/changes', query);
      const why = new Map(corrected.records.map((item) => [item.record, item.why]));
      expect([why.get(REMARK), why.get(DAY_BEFORE)]).toEqual(['corrected', expect.stringContaining('date follows')]);
      expect([faded.delta, changes.new.delta]).toEqual([0, 0]);
      expect(corrected.delta).toBeLessThan(0);
    });

    it('which impact had told: what falls with the remark', async () => {
      const { alsoAffected } = await ask<Impact>(newsroom, `/records/${REMARK}/impact`, { knownAt: then });
      expect(alsoAffected).toContainEqual(expect.objectContaining({ record: DAY_BEFORE, why: expect.stringContaining('date follows') }));
    });
  });

  describe('13. Year discovery: an October without a year', () => {
    const A13 = exampleId('A13');
    const reason = 'The call was in January 2026, so “back in October” is that of 2025.';
    let [then, position] = ['', ''];
    beforeAll(async () => {
      const patch = { occurred: { edtf: '2025-10', basis: 'editor-inferred' } };
      position = await act(newsroom, A13, 'correct', { patch, kind: 'update', reason });
      then = before(position);
    });

    const when = async (query: Query = {}): Promise<unknown> => (await newsroom.record(A13, query)).fields['occurred'];

    it('is the October of 2025 since; before, only that it was published in January', async () => {
      const stated = { statedAs: 'back in October' };
      expect(await when({ knownAt: then })).toMatchObject({ ...stated, edtf: 'XXXX-10', latest: '2026-01-08', latestBasis: 'published' });
      expect(await when()).toMatchObject({
        ...stated,
        edtf: '2025-10',
        earliest: '2025-10-01',
        latest: '2025-10-31',
        basis: 'editor-inferred',
      });
    });

    it('puts the sanction in force in November, for who knows the year', async () => {
      const inForce = async (query: Query): Promise<number> =>
        (await newsroom.state('COL-USA', { asOf: '2025-11-15', ...query })).sanctionsInForce.length;
      expect([await inForce({ knownAt: then }), await inForce({})]).toEqual([0, 4]);
      const { sanctionsInForce } = await newsroom.state('COL-USA', { asOf: '2026-01-08', knownAt: then });
      expect(sanctionsInForce).toHaveLength(4);
    });

    it('keeps the original readable, in its history and in the corrections log', async () => {
      const [filed, corrected] = await historyOf(newsroom, A13);
      expect(filed!.data).toMatchObject({ occurred: { statedAs: 'back in October', edtf: 'XXXX-10' } });
      const change = { pointer: '/occurred', before: { edtf: 'XXXX-10' }, after: { edtf: '2025-10', earliest: '2025-10-01' } };
      expect(corrected).toMatchObject({ type: 'RecordCorrected', changes: [change] } satisfies Partial<Told>);
      const log = await listed<Corrected>(newsroom, '/corrections', { knownAt: `position:${position}` });
      expect(log.find(({ record }) => record === A13)).toMatchObject({ kind: 'update', reason, by: 'editor', changes: [change], position });
    });

    it('gives, from then on, the numbers of the articles as first filed with the year', async () => {
      const dayAfter = addDays('2025-10-31', 1);
      expect((await newsroom.state('COL-USA', { asOf: dayAfter })).tension).toMatchObject({ value: 37.5, conflictStanding: 6 });
    });
  });
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
