import { act, ask, before, type Impact as Told } from '../acceptance/asking.js';
import { aMeeting, aSanction, aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from './reading.js';

interface Impact extends Omit<Told, 'effects' | 'alsoAffected'> {
  effects: { relationship: string; before: number | null; after: number | null; delta: number }[];
  alsoAffected: { record: string; why: string; summary: string | null }[];
  alsoAffectedCount: number;
}

const KEYS = ['COL-USA', 'USA-VEN'];
const NOW = '2026-03-01';
const REASON = { reason: 'it was about something else' };
const VENEZUELA = [{ party: 'VEN', kind: 'government' }];

describe('what would change if a record fell', () => {
  let newsroom: ReadNewsroom;
  let source: string;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', aSource);
    await newsroom.file('/meetings', aMeeting(source));
  });
  afterAll(() => newsroom.close());

  const say = (otherwise: object = {}): Promise<string> => newsroom.file('/statements', { ...aStatement(source), ...otherwise });
  const aWire = (): Promise<string> => newsroom.file('/sources', { publisher: 'Another wire', title: 'What another wire tells' });
  const impactOf = (record: string, query: Query = {}): Promise<Impact> =>
    ask(newsroom, `/records/${record}/impact`, { asOf: NOW, ...query });
  const tension = async (key: string, query: Query = {}): Promise<number | null> =>
    (await newsroom.state(key, { asOf: NOW, ...query })).tension.value;
  const why = async (record: string): Promise<Map<string, string>> =>
    new Map((await impactOf(record)).alsoAffected.map((other) => [other.record, other.why]));
  /** Retracts the record, and expects the state to be what was told before. */
  const expectAsTold = async (record: string, call: string, body: object = REASON): Promise<void> => {
    const was = await Promise.all(KEYS.map((key) => tension(key)));
    const { effects } = await impactOf(record);
    await newsroom.post(call, body);
    for (const [i, key] of KEYS.entries()) {
      const {
        before: told,
        after,
        delta,
      } = effects.find(({ relationship }) => relationship === key) ?? { before: was[i], after: was[i], delta: 0 };
      expect([key, told, after]).toEqual([key, was[i], await tension(key)]);
      expect(delta).toBe((after ?? 0) - (told ?? 0));
    }
  };

  it('is the tension as it is and as it then would be, in each of its relationships, the largest change first', async () => {
    const sanction = await newsroom.file('/sanctions', {
      ...aSanction(source),
      targets: [...aSanction(source).targets, { id: 'minister', party: 'VEN', descriptor: 'a minister', kind: 'person' }],
    });
    // Where there is more conflict beside it, the same sanction weighs less.
    await say({ occurred: '2026-02-27' });
    const { effects } = await impactOf(sanction);
    expect(effects.map(({ relationship }) => relationship)).toEqual(['USA-VEN', 'COL-USA']);
    for (const { delta } of effects) expect(delta).toBeLessThan(0);
    await expectAsTold(sanction, `/records/${sanction}/retract`);
  });

  it('is null where nothing that counts would be left', async () => {
    const only = await say({ addressees: [{ party: 'BRA', kind: 'government' }] });
    const value = await tension('BRA-USA');
    expect((await impactOf(only)).effects).toEqual([{ relationship: 'BRA-USA', before: value, after: null, delta: -value! }]);
  });

  it('is told of a day: before it happened, nothing moves, but the record is gone from where it was listed', async () => {
    const id = await say({ occurred: '2026-02-20' });
    expect((await impactOf(id, { asOf: '2026-02-19' })).effects).toMatchObject([{ relationship: 'COL-USA', delta: 0 }]);
    expect((await impactOf(id)).effects[0]!.delta).not.toBe(0);
  });

  it('is nothing for what has fallen already', async () => {
    const id = await say();
    const denial = await say({ speechAct: 'deny', links: [{ rel: 'denies', to: id }] });
    const retracted = await act(newsroom, id, 'retract', REASON);
    expect(await impactOf(id)).toMatchObject({ record: id, effects: [], alsoAffected: [], alsoAffectedCount: 0 });
    expect(await impactOf(id, { knownAt: before(retracted) })).toMatchObject({
      effects: [{ relationship: 'COL-USA' }],
      alsoAffected: [{ record: denial }],
    });
  });

  it('is, at an earlier moment, what it would have been then', async () => {
    const threat = await say();
    const then = `position:${(await newsroom.state('COL-USA')).position}`;
    const at = { knownAt: then };
    const known = await impactOf(threat, at);
    expect(known).toMatchObject({ ...at, asOf: NOW, position: then.slice(9), alsoAffected: [] });
    await say({ speechAct: 'condemn', links: [{ rel: 'respondsTo', to: threat }] });
    await newsroom.post(`/records/${threat}/correct`, { patch: { speechAct: 'praise' }, kind: 'correction', ...REASON });
    expect(await impactOf(threat, at)).toEqual(known);
    const { effects, alsoAffected } = await impactOf(threat);
    expect([effects[0]!.delta > 0, alsoAffected.length]).toEqual([true, 1]);
  });

  it('lets count what only repeated it', async () => {
    const first = await say({ occurred: '2026-02-01' });
    await say({ occurred: '2026-02-10', links: [{ rel: 'repeats', to: first }] });
    expect((await impactOf(first)).effects[0]!.delta).toBeGreaterThan(0);
    await expectAsTold(first, `/records/${first}/retract`);
  });

  describe('names what else it would reach, and why', () => {
    it('what is linked to it, and what has a date that follows it', async () => {
      const said = await say();
      const rels = ['about', 'respondsTo', 'denies', 'confirms', 'contradicts', 'repeats', 'summarises', 'partOf', 'followUpOf', 'context'];
      const linked = await Promise.all(rels.map((rel) => say({ links: [{ rel, to: said }] })));
      const dayBefore = await say({
        summary: 'He warned them the day before',
        occurred: { relativeTo: { record: said, minDays: -1, maxDays: -1 } },
      });
      const whys = await why(said);
      expect(linked.map((id) => whys.get(id))).toEqual([
        'about it',
        'responds to it',
        'denies it',
        'confirms it',
        'contradicts it',
        'repeats it',
        'summarises it',
        'part of it',
        'follows it up',
        'linked to it as context',
      ]);
      expect((await impactOf(said)).alsoAffected).toContainEqual({
        record: dayBefore,
        why: 'date follows',
        summary: 'He warned them the day before',
      });
      expect((await impactOf(said)).alsoAffectedCount).toBe(11);
    });

    it('what it is linked to itself', async () => {
      const said = await say();
      const denial = await say({ speechAct: 'deny', links: [{ rel: 'denies', to: said }] });
      expect(await why(denial)).toEqual(new Map([[said, 'denied by it']]));
      expect(await why(said)).toEqual(new Map([[denial, 'denies it']]));
    });

    it('not what was unlinked, or was retracted itself', async () => {
      const said = await say();
      const links = [{ rel: 'denies', to: said }];
      const [unlinked, retracted] = [await say({ links }), await say({ links })];
      await newsroom.service.call('DELETE', `/records/${unlinked}/links/1`);
      await act(newsroom, retracted, 'retract', REASON);
      expect(await why(said)).toEqual(new Map());
    });
  });

  describe('of a source', () => {
    it('is what loses its only support; what rests on another one too keeps its score', async () => {
      const wire = await aWire();
      const alone = await say({ citations: [{ source: wire }] });
      const both = await say({ citations: [{ source: wire }, { source }] });
      const elsewhere = await say({ addressees: VENEZUELA, citations: [{ source: wire }] });
      const { effects, alsoAffected, alsoAffectedCount } = await impactOf(wire);
      expect(effects.map(({ relationship }) => relationship).toSorted()).toEqual(KEYS);
      expect([alsoAffected, alsoAffectedCount]).toEqual([
        [elsewhere, both, alone].map((record) => ({ record, why: 'rests on it', summary: aStatement(wire).summary })),
        3,
      ]);
      await expectAsTold(wire, `/sources/${wire}/withdraw`);
      expect((await impactOf(wire)).effects).toEqual([]);
      await newsroom.post(`/records/${both}/retract`, REASON);
      expect((await impactOf(wire)).alsoAffectedCount).toBe(2);
    });

    it('is also what falls with another that has fallen before', async () => {
      const [wire, other] = [await aWire(), await aWire()];
      await say({ citations: [{ source: wire }, { source: other }] });
      expect((await impactOf(wire)).effects).toEqual([]);
      await newsroom.post(`/sources/${other}/grade`, { reliability: 'F', credibility: 6, ...REASON });
      expect((await impactOf(wire)).effects).toMatchObject([{ relationship: 'COL-USA' }]);
      await expectAsTold(wire, `/records/${wire}/retract`);
    });

    it('names the newest fifty of the records that rest on it, and says how many there are', async () => {
      const wire = await aWire();
      const { citations: _, ...said } = aStatement('');
      const entries = Array.from({ length: 52 }, () => ({ command: 'MakeStatement', ...said }));
      const { results } = (await newsroom.post('/articles', { source: wire, entries })).body as { results: { id: string }[] };
      const { alsoAffected, alsoAffectedCount } = await impactOf(wire);
      expect(alsoAffected.map(({ record }) => record)).toEqual(
        results
          .map(({ id }) => id)
          .toReversed()
          .slice(0, 50),
      );
      expect(alsoAffectedCount).toBe(52);
    });
  });

  it.each(['statement-0190c0de-0000-7000-8000-000000000001', 'nothing', 'a%20b'])(
    'is not there for what is not on file: %s',
    async (id) => {
      const { status, body } = await newsroom.get(`/records/${id}/impact`);
      expect([status, body['code']]).toEqual([404, 'record-unknown']);
    },
  );

  it('says when it was computed, and refuses what it does not know', async () => {
    const { headers, body, status } = await newsroom.get(`/records/${source}/impact`);
    expect([status, headers.get('entente-log')]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(body).toMatchObject({ asOf: expect.any(String), knownAt: expect.any(String), position: expect.stringMatching(/^\d+$/) });
    const refused = await newsroom.get(`/records/${source}/impact`, { step: 2 });
    expect([refused.status, refused.body['code']]).toEqual([400, 'parameter-unknown']);
  });
});
