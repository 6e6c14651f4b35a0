import { aHolding, aMeeting, anAction, anEnd, aSanction, aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from './reading.js';

const NOW = '2026-03-01';
const US = { party: 'USA', kind: 'government' };
const COLOMBIA = { party: 'COL', kind: 'government' };
const VENEZUELA = { party: 'VEN', kind: 'government' };

describe('reading what is on file', () => {
  let newsroom: ReadNewsroom;
  let source: string;
  beforeEach(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', { ...aSource, url: 'https://wire.example/1' });
  });
  afterEach(() => newsroom.close());

  const say = (otherwise: object): Promise<string> => newsroom.file('/statements', { ...aStatement(source), ...otherwise });
  const impose = (otherwise: object = {}): Promise<string> => newsroom.file('/sanctions', { ...aSanction(source), ...otherwise });
  const plan = (otherwise: object = {}): Promise<string> => newsroom.file('/meetings', { ...aMeeting(source), ...otherwise });
  const act = (otherwise: object = {}): Promise<string> => newsroom.file('/actions', { ...anAction(source), ...otherwise });
  const hold = (id: string, on = '2026-02-03'): Promise<string> => newsroom.file(`/meetings/${id}/hold`, { ...aHolding(source), on });

  describe('the timeline of a relationship', () => {
    const told = async (query: Query = {}): Promise<string[]> =>
      (await newsroom.timeline('COL-USA', { asOf: NOW, ...query })).items.map(({ summary }) => summary);

    it('is in the order of the world: by the latest day, the earliest, and the order of filing', async () => {
      await say({ summary: 'third', occurred: '2026-01-05' });
      await say({ summary: 'fourth', occurred: '2026-01-05' });
      await say({ summary: 'second', occurred: '[2026-01-04..2026-01-05]' });
      await say({ summary: 'first', occurred: '2025-12' });
      await say({ summary: 'fifth', occurred: '[2025-11-01..2026-01-06]' });
      const order = ['first', 'second', 'third', 'fourth', 'fifth'];
      expect(await told()).toEqual(order);
      expect(await told({ order: 'asc' })).toEqual(order);
      expect(await told({ order: 'desc' })).toEqual(order.toReversed());
    });

    it('tells a plan and its holding as two things, each with its day, its sources and its score; no steps of the newsroom', async () => {
      const other = await newsroom.file('/sources', { publisher: 'Another', title: 'They met' });
      const meeting = await plan();
      await newsroom.file(`/meetings/${meeting}/hold`, { ...aHolding(other), summary: 'They met' });
      await newsroom.file(`/records/${meeting}/queries`, { question: 'Who was there?' });
      await newsroom.file(`/records/${meeting}/citations`, { source: other, locator: 'p. 1' });
      const { items } = await newsroom.timeline('COL-USA', { asOf: NOW });
      expect(items).toMatchObject([
        {
          record: meeting,
          version: 1,
          type: 'MeetingScheduled',
          kind: 'meeting',
          role: 'primary',
          score: 2.5,
          counts: true,
          openQueries: 1,
        },
        { record: meeting, version: 2, type: 'MeetingHeld', summary: 'They met', what: 'in-person', score: 4, counts: true },
      ]);
      expect(items.map(({ occurred }) => [occurred.earliest, occurred.latest])).toEqual([
        ['2026-01-07', '2026-01-07'],
        ['2026-02-03', '2026-02-03'],
      ]);
      expect(items.map(({ citations }) => citations.map((c) => c.source))).toEqual([[source, other], [other]]);
    });

    it('takes in what an uncertain date allows, from a day and to a day', async () => {
      await say({ summary: 'some time in January', occurred: '2026-01' });
      await say({ summary: 'on the 5th', occurred: '2026-01-05' });
      await say({ summary: 'undated', occurred: 'unknown' });
      expect(await told({ from: '2026-01-06' })).toEqual(['undated', 'some time in January']);
      expect(await told({ from: '2026-01-09', to: '2026-01-20' })).toEqual(['some time in January']);
      expect(await told({ to: '2026-01-05' })).toEqual(['on the 5th', 'some time in January']);
      expect(await told({ from: '2026-01-05', to: '2026-01-05' })).toEqual(['on the 5th', 'some time in January']);
      expect(await told({ from: '2026-02-01' })).toEqual([]);
    });

    it('leaves out what had not happened by asOf, by its latest day', async () => {
      await say({ summary: 'some time in January', occurred: '2026-01' });
      const meeting = await plan({ summary: 'planned' });
      await hold(meeting);
      expect(await told({ asOf: '2026-01-30' })).toEqual(['planned']);
      expect(await told({ asOf: '2026-02-02' })).toEqual(['planned', 'some time in January']);
      expect((await told({ asOf: '2026-02-03' })).length).toBe(3);
    });

    it('can be narrowed by kind, topic, party, sort of statement and role, and by several of them at once', async () => {
      const mine = { topics: ['drug-trafficking'], speakers: [US], addressees: [COLOMBIA], speechAct: 'praise' };
      await say({ summary: 'praise', ...mine });
      await say({ summary: 'a warning', ...mine, speechAct: 'warn', topics: ['sanctions', 'venezuela'] });
      await say({ summary: 'by Venezuela', ...mine, speakers: [VENEZUELA], relationships: [{ key: 'COL-USA', role: 'affected' }] });
      await say({
        summary: 'about it',
        speakers: [{ kind: 'outlet' }],
        addressees: [],
        relationships: [{ key: 'COL-USA', role: 'topic' }],
      });
      await impose({ summary: 'sanctioned' });
      await act({ summary: 'seized', act: 'seizure', targets: [COLOMBIA] });
      const narrowed: [Query, string[]][] = [
        [{ kind: 'sanction' }, ['sanctioned']],
        [{ kind: 'action' }, ['seized']],
        [{ topic: 'venezuela' }, ['a warning']],
        [{ topic: 'drug-trafficking' }, ['praise', 'by Venezuela']],
        [{ party: 'VEN' }, ['by Venezuela']],
        [{ party: 'COL' }, ['seized', 'sanctioned', 'praise', 'a warning', 'by Venezuela']],
        [{ speechAct: 'warn' }, ['a warning']],
        [{ role: 'affected' }, ['by Venezuela']],
        [{ role: 'topic' }, ['about it']],
        [{ role: 'primary', kind: 'statement', speechAct: 'praise' }, ['praise']],
        [{ topic: 'tariffs' }, []],
      ];
      for (const [query, expected] of narrowed) expect([query, await told(query)]).toEqual([query, expected]);
    });

    it.each(['asc', 'desc'])('is read in pages that neither skip nor repeat while more is filed, and end (%s)', async (order) => {
      for (let n = 1; n <= 7; n += 1) await say({ summary: `number ${n}`, occurred: `2026-01-0${n}` });
      const pages: string[][] = [];
      let cursor: string | null = null;
      do {
        const page = await newsroom.timeline('COL-USA', { asOf: NOW, limit: 3, order, ...(cursor !== null && { cursor }) });
        pages.push(page.items.map(({ summary }) => summary));
        cursor = page.next;
        await say({ summary: 'filed in between', occurred: '2025-12-01' });
        await say({ summary: 'filed in between', occurred: '2026-01-31' });
      } while (cursor !== null);
      const numbers = Array.from({ length: 7 }, (_, n) => `number ${n + 1}`);
      expect(pages.flat()).toEqual(order === 'asc' ? numbers : numbers.toReversed());
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    });
  });

  describe('the list of relationships', () => {
    const filed = async (): Promise<void> => {
      await impose();
      await act({ occurred: '2025-12-01' });
      await say({ speakers: [COLOMBIA], addressees: [VENEZUELA], speechAct: 'praise', occurred: '2026-02-20' });
      await say({
        speakers: [{ kind: 'outlet' }],
        addressees: [],
        relationships: [
          { key: 'COL-USA', role: 'topic' },
          { key: 'CUB-USA', role: 'topic' },
        ],
      });
      await say({ speakers: [VENEZUELA], addressees: [], relationships: [{ key: 'COL-PAN', role: 'affected' }], occurred: '2026-02-10' });
    };
    const listed = async (query: Query = {}) => (await newsroom.relationships({ asOf: NOW, ...query })).items;
    const keys = async (query?: Query): Promise<string[]> => (await listed(query)).map(({ key }) => key);

    it('has every one with a primary or an affected record, the tensest first; with a topic where that is asked for', async () => {
      await filed();
      expect(await keys()).toEqual(['USA-VEN', 'COL-USA', 'COL-VEN', 'COL-PAN']);
      expect(await keys({ sort: 'recent' })).toEqual(['COL-VEN', 'COL-PAN', 'USA-VEN', 'COL-USA']);
      expect((await keys({ include: 'topic' })).toSorted((a, b) => a.localeCompare(b))).toEqual([
        'COL-PAN',
        'COL-USA',
        'COL-VEN',
        'CUB-USA',
        'USA-VEN',
      ]);
    });

    it('says of each what its state says', async () => {
      await filed();
      for (const item of await listed({ include: 'topic' })) {
        const { parties, phase, tension, coverage } = await newsroom.state(item.key, { asOf: NOW });
        expect(item).toMatchObject({ parties, phase, tension: tension.value, coverage });
        const before = await newsroom.state(item.key, { asOf: '2026-01-30' });
        expect(item.change30Days).toBeCloseTo((tension.value ?? 0) - (before.tension.value ?? 0), 12);
      }
      expect((await listed())[3]).toMatchObject({
        key: 'COL-PAN',
        parties: [
          { code: 'COL', name: 'Colombia' },
          { code: 'PAN', name: 'Panama' },
        ],
        phase: { name: 'none' },
        tension: null,
        lastRecord: { summary: aStatement(source).summary, on: { earliest: '2026-02-10', latest: '2026-02-10' } },
      });
    });

    it('is quiet where its state is: a step tells nothing before its record had happened', async () => {
      await say({ occurred: '2025-01-05' });
      const meeting = await plan({ occurred: '2026-01' });
      await newsroom.file(`/meetings/${meeting}/cancel`, { ...anEnd(source), on: '2026-01-15' });
      const asOf = '2026-01-20';
      expect((await newsroom.state('COL-USA', { asOf })).phase.name).toBe('quiet');
      expect(await listed({ asOf, phase: 'quiet' })).toMatchObject([{ key: 'COL-USA', phase: { name: 'quiet' } }]);
    });

    it('can be narrowed by party and by phase', async () => {
      await filed();
      expect(await keys({ party: 'VEN' })).toEqual(['USA-VEN', 'COL-VEN']);
      expect(await keys({ phase: 'none' })).toEqual(['COL-PAN']);
      for (const { key, phase } of await listed()) expect(await keys({ phase: phase.name })).toContain(key);
      expect(await keys({ party: 'FRA' })).toEqual([]);
    });

    it('is read in pages that neither skip nor repeat while more is filed', async () => {
      await filed();
      const first = await newsroom.relationships({ asOf: NOW, limit: 2 });
      await say({ speakers: [US], addressees: [{ party: 'IRN', kind: 'government' }], speechAct: 'threaten' });
      const second = await newsroom.relationships({ asOf: NOW, limit: 2, cursor: first.next! });
      expect([...first.items, ...second.items].map(({ key }) => key)).toEqual(['USA-VEN', 'COL-USA', 'COL-VEN', 'COL-PAN']);
      expect([first.position, second.next]).toEqual([second.position, null]);
    });

    it('keeps to the day of its first page', async () => {
      await filed();
      const first = await newsroom.relationships({ asOf: '2026-02-25', limit: 1 });
      expect((await newsroom.relationships({ limit: 1, cursor: first.next! })).asOf).toBe('2026-02-25');
    });
  });

  describe('the lists across relationships', () => {
    const ids = async (path: '/sanctions' | '/meetings' | '/actions', query: Query = {}): Promise<string[]> =>
      (await newsroom.list(path, { asOf: NOW, ...query })).items.map(({ record }) => record);

    it('sanctions: one item for each target, with who, since when, and whether it is in force that day', async () => {
      const two = [
        { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' },
        { id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' },
      ];
      const sanction = await impose({ targets: two });
      const other = await impose({
        authority: { ...VENEZUELA },
        targets: [{ party: 'USA', descriptor: 'an oil company', kind: 'company' }],
        occurred: '2025-11',
      });
      await newsroom.file(`/sanctions/${sanction}/lift`, { ...anEnd(source), targets: ['wife'] });
      const inForce = (await newsroom.list('/sanctions', { asOf: NOW, inForce: 'true' })).items;
      expect(inForce).toMatchObject([
        { record: other, target: { id: 't1' }, life: 'in-force', relationships: [{ key: 'USA-VEN', role: 'primary' }] },
        {
          record: sanction,
          target: { id: 'son', descriptor: 'his son' },
          since: { earliest: '2025-10-01', latest: '2025-10-31' },
          safeWording: 'sanctioned by US Treasury, which alleges drug cartels flourish',
          citations: [{ publisher: 'Example Wire', title: aSource.title, url: 'https://wire.example/1', publishedAt: '2026-01-08' }, {}],
        },
      ]);
      expect(await ids('/sanctions', { inForce: 'false' })).toEqual([sanction]);
      expect(await ids('/sanctions')).toEqual([other, sanction, sanction]);
      expect(await ids('/sanctions', { inForce: 'true', asOf: '2026-02-02' })).toEqual([other, sanction, sanction]);
      expect(await ids('/sanctions', { authority: 'VEN' })).toEqual([other]);
      expect(await ids('/sanctions', { target: 'COL' })).toEqual([sanction, sanction]);
      expect(await ids('/sanctions', { relationship: 'USA-COL' })).toEqual([sanction, sanction]);
      expect(await ids('/sanctions', { asOf: '2025-10-30' })).toEqual([]);
    });

    it('meetings: planned, overdue, held and cancelled, with their window or their day', async () => {
      const held = await plan();
      await hold(held);
      const upcoming = await plan({ window: '2026-05', occurred: '2026-02-10' });
      const overdue = await plan({ window: '2026-02', occurred: '2026-01-09' });
      const cancelled = await plan({ window: '2026-04', occurred: '2026-01-08' });
      await newsroom.file(`/meetings/${cancelled}/cancel`, anEnd(source));
      for (const [status, id] of Object.entries({ held, upcoming, overdue, cancelled }))
        expect([status, await ids('/meetings', { status })]).toEqual([status, [id]]);
      expect(await ids('/meetings')).toEqual([upcoming, overdue, cancelled, held]);
      const { items } = await newsroom.list('/meetings', { asOf: NOW });
      expect(items.map(({ life, status }) => [life, status])).toEqual([
        ['scheduled', 'upcoming'],
        ['overdue', 'overdue'],
        ['cancelled', 'cancelled'],
        ['held', 'held'],
      ]);
      expect(items[0]).toMatchObject({ window: { earliest: '2026-05-01', latest: '2026-05-31' } });
      expect(items[3]).toMatchObject({ on: { latest: '2026-02-03' }, citations: [{ source }, { source }] });
      expect(await ids('/meetings', { asOf: '2026-01-08' })).toEqual([cancelled, held]);
      expect(await ids('/meetings', { relationship: 'USA-VEN' })).toEqual([]);
    });

    it('actions: what was done and what of it still stands', async () => {
      const deployment = await act();
      const ended = await act({ act: 'blockade', occurred: '2025-08' });
      const strike = await act({ act: 'strike', occurred: '2025-12-01', relationships: [{ key: 'COL-USA', role: 'affected' }] });
      await newsroom.file(`/actions/${ended}/end`, { ...anEnd(source), outcome: 'completed' });
      expect(await ids('/actions')).toEqual([strike, deployment, ended]);
      expect(await ids('/actions', { standing: 'true' })).toEqual([deployment]);
      expect(await ids('/actions', { standing: 'true', asOf: '2026-02-02' })).toEqual([deployment, ended]);
      expect(await ids('/actions', { standing: 'false' })).toEqual([strike, ended]);
      expect(await ids('/actions', { act: 'strike' })).toEqual([strike]);
      expect(await ids('/actions', { relationship: 'COL-USA' })).toEqual([strike]);
    });

    it.each(['/sanctions', '/meetings', '/actions'] as const)(
      '%s in pages that neither skip nor repeat while more is filed',
      async (path) => {
        const fileOne = path === '/sanctions' ? impose : path === '/meetings' ? plan : act;
        const expected: string[] = [];
        for (let n = 0; n < 5; n += 1) expected.push(await fileOne({ occurred: `2025-10-0${n + 1}` }));
        const read: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await newsroom.list(path, { asOf: NOW, limit: 2, ...(cursor !== null && { cursor }) });
          read.push(...page.items.map(({ record }) => record));
          cursor = page.next;
          await fileOne({ occurred: '2025-12-01' });
          await fileOne({ occurred: '2025-09-01' });
        } while (cursor !== null);
        expect(read).toEqual(expected.toReversed());
      },
    );
  });

  describe('one record', () => {
    it('has its fields as filed, its later steps by their names with their versions, and every source in full', async () => {
      const id = await plan({ topics: ['diplomacy'] });
      await newsroom.file(`/meetings/${id}/reschedule`, { window: '2026-02', on: '2026-01-10', citations: [{ source }] });
      await newsroom.file(`/meetings/${id}/reschedule`, { window: '2026-03', on: '2026-01-20', citations: [{ source }] });
      await newsroom.file(`/meetings/${id}/cancel`, { on: '2026-01-25', citations: [{ source, locator: 'line 3' }], by: [COLOMBIA] });
      const record = await newsroom.record(id, { asOf: NOW });
      const cited = { source, publisher: 'Example Wire', title: aSource.title, url: 'https://wire.example/1', publishedAt: '2026-01-08' };
      expect(record).toMatchObject({
        id,
        kind: 'meeting',
        version: 4,
        life: 'cancelled',
        by: 'editor',
        relationships: [{ key: 'COL-USA', role: 'primary' }],
      });
      expect(record.fields).toMatchObject({
        topics: ['diplomacy'],
        window: { statedAs: 'in the coming weeks' },
        rescheduled: [
          { version: 2, window: { edtf: '2026-02', latest: '2026-02-28' }, on: { latest: '2026-01-10' }, citations: [cited] },
          { version: 3, window: { edtf: '2026-03' }, citations: [cited] },
        ],
        cancelled: { version: 4, by: [COLOMBIA], citations: [{ ...cited, locator: 'line 3' }] },
      });
      expect(record.citations).toHaveLength(4);
      for (const name of ['links', 'relationships', 'citations']) expect(record.fields).not.toHaveProperty(name);
    });

    it('names the steps of each kind', async () => {
      const sanction = await impose();
      await newsroom.file(`/sanctions/${sanction}/amend`, { ...anEnd(source), addMeasures: ['travel-ban'] });
      await newsroom.file(`/sanctions/${sanction}/lift`, anEnd(source));
      const action = await act();
      await newsroom.file(`/actions/${action}/end`, { ...anEnd(source), outcome: 'completed' });
      const meeting = await plan();
      await hold(meeting);
      const request = await say({ speechAct: 'request' });
      await newsroom.file(`/statements/${request}/settle`, { ...anEnd(source), outcome: 'granted' });
      const steps = async (id: string) =>
        Object.entries((await newsroom.record(id, { asOf: NOW })).fields).filter(([, value]) =>
          JSON.stringify(value).includes('"version"'),
        );
      expect((await steps(sanction)).map(([name, value]) => [name, Array.isArray(value)])).toEqual([
        ['amended', true],
        ['lifted', true],
      ]);
      for (const [id, name] of [
        [action, 'ended'],
        [meeting, 'held'],
        [request, 'settled'],
      ] as const)
        expect((await steps(id)).map(([step, value]) => [step, Array.isArray(value)])).toEqual([[name, false]]);
    });

    it('moves its life and its moves with asOf, and nothing else', async () => {
      const id = await impose();
      await newsroom.file(`/sanctions/${id}/lift`, anEnd(source));
      const [before, after] = await Promise.all(
        ['2026-02-02', '2026-02-03'].map((asOf) => newsroom.record(id, { asOf, knownAt: 'position:3' })),
      );
      expect([before!.life, after!.life]).toEqual(['in-force', 'lifted']);
      expect(before!.moves).toMatchObject([
        { move: 'sanction-imposed', score: -6, standing: true, counts: true, why: null, from: 'USA', to: 'COL', on: '2025-10-31' },
      ]);
      expect(after!.moves).toMatchObject([
        { move: 'sanction-imposed', standing: false, until: '2026-02-03' },
        { move: 'sanction-lifted', score: 4.5, on: '2026-02-03' },
      ]);
      const { life: _, moves: __, asOf: ___, ...rest } = before!;
      expect(after).toMatchObject(rest);
    });

    it('tells its links with their numbers, who links to it, its queries, and what the newsroom thinks of it', async () => {
      const claim = await say({ speechAct: 'accuse' });
      const denial = await say({ speechAct: 'deny', links: [{ rel: 'denies', to: claim }] });
      await newsroom.file(`/records/${claim}/queries`, { question: 'When?' });
      await newsroom.file(`/records/${claim}/queries`, { question: 'Where?' });
      await newsroom.file(`/records/${claim}/queries/1/answer`, { answer: 'On Monday' });
      await newsroom.file(`/statements/${claim}/assess`, { verdict: 'unsubstantiated', reason: 'no evidence' });
      await newsroom.file(`/statements/${claim}/assess`, {
        verdict: 'questioned',
        reason: 'nobody else heard it',
        by: [{ kind: 'outlet' }],
      });
      const record = await newsroom.record(claim);
      expect(record.linkedFrom).toEqual([{ record: denial, n: 1, rel: 'denies' }]);
      expect((await newsroom.record(denial)).links).toEqual([{ n: 1, rel: 'denies', to: claim }]);
      expect(record.queries).toEqual([
        { n: 1, question: 'When?', answer: 'On Monday' },
        { n: 2, question: 'Where?', answer: null },
      ]);
      expect(record.status).toEqual({
        support: 'onRecord',
        disputed: true,
        questioned: true,
        verdict: 'unsubstantiated',
        retracted: false,
      });
      expect(record.assessments).toMatchObject([
        { verdict: 'unsubstantiated', reason: 'no evidence', by: [{ kind: 'newsroom' }] },
        { verdict: 'questioned', by: [{ kind: 'outlet' }] },
      ]);
    });

    it('tells a source with its grades and its withdrawal', async () => {
      await newsroom.file(`/sources/${source}/grade`, { reliability: 'B', credibility: 2, reason: 'agrees with the transcript' });
      await newsroom.file(`/sources/${source}/withdraw`, { reason: 'the outlet took it down' });
      expect(await newsroom.record(source)).toMatchObject({
        kind: 'source',
        life: 'withdrawn',
        fields: { publisher: 'Example Wire', url: 'https://wire.example/1' },
        grades: [{ version: 2, reliability: 'B', credibility: 2 }],
        withdrawn: { reason: 'the outlet took it down' },
        status: { support: 'none' },
      });
    });

    it('keeps the remarks of editors, on records, steps and links, to those who file', async () => {
      const claim = await say({ note: 'remark on the record' });
      const meeting = await plan({ note: 'remark on the record' });
      await newsroom.file(`/meetings/${meeting}/hold`, { ...aHolding(source), note: 'remark on the step' });
      await newsroom.file(`/records/${meeting}/links`, { rel: 'context', to: claim, note: 'remark on the link' });
      const linked = await say({ links: [{ rel: 'about', to: claim, note: 'remark on the link' }] });
      for (const id of [claim, meeting, linked]) {
        expect(JSON.stringify(await newsroom.record(id))).not.toContain('remark');
        expect(JSON.stringify(await newsroom.record(id, {}, { as: 'reporter' }))).toContain('remark');
      }
      const seen = await newsroom.record(meeting, {}, { as: 'editor' });
      expect(seen).toMatchObject({
        fields: { note: 'remark on the record', held: { note: 'remark on the step' } },
        links: [{ note: 'remark on the link' }],
      });
      for (const path of ['/relationships/COL-USA', '/relationships/COL-USA/timeline', '/meetings'])
        expect(JSON.stringify((await newsroom.get(path, { asOf: NOW }, { as: 'editor' })).body)).not.toContain('remark');
    });

    it('says its version in the ETag, as a step asks for it', async () => {
      const id = await plan();
      await hold(id);
      expect((await newsroom.get(`/records/${id}`)).headers.get('etag')).toBe('"2"');
    });
  });
});
