import type { Command } from '../../src/domain/decider.js';
import type { RegisterSource } from '../../src/domain/source/source.decide.js';
import {
  cancelMeeting,
  holdMeeting,
  liftSanction,
  imposeSanction,
  makeStatement,
  rescheduleMeeting,
  scheduleMeeting,
  settleStatement,
  WIRE,
} from '../domain/samples.js';
import { Newsroom, refusalOf } from './newsroom.js';

const wire: RegisterSource = { command: 'RegisterSource', id: WIRE, publisher: 'Example Wire', publishedAt: '2026-01-08' };
const MEETING = 'meeting-1';
const scheduled = scheduleMeeting({ id: MEETING });

describe('deciding and appending', () => {
  let newsroom: Newsroom;
  const types = async (): Promise<string[]> => (await newsroom.store.everything()).map(({ type }) => type);
  const given = async (...commands: Command[]): Promise<void> => {
    for (const command of commands) await newsroom.file(command);
  };
  beforeEach(async () => {
    newsroom = new Newsroom();
    await given(wire);
  });

  describe('a new record', () => {
    it('is one event at version 1 of a stream with its id, stamped with who filed it', async () => {
      const filed = await newsroom.file(makeStatement(), { by: 'night desk' });
      expect(filed).toEqual({
        id: expect.stringMatching(/^statement-[0-9a-f-]{36}$/),
        kind: 'statement',
        version: 1,
        position: '2',
        events: ['StatementMade'],
        created: true,
        replayed: false,
      });
      const [, event] = await newsroom.store.everything();
      expect(event).toMatchObject({ stream: filed.id, version: 1, type: 'StatementMade', schema: 1, metadata: { by: 'night desk' } });
      expect(event!.key).toBeUndefined();
    });

    it('is another one each time it is filed without a key or an id', async () => {
      const [one, other] = [await newsroom.file(makeStatement()), await newsroom.file(makeStatement())];
      expect(one.id).not.toBe(other.id);
    });

    it('is not stored where a rule refuses it', async () => {
      const { code } = await refusalOf(newsroom.file(makeStatement({ citations: [{ source: 'source-nowhere' }] })));
      expect(code).toBe('source-unknown');
      expect(await types()).toEqual(['SourceRegistered']);
    });
  });

  describe('a step', () => {
    it('is the next event of its record', async () => {
      await given(scheduled);
      const held = await newsroom.file(holdMeeting());
      expect(held).toMatchObject({ id: MEETING, kind: 'meeting', version: 2, position: '3', events: ['MeetingHeld'], created: false });
    });

    it.each([
      ['nothing that is on file', holdMeeting({ record: 'meeting-nowhere' })],
      ['a record of another kind', liftSanction({ record: MEETING })],
    ])('needs a record: not %s', async (_, command) => {
      await given(scheduled);
      expect(await refusalOf(newsroom.file(command))).toMatchObject({ code: 'record-unknown' });
    });

    it('that says again what stands stores nothing, and is answered with the version and position that say it', async () => {
      await given(scheduled, holdMeeting());
      await newsroom.file({ command: 'RaiseQuery', record: MEETING, question: 'Who spoke first?' });
      const again = await newsroom.file(holdMeeting());
      expect(again).toMatchObject({ version: 2, position: '3', events: [], created: false, replayed: false });
      expect(await types()).toHaveLength(4);
    });
  });

  describe('an idempotency key', () => {
    const key = 'monday-1';

    it('files a new record once, however often it is asked, and answers as the first time', async () => {
      const first = await newsroom.file(makeStatement(), { key });
      const again = await newsroom.file(makeStatement(), { key });
      expect(again).toEqual({ ...first, replayed: true });
      expect(await types()).toEqual(['SourceRegistered', 'StatementMade']);
    });

    it('answers so as well after the record has moved on, in another instance, and after the service has forgotten everything', async () => {
      const first = await newsroom.file(makeStatement(), { key });
      await newsroom.file(settleStatement({ record: first.id }));
      expect(await newsroom.elsewhere().file(makeStatement(), { key })).toEqual({ ...first, replayed: true });
      expect(await types()).toHaveLength(3);
    });

    it('takes a step once, also where the record has moved on and the step could be taken again', async () => {
      await given(scheduled);
      const first = await newsroom.file(cancelMeeting(), { key });
      await newsroom.file(rescheduleMeeting());
      expect(await newsroom.file(cancelMeeting(), { key })).toEqual({ ...first, replayed: true });
      expect(await types()).toEqual(['SourceRegistered', 'MeetingScheduled', 'MeetingCancelled', 'MeetingRescheduled']);
    });

    it('takes a step once, also where it would now be refused', async () => {
      await given(scheduled);
      const first = await newsroom.file(cancelMeeting(), { key });
      await given(rescheduleMeeting(), holdMeeting());
      expect(await newsroom.file(cancelMeeting(), { key })).toEqual({ ...first, replayed: true });
    });

    it('answers a step that says what stands as the first time: with its event', async () => {
      await given(scheduled);
      const first = await newsroom.file(holdMeeting(), { key });
      expect(await newsroom.file(holdMeeting(), { key })).toEqual({ ...first, replayed: true });
      expect(first.events).toEqual(['MeetingHeld']);
    });

    it('is refused with another body: a new record', async () => {
      await newsroom.file(makeStatement(), { key });
      expect(await refusalOf(newsroom.file(makeStatement({ speechAct: 'demand' }), { key }))).toMatchObject({
        code: 'idempotency-key-reused',
      });
      expect(await types()).toHaveLength(2);
    });

    it.each([
      ['that could be taken', cancelMeeting({ on: '2026-01-21' })],
      ['that says what stands', rescheduleMeeting()],
      ['that would be refused', holdMeeting({ on: '2026-01-01' })],
    ])('is refused with another body: a step %s', async (_, other) => {
      await given(scheduled);
      await newsroom.file(cancelMeeting(), { key });
      await given(rescheduleMeeting());
      expect(await refusalOf(newsroom.file(other, { key }))).toMatchObject({ code: 'idempotency-key-reused' });
      expect(await types()).toHaveLength(4);
    });

    it('is another one for another caller and for another path: filed again', async () => {
      const mine = await newsroom.file(makeStatement(), { key });
      const theirs = await newsroom.file(makeStatement(), { key, by: 'night desk' });
      const elsewhere = await newsroom.file(makeStatement(), { key, path: '/api/v1/articles' });
      expect(new Set([mine, theirs, elsewhere].map(({ id }) => id)).size).toBe(3);
      expect([mine, theirs, elsewhere].map(({ replayed }) => replayed)).toEqual([false, false, false]);
    });

    it('names its caller, path and key unmistakably: no two of them run into each other', async () => {
      await newsroom.file(makeStatement(), { by: 'a', path: '/b/c', key: 'd' });
      expect(await newsroom.file(makeStatement(), { by: 'a/b', path: '/c', key: 'd' })).toMatchObject({ replayed: false });
    });

    it('makes the ids of record and event, so that a filing has the same ones wherever it is made', async () => {
      const other = new Newsroom();
      await other.file(wire);
      const filed = await Promise.all([newsroom, other].map((instance) => instance.file(makeStatement(), { key })));
      const stored = await Promise.all([newsroom, other].map(async ({ store }) => (await store.everything())[1]!.id));
      expect(filed[0]!.id).toBe(filed[1]!.id);
      expect(stored[0]).toBe(stored[1]);
    });

    it('is not remembered where nothing was stored: neither a refusal nor what was already so', async () => {
      await given(scheduled, holdMeeting());
      await refusalOf(newsroom.file(cancelMeeting(), { key }));
      expect(await newsroom.file(holdMeeting(), { key })).toMatchObject({ events: [] });
      expect(await newsroom.file(makeStatement(), { key })).toMatchObject({ created: true, replayed: false });
    });

    it('files once where two instances are asked at the same moment', async () => {
      const answers = await Promise.all([newsroom, newsroom.elsewhere()].map((instance) => instance.file(makeStatement(), { key })));
      expect(answers[0]!.id).toBe(answers[1]!.id);
      expect(answers.filter(({ replayed }) => replayed)).toHaveLength(1);
      expect(await types()).toHaveLength(2);
    });

    it('takes a step once where another instance takes it in the moment between', async () => {
      await given(scheduled);
      newsroom.store.beforeAppend.push(() => newsroom.elsewhere().file(cancelMeeting(), { key }));
      newsroom.store.beforeAppend.push(() => Promise.resolve());
      expect(await newsroom.file(cancelMeeting(), { key })).toMatchObject({ version: 2, events: ['MeetingCancelled'], replayed: true });
      expect(await types()).toHaveLength(3);
    });
  });

  describe('a conflict', () => {
    const ask = (n: number): Command => ({ command: 'RaiseQuery', record: MEETING, question: `Question ${n}?` });
    const othersAsk = (...numbers: number[]): void => {
      for (const n of numbers)
        newsroom.store.beforeAppend.push(
          () => other().file(ask(n)),
          () => Promise.resolve(),
        );
    };
    const other = (): Newsroom => newsroom.elsewhere();

    it('is decided again on what is on file now, and nothing is lost', async () => {
      await given(scheduled);
      othersAsk(1);
      expect(await newsroom.file(holdMeeting())).toMatchObject({ version: 3, events: ['MeetingHeld'] });
      expect(await types()).toEqual(['SourceRegistered', 'MeetingScheduled', 'QueryRaised', 'MeetingHeld']);
    });

    it('is refused where the rules no longer allow the step', async () => {
      await given(scheduled);
      newsroom.store.beforeAppend.push(
        () => other().file(holdMeeting({ on: '2026-02-02' })),
        () => Promise.resolve(),
      );
      expect(await refusalOf(newsroom.file(holdMeeting()))).toMatchObject({ code: 'meeting-already-held' });
      expect(await types()).toHaveLength(3);
    });

    it('stores nothing where the other one has just said the same', async () => {
      await given(scheduled);
      newsroom.store.beforeAppend.push(
        () => other().file(holdMeeting()),
        () => Promise.resolve(),
      );
      expect(await newsroom.file(holdMeeting())).toMatchObject({ version: 2, position: '3', events: [], replayed: false });
    });

    it('is decided again up to five times in all', async () => {
      await given(scheduled);
      othersAsk(1, 2, 3, 4);
      expect(await newsroom.file(holdMeeting())).toMatchObject({ version: 6 });
    });

    it('is given up after five, with the version it expected and the one it found', async () => {
      await given(scheduled);
      othersAsk(1, 2, 3, 4, 5);
      const { code, details } = await refusalOf(newsroom.file(holdMeeting()));
      expect([code, details]).toEqual(['version-conflict', { expected: 5, actual: 6 }]);
      expect(await types()).not.toContain('MeetingHeld');
    });

    it('over several records at once costs one attempt, not one for each', async () => {
      const records = ['meeting-1', 'meeting-2', 'meeting-3', 'meeting-4', 'meeting-5', 'meeting-6'];
      for (const id of records) await newsroom.file(scheduleMeeting({ id, summary: `Meeting ${id}` }));
      const query = (record: string, question: string): Command => ({ command: 'RaiseQuery', record, question });
      for (const id of records) await newsroom.file(query(id, 'Where?'));
      for (const id of records) await other().file(query(id, 'When?'));
      const article = { source: WIRE, entries: records.map((id) => ({ command: query(id, 'Why?') })) };
      expect((await newsroom.fileArticle(article)).results.map(({ version }) => version)).toEqual(records.map(() => 4));
    });
  });

  describe('a version that must be met', () => {
    it('lets the step through where the record is at it', async () => {
      await given(scheduled);
      expect(await newsroom.file(holdMeeting(), { ifVersion: 1 })).toMatchObject({ version: 2 });
    });

    it('refuses a stale step with the version expected and the one on file', async () => {
      await given(scheduled, rescheduleMeeting());
      const { code, details } = await refusalOf(newsroom.file(holdMeeting(), { ifVersion: 1 }));
      expect([code, details]).toEqual(['version-conflict', { expected: 1, actual: 2 }]);
    });

    it('is held against what is on file, not against what this instance once read', async () => {
      await given(scheduled, { command: 'RaiseQuery', record: MEETING, question: 'Where?' });
      await newsroom.elsewhere().file(rescheduleMeeting());
      expect(await refusalOf(newsroom.file(holdMeeting(), { ifVersion: 2 }))).toMatchObject({ details: { expected: 2, actual: 3 } });
      expect(await newsroom.file(holdMeeting(), { ifVersion: 3 })).toMatchObject({ version: 4 });
    });

    it('refuses the step where somebody changes the record in the moment between', async () => {
      await given(scheduled);
      newsroom.store.beforeAppend.push(
        () => newsroom.elsewhere().file(rescheduleMeeting()),
        () => Promise.resolve(),
      );
      expect(await refusalOf(newsroom.file(holdMeeting(), { ifVersion: 1 }))).toMatchObject({ details: { expected: 1, actual: 2 } });
    });

    it('does not keep a retry under the same key from its first answer', async () => {
      await given(scheduled);
      const first = await newsroom.file(cancelMeeting(), { ifVersion: 1, key: 'tuesday-1' });
      expect(await newsroom.file(cancelMeeting(), { ifVersion: 1, key: 'tuesday-1' })).toEqual({ ...first, replayed: true });
    });
  });

  describe('a chosen id', () => {
    const chosen = makeStatement({ id: 'statement-chosen' });

    it('answers the same content as the first time and stores nothing', async () => {
      const first = await newsroom.file(chosen);
      await newsroom.file(settleStatement({ record: 'statement-chosen' }));
      for (const instance of [newsroom, newsroom.elsewhere()])
        expect(await instance.file(chosen)).toEqual({ ...first, events: [], created: false });
      expect(await types()).toHaveLength(3);
    });

    it('answers so as well where its filing would be refused today', async () => {
      const first = await newsroom.file(chosen);
      await newsroom.file({ command: 'WithdrawSource', record: WIRE, reason: 'the outlet took it down' });
      expect(await newsroom.file(chosen)).toEqual({ ...first, events: [], created: false });
    });

    it('is refused for other content', async () => {
      await newsroom.file(chosen);
      const { code, errors } = await refusalOf(newsroom.file({ ...chosen, summary: 'Something else' }));
      expect([code, errors[0]!.pointer]).toEqual(['record-already-on-file', '/id']);
    });

    it('is refused for the id of a record that was not chosen', async () => {
      const { id } = await newsroom.file(makeStatement());
      expect(await refusalOf(newsroom.file(makeStatement({ id })))).toMatchObject({ code: 'record-already-on-file' });
    });
  });

  describe('what this instance once read', () => {
    it('spares it to read again what it cites, links to or acts on', async () => {
      const { id } = await newsroom.file(makeStatement());
      newsroom.store.read.length = 0;
      for (const speechAct of ['demand', 'propose', 'offer'] as const)
        await newsroom.file(makeStatement({ speechAct, links: [{ rel: 'context', to: id }] }));
      expect(newsroom.store.read).toEqual([id]);
    });

    it('never lets it overwrite what another instance has filed: the step is decided again', async () => {
      await given(scheduled, { command: 'RaiseQuery', record: MEETING, question: 'Where?' });
      await newsroom.elsewhere().file(rescheduleMeeting());
      expect(await newsroom.file(holdMeeting())).toMatchObject({ version: 4, events: ['MeetingHeld'] });
    });

    it('never makes it refuse what what is on file allows', async () => {
      await given(scheduled, cancelMeeting(), { command: 'RaiseQuery', record: MEETING, question: 'Why?' });
      await newsroom.elsewhere().file(rescheduleMeeting());
      expect(await newsroom.file(holdMeeting())).toMatchObject({ version: 5, events: ['MeetingHeld'] });
    });

    it('never makes it say "already so" of what is so no more', async () => {
      await given(imposeSanction({ id: 'sanction-1' }), scheduled, rescheduleMeeting({ window: '2026-03' }));
      await newsroom.file({ command: 'RaiseQuery', record: MEETING, question: 'Why?' });
      await newsroom.elsewhere().file(rescheduleMeeting({ window: '2026-04' }));
      expect(await newsroom.file(rescheduleMeeting({ window: '2026-03' }))).toMatchObject({ version: 5, events: ['MeetingRescheduled'] });
    });

    it('never lets it cite a source that it has heard to be withdrawn', async () => {
      await newsroom.file(makeStatement());
      const withdrawal = { command: 'WithdrawSource', record: WIRE, reason: 'the outlet took it down' } as const;
      await newsroom.elsewhere().file(withdrawal);
      newsroom.cache.learn(await newsroom.store.everything());
      expect(await refusalOf(newsroom.file(makeStatement()))).toMatchObject({ code: 'source-withdrawn' });
    });
  });
});
