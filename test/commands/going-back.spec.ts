import type { Command } from '../../src/domain/decider.js';
import { BodyShapes } from '../../src/http/shapes.js';
import { BLOG, endAction, holdMeeting, makeStatement, scheduleMeeting, settleStatement, takeAction, WIRE } from '../domain/samples.js';
import { BusyStore, Newsroom, refusalOf } from './newsroom.js';

const WHY = { kind: 'correction', reason: 'the second edition says so' } as const;
const correct = (record: string, patch: Record<string, unknown>, step?: number): Command => ({
  command: 'CorrectRecord',
  record,
  patch,
  ...WHY,
  ...(step !== undefined && { step }),
});
const after = (record: string, days = 1): { relativeTo: { record: string; minDays: number; maxDays: number } } => ({
  relativeTo: { record, minDays: days, maxDays: days },
});

describe('going back on what was filed', () => {
  let newsroom: Newsroom;
  const file = (command: Command): ReturnType<Newsroom['file']> => newsroom.file(command);
  /** What the last event says. */
  const last = async (): Promise<object | undefined> => (await newsroom.store.everything()).at(-1)?.data;

  beforeEach(async () => {
    newsroom = new Newsroom(new BusyStore(), new BodyShapes());
    await file({ command: 'RegisterSource', id: WIRE, publisher: 'Example Wire', publishedAt: '2026-01-08' });
    await file(makeStatement({ id: 'statement-1' }));
  });

  it('is one more event of the record, answered like any step', async () => {
    expect(await file(correct('statement-1', { channel: 'press' }))).toMatchObject({
      version: 2,
      events: ['RecordCorrected'],
      created: false,
    });
    expect(await file({ command: 'RetractRecord', record: 'statement-1', reason: 'a mix-up' })).toMatchObject({ version: 3 });
    expect(await file({ command: 'RetractRecord', record: 'statement-1', reason: 'a mix-up' })).toMatchObject({ version: 3, events: [] });
    expect(await refusalOf(file(settleStatement()))).toMatchObject({ code: 'record-retracted' });
    expect(await file({ command: 'ReinstateRecord', record: 'statement-1', reason: 'none' })).toMatchObject({ version: 4 });
    expect(await file(settleStatement())).toMatchObject({ version: 5 });
  });

  it('answers the same request with the same key as the first time', async () => {
    const command = correct('statement-1', { channel: 'press' });
    const first = await newsroom.file(command, { key: 'once' });
    await newsroom.file(correct('statement-1', { channel: 'written' }));
    expect(await newsroom.file(command, { key: 'once' })).toEqual({ ...first, replayed: true });
  });

  it('is decided on the version that was asked for', async () => {
    await file(correct('statement-1', { channel: 'press' }));
    const stale = newsroom.file(correct('statement-1', { channel: 'written' }), { ifVersion: 1 });
    expect(await refusalOf(stale)).toMatchObject({ code: 'version-conflict', details: { expected: 1, actual: 2 } });
  });

  it('is decided again where somebody else was faster', async () => {
    newsroom.store.beforeAppend.push(() => newsroom.elsewhere().file(correct('statement-1', { channel: 'press' })));
    await file(correct('statement-1', { note: 'as in the second edition' }));
    expect(await last()).toMatchObject({ changes: [{ pointer: '/note' }] });
  });

  it('reads the sources and links that a record was filed with, though the correction names none', async () => {
    await file(takeAction({ id: 'action-1' }));
    await file({ command: 'RegisterSource', id: BLOG, title: 'A blog' });
    const links = [{ rel: 'about' as const, to: 'action-1' }];
    await file(makeStatement({ id: 'statement-2', citations: [{ source: BLOG }], addressees: [], speakers: [{ kind: 'unnamed' }], links }));
    const elsewhere = newsroom.elsewhere();
    await elsewhere.file(correct('statement-2', { summary: 'Somebody speaks of ships', speakers: [{ kind: 'unstated' }] }));
    expect(await last()).toMatchObject({ changes: [{ pointer: '/speakers' }, { pointer: '/summary' }] });
  });

  it('reads what a patch names', async () => {
    await file({ command: 'RegisterSource', id: BLOG, title: 'A blog' });
    const elsewhere = newsroom.elsewhere();
    await elsewhere.file(correct('statement-1', { citations: [{ source: WIRE }, { source: BLOG }] }));
    expect(await last()).toMatchObject({ changes: [{ pointer: '/citations' }] });
    const odd = { citations: [{ source: 7 }, { source: '\u0000' }], occurred: { relativeTo: { record: ['x'] } } };
    expect(await refusalOf(elsewhere.file(correct('statement-1', odd)))).toMatchObject({ code: 'field-invalid' });
  });
});

