import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from '../../src/read-models/changes.query.js';
import { aMeeting, aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from './reading.js';

const PATH = '/relationships/COL-USA/changes';
const ASOF = '2026-01-10';

describe('why a tension changed, over HTTP', () => {
  let newsroom: ReadNewsroom;
  let [wire, threat, meeting] = ['', '', ''];
  /** When everything was on file, and nothing had been gone back on. */
  let [then, thenAt] = ['', ''];
  const ask = async (query: Query): Promise<Changes> => {
    const { status, body } = await newsroom.get(PATH, { asOf: ASOF, ...query });
    expect([status, body]).toEqual([200, expect.anything()]);
    return body as unknown as Changes;
  };
  const problemOf = async (path: string, query: Query): Promise<unknown[]> => {
    const { status, body } = await newsroom.get(path, query);
    return [status, body['code'], body['detail']];
  };

  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    wire = await newsroom.file('/sources', aSource);
    threat = await newsroom.file('/statements', aStatement(wire));
    meeting = await newsroom.file('/meetings', aMeeting(wire));
    const { position } = await newsroom.state('COL-USA');
    then = `position:${position}`;
    await sleep(5);
    thenAt = new Date().toISOString();
    await sleep(5);
  }, 20_000);
  afterAll(() => newsroom.close());

  it('is nothing between a moment and itself, where nothing else is asked', async () => {
    const { from, to, delta, faded, corrected, new: filed, counts } = await ask({});
    expect(from).toEqual(to);
    expect([delta, faded, corrected, filed]).toEqual([0, { delta: 0, parts: [] }, { delta: 0, records: [] }, { delta: 0, records: [] }]);
    expect(counts).toEqual({ corrected: 0, new: 0 });
  });

  it('is told with what each move weighed and weighs, where only days passed', async () => {
    const { from, to, faded, delta } = await ask({ fromAsOf: '2026-01-06' });
    expect([from, to]).toMatchObject([{ asOf: '2026-01-06' }, { asOf: ASOF }]);
    expect(faded.delta).toBe(delta);
    expect(faded.parts).toMatchObject([
      { record: meeting, move: 'meeting-scheduled', score: 2.5, before: 0 },
      { record: threat, move: 'statement-made', on: '2026-01-05', from: 'USA', to: 'COL', score: -3.5, summary: aStatement(wire).summary },
    ]);
  });

  it('is told with why each record is seen differently, and with those that were filed', async () => {
    const praise = await newsroom.file('/statements', { ...aStatement(wire), speechAct: 'praise', modality: 'actual', summary: 'Praise' });
    await newsroom.post(`/records/${threat}/retract`, { reason: 'he did not say so' });
    await newsroom.post(`/records/${meeting}/queries`, { question: 'Where?' });
    const { delta, faded, corrected, new: filed, counts } = await ask({ fromKnownAt: then });
    expect(corrected.records).toMatchObject([
      { record: meeting, why: 'query raised', also: [], role: 'primary', kind: 'meeting', summary: aMeeting(wire).summary },
      { record: threat, why: 'retracted', summary: null, on: null, citations: [], after: { conflict: 0, cooperation: 0 } },
    ]);
    expect(corrected.records[1]!.before.conflict).toBeCloseTo(3.5 * 2 ** (-5 / 30), 12);
    expect(filed.records).toMatchObject([
      { record: praise, score: 5, counts: true, summary: 'Praise', citations: [{ publisher: 'Example Wire' }] },
    ]);
    expect(counts).toEqual({ corrected: 2, new: 1 });
    expect(faded.delta).toBe(0);
    expect(faded.delta + corrected.delta + filed.delta).toBeCloseTo(delta, 12);
  });

  it('since an instant, is since then on both axes; since a day, since it began', async () => {
    const { from, new: filed } = await ask({ asOf: thenAt.slice(0, 10), since: thenAt });
    expect(from).toMatchObject({ asOf: thenAt.slice(0, 10), knownAt: thenAt, position: then.slice('position:'.length) });
    expect(filed.records).toHaveLength(1);
    const day = await ask({ asOf: thenAt.slice(0, 10), since: thenAt.slice(0, 10) });
    expect(day.from).toMatchObject({ asOf: thenAt.slice(0, 10), knownAt: `${thenAt.slice(0, 10)}T00:00:00.000Z`, position: '0' });
  });

  it.each<[string, Query, string]>([
    ['of `since` and of the moment that it is short for', { since: '2026-01-08T09:00:00Z', fromAsOf: '2026-01-08' }, '"since"'],
    ['from a later day', { asOf: '2026-01-08', fromAsOf: '2026-01-09' }, '"fromAsOf"'],
    ['from what was known later', { knownAt: 'position:1', fromKnownAt: 'position:2' }, '"fromKnownAt"'],
    ['since a day that is still to come', { since: '9999-12-31' }, '"since"'],
  ])('is not told %s', async (_, query, named) => {
    expect(await problemOf(PATH, query)).toEqual([400, 'parameter-invalid', expect.stringContaining(named)]);
  });

  it('from a position that the log does not have is refused', async () => {
    expect((await problemOf(PATH, { fromKnownAt: 'position:99999' })).slice(0, 2)).toEqual([400, 'position-unknown']);
  });

  it('names a record that was corrected out of the relationship by the role that it had there', async () => {
    const said = await newsroom.file('/statements', { ...aStatement(wire), summary: 'Meant for Venezuela' });
    const { position } = await newsroom.state('COL-USA');
    const patch = { addressees: [{ party: 'VEN', kind: 'government' }] };
    await newsroom.post(`/records/${said}/correct`, { patch, kind: 'correction', reason: 'it was said to Venezuela' });
    const { corrected } = await ask({ fromKnownAt: `position:${position}` });
    expect(corrected.records).toMatchObject([{ record: said, why: 'corrected', role: 'primary', after: { conflict: 0 } }]);
  });

  it.each([
    ['changes', 'fromKnownAt'],
    ['replay', 'from'],
  ])('%s since a moment that the views have not come to yet wait for it', async (view, since) => {
    for (const question of ['Where?', 'When?', 'Who was there?']) {
      const { body } = await newsroom.post(`/records/${meeting}/queries`, { question: `${question} (${view})` });
      const address = `/relationships/COL-USA/${view}?${since}=position:${String(body['position'])}`;
      expect((await newsroom.service.call('GET', address)).status).toBe(200);
    }
  });

  describe('a replay', () => {
    const open = (query: string, signal?: AbortSignal): Promise<Response> => {
      const { url, keys } = newsroom.service;
      const headers = { authorization: `Bearer ${keys.reader}` };
      return fetch(`${url}/api/v1/relationships/COL-USA/replay?${query}`, { headers, ...(signal && { signal }) });
    };

    it('is a stream of lines, each a JSON object, of one log', async () => {
      const answer = await open(`asOf=${ASOF}&to=${then}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
      expect(answer.headers.get('entente-log')).toMatch(/^[0-9a-f-]{36}$/);
      const lines = (await answer.text()).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
        { type: 'StatementMade', record: threat, state: { phase: { name: 'low', direction: 'rising' }, upcomingMeetings: 0 } },
        { type: 'MeetingScheduled', record: meeting, recordedAt: expect.stringMatching(/Z$/), state: { upcomingMeetings: 1 } },
      ]);
    });

    it('tells of a source what it does to the records that rest on it', async () => {
      const tension = async (): Promise<unknown> => (await newsroom.state('COL-USA', { asOf: ASOF })).tension.value;
      expect(await tension()).not.toBeNull();
      const { body } = await newsroom.post(`/sources/${wire}/grade`, { reliability: 'F', credibility: 6, reason: 'an imported lead' });
      expect(await tension()).toBeNull();
      const lines = (await (await open(`asOf=${ASOF}&from=position:${String(body['position'])}`)).text()).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
        { type: 'SourceGraded', record: wire, state: { tension: null } },
      ]);
    });

    it('ends when the reader hangs up, and the service goes on', async () => {
      const hangingUp = new AbortController();
      const answer = await open(`asOf=${ASOF}`, hangingUp.signal);
      hangingUp.abort();
      await expect(answer.text()).rejects.toThrow();
      const again = await open(`asOf=${ASOF}`);
      expect([again.status, (await again.text()).endsWith('}\n')]).toEqual([200, true]);
    });

    it.each<[string, Query]>([
      ['with two ends', { to: 'position:2', knownAt: 'position:2' }],
      ['that runs backwards', { from: 'position:2', to: 'position:1' }],
    ])('%s is refused', async (_, query) => {
      const [status, code, detail] = await problemOf('/relationships/COL-USA/replay', query);
      expect([status, code, detail]).toEqual([400, 'parameter-invalid', expect.stringContaining('"to"')]);
    });
  });
});
