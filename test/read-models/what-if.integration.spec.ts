import type { EventType, Kind } from '../../src/domain/record.js';
import { figuresAt, type Figures } from '../../src/domain/relationship/ledger.js';
import { ENTENTE_1 } from '../../src/domain/relationship/score-profile.js';
import { addDays, type Day } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Selection } from '../../src/read-models/selection.js';
import { WhatIfs } from '../../src/read-models/what-if.js';
import type { Effect, TriedEvent, WhatIf } from '../../src/read-models/what-if.query.js';
import { seededRandom } from '../contracts/filings.js';
import { aHolding, aMeeting, anAction, aSanction, aSource, aStatement } from '../http/bodies.js';
import { randomHistory } from '../projection/history.js';
import { ProjectedLog } from '../projection/projected-log.js';
import { ReadNewsroom } from './reading.js';

const KEYS = ['COL-USA', 'COL-VEN', 'USA-VEN'];
const TRIALS = 80;
const REASON = { reason: 'the second edition says otherwise' };

describe('what events would change that are not stored', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  let selection: Selection;
  beforeAll(async () => {
    events = await randomHistory(random, 400);
    log = await ProjectedLog.open(events);
    await log.project();
    selection = new Selection(log.database.pool);
  });
  afterAll(() => log.drop());

  const tried = ({ stream, version, type, data, metadata }: StoredEvent): TriedEvent => {
    return { record: stream, kind: stream.split('-')[0] as Kind, version, type: type as EventType, data, metadata };
  };
  const figures = async (key: string, asOf: Day, position: bigint): Promise<Figures> =>
    figuresAt(await selection.sums(key, position, await selection.fallen(position)), asOf, ENTENTE_1);
  const listed = async (key: string, position: bigint): Promise<string[]> => {
    const beliefs = await log.ofRelationship(key, ['primary', 'affected'], position);
    return beliefs.flatMap(({ record, status }) => (status.retracted ? [] : [record.id])).toSorted((a, b) => (a < b ? -1 : 1));
  };
  /** What is different between two positions, found in what was stored. */
  const stored = async (asOf: Day, from: bigint, to: bigint): Promise<Effect[]> => {
    const effects: Effect[] = [];
    for (const relationship of KEYS) {
      const [before, after] = [await figures(relationship, asOf, from), await figures(relationship, asOf, to)];
      const told = async (position: bigint, { value, conflict, cooperation }: Figures): Promise<string> =>
        JSON.stringify([value, conflict, cooperation, await listed(relationship, position)]);
      if ((await told(from, before)) === (await told(to, after))) continue;
      effects.push({ relationship, before: before.value, after: after.value, delta: (after.value ?? 0) - (before.value ?? 0) });
    }
    return effects;
  };
  const byKey = (effects: readonly Effect[]): Effect[] => effects.toSorted((a, b) => (a.relationship < b.relationship ? -1 : 1));

  it('is what they have changed once they are stored: to the last bit, on any day, after any position', async () => {
    const whatIfs = new WhatIfs(log.database.pool, selection);
    let changed = 0;
    for (let n = 0; n < TRIALS; n += 1) {
      const from = Math.floor(random() * (events.length - 3));
      const next = events.slice(from, from + 1 + Math.floor(random() * 3));
      const asOf = addDays('2025-10-01', Math.floor(random() * 200));
      const [position, end] = [BigInt(from), next.at(-1)!.position];
      const changes = await whatIfs.changes(next.map(tried), position);
      const effects = await whatIfs.effects(changes, { asOf, position, knownAt: '', log: '' });
      const about = { asOf, position, next: next.map(({ type }) => type) };
      expect({ ...about, effects: byKey(effects) }).toEqual({ ...about, effects: await stored(asOf, position, end) });
      const held = await log.beliefsAt(end);
      for (const { after } of changes) expect([about, after.record]).toEqual([about, held.get(after.record.id)!.record]);
      changed += effects.filter(({ delta }) => delta !== 0).length;
    }
    expect(changed).toBeGreaterThan(TRIALS / 10);
  }, 60_000);
});