describe('a date that leans on a record whose date was corrected', () => {
  let newsroom: Newsroom;
  beforeEach(async () => {
    newsroom = new Newsroom(new BusyStore(), new BodyShapes());
    await newsroom.file({ command: 'RegisterSource', id: WIRE, publisher: 'Example Wire', publishedAt: '2026-01-08' });
    await newsroom.file(makeStatement({ id: 'statement-1', occurred: '2026-01-05' }));
    await newsroom.file(makeStatement({ id: 'statement-2', occurred: after('statement-1') }));
    await newsroom.file(takeAction({ id: 'action-3', occurred: after('statement-2') }));
    await newsroom.file(correct('statement-1', { occurred: '2026-01-20' }));
  });

  it('decides what comes next by where it is now, over however many records', async () => {
    for (const instance of [newsroom, newsroom.elsewhere()]) {
      const early = instance.file(endAction({ record: 'action-3', on: '2026-01-21' }));
      expect(await refusalOf(early)).toMatchObject({ code: 'step-too-early', message: expect.stringContaining('2026-01-22') });
      await instance.file(makeStatement({ occurred: after('action-3') }));
      expect((await newsroom.store.everything()).at(-1)!.data).toMatchObject({
        occurred: { earliest: '2026-01-23', latest: '2026-01-23' },
      });
    }
  });

  it('is read with all that it leans on at once, where that was read before', async () => {
    for (let n = 4; n <= 40; n += 1) await newsroom.file(takeAction({ id: `action-${n}`, occurred: after(`action-${n - 1}`) }));
    const instance = newsroom.elsewhere();
    await instance.file(endAction({ record: 'action-40', on: '2026-03-01' }));
    newsroom.store.reads = 0;
    await instance.file(correct('action-40', { on: '2026-03-02' }, 2), { ifVersion: 2 });
    expect(newsroom.store.reads).toBe(1);
    await newsroom.elsewhere().file(correct('action-10', { occurred: after('statement-1', 3) }));
    newsroom.store.reads = 0;
    await instance.file(correct('action-40', { on: '2026-03-03' }, 2), { ifVersion: 3 });
    expect(newsroom.store.reads).toBe(1);
  });

  it('makes no circle with it, however far that leads', async () => {
    for (const record of ['statement-1', 'statement-2', 'action-3']) {
      const circle = newsroom.elsewhere().file(correct('statement-1', { occurred: after(record, -1) }));
      expect(await refusalOf(circle)).toMatchObject({ code: 'date-circular', errors: [{ pointer: '/patch/occurred/relativeTo/record' }] });
    }
  });

  it('lets a step lean on its own record', async () => {
    await newsroom.file(scheduleMeeting({ id: 'meeting-1' }));
    await newsroom.file(holdMeeting({ on: after('meeting-1', 27) }));
    await newsroom.file(correct('meeting-1', { occurred: '2026-01-10' }));
    await newsroom.elsewhere().file(makeStatement({ occurred: { relativeTo: { record: 'meeting-1', step: 2, minDays: 0, maxDays: 0 } } }));
    expect((await newsroom.store.everything()).at(-1)!.data).toMatchObject({ occurred: { earliest: '2026-02-06', latest: '2026-02-06' } });
  });
});
