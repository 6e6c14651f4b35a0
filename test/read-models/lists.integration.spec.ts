import { PARTIES } from '../../src/domain/party.js';
import { anAction, aMeeting, anEnd, aSanction, aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from './reading.js';

const NOW = '2026-03-01';
const TRUMP = { party: 'USA', name: 'Donald Trump', role: 'President', kind: 'person' };
const PETRO = { party: 'COL', name: 'Gustavo Petro', role: 'President', kind: 'person' };
const VENEZUELA = { party: 'VEN', kind: 'government' };
const KILLED = { measure: 'killed', min: 83, wording: 'at least 83', scope: { text: 'in how many strikes is unclear', ambiguous: true } };

interface Page<T> {
  items: T[];
  next: string | null;
}

interface Item extends Record<string, unknown> {
  record: string;
  relationships: { key: string; role: string }[];
}

describe('the lists across relationships', () => {
  let newsroom: ReadNewsroom;
  let source: string;
  const ids: Record<string, string> = {};
  /** The position at which each thing was done. */
  const at: Record<string, string> = {};

  const post = async (name: string, path: string, body: object): Promise<string> => {
    const answer = (await newsroom.post(path, body)).body;
    at[name] = String(answer['position']);
    return String(answer['id']);
  };
  const say = async (name: string, otherwise: object): Promise<void> => {
    ids[name] = await post(name, '/statements', { ...aStatement(source), summary: name, ...otherwise });
  };
  const ask = async <L = Page<Item>>(path: string, query: Query = {}): Promise<L> => {
    const { status, body } = await newsroom.get(path, { asOf: NOW, ...query });
    expect([path, query, status, body]).toEqual([path, query, 200, expect.anything()]);
    return body as L;
  };
  const nameOf = (record: string): string => Object.keys(ids).find((name) => ids[name] === record) ?? record;
  const listed = async (path: string, query: Query = {}): Promise<string[]> =>
    (await ask(path, query)).items.map(({ record }) => nameOf(record));
  const paged = async (path: string, query: Query): Promise<string[]> => {
    const told: Item[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Item> = await ask(path, { ...query, ...(cursor !== null && { cursor }) });
      told.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return told.map((item) => JSON.stringify(item));
  };
  const justBefore = (name: string): Query => ({ knownAt: `position:${BigInt(at[name]!) - 1n}` });

  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    source = await newsroom.file('/sources', aSource);
    const toVenezuela = { speakers: [TRUMP], addressees: [VENEZUELA] };
    await say('the threat', { occurred: '2026-01-05', topics: ['drug-trafficking'] });
    await say('the request', { occurred: '2026-01-07', speechAct: 'request', modality: 'actual', speakers: [PETRO], addressees: [TRUMP] });
    await say('the offer', { occurred: '2026-01-07', speechAct: 'offer', modality: 'actual', ...toVenezuela });
    await say('the claim', { occurred: '2025-12-01', speechAct: 'accuse', modality: 'actual', quantities: [KILLED], ...toVenezuela });
    await say('the denial', {
      occurred: '2025-12-02',
      speechAct: 'deny',
      modality: 'actual',
      speakers: [VENEZUELA],
      addressees: [TRUMP],
      links: [{ rel: 'denies', to: ids['the claim'] }],
      quantities: [{ measure: 'boats', min: 20, max: 20, wording: '20 boats' }],
    });
    await say('the word', { occurred: '2026-01-04', speechAct: 'accuse', modality: 'actual', topics: ['drug-trafficking', 'sanctions'] });
    await say('the answer', {
      occurred: '2026-01-06',
      speechAct: 'deny',
      modality: 'actual',
      speakers: [PETRO],
      addressees: [TRUMP],
      links: [{ rel: 'denies', to: ids['the word'] }],
    });
    await post('the query', `/records/${ids['the claim']}/queries`, { question: 'Who counted?' });
    await post('another query', `/records/${ids['the word']}/queries`, { question: 'Where?' });
    await post('asked of the source', `/records/${source}/queries`, { question: 'Which edition?' });
    await post('answered', `/records/${ids['the word']}/queries/1/answer`, { answer: 'In Washington' });
    await post('granted', `/statements/${ids['the request']}/settle`, { ...anEnd(source), outcome: 'granted', on: '2026-02-03' });
    await post('withdrawn', `/statements/${ids['the word']}/settle`, { ...anEnd(source), outcome: 'withdrawn', on: '2026-02-10' });
  });
  afterAll(() => newsroom.close());

  describe('/statements', () => {
    it('has every statement, the latest first, with who said it to whom, and its relationships', async () => {
      expect(await listed('/statements')).toEqual([
        'the offer',
        'the request',
        'the answer',
        'the threat',
        'the word',
        'the denial',
        'the claim',
      ]);
      const { items } = await ask('/statements', { speechAct: 'request' });
      expect(items).toMatchObject([
        {
          record: ids['the request'],
          life: 'settled',
          relationships: [{ key: 'COL-USA', role: 'primary' }],
          speechAct: 'request',
          modality: 'actual',
          by: [PETRO],
          to: [TRUMP],
          on: { earliest: '2026-01-07', latest: '2026-01-07' },
          due: null,
          summary: 'the request',
          open: false,
          citations: [{ source, publisher: aSource.publisher }, { source }],
        },
      ]);
    });

    it('can be narrowed by what is open, by the sort of statement, its speaker, its modality and its relationship', async () => {
      const narrowed: [Query, string[]][] = [
        [{ open: 'true' }, ['the offer', 'the threat']],
        [{ open: 'true', relationship: 'COL-USA' }, ['the threat']],
        [{ open: 'false', relationship: 'COL-USA' }, ['the request', 'the answer', 'the word']],
        [{ speechAct: 'deny' }, ['the answer', 'the denial']],
        [{ speaker: 'VEN' }, ['the denial']],
        [{ speaker: 'COL', speechAct: 'deny' }, ['the answer']],
        [{ modality: 'hypothetical' }, ['the threat']],
        [{ relationship: 'USA-VEN' }, ['the offer', 'the denial', 'the claim']],
        [{ relationship: 'COL-VEN' }, []],
      ];
      for (const [query, expected] of narrowed) expect([query, await listed('/statements', query)]).toEqual([query, expected]);
    });

    it('tells what was open on a day, as it was known then', async () => {
      expect(await listed('/statements', { open: 'true', asOf: '2026-02-02' })).toEqual(['the offer', 'the request', 'the threat']);
      expect(await listed('/statements', { open: 'true', asOf: '2026-01-06' })).toEqual(['the threat']);
      expect(await listed('/statements', { open: 'true', ...justBefore('granted') })).toContain('the request');
      expect(await listed('/statements', justBefore('the offer'))).toEqual(['the request', 'the threat']);
      expect(await listed('/statements', { asOf: '2025-12-01' })).toEqual(['the claim']);
    });

    it.each<[string, Query]>([
      ['/statements', {}],
      ['/statements', { open: 'true' }],
      ['/statements', { speaker: 'USA' }],
      ['/quantities', {}],
      ['/queries', {}],
      ['/disputes', {}],
    ])('is read in pages that neither skip nor repeat, and so is every list: %s %j', async (path, query) => {
      const whole = await paged(path, { ...query, limit: 500 });
      expect(whole.length).toBeGreaterThan(1);
      for (const limit of [1, 2]) expect(await paged(path, { ...query, limit })).toEqual(whole);
    });

    it('goes on with the next of the targets of one sanction where a page ended among them', async () => {
      const targets = ['wife', 'son', 'minister'].map((id) => ({ id, party: 'COL', descriptor: `his ${id}`, kind: 'person' }));
      ids['the sanction'] = await post('the sanction', '/sanctions', { ...aSanction(source), targets });
      ids['of others'] = await post('of others', '/sanctions', { ...aSanction(source), occurred: '2025-11', targets: targets.slice(0, 2) });
      const queries: Query[] = [{}, { inForce: 'true' }];
      for (const query of queries) {
        const whole = await paged('/sanctions', { ...query, limit: 500 });
        expect(whole).toHaveLength(5);
        for (const limit of [1, 2, 3]) expect(await paged('/sanctions', { ...query, limit })).toEqual(whole);
      }
    });
  });

  describe('/disputes', () => {
    interface Dispute {
      open: boolean;
      about: string | null;
      positions: { record: string }[];
      relationships: { key: string; role: string }[];
    }
    const disputes = async (query: Query = {}): Promise<[string[], boolean][]> =>
      (await ask<Page<Dispute>>('/disputes', query)).items.map(({ positions, open }) => [
        positions.map(({ record }) => nameOf(record)),
        open,
      ]);
    const COCAINE = ['the word', 'the answer'];
    const BOATS = ['the claim', 'the denial'];

    it('has those that are open, and those that fell apart when a speaker withdrew, with all their positions', async () => {
      expect(await disputes()).toEqual([
        [COCAINE, false],
        [BOATS, true],
      ]);
      expect(await disputes({ open: 'true' })).toEqual([[BOATS, true]]);
      expect(await disputes({ open: 'false' })).toEqual([[COCAINE, false]]);
      expect((await ask<Page<Dispute>>('/disputes', { open: 'true' })).items).toMatchObject([
        { about: null, since: { latest: '2025-12-02' }, relationships: [{ key: 'USA-VEN', role: 'primary' }] },
      ]);
    });

    it('tells what was in dispute on a day, as it was known then', async () => {
      expect(await disputes({ asOf: '2026-02-09' })).toEqual([
        [COCAINE, true],
        [BOATS, true],
      ]);
      expect(await disputes({ asOf: '2026-01-05' })).toEqual([[BOATS, true]]);
      expect(await disputes({ ...justBefore('withdrawn'), open: 'false' })).toEqual([]);
      expect(await disputes(justBefore('the denial'))).toEqual([]);
    });

    it('can be narrowed to those with a position in one relationship', async () => {
      expect(await disputes({ relationship: 'USA-VEN' })).toEqual([[BOATS, true]]);
      expect(await disputes({ relationship: 'COL-USA' })).toEqual([[COCAINE, false]]);
      expect(await disputes({ relationship: 'COL-VEN' })).toEqual([]);
    });
  });

  describe('/quantities', () => {
    it('has each number with its wording, its scope and who counted', async () => {
      const { items } = await ask('/quantities', { measure: 'killed' });
      expect(items).toMatchObject([
        {
          record: ids['the claim'],
          measure: 'killed',
          min: 83,
          max: null,
          wording: 'at least 83',
          scope: { text: 'in how many strikes is unclear', ambiguous: true },
          countedBy: 'not stated',
          relationships: [{ key: 'USA-VEN', role: 'primary' }],
        },
      ]);
    });

    it('can be narrowed by measure, relationship and day, as known then', async () => {
      const measures = async (query: Query): Promise<unknown[]> => (await ask('/quantities', query)).items.map(({ measure }) => measure);
      expect(await measures({})).toEqual(['boats', 'killed']);
      expect(await measures({ relationship: 'COL-USA' })).toEqual([]);
      expect(await measures({ asOf: '2025-12-01' })).toEqual(['killed']);
      expect(await measures(justBefore('the denial'))).toEqual(['killed']);
    });
  });

  describe('/queries', () => {
    it('has what editors asked, the one asked last first, with the answers', async () => {
      const { items } = await ask('/queries');
      expect(items).toMatchObject([
        { record: source, n: 1, question: 'Which edition?', open: true, answer: null, relationships: [] },
        { record: ids['the word'], n: 1, question: 'Where?', open: false, answer: 'In Washington' },
        { record: ids['the claim'], n: 1, question: 'Who counted?', open: true, since: expect.stringContaining('T') },
      ]);
    });

    it('can be narrowed by what is open, by relationship and day, as known then', async () => {
      expect(await listed('/queries', { open: 'true' })).toEqual([source, 'the claim']);
      expect(await listed('/queries', { open: 'false' })).toEqual(['the word']);
      expect(await listed('/queries', { relationship: 'USA-VEN' })).toEqual(['the claim']);
      expect(await listed('/queries', { asOf: '2025-12-31' })).toEqual([source, 'the claim']);
      expect(await listed('/queries', { open: 'true', ...justBefore('answered') })).toEqual([source, 'the word', 'the claim']);
    });
  });

  describe('what can be named', () => {
    it('/parties has every party, by code, with its kind and members', async () => {
      const { items } = await ask<Page<{ code: string }>>('/parties', { limit: 500 });
      expect(items.map(({ code }) => code)).toEqual([...PARTIES.keys()].toSorted());
      const found = (code: string) => items.find((item) => item.code === code);
      expect(found('COL')).toMatchObject({ name: 'Colombia', kind: 'country', members: [] });
      expect(found('EU')).toMatchObject({ kind: 'organisation', members: expect.arrayContaining(['FRA', 'DEU']) });
      expect((await ask('/parties', { limit: 2 })).items).toHaveLength(2);
    });

    it('/actors has who acts or speaks, with roles and how many records, and finds them whatever their case and accents', async () => {
      ids['the visit'] = await post('the visit', '/meetings', aMeeting(source));
      await post('styled', '/statements', {
        ...aStatement(source),
        speakers: [{ party: 'COL', name: 'Gustavo Petro', asStyled: 'el señor presidente', kind: 'person' }],
        addressees: [TRUMP],
      });
      const { items } = await ask('/actors', { q: 'PETRO' });
      expect(items).toEqual([
        { party: 'COL', name: 'Gustavo Petro', kind: 'person', roles: ['President', 'el señor presidente'], records: 4 },
      ]);
      expect((await ask('/actors', { q: 'senor' })).items).toEqual(items);
      const [first, ...others] = (await ask('/actors')).items;
      expect(first).toMatchObject({ party: 'USA', name: 'Donald Trump', records: 5 });
      expect(others).toContainEqual({ party: 'VEN', name: null, kind: 'government', roles: [], records: 1 });
      expect((await ask('/actors', { q: 'petro', ...justBefore('the request') })).items).toEqual([]);
      expect((await ask('/actors', { q: 'petro', asOf: '2026-01-06' })).items).toMatchObject([{ records: 2 }]);
    });

    it('/topics has the topics on file, the one with the most records first', async () => {
      const [drugs, sanctions] = ['drug-trafficking', 'sanctions'];
      expect((await ask('/topics')).items).toEqual([
        { topic: drugs, records: 2 },
        { topic: sanctions, records: 1 },
      ]);
      expect((await ask('/topics', { asOf: '2026-01-04' })).items).toEqual([
        { topic: drugs, records: 1 },
        { topic: sanctions, records: 1 },
      ]);
      expect((await ask('/topics', justBefore('the word'))).items).toEqual([{ topic: drugs, records: 1 }]);
    });
  });

  describe('what was retracted', () => {
    it('is in none of them, but for who asks what was known before', async () => {
      ids['the camp'] = await post('the camp', '/actions', { ...anAction(source), topics: ['troops'], quantities: [KILLED] });
      await post('asked', `/records/${ids['the camp']}/queries`, { question: 'Where?' });
      await post('retracted', `/records/${ids['the camp']}/retract`, { reason: 'it was an exercise' });
      await post('claim retracted', `/records/${ids['the claim']}/retract`, { reason: 'it was never said' });
      const lists = ['/actions', '/quantities', '/queries', '/statements'];
      for (const path of lists) for (const name of ['the camp', 'the claim']) expect(await listed(path)).not.toContain(name);
      expect(await listed('/disputes', { open: 'true' })).toEqual([]);
      expect((await ask('/topics')).items).not.toContainEqual(expect.objectContaining({ topic: 'troops' }));
      const before = justBefore('retracted');
      expect(await listed('/actions', { standing: 'true', ...before })).toEqual(['the camp']);
      expect((await listed('/quantities', { measure: 'killed', ...before })).toSorted()).toEqual(['the camp', 'the claim']);
      expect(await listed('/queries', { open: 'true', ...before })).toEqual(['the camp', source, 'the claim']);
      expect((await ask('/disputes', { open: 'true', ...before })).items).toHaveLength(1);
    });
  });
});
