import { GroupCommit, type Batchable } from '../../src/event-store/postgres/group-commit.js';

interface Filing extends Batchable {
  name: string;
}

describe('group commit', () => {
  /** Names of the filings of each batch, in the order in which they were sent. */
  let batches: string[][];
  let inFlight: number;
  let commits: GroupCommit<Filing, string>;

  beforeEach(() => {
    batches = [];
    inFlight = 0;
    commits = new GroupCommit(async (batch) => {
      batches.push(batch.map(({ filing }) => filing.name));
      inFlight++;
      expect(inFlight).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inFlight--;
      return () => batch.forEach(({ filing, resolve }) => resolve(filing.name));
    });
  });

  const filing = (name: string, { claims = [name], events = 1, bytes = 100 }: Partial<Batchable> = {}): Filing => ({
    name,
    claims,
    events,
    bytes,
  });
  const addAll = (filings: Filing[]) => Promise.all(filings.map((each) => commits.add(each)));

  it('sends what arrives together in one batch, and answers each its own', async () => {
    expect(await addAll(['a', 'b', 'c'].map((name) => filing(name)))).toEqual(['a', 'b', 'c']);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  it('collects what arrives while a commit is in flight for the next one', async () => {
    const first = commits.add(filing('first'));
    await new Promise((resolve) => setTimeout(resolve, 2));
    await Promise.all([first, addAll(['second', 'third'].map((name) => filing(name)))]);
    expect(batches).toEqual([['first'], ['second', 'third']]);
  });

  it('never sends two filings together that share a stream or a key, and keeps their order', async () => {
    const shared = { claims: ['stream 1', 'key 1'] };
    await addAll([
      filing('a', shared),
      filing('b', { claims: ['stream 1', 'stream 2'] }),
      filing('c', { claims: ['stream 2'] }),
      filing('d'),
    ]);
    expect(batches).toEqual([['a', 'd'], ['b'], ['c']]);
  });

  it('sends at most 1,000 events or 4 MiB together, unless one filing is larger', async () => {
    await addAll([filing('a', { events: 600 }), filing('b', { events: 400 }), filing('c')]);
    await addAll([filing('d', { bytes: 3 * 2 ** 20 }), filing('e', { bytes: 2 ** 20 }), filing('f', { bytes: 1 })]);
    await addAll([filing('g', { events: 5000, bytes: 2 ** 24 }), filing('h')]);
    expect(batches).toEqual([['a', 'b'], ['c'], ['d', 'e'], ['f'], ['g'], ['h']]);
  });

  it('sends one half of many while the other is prepared', async () => {
    await addAll(Array.from({ length: 128 }, (_, index) => filing(String(index))));
    expect(batches.map((batch) => batch.length)).toEqual([64, 64]);
  });

  it('is idle when all is answered', async () => {
    let answered = 0;
    for (const name of ['a', 'b']) void commits.add(filing(name, { claims: ['the same stream'] })).then(() => answered++);
    await commits.idle();
    await Promise.resolve();
    expect([answered, inFlight]).toEqual([2, 0]);
  });
});
