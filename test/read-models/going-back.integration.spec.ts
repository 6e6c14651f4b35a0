import { randomUUID } from 'node:crypto';
import { HistoryHandler, HistoryQuery } from '../../src/read-models/history.query.js';
import { Beliefs } from '../../src/read-models/beliefs.js';
import { Progress, Views } from '../../src/read-models/views.js';
import { Newsroom } from '../commands/newsroom.js';
import { aHolding, aMeeting, aSource, aStatement } from '../http/bodies.js';
import { ProjectedLog } from '../projection/projected-log.js';
import type { CallOptions } from '../support/http-service.js';
import { ReadNewsroom, type Query } from './reading.js';

const REMARK = 'remark of an editor';
const VENEZUELA = { party: 'VEN', kind: 'government' };
const why = (reason: string) => ({ reason });

interface Told {
  version: number;
  position: string;
  type: string;
  recordedAt: string;
  by: string;
  data: Record<string, unknown>;
  changes?: { pointer: string; before?: unknown; after?: unknown }[];
}

interface Correction {
  record: string;
  type: string;
  position: string;
  recordedAt: string;
  changes?: object[];
}

describe('what the newsroom went back on', () => {
  let newsroom: ReadNewsroom;
  let [wire, paper] = ['', ''];
  /** Said between Colombia and the United States, and between the United States and Venezuela. */
  let [claim, other, meeting] = ['', '', ''];
  /** The position at which each thing was done. */
  const at: Record<string, string> = {};

  const post = async (name: string, path: string, body: object): Promise<void> => {
    at[name] = String((await newsroom.post(path, body)).body['position']);
  };
  const ask = async <T>(path: string, query: Query = {}, options?: CallOptions): Promise<T> => {
    const { status, body } = await newsroom.get(path, query, options);
    expect([path, status, body]).toEqual([path, 200, expect.anything()]);
    return body as T;
  };
  const justBefore = (name: string): string => `position:${BigInt(at[name]!) - 1n}`;

  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    wire = await newsroom.file('/sources', { ...aSource, note: REMARK });
    paper = await newsroom.file('/sources', { publisher: 'Another paper', title: 'They met' });
    claim = await newsroom.file('/statements', { ...aStatement(wire), note: REMARK });
    const links = [{ rel: 'denies', to: claim, note: REMARK }];
    other = await newsroom.file('/statements', { ...aStatement(paper), addressees: [VENEZUELA], links });
    meeting = await newsroom.file('/meetings', aMeeting(wire));
    await post('held', `/meetings/${meeting}/hold`, { ...aHolding(paper), note: REMARK });
    await post('corrected', `/records/${claim}/correct`, {
      patch: { summary: 'A threat', note: `another ${REMARK}` },
      kind: 'clarification',
      approvedBy: 'the foreign editor',
      citations: [{ source: paper, locator: 'p. 1' }],
      ...why('the transcript says so'),
    });
    await post('remarked', `/records/${claim}/correct`, { patch: { note: null }, kind: 'update', ...why('the remark is dealt with') });
    await post('cited', `/records/${claim}/citations`, { source: paper });
    await post('step corrected', `/records/${meeting}/correct`, { step: 2, patch: { on: '2026-02-04' }, kind: 'typo', ...why('misread') });
    await post('step retracted', `/records/${meeting}/retract`, { step: 2, ...why('they did not meet') });
    await newsroom.service.call('DELETE', `/records/${other}/links/1`, { reason: 'it does not deny that' });
    await post('retracted', `/records/${other}/retract`, why('the speaker was somebody else'));
  });
  afterAll(() => newsroom.close());

  describe('the history of a record', () => {
    const history = async (id: string, query?: Query, options?: CallOptions): Promise<Told[]> =>
      (await ask<{ items: Told[] }>(`/records/${id}/history`, query, options)).items;

    it('tells every event as it was filed, with who, when and why, and of a correction what it changed', async () => {
      const told = await history(claim);
      expect(told.map(({ version, type, by }) => [version, type, by])).toEqual([
        [1, 'StatementMade', 'editor'],
        [2, 'RecordCorrected', 'editor'],
        [3, 'RecordCorrected', 'editor'],
        [4, 'SourceCited', 'editor'],
      ]);
      expect(told[0]!.data).toMatchObject({ summary: aStatement(wire).summary, occurred: { earliest: '2026-01-05' } });
      expect(told[1]).toMatchObject({
        position: at['corrected'],
        data: { kind: 'clarification', reason: 'the transcript says so', approvedBy: 'the foreign editor' },
        changes: [{ pointer: '/summary', before: aStatement(wire).summary, after: 'A threat' }],
      });
      expect(told[1]!.data).not.toHaveProperty('changes');
      expect(Date.parse(told[1]!.recordedAt)).toBeGreaterThanOrEqual(Date.parse(told[0]!.recordedAt));
    });

    it('names with each citation its source', async () => {
      const told = await history(claim);
      const [filed, corrected, , cited] = told.map(({ data }) => data);
      expect(filed!['citations']).toMatchObject([{ source: wire, publisher: aSource.publisher, publishedAt: aSource.publishedAt }]);
      expect(corrected!['citations']).toMatchObject([{ source: paper, locator: 'p. 1', publisher: 'Another paper' }]);
      expect(cited).toMatchObject({ source: paper, publisher: 'Another paper', title: 'They met' });
    });

    it('tells which step an event is about, and keeps what was retracted', async () => {
      const told = await history(meeting);
      expect(told.map(({ type, data }) => [type, data['step']])).toEqual([
        ['MeetingScheduled', undefined],
        ['MeetingHeld', undefined],
        ['RecordCorrected', 2],
        ['RecordRetracted', 2],
      ]);
      expect(told[2]!.changes).toMatchObject([{ pointer: '/on', before: { latest: '2026-02-03' }, after: { latest: '2026-02-04' } }]);
      expect((await history(other)).map(({ type }) => type)).toEqual(['StatementMade', 'RecordsUnlinked', 'RecordRetracted']);
    });

    it('ends where it was known, and begins with the first event', async () => {
      expect(await history(claim, { knownAt: justBefore('corrected') })).toEqual((await history(claim)).slice(0, 1));
      expect(await history(claim, { knownAt: `position:${at['corrected']}` })).toHaveLength(2);
      expect(await history(claim, { asOf: '2020-01-01' })).toHaveLength(4);
      const { status, body } = await newsroom.get(`/records/${claim}/history`, { knownAt: 'position:2' });
      expect([status, body['code']]).toEqual([404, 'record-unknown']);
    });

    it('keeps the remarks of editors, and what was changed about them, to those who file', async () => {
      for (const id of [wire, claim, other, meeting]) {
        expect(JSON.stringify(await history(id))).not.toContain(REMARK);
        expect(JSON.stringify(await history(id, {}, { as: 'reporter' }))).toContain(REMARK);
      }
      const [, both, remark] = await history(claim, {}, { as: 'reporter' });
      expect(both!.changes!.map(({ pointer }) => pointer).toSorted()).toEqual(['/note', '/summary']);
      expect(remark!.changes).toEqual([{ pointer: '/note', before: `another ${REMARK}` }]);
      expect((await history(claim))[2]!.changes).toEqual([]);
    });
  });

  describe('the log of corrections', () => {
    const log = async (query?: Query): Promise<Correction[]> => (await ask<{ items: Correction[] }>('/corrections', query)).items;
    const types = async (query: Query): Promise<string[]> => (await log(query)).map(({ type }) => type);

    it('tells what was corrected, retracted and unlinked, the newest first, with why and by whom', async () => {
      expect(await log()).toMatchObject([
        { record: other, type: 'RecordRetracted', reason: 'the speaker was somebody else', by: 'editor', position: at['retracted'] },
        { record: other, type: 'RecordsUnlinked', reason: 'it does not deny that', n: 1, rel: 'denies', to: claim },
        { record: meeting, type: 'RecordRetracted', step: 2, reason: 'they did not meet' },
        { record: meeting, type: 'RecordCorrected', step: 2, kind: 'typo', changes: [{ pointer: '/on' }] },
        { record: claim, type: 'RecordCorrected', kind: 'update', changes: [] },
        {
          record: claim,
          type: 'RecordCorrected',
          kind: 'clarification',
          approvedBy: 'the foreign editor',
          changes: [{ pointer: '/summary', before: aStatement(wire).summary, after: 'A threat' }],
        },
      ]);
    });

    it('never has the remarks of editors in it, whoever reads', async () => {
      for (const as of ['reader', 'admin'] as const) expect(JSON.stringify(await ask('/corrections', {}, { as }))).not.toContain(REMARK);
    });

    it('begins with an instant or a day, and ends where it was known', async () => {
      const [{ recordedAt }] = (await log({ record: other })) as [Correction];
      expect((await log({ since: recordedAt })).map(({ position }) => position)).toContain(at['retracted']);
      expect(await log({ since: new Date(Date.parse(recordedAt) + 1).toISOString() })).toEqual([]);
      expect(await log({ since: recordedAt.slice(0, 10) })).toHaveLength(6);
      expect(await types({ knownAt: justBefore('remarked') })).toEqual(['RecordCorrected']);
      expect(await log({ knownAt: justBefore('corrected') })).toEqual([]);
    });

    it('can be narrowed to one relationship or one record', async () => {
      const records = async (query: Query) => [...new Set((await log(query)).map(({ record }) => record))];
      expect(await records({ relationship: 'USA-VEN' })).toEqual([other]);
      expect(await records({ relationship: 'COL-USA' })).toEqual([meeting, claim]);
      expect(await records({ relationship: 'COL-VEN' })).toEqual([]);
      expect(await records({ record: meeting })).toEqual([meeting]);
    });

    it('is read in pages that neither skip nor repeat', async () => {
      const told: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: Correction[]; next: string | null } = await ask('/corrections', {
          limit: 4,
          ...(cursor !== null && { cursor }),
        });
        told.push(...page.items.map(({ position }) => position));
        cursor = page.next;
      } while (cursor !== null);
      expect(told).toEqual((await log()).map(({ position }) => position));
    });
  });

  describe('a retracted record', () => {
    it('tells why and by whom it was retracted, and nothing of what it said', async () => {
      const { body } = await newsroom.get(`/records/${other}`);
      expect(body).toMatchObject({
        id: other,
        kind: 'statement',
        version: 3,
        status: { retracted: true },
        retracted: { reason: 'the speaker was somebody else', version: 3, by: 'editor', recordedAt: expect.any(String) },
        relationships: [{ key: 'USA-VEN', role: 'primary' }],
      });
      for (const name of ['fields', 'links', 'citations', 'moves']) expect(body).not.toHaveProperty(name);
      expect(JSON.stringify(body)).not.toContain(aStatement(paper).summary);
    });

    it('is there in full for who asks what was known before', async () => {
      const before = await newsroom.record(other, { knownAt: justBefore('retracted') });
      expect(before).toMatchObject({ status: { retracted: false }, fields: { summary: aStatement(paper).summary }, links: [] });
      const linked = await newsroom.record(other, { knownAt: justBefore('held') });
      expect(linked.links).toEqual([{ n: 1, rel: 'denies', to: claim }]);
    });

    it('links to nothing any more, as a link that was removed', async () => {
      expect((await newsroom.record(claim)).linkedFrom).toEqual([]);
      const before = await newsroom.record(claim, { knownAt: justBefore('corrected') });
      expect(before.linkedFrom).toEqual([{ record: other, n: 1, rel: 'denies' }]);
    });

    it('of which only a step was, is as if that step had never been filed', async () => {
      const now = await newsroom.record(meeting, { asOf: '2026-02-10' });
      expect([now.life, now.fields['held']]).toEqual(['scheduled', undefined]);
      const before = await newsroom.record(meeting, { asOf: '2026-02-10', knownAt: justBefore('step retracted') });
      expect([before.life, before.fields['held']]).toMatchObject(['held', { version: 2, on: { latest: '2026-02-04' } }]);
    });
  });

  describe('a source', () => {
    interface SourceAnswer {
      fields?: Record<string, unknown>;
      withdrawn: boolean;
      retracted: object | null;
      grade: object | null;
      restsOnIt: { record: string; onlySource: boolean; summary: string }[];
      restsOnItCount: number;
      next: string | null;
    }
    const read = (id: string, query?: Query, options?: CallOptions): Promise<SourceAnswer> => ask(`/sources/${id}`, query, options);
    const resting = async (id: string, query?: Query) => {
      const { restsOnIt, restsOnItCount } = await read(id, query);
      expect(restsOnItCount).toBe(restsOnIt.length);
      return new Map(restsOnIt.map(({ record, onlySource }) => [record, onlySource]));
    };

    it('tells what rests on it, the newest first, and what rests on nothing else', async () => {
      const { restsOnIt, ...source } = await read(wire);
      expect(source).toMatchObject({ id: wire, fields: { publisher: aSource.publisher }, grade: null, withdrawn: false, retracted: null });
      expect(restsOnIt).toMatchObject([
        { record: meeting, kind: 'meeting', summary: aMeeting(wire).summary, occurred: { latest: '2026-01-07' }, onlySource: true },
        { record: claim, summary: 'A threat', onlySource: false },
      ]);
    });

    it('bears what cited it by then, and nothing that was retracted', async () => {
      expect(await resting(paper)).toEqual(new Map([[claim, false]]));
      expect(await resting(paper, { knownAt: justBefore('step retracted') })).toEqual(
        new Map([
          [meeting, false],
          [claim, false],
          [other, true],
        ]),
      );
      expect(await resting(paper, { knownAt: justBefore('held') })).toEqual(new Map([[other, true]]));
    });

    it('is read in pages', async () => {
      const first = await read(wire, { limit: 1 });
      const second = await read(wire, { limit: 1, cursor: first.next! });
      expect([first, second].map(({ restsOnIt }) => restsOnIt.map(({ record }) => record))).toEqual([[meeting], [claim]]);
      expect([first.restsOnItCount, second.restsOnItCount, second.next]).toEqual([2, 2, null]);
    });

    it('keeps the remark of its editor to those who file', async () => {
      expect((await read(wire)).fields).not.toHaveProperty('note');
      expect((await read(wire, {}, { as: 'reporter' })).fields).toHaveProperty('note', REMARK);
    });

    it('that is no source, or not yet on file, is unknown', async () => {
      for (const [id, query] of [
        [claim, {}],
        [paper, { knownAt: 'position:1' }],
        ['source-1', {}],
      ] as const) {
        const { status, body } = await newsroom.get(`/sources/${id}`, query);
        expect([status, body['code']]).toEqual([404, 'record-unknown']);
      }
    });

    it('is told with its grade, its withdrawal and its retraction, each from when it was filed', async () => {
      const blog = await newsroom.file('/sources', { publisher: 'A blog' });
      const alone = await newsroom.file('/statements', { ...aStatement(blog), summary: 'Only the blog has it' });
      await post('graded', `/sources/${blog}/grade`, { reliability: 'C', credibility: 3, ...why('often late') });
      await post('withdrawn', `/sources/${blog}/withdraw`, why('taken down'));
      await post('source retracted', `/records/${blog}/retract`, why('never existed'));
      expect(await read(blog, { knownAt: justBefore('graded') })).toMatchObject({ grade: null, withdrawn: false });
      expect(await read(blog, { knownAt: justBefore('source retracted') })).toMatchObject({
        grade: { reliability: 'C', credibility: 3 },
        withdrawn: true,
        retracted: null,
        fields: { publisher: 'A blog' },
        restsOnIt: [{ record: alone, onlySource: true }],
      });
      const now = await read(blog);
      expect(now).toMatchObject({ retracted: { reason: 'never existed', by: 'editor' } });
      expect(now).not.toHaveProperty('fields');
      const { items } = await ask<{ items: Correction[] }>('/corrections', { record: blog });
      expect(items.map(({ type }) => type)).toEqual(['RecordRetracted', 'SourceWithdrawn']);
    });
  });
});

describe('a record with an event of a later version of the service', () => {
  it('tells that event too in its history, as it was stored', async () => {
    const newsroom = new Newsroom();
    await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
    const log = await ProjectedLog.open(await newsroom.store.everything());
    const data = { note: REMARK, deeper: [{ note: REMARK, said: 'something new' }] };
    const copied = { id: randomUUID(), type: 'SourceCopied', schema: 1, data, metadata: { by: 'editor' } };
    await log.store.append({ streams: [{ stream: 'source-wire', expectedVersion: 1, events: [copied] }] });
    await log.project();
    const views = new Views(log.database.pool, log.store, new Progress());
    const handler = new HistoryHandler(views, log.store, new Beliefs(log.database.pool));
    const told = async (withNote: boolean) => (await handler.execute(new HistoryQuery('source-wire', {}, withNote)))?.items;
    expect(await told(true)).toMatchObject([{ type: 'SourceRegistered' }, { version: 2, type: 'SourceCopied', data }]);
    expect((await told(false))![1]!.data).toEqual({ deeper: [{ said: 'something new' }] });
    await log.drop();
  });
});
