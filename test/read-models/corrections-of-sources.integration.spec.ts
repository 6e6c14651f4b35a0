import { aSource, aStatement } from '../http/bodies.js';
import { ReadNewsroom, type Query } from './reading.js';

interface Correction {
  record: string;
  type: string;
  position: string;
}

const VENEZUELA = [{ party: 'VEN', kind: 'government' }];
const BRAZIL = [{ party: 'BRA', kind: 'government' }];
const PATCH = { kind: 'correction', reason: 'it was misread' };

describe('the log of corrections of a relationship and the sources of its records', () => {
  let newsroom: ReadNewsroom;
  /** What each source stands for, by its id. */
  const sources = new Map<string, string>();
  const at: Record<string, bigint> = {};

  const aSourceCalled = async (name: string): Promise<string> => {
    const id = await newsroom.file('/sources', { ...aSource, title: name });
    sources.set(id, name);
    return id;
  };
  const post = async (name: string, path: string, body: object): Promise<void> => {
    at[name] = BigInt(String((await newsroom.post(path, body)).body['position']));
  };
  const withdraw = (source: string, name: string): Promise<void> => post(name, `/sources/${source}/withdraw`, { reason: 'made up' });
  const page = async (query: Query): Promise<{ items: Correction[]; next: string | null }> =>
    (await newsroom.get('/corrections', query)).body as never;
  /** What was done to which source, the newest first. */
  const log = async (query: Query): Promise<string[]> =>
    (await page(query)).items.flatMap(({ record, type }) => (sources.has(record) ? [`${type} ${sources.get(record)}`] : []));

  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    const [wire, blog, paper, former, late, elsewhere] = await Promise.all(
      ['wire', 'blog', 'paper', 'former', 'late', 'elsewhere'].map((name) => aSourceCalled(name)),
    );
    await newsroom.file('/statements', aStatement(wire!));
    const affecting = { relationships: [{ key: 'COL-USA', role: 'affected' }] };
    await newsroom.file('/statements', { ...aStatement(blog!), addressees: VENEZUELA, ...affecting });
    await newsroom.file('/statements', { ...aStatement(elsewhere!), addressees: BRAZIL });
    const [fromPaper, fromFormer] = [
      await newsroom.file('/statements', aStatement(paper!)),
      await newsroom.file('/statements', aStatement(former!)),
    ];
    const citesWire = { patch: { citations: [{ source: wire }] }, ...PATCH };
    await newsroom.post(`/records/${fromFormer}/correct`, citesWire);
    await withdraw(former!, 'former withdrawn');
    await withdraw(paper!, 'paper withdrawn');
    await newsroom.post(`/records/${fromPaper}/correct`, citesWire);
    await withdraw(blog!, 'blog withdrawn');
    await withdraw(elsewhere!, 'elsewhere withdrawn');
    await withdraw(wire!, 'wire withdrawn');
    await post('wire retracted', `/records/${wire}/retract`, { reason: 'never existed' });
    await post('late corrected', `/records/${late}/correct`, { patch: { language: 'es' }, ...PATCH });
    await post('late cited', '/statements', aStatement(late!));
  });
  afterAll(() => newsroom.close());

  it('tells what became of the sources that its records cite in any role, or cited then, and of no others', async () => {
    expect(await log({ relationship: 'COL-USA' })).toEqual([
      'RecordCorrected late',
      'RecordRetracted wire',
      'SourceWithdrawn wire',
      'SourceWithdrawn blog',
      'SourceWithdrawn paper',
    ]);
    expect(await log({ relationship: 'USA-VEN' })).toEqual(['SourceWithdrawn blog']);
    expect(await log({ relationship: 'BRA-USA' })).toEqual(['SourceWithdrawn elsewhere']);
    expect(await log({ relationship: 'BRA-COL' })).toEqual([]);
  });

  it('goes by what was known then', async () => {
    const known = (name: string, later = 0n): Query => ({ relationship: 'COL-USA', knownAt: `position:${at[name]! + later}` });
    expect(await log(known('late cited', -1n))).not.toContain('RecordCorrected late');
    expect(await log(known('late cited'))).toContain('RecordCorrected late');
    expect(await log(known('paper withdrawn'))).toEqual(['SourceWithdrawn paper']);
    expect(await log(known('paper withdrawn', -1n))).toEqual([]);
  });

  it('is read in pages that neither skip nor repeat', async () => {
    const whole = (await page({ relationship: 'COL-USA' })).items.map(({ position }) => position);
    expect(whole).toHaveLength(7);
    const told: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, next }: Awaited<ReturnType<typeof page>> = await page({
        relationship: 'COL-USA',
        limit: 2,
        ...(cursor && { cursor }),
      });
      told.push(...items.map(({ position }) => position));
      expect(items.length).toBe(next === null ? 1 : 2);
      cursor = next;
    }
    expect(told).toEqual(whole);
  });
});
