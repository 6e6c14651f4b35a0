import type { StoredEvent } from '../../src/event-store/event-store.js';
import { openNext } from '../../src/projection/next-tables.js';
import { loadBatch } from '../../src/projection/on-file.js';
import { RecentlyOnFile } from '../../src/projection/recently-on-file.js';
import { Newsroom } from '../commands/newsroom.js';
import { makeStatement } from '../domain/samples.js';
import { beliefRow } from '../../src/projection/rows.js';
import { ProjectedLog } from './projected-log.js';

/** Answers what is to be called when it is in the tables. */
async function foldPage(onFile: RecentlyOnFile, events: readonly StoredEvent[]): Promise<() => void> {
  const batch = await loadBatch(onFile, events);
  for (const event of events) batch.apply(event);
  return onFile.add(events, batch, batch.newBeliefs.map(beliefRow));
}

describe('what is on its way into the tables', () => {
  let log: ProjectedLog;
  beforeAll(async () => {
    log = await ProjectedLog.open();
    await openNext(log.database.pool, log.store, (await log.store.head()).log);
  });
  afterAll(() => log.drop());

  it('is found also when it arrives there while they are asked', async () => {
    const newsroom = new Newsroom();
    await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
    await newsroom.file(makeStatement({ id: 'statement-claim' }));
    await newsroom.file(makeStatement({ id: 'statement-denial', links: [{ rel: 'denies', to: 'statement-claim' }] }));
    const onFile = await RecentlyOnFile.open(log.database.pool);
    const events = await newsroom.store.everything();
    const written = await foldPage(onFile, events);
    const [leaners, beliefs] = [onFile.leaners(['statement-claim'], new Set()), onFile.beliefs(['statement-denial'])];
    // By now they have been asked, and have not answered.
    written();
    expect(await leaners).toEqual([{ record: 'statement-denial', on: 'statement-claim', why: 'denies' }]);
    expect((await beliefs).get('statement-denial')!.belief.record.id).toBe('statement-denial');
  });

  it('is found on a record that begins later than what leans on it', async () => {
    const newsroom = new Newsroom();
    await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
    await newsroom.file(makeStatement({ id: 'statement-said' }));
    await newsroom.file(makeStatement({ id: 'statement-denied', links: [{ rel: 'denies', to: 'statement-said' }] }));
    const [source, said, denied] = await newsroom.store.everything();
    const onFile = await RecentlyOnFile.open(log.database.pool);
    for (const page of [[source!, denied!], [said!]]) await foldPage(onFile, page);
    expect(await onFile.leaners(['statement-said'], new Set())).toEqual([
      { record: 'statement-denied', on: 'statement-said', why: 'denies' },
    ]);
  });

  it('is found on such a record also where the tables are gone on with in between', async () => {
    const newsroom = new Newsroom();
    await newsroom.file({ command: 'RegisterSource', id: 'source-wire', publisher: 'Example Wire' });
    await newsroom.file(makeStatement({ id: 'statement-told' }));
    const lean = { record: 'statement-refuted', on: 'statement-told', why: 'denies' };
    await log.database.pool.query('insert into view.filling_leans (leans_on, record, why) values ($1, $2, $3)', [
      lean.on,
      lean.record,
      lean.why,
    ]);
    const onFile = await RecentlyOnFile.open(log.database.pool);
    await foldPage(onFile, await newsroom.store.everything());
    expect(await onFile.leaners(['statement-told'], new Set())).toEqual([lean]);
  });
});