describe('a dry run', () => {
  let newsroom: ReadNewsroom;
  let source: string;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', aSource);
  });
  afterAll(() => newsroom.close());

  const say = (otherwise: object = {}): Promise<string> => newsroom.file('/statements', { ...aStatement(source), ...otherwise });
  const tension = async (key: string): Promise<number | null> => (await newsroom.state(key)).tension.value;
  const dryRun = async (path: string, body: unknown, method = 'POST'): Promise<WhatIf> => {
    const answer = await newsroom.service.call(method, `${path}?dry-run=true`, body);
    expect(answer).toMatchObject({ status: 200, body: { dryRun: true } });
    return answer.body as unknown as WhatIf;
  };

  it('tells the tension of the state, as it is and as it then is, whatever is filed', async () => {
    const sanction = await newsroom.file('/sanctions', { ...aSanction(source), occurred: '2026-01' });
    const meeting = await newsroom.file('/meetings', aMeeting(source));
    const threat = await say();
    const echo = await say({ links: [{ rel: 'repeats', to: threat }] });
    const dayBefore = await say({ occurred: { statedAs: 'the day before', relativeTo: { record: threat, minDays: -1, maxDays: -1 } } });
    const other = await newsroom.file('/sources', { publisher: 'Another', title: 'They met' });
    const aboutVenezuela = { ...anAction(other), relationships: [{ key: 'COL-VEN', role: 'affected' }] };
    const calls: [call: string, body: object, moved: string[]][] = [
      ['/statements', { ...aStatement(other), speechAct: 'praise' }, ['COL-USA']],
      ['/statements', { ...aStatement(other), speechAct: 'describe' }, []],
      ['/actions', aboutVenezuela, ['USA-VEN']],
      [`/meetings/${meeting}/hold`, aHolding(source), ['COL-USA']],
      [`/sanctions/${sanction}/lift`, { on: '2026-02-01', citations: [{ source }] }, ['COL-USA']],
      [`/records/${threat}/correct`, { patch: { occurred: '2026-02-01' }, kind: 'typo', ...REASON }, ['COL-USA']],
      [`/records/${threat}/correct`, { patch: { summary: 'He threatens Colombia' }, kind: 'typo', ...REASON }, []],
      [`/records/${dayBefore}/links`, { rel: 'partOf', to: threat }, ['COL-USA']],
      [`/records/${echo}/retract`, REASON, []],
      [`/records/${echo}/reinstate`, REASON, []],
      [`/records/${threat}/retract`, REASON, ['COL-USA']],
      [`/records/${dayBefore}/citations`, { source: other }, []],
      [`/sources/${source}/grade`, { reliability: 'F', credibility: 6, ...REASON }, ['COL-USA']],
      [`/sources/${source}/grade`, { reliability: 'B', credibility: 2, ...REASON }, ['COL-USA']],
      ['/articles', { source, entries: [{ command: 'MakeStatement', ...aStatement(other), speechAct: 'condemn' }] }, ['COL-USA']],
      [`/sources/${other}/withdraw`, REASON, ['COL-USA', 'USA-VEN']],
    ];
    for (const [call, body, moved] of calls) {
      const before = new Map(await Promise.all(KEYS.map(async (key) => [key, await tension(key)] as const)));
      const { effects } = await dryRun(call, body);
      await newsroom.post(call, body);
      for (const key of KEYS) {
        const effect = effects.find(({ relationship }) => relationship === key) ?? { before: before.get(key), after: before.get(key) };
        expect([call, key, effect]).toMatchObject([call, key, { before: before.get(key), after: await tension(key) }]);
      }
      expect([call, byKey(effects)]).toEqual([call, moved]);
    }
  });

  /** The relationships in which the number moves, in order of their keys. */
  const byKey = (effects: readonly Effect[]): string[] =>
    effects.flatMap(({ relationship, delta }) => (delta === 0 ? [] : [relationship])).toSorted((a, b) => (a < b ? -1 : 1));

  it('names a relationship that gains a record, though its number stays; none for which it is a topic only', async () => {
    const relationships = [
      { key: 'BRA-USA', role: 'affected' },
      { key: 'ECU-USA', role: 'topic' },
    ];
    const { effects } = await dryRun('/statements', { ...aStatement(source), speechAct: 'describe', relationships });
    expect(effects.map(({ relationship, delta }) => [relationship, delta])).toEqual([
      ['BRA-USA', 0],
      ['COL-USA', 0],
    ]);
  });

  describe('shows the records', () => {
    it('that it files, with all that is derived of them', async () => {
      const { records } = await dryRun('/sanctions', { ...aSanction(source), note: 'ask the Treasury' });
      expect(records).toMatchObject([
        {
          kind: 'sanction',
          version: 1,
          life: 'in-force',
          status: { support: 'onRecord', disputed: false, retracted: false },
          fields: {
            summary: aSanction(source).summary,
            occurred: { earliest: '2025-10-01', latest: '2025-10-31' },
            note: 'ask the Treasury',
          },
          relationships: [{ key: 'COL-USA', role: 'primary' }],
          citations: [{ source, publisher: 'Example Wire' }],
          moves: [{ move: 'sanction-imposed', on: '2025-10-31', score: -6, counts: true }],
        },
      ]);
    });

    it('of an article, which cites a source that is not on file yet', async () => {
      const { citations: _, ...statement } = aStatement('');
      const entries = [{ command: 'MakeStatement', ...statement }];
      const { records } = await dryRun('/articles', { source: { publisher: 'Evening Wire' }, entries });
      expect(records).toMatchObject([
        { kind: 'source', fields: { publisher: 'Evening Wire' } },
        { kind: 'statement', status: { support: 'onRecord' }, citations: [{ publisher: 'Evening Wire' }] },
      ]);
    });

    it('that it changes: a step in its life, and those that are linked to it', async () => {
      const said = await say();
      const denial = { ...aStatement(source), speechAct: 'deny', links: [{ rel: 'denies', to: said }] };
      expect((await dryRun('/statements', denial)).records).toMatchObject([
        { version: 1, status: { disputed: true }, links: [{ rel: 'denies', to: said }] },
        { id: said, version: 1, status: { disputed: true }, linkedFrom: [{ rel: 'denies' }] },
      ]);
      const taken = { id: said, version: 2, status: { retracted: true }, retracted: { reason: REASON.reason, by: 'editor' } };
      const [retracted] = (await dryRun(`/records/${said}/retract`, REASON)).records;
      expect(retracted).toMatchObject(taken);
      expect(retracted).not.toHaveProperty('fields');
    });
  });

  describe('looks for what may be on file already', () => {
    const PEACE = {
      summary: 'Brazil praises Ecuador',
      speakers: [{ party: 'BRA', kind: 'government' }],
      addressees: [{ party: 'ECU', kind: 'government' }],
    };
    const praise = (otherwise: object = {}) => ({ ...aStatement(source), ...PEACE, speechAct: 'praise', ...otherwise });
    const alike = async (path: string, body: object): Promise<string[]> =>
      (await dryRun(path, body)).lookAlikes.map(({ record }) => record);

    it('records of the same parties and type on overlapping days, the newest first; of another type, parties or time none', async () => {
      const file = (otherwise?: object): Promise<string> => newsroom.file('/statements', praise(otherwise));
      const first = await file({ occurred: '2025-05-02' });
      const second = await file({ occurred: '[2025-05-03..2025-05-20]' });
      await file({ occurred: '2025-05-03', speechAct: 'thank' });
      await file({ occurred: '2025-05-03', addressees: [{ party: 'COL', kind: 'government' }] });
      await file({ occurred: '2025-06-01' });
      const gone = await file({ occurred: '2025-05-03' });
      await newsroom.post(`/records/${gone}/retract`, REASON);
      expect(await alike('/statements', praise({ occurred: '2025-05' }))).toEqual([second, first]);
      expect(await alike('/statements', praise({ occurred: '2025-05-05' }))).toEqual([second]);
      expect(await alike('/statements', praise({ occurred: '2025-07' }))).toEqual([]);
      expect(await alike(`/records/${first}/queries`, { question: 'Who said so?' })).toEqual([]);
    });

    it('sanctions with a measure in common, meetings of the same format, and the same acts', async () => {
      const on = { occurred: '2024-03-01' };
      const tariff = await newsroom.file('/sanctions', { ...aSanction(source), ...on, measures: ['tariff', 'embargo'] });
      const meeting = await newsroom.file('/meetings', { ...aMeeting(source), ...on });
      const action = await newsroom.file('/actions', { ...anAction(source), ...on });
      expect(await alike('/sanctions', { ...aSanction(source), ...on, measures: ['visa-restriction', 'tariff'] })).toEqual([tariff]);
      expect(await alike('/sanctions', { ...aSanction(source), ...on, measures: ['visa-restriction'] })).toEqual([]);
      expect(await alike('/meetings', { ...aMeeting(source), ...on })).toEqual([meeting]);
      expect(await alike('/meetings', { ...aMeeting(source), ...on, format: 'phone' })).toEqual([]);
      expect(await alike('/actions', { ...anAction(source), ...on })).toEqual([action]);
      expect(await alike('/actions', { ...anAction(source), ...on, act: 'exercise' })).toEqual([]);
    });

    it('ten of them at most', async () => {
      const entries = Array.from({ length: 12 }, (_, i) => ({ command: 'MakeStatement', ...praise({ occurred: `2024-02-${10 + i}` }) }));
      const { results } = (await newsroom.post('/articles', { source, entries })).body as { results: { id: string }[] };
      const newest = results.map(({ id }) => id).toReversed();
      expect(await alike('/statements', praise({ occurred: '2024-02' }))).toEqual(newest.slice(0, 10));
    });
  });
});
