import { exampleId, everythingIn, ReadNewsroom, type Query } from './reading.js';

const BUILDUP = '2025-12-01-the-buildup.json';
const CALL = '2026-01-08-the-call.json';
const MEETING = '2026-02-04-the-meeting.json';

/** Conflict, cooperation and tension on eight days, as an independent calculation from the moves gives them. */
const GOLDEN: Record<string, [asOf: string, conflict: number, cooperation: number, tension: number | null][]> = {
  'COL-USA': [
    ['2025-10-15', 0, 0, null],
    ['2025-12-31', 6, 0, 37.5],
    ['2026-01-06', 26.930825045502882, 0, 72.9223487759104],
    ['2026-01-08', 29.40568244713615, 13.68023955807944, 68.66356738425249],
    ['2026-02-02', 19.135995130845593, 7.6777748578623815, 61.618820542717216],
    ['2026-02-04', 20.49711459656452, 23.454198338909446, 56.37167268003481],
    ['2026-03-05', 13.417984293704746, 12.001207118877026, 50.790517811838036],
    ['2026-05-04', 7.854496073426186, 3.0003017797192566, 42.21809712562653],
  ],
  'USA-VEN': [
    ['2025-10-15', 6.717514421272201, 0, 40.18249514846837],
    ['2025-12-31', 20.13387440464362, 0.75, 66.40158897797252],
    ['2026-01-06', 18.368977042871116, 0.6529129224720931, 64.37980123442738],
    ['2026-01-08', 17.832993076390963, 0.6234284221070908, 63.71463265008296],
    ['2026-02-02', 19.525366296290414, 0.3498873718263028, 65.93547772921072],
    ['2026-02-04', 18.937161645870617, 0.3340870193026273, 65.25401688306303],
    ['2026-03-05', 12.863933259463815, 0.17094796660466566, 56.15802348592181],
    ['2026-05-04', 8.090983314865953, 0.0427369916511664, 44.697447275536675],
  ],
};
const CLOSE = 10;
const days = Object.entries(GOLDEN).flatMap(([key, rows]) => rows.map((row) => [key, ...row] as const));

