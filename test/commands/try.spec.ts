import type { Tried } from '../../src/commands/messages.js';
import { cancelMeeting, holdMeeting, makeStatement, scheduleMeeting, WIRE } from '../domain/samples.js';
import { Newsroom, refusalOf } from './newsroom.js';

const MEETING = 'meeting-1';
const { citations: _, ...uncited } = makeStatement();

describe('trying a filing', () => {
  let newsroom: Newsroom;
  beforeEach(async () => {
    newsroom = new Newsroom();
    await newsroom.file({ command: 'RegisterSource', id: WIRE, publisher: 'Example Wire', publishedAt: '2026-01-08' });
    await newsroom.file(scheduleMeeting({ id: MEETING }));
  });

  /** What is in the log now, as a trial tells what would be. */
  const stored = async (after: number): Promise<Tried['events']> =>
    (await newsroom.store.everything()).slice(after).map(({ stream: record, version, type, data, metadata }) => {
      const kind = record.slice(0, record.indexOf('-')) as 'meeting';
      return { record, kind, version, type: type as 'MeetingHeld', data, metadata };
    });

  it('stores nothing, and answers what the same filing then stores', async () => {
    for (const command of [holdMeeting(), makeStatement({ id: 'statement-1' })]) {
      const before = (await newsroom.store.everything()).length;
      const { events } = await newsroom.try(command);
      expect(await newsroom.store.everything()).toHaveLength(before);
      await newsroom.file(command);
      expect(events).toEqual(await stored(before));
    }
  });

  it('does so for an article, each event with its entry', async () => {
    const article = {
      source: { title: 'Two presidents' },
      entries: [
        { ref: '$said', command: makeStatement({ ...uncited, citations: [] }) },
        { command: cancelMeeting({ citations: [] }) },
        { command: { command: 'LinkRecords', record: MEETING, rel: 'context', to: '$said' } as const },
      ],
    };
    const { events } = await newsroom.tryArticle(article, { key: 'once' });
    expect(events.map(({ pointer, type, version }) => [pointer, type, version])).toEqual([
      ['/source', 'SourceRegistered', 1],
      ['/entries/0', 'StatementMade', 1],
      ['/entries/1', 'MeetingCancelled', 2],
      ['/entries/2', 'RecordsLinked', 3],
    ]);
    expect(await newsroom.store.everything()).toHaveLength(2);
    await newsroom.fileArticle(article, { key: 'once' });
    const told = events.map(({ pointer: __, ...event }) => event);
    expect(await stored(2)).toEqual(expect.arrayContaining(told));
  });

  it('remembers no key: the same key then files, and another body may use it', async () => {
    await newsroom.try(holdMeeting(), { key: 'once' });
    await newsroom.try(cancelMeeting(), { key: 'once' });
    expect(await newsroom.file(cancelMeeting(), { key: 'once' })).toMatchObject({ version: 2, replayed: false });
  });

  it('is refused for what the filing is refused for', async () => {
    for (const [command, ifVersion] of [
      [holdMeeting({ record: 'meeting-nowhere' }), undefined],
      [makeStatement({ citations: [] }), undefined],
      [holdMeeting(), 3],
      [makeStatement({ id: MEETING }), undefined],
    ] as const) {
      const asked = ifVersion === undefined ? {} : { ifVersion };
      const tried = await refusalOf(newsroom.try(command, asked));
      const filed = await refusalOf(newsroom.file(command, asked));
      expect([tried.errors, tried.details]).toEqual([filed.errors, filed.details]);
    }
  });

  it('looks at what is on file now, whoever filed it', async () => {
    await newsroom.try(holdMeeting());
    await newsroom.elsewhere().file(holdMeeting());
    expect(await newsroom.try(holdMeeting())).toEqual({ events: [] });
    expect(await refusalOf(newsroom.try(cancelMeeting()))).toMatchObject({ code: 'meeting-cancelled' });
  });
});