describe('the example, filed and read over HTTP', () => {
  let newsroom: ReadNewsroom;
  /** knownAt after each article. */
  let [afterBuildup, afterCall, afterMeeting] = ['', '', ''];
  const NOW = '2026-02-04';
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    afterBuildup = `position:${await newsroom.fileExample(BUILDUP)}`;
    afterCall = `position:${await newsroom.fileExample(CALL)}`;
    afterMeeting = `position:${await newsroom.fileExample(MEETING)}`;
    // Entry by entry, where the log takes no more at once.
  }, 30_000);
  afterAll(() => newsroom.close());

  describe('gives the golden series', () => {
    it.each(days)('%s on %s, in its state', async (key, asOf, conflict, cooperation, tension) => {
      const state = await newsroom.state(key, { asOf });
      expectClose(state.tension.value, tension);
      expectClose(state.tension.conflict, conflict);
      expectClose(state.tension.cooperation, cooperation);
      expectClose(state.tension.conflictStanding + state.tension.conflictRecent, conflict);
    });

    it.each(Object.keys(GOLDEN))('%s, in its series', async (key) => {
      const { items } = await newsroom.series(key, { from: '2025-10-15', to: '2026-05-04' });
      expect(items).toHaveLength(202);
      const byDay = new Map(items.map((item) => [item.asOf, item]));
      for (const [asOf, conflict, cooperation, tension] of GOLDEN[key]!) {
        expectClose(byDay.get(asOf)!.conflict, conflict);
        expectClose(byDay.get(asOf)!.cooperation, cooperation);
        expectClose(byDay.get(asOf)!.tension, tension);
      }
    });

    it.each([
      ['COL-USA', 0],
      ['COL-USA', 3],
      ['COL-USA', 1000],
      ['USA-VEN', 4],
    ])('%s, whose parts (%i named) and the rest add up to it', async (key, parts) => {
      const { tension } = await newsroom.state(key, { asOf: NOW, parts });
      const [, conflict, cooperation] = GOLDEN[key]!.find(([asOf]) => asOf === NOW)!;
      const sum = (sign: number): number =>
        tension.parts.filter(({ score }) => score * sign > 0).reduce((total, { share }) => total + share, 0);
      expectClose(sum(-1) + tension.partsRest.conflict, conflict);
      expectClose(sum(1) + tension.partsRest.cooperation, cooperation);
      expect(tension.parts.length + tension.partsRest.count).toBe(key === 'COL-USA' ? 18 : 10);
      expect(tension.parts.length).toBeLessThanOrEqual(parts);
      for (const { score, weight, share } of tension.parts) expectClose(share, Math.abs(score) * weight);
    });
  });

  it('a vague window is an upcoming meeting until the meeting is held, and the record tells of both', async () => {
    const before = await newsroom.state('COL-USA', { asOf: '2026-01-10', knownAt: afterCall });
    expect(before.upcomingMeetings).toEqual([
      expect.objectContaining({
        record: exampleId('A02'),
        window: expect.objectContaining({ statedAs: 'in the coming weeks', earliest: '2026-01-08', latest: null }),
        place: { statedAs: 'the White House', party: 'USA' },
      }),
    ]);
    const after = await newsroom.state('COL-USA', { asOf: NOW });
    expect([after.upcomingMeetings, after.overdueMeetings]).toEqual([[], []]);
    const { items } = await newsroom.timeline('COL-USA', { asOf: NOW, kind: 'meeting' });
    const told = items
      .filter(({ record }) => record === exampleId('A02'))
      .map(({ type, version, occurred }) => [type, version, occurred.latest]);
    expect(told).toEqual([
      ['MeetingScheduled', 1, '2026-01-07'],
      ['MeetingHeld', 3, '2026-02-03'],
    ]);
  });

  it('a second wording of the plan adds a source to it and no second meeting', async () => {
    const { items } = await newsroom.list('/meetings', {
      asOf: '2026-01-10',
      knownAt: afterCall,
      relationship: 'COL-USA',
      status: 'upcoming',
    });
    expect(items.map(({ record }) => record)).toEqual([exampleId('A02')]);
    const { citations, version } = await newsroom.record(exampleId('A02'), { knownAt: afterCall });
    expect([version, citations.map(({ statedAs }) => statedAs)]).toEqual([2, [undefined, 'in the near future']]);
  });

  it('four are under sanctions before and after the meeting at which sanctions were discussed', async () => {
    const moments: Query[] = [{ asOf: '2026-02-02' }, { asOf: NOW }, { asOf: '2026-01-10', knownAt: afterCall }];
    for (const at of moments) {
      const { sanctionsInForce } = await newsroom.state('COL-USA', at);
      expect(sanctionsInForce.map(({ target }) => target.id)).toEqual(['petro', 'wife', 'son', 'interior-minister']);
      const { items } = await newsroom.list('/sanctions', { ...at, inForce: 'true', authority: 'USA', target: 'COL' });
      expect(items.map(({ record }) => record)).toEqual(sanctionsInForce.map(({ record }) => record));
    }
  });

  it('what is alleged stays alleged: grounds stand nowhere without who alleges them', async () => {
    const answers = await Promise.all([
      newsroom.state('COL-USA', { asOf: NOW }),
      newsroom.state('USA-VEN', { asOf: NOW }),
      newsroom.timeline('COL-USA', { asOf: NOW, limit: 500 }),
      newsroom.timeline('USA-VEN', { asOf: NOW, limit: 500 }),
      newsroom.list('/sanctions', { asOf: NOW }),
      newsroom.record(exampleId('A13')),
      newsroom.record(exampleId('C05')),
    ]);
    const texts = answers.flatMap((answer) => [...everythingIn(answer)]);
    const grounds = texts.filter(({ path }) => path.at(-1) === 'grounds').map(({ value }) => value);
    expect(new Set(grounds.map((value) => JSON.stringify(value)))).toEqual(
      new Set([
        '{"alleged":true,"text":"connections to the illicit drug trade"}',
        '{"alleged":true,"text":"that it is a drug cartel allegedly run by Nicolas Maduro"}',
      ]),
    );
    const strings = texts.flatMap(({ path, value }) => (typeof value === 'string' && path.at(-2) !== 'grounds' ? [value] : []));
    for (const text of strings.filter((s) => s.includes('illicit drug trade')))
      expect(text).toBe('sanctioned by US Treasury, which alleges connections to the illicit drug trade');
    for (const text of strings.filter((s) => /drug cartel|run by/.test(s))) expect(text).toMatch(/alleged/);
    expect(strings.filter((s) => s.includes('illicit drug trade')).length).toBeGreaterThan(0);
  });

  it('a hypothetical is no act: what was only spoken of is among no actions', async () => {
    const { items } = await newsroom.list('/actions', { asOf: NOW, limit: 500 });
    expect(items.length).toBeGreaterThan(0);
    expect(items.map(({ record }) => record)).not.toContain(exampleId('A06'));
    for (const key of ['COL-USA', 'USA-VEN'])
      expect((await newsroom.state(key, { asOf: NOW })).standingActions.map(({ record }) => record)).not.toContain(exampleId('A06'));
    const { items: operations } = await newsroom.list('/actions', { asOf: NOW, act: 'operation' });
    expect(operations.map(({ record }) => record)).toEqual([exampleId('B05')]);
  });

  it('the accusation and its denial are in dispute before and after the meeting', async () => {
    for (const asOf of ['2026-01-08', '2026-02-02', NOW]) {
      const { openDisputes } = await newsroom.state('COL-USA', { asOf });
      expect(openDisputes.map(({ positions }) => positions.map(({ record }) => record))).toEqual([[exampleId('A07'), exampleId('A09')]]);
    }
  });

  it('one deployment has a purpose for each side, in dispute about it', async () => {
    const { openDisputes } = await newsroom.state('USA-VEN', { asOf: NOW });
    const about = openDisputes.find((dispute) => dispute.about === exampleId('C04'));
    expect(new Set(about!.positions.map(({ record }) => record))).toEqual(new Set(['C08', 'C09', 'C10'].map(exampleId)));
  });

  it('filing the same article again changes nothing: neither the log nor score nor what was counted', async () => {
    const of = async () => {
      const { tension, quantities, counts } = await newsroom.state('USA-VEN', { asOf: NOW });
      return { tension, quantities, counts, stored: await newsroom.service.stored() };
    };
    const before = await of();
    await newsroom.fileExample(BUILDUP);
    expect(await of()).toEqual(before);
  });

  it('the last contacts of the two relationships are different ones', async () => {
    const contacts = await Promise.all(
      ['COL-USA', 'USA-VEN'].map(async (key) => (await newsroom.state(key, { asOf: '2026-01-10' })).lastContact),
    );
    expect(contacts.map((contact) => [contact?.record, contact?.format, contact?.confirmedBy])).toEqual([
      [exampleId('A01'), 'phone', ['COL', 'USA']],
      [exampleId('C01'), 'phone', ['USA']],
    ]);
    expect((await newsroom.state('COL-USA', { asOf: NOW })).lastContact).toMatchObject({ record: exampleId('A02'), format: 'in-person' });
  });

  it('what arrives late changes the past only for who knows of it', async () => {
    const november = { asOf: '2025-11-15' };
    const before = await newsroom.state('COL-USA', { ...november, knownAt: afterBuildup });
    const after = await newsroom.state('COL-USA', november);
    expect([before.phase.name, before.sanctionsInForce]).toEqual(['none', []]);
    expect([after.phase.name, after.sanctionsInForce.length]).toEqual(['mixed', 4]);
    expect((await newsroom.get(`/records/${exampleId('A13')}`, { knownAt: afterBuildup })).status).toBe(404);
    expect((await newsroom.record(exampleId('A13'), { knownAt: afterCall })).status.support).toBe('onRecord');
  });

  it('a day earlier is a day before the other’s, which is some time within two', async () => {
    const { items } = await newsroom.timeline('COL-USA', { asOf: NOW, limit: 500 });
    const when = (fact: string) => items.find(({ record }) => record === exampleId(fact))!.occurred;
    expect(when('A06')).toMatchObject({ earliest: '2026-01-04', latest: '2026-01-05' });
    expect(when('A08')).toMatchObject({ earliest: '2026-01-03', latest: '2026-01-04', statedAs: 'the day before that' });
    expect(when('A11')).toMatchObject({ earliest: '2026-01-04', latest: '2026-01-05', relativeTo: { record: exampleId('A10') } });
  });

  it('a number is never without its wording, its scope and who counted', async () => {
    const { quantities } = await newsroom.state('USA-VEN', { asOf: NOW });
    const killed = quantities.find(({ measure }) => measure === 'killed');
    expect(killed).toMatchObject({ record: exampleId('C18'), min: 83, max: null, wording: 'at least 83', countedBy: 'not stated' });
    expect(killed!.scope).toMatchObject({ ambiguous: true });
  });

  it('a summary of other statements counts for nothing, what it sums up counts; what is said twice counts once', async () => {
    const { tension } = await newsroom.state('COL-USA', { asOf: NOW });
    const counted = tension.parts.map(({ record }) => record);
    for (const fact of ['A06', 'A08', 'A10', 'A11', 'A12', 'B21']) expect(counted).toContain(exampleId(fact));
    for (const fact of ['A05', 'B24']) expect(counted).not.toContain(exampleId(fact));
    const { moves } = await newsroom.record(exampleId('B24'), { asOf: NOW });
    expect(moves).toMatchObject([{ score: 5, counts: false, why: `repeats ${exampleId('B21')}` }]);
  });

  it('a third country that was only a topic finds the call in its timeline, where it has no score', async () => {
    const { items } = await newsroom.timeline('USA-VEN', { asOf: NOW, role: 'topic' });
    expect(items.map(({ record, score, counts }) => [record, score, counts])).toEqual([
      [exampleId('A01'), 0, false],
      [exampleId('B06'), 0, false],
    ]);
    expect((await newsroom.state('USA-VEN', { asOf: NOW })).tension.parts.map(({ record }) => record)).not.toContain(exampleId('A01'));
  });

  it('how the parties see it stands beside the computed trend and is never fed into it', async () => {
    const { assessments, tension } = await newsroom.state('COL-USA', { asOf: NOW, parts: 1000 });
    const views = new Map(assessments.map(({ record, ofParty, direction }) => [record, [ofParty, direction]]));
    expect([views.get(exampleId('B17')), views.get(exampleId('B22'))]).toEqual([
      ['COL', 'easing'],
      ['USA', 'easing'],
    ]);
    for (const fact of ['B17', 'B22']) expect(tension.parts.map(({ record }) => record)).not.toContain(exampleId(fact));
  });

  it('a request is open until it is settled, whatever was answered in part', async () => {
    const { openStatements } = await newsroom.state('COL-USA', { asOf: NOW });
    expect(openStatements.map(({ record }) => record)).toContain(exampleId('A18'));
    const { linkedFrom } = await newsroom.record(exampleId('A18'));
    expect(linkedFrom).toContainEqual(expect.objectContaining({ record: exampleId('B31'), rel: 'answers' }));
  });

  it('every date says its bounds, and every citation its source, in every answer', async () => {
    const answers = await Promise.all([
      ...['COL-USA', 'USA-VEN'].flatMap((key) => [newsroom.state(key, { asOf: NOW }), newsroom.timeline(key, { asOf: NOW, limit: 500 })]),
      newsroom.relationships({ asOf: NOW }),
      newsroom.list('/sanctions', { asOf: NOW }),
      newsroom.list('/meetings', { asOf: NOW }),
      newsroom.list('/actions', { asOf: NOW }),
      ...['A02', 'A08', 'A13', 'C04', 'C12'].map((fact) => newsroom.record(exampleId(fact))),
    ]);
    let [dates, citations] = [0, 0];
    for (const { path, value } of answers.flatMap((answer) => [...everythingIn(answer)])) {
      const name = path.at(-1) ?? '';
      if (isObject(value) && 'precision' in value) {
        dates += 1;
        expect(Object.keys(value)).toEqual(expect.arrayContaining(['earliest', 'latest', 'basis']));
      }
      // A move has its one day; asOf and the publication of a source are days as they are.
      const plain =
        ['asOf', 'earliest', 'latest', 'edtf', 'publishedAt', 'until'].includes(name) ||
        MOVES.includes(path.at(-2) ?? '') ||
        path.at(-3) === 'latestMoves';
      if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !plain)
        throw new Error(`${path.join('.')} is the bare day ${value}`);
      if (isObject(value) && name === 'citations' && !Array.isArray(value)) {
        citations += 1;
        expect([path.join('.'), value]).toEqual([
          path.join('.'),
          expect.objectContaining({ title: expect.any(String), publishedAt: expect.any(String) }),
        ]);
      }
    }
    expect(dates).toBeGreaterThan(100);
    expect(citations).toBeGreaterThan(100);
  });

  it('answers the same about the past however much was filed since', async () => {
    for (const key of ['COL-USA', 'USA-VEN']) {
      const once = await newsroom.state(key, { asOf: NOW, knownAt: afterMeeting });
      await newsroom.fileExample(MEETING);
      expect(await newsroom.state(key, { asOf: NOW, knownAt: afterMeeting })).toEqual(once);
    }
  });
});

const MOVES = ['parts', 'moves'];

function expectClose(actual: number | null, expected: number | null): void {
  if (expected === null || actual === null) expect(actual).toBe(expected);
  else expect(actual).toBeCloseTo(expected, CLOSE);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
