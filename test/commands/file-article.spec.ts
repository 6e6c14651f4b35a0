import type { Article, ArticleEntry } from '../../src/commands/messages.js';
import type { Command } from '../../src/domain/decider.js';
import type { Problem } from '../../src/domain/rejection.js';
import {
  assessStatement,
  cancelMeeting,
  COL,
  endAction,
  fileHeldMeeting,
  holdMeeting,
  imposeSanction,
  liftSanction,
  makeStatement,
  rescheduleMeeting,
  scheduleMeeting,
  settleStatement,
  takeAction,
} from '../domain/samples.js';
import { Newsroom, refusalOf } from './newsroom.js';

const SOURCE = { publisher: 'Example Wire', title: 'A call', publishedAt: '2026-01-08' };
const uncited = { citations: undefined };
const statement = makeStatement(uncited);

describe('filing an article', () => {
  let newsroom: Newsroom;
  beforeEach(() => {
    newsroom = new Newsroom();
  });

  const file = (entries: ArticleEntry[], source: Article['source'] = SOURCE) => newsroom.fileArticle({ source, entries });
  const stored = async () =>
    (await newsroom.store.everything()).map(({ type, stream, data }) => ({ type, stream, data: data as Record<string, unknown> }));
  const last = async () => (await stored()).at(-1)!.data;
  /** What is wrong with it: pointer and code, in the order in which it is told; the article must have stored nothing. */
  const problemsOf = async (entries: ArticleEntry[], source: Article['source'] = SOURCE): Promise<string[]> => {
    const before = await stored();
    const { errors, code } = await refusalOf(file(entries, source));
    expect(await stored()).toEqual(before);
    expect(code).toBe(errors[0]!.code);
    return errors.map(({ pointer, code: c }) => `${pointer} ${c}`);
  };

  describe('stores all of it at once', () => {
    it('the source first, then each entry, and answers them in the order of the entries with their positions', async () => {
      const { source, results, position } = await file([
        { ref: '$call', command: fileHeldMeeting(uncited) },
        { command: statement },
        { ref: '$plan', command: scheduleMeeting(uncited) },
      ]);
      const [first, call, said, plan] = (await stored()).map(({ stream }) => stream);
      expect(source).toBe(first);
      expect(results).toEqual([
        { ref: '$call', id: call, version: 1, position: '2' },
        { ref: null, id: said, version: 1, position: '3' },
        { ref: '$plan', id: plan, version: 1, position: '4' },
      ]);
      expect(position).toBe('4');
    });

    it('a record with its steps, which stand together in the log', async () => {
      const { results, position } = await file([
        { ref: '$plan', command: scheduleMeeting(uncited) },
        { command: statement },
        { command: rescheduleMeeting({ record: '$plan', ...uncited }) },
        { command: holdMeeting({ record: '$plan', ...uncited, on: '2026-03-02' }) },
      ]);
      expect(results.map((result) => [result.version, result.position])).toEqual([
        [1, '2'],
        [1, '5'],
        [2, '3'],
        [3, '4'],
      ]);
      expect(position).toBe('5');
      expect((await stored()).map(({ type }) => type)).toEqual([
        'SourceRegistered',
        'MeetingScheduled',
        'MeetingRescheduled',
        'MeetingHeld',
        'StatementMade',
      ]);
    });

    it('or nothing, where another instance changed a record in between and the rules now refuse one entry', async () => {
      const { results } = await file([{ command: scheduleMeeting(uncited) }]);
      const record = results[0]!.id;
      newsroom.store.beforeAppend.push(
        () => newsroom.elsewhere().fileArticle({ source: SOURCE, entries: [{ command: holdMeeting({ record, ...uncited }) }] }),
        () => Promise.resolve(),
      );
      const { errors } = await refusalOf(file([{ command: statement }, { command: cancelMeeting({ record, ...uncited }) }]));
      expect(errors).toMatchObject([{ pointer: '/entries/1/on', code: 'meeting-cancelled' }]);
      expect((await stored()).map(({ type }) => type)).toEqual(['SourceRegistered', 'MeetingScheduled', 'SourceRegistered', 'MeetingHeld']);
    });
  });

  describe('a name ($…) stands for the record of its entry', () => {
    it('in links and dates, before and after it is defined', async () => {
      const { results } = await file([
        { command: makeStatement({ ...uncited, links: [{ rel: 'about', to: '$call' }], speakers: [COL], addressees: [] }) },
        { command: makeStatement({ ...uncited, occurred: { relativeTo: { record: '$call', minDays: -1, maxDays: -1 } } }) },
        { ref: '$call', command: fileHeldMeeting(uncited) },
        { command: makeStatement({ ...uncited, links: [{ rel: 'respondsTo', to: '$call' }] }) },
      ]);
      const call = results[2]!.id;
      const [, before, dated, , after] = (await stored()).map(({ data }) => data);
      expect(before!['links']).toEqual([{ rel: 'about', to: call }]);
      expect(before!['relationships']).toEqual([{ key: 'COL-USA', role: 'primary', derived: true }]);
      expect(dated!['occurred']).toMatchObject({ earliest: '2026-01-06', latest: '2026-01-06', relativeTo: { record: call } });
      expect(after!['links']).toEqual([{ rel: 'respondsTo', to: call }]);
    });

    it('in windows, due days and days of effect', async () => {
      const { results } = await file([
        { ref: '$a', command: fileHeldMeeting(uncited) },
        { command: scheduleMeeting({ ...uncited, window: { relativeTo: { record: '$a', minDays: 1, maxDays: 30 } } }) },
        { command: makeStatement({ ...uncited, due: { relativeTo: { record: '$a', minDays: 7, maxDays: 7 } } }) },
        { command: imposeSanction({ ...uncited, effectiveOn: { relativeTo: { record: '$a', minDays: 1, maxDays: 1 } } }) },
      ]);
      const relativeTo = expect.objectContaining({ record: results[0]!.id });
      const [, , plan, said, sanction] = (await stored()).map(({ data }) => data);
      expect(plan!['window']).toMatchObject({ earliest: '2026-01-08', latest: '2026-02-06', relativeTo });
      expect(said!['due']).toMatchObject({ latest: '2026-01-14', relativeTo });
      expect(sanction!['effectiveOn']).toMatchObject({ latest: '2026-01-08', relativeTo });
    });

    it('in a step after it, of every sort', async () => {
      const { results } = await file([
        { ref: '$said', command: statement },
        { ref: '$act', command: takeAction(uncited) },
        { command: settleStatement({ record: '$said', ...uncited }) },
        { command: assessStatement({ record: '$said' }) },
        { command: endAction({ record: '$act', ...uncited }) },
        { command: { command: 'LinkRecords', record: '$act', rel: 'context', to: '$said' } },
        { command: { command: 'RaiseQuery', record: '$act', question: 'Where?' } },
        { command: { command: 'AnswerQuery', record: '$act', n: 1, answer: 'In the Caribbean' } },
        { command: { command: 'CiteSource', record: '$act', locator: 'paragraph 9' } },
      ]);
      const [said, act] = results.map(({ id }) => id);
      expect(results.map(({ id, version }) => `${id === said ? 'said' : id === act ? 'act' : id} ${version}`)).toEqual([
        'said 1',
        'act 1',
        'said 2',
        'said 3',
        'act 2',
        'act 3',
        'act 4',
        'act 5',
        'act 6',
      ]);
    });

    it('also by the name of a step on it, and for a chosen id', async () => {
      const { results } = await file([
        { ref: '$said', command: makeStatement({ ...uncited, id: 'statement-chosen' }) },
        { ref: '$granted', command: settleStatement({ record: '$said', ...uncited }) },
        { command: { command: 'LinkRecords', record: '$granted', rel: 'followUpOf', to: '$call' } },
        { ref: '$call', command: fileHeldMeeting(uncited) },
      ]);
      expect(results.map(({ ref, id, version }) => [ref, id, version]).slice(0, 3)).toEqual([
        ['$said', 'statement-chosen', 1],
        ['$granted', 'statement-chosen', 2],
        [null, 'statement-chosen', 3],
      ]);
    });

    it('but a step before the entry that files its record is refused', async () => {
      expect(
        await problemsOf([{ command: settleStatement({ record: '$said', ...uncited }) }, { ref: '$said', command: statement }]),
      ).toEqual(['/entries/0/record record-unknown']);
    });

    it('and a name that no entry has is nothing on file', async () => {
      expect(
        await problemsOf([
          { command: makeStatement({ ...uncited, links: [{ rel: 'about', to: '$nowhere' }] }) },
          { command: settleStatement({ record: '$nowhere', ...uncited }) },
          { command: makeStatement({ ...uncited, occurred: { relativeTo: { record: '$nowhere', minDays: 1 } } }) },
        ]),
      ).toEqual([
        '/entries/0/links/0/to link-target-unknown',
        '/entries/1/record record-unknown',
        '/entries/2/occurred/relativeTo/record link-target-unknown',
      ]);
    });

    it('and dates may lean on each other in a chain of 50 links, in whichever order they stand', async () => {
      const chain = Array.from({ length: 54 }, (_, n) => {
        const occurred = n === 0 ? '2026-01-05' : { relativeTo: { record: `$said-${n - 1}`, minDays: 1, maxDays: 1 } };
        return { ref: `$said-${n}`, command: makeStatement({ ...uncited, occurred }) };
      });
      expect(await problemsOf(chain)).toEqual(['/entries/51/occurred/relativeTo/record field-invalid']);
      expect(await problemsOf(chain.toReversed())).toEqual(['/entries/2/occurred/relativeTo/record field-invalid']);
      await file(chain.slice(0, 51).toReversed());
      const first = (await stored()).findLast(({ type }) => type === 'StatementMade');
      expect((await stored())[1]!.data['occurred']).toMatchObject({ latest: '2026-02-24' });
      expect(first!.data['occurred']).toMatchObject({ latest: '2026-01-05' });
    });

    it('and two entries of the same name are refused, once, whatever else is right or wrong with them', async () => {
      expect(
        await problemsOf([
          { ref: '$a', command: makeStatement({ ...uncited, summary: '' }) },
          { ref: '$b', command: statement },
          { ref: '$b', command: fileHeldMeeting(uncited) },
          { ref: '$a', command: makeStatement({ ...uncited, occurred: 'next week' }) },
        ]),
      ).toEqual([
        '/entries/0/summary summary-missing',
        '/entries/2/ref reference-duplicate',
        '/entries/3/ref reference-duplicate',
        '/entries/3/occurred date-unreadable',
      ]);
    });
  });

  describe('cites the article', () => {
    it('in every entry that cites nothing, and in every citation that names no source', async () => {
      const { source } = await file([
        { ref: '$said', command: statement },
        { command: makeStatement({ citations: [{ locator: 'paragraph 4' }] }) },
        { command: settleStatement({ record: '$said', citations: [] }) },
      ]);
      const [, said, settled, located] = (await stored()).map(({ data }) => data['citations']);
      expect([said, located, settled]).toEqual([[{ source }], [{ source, locator: 'paragraph 4' }], [{ source }]]);
    });

    it('not where other sources are named: they take its place', async () => {
      const other = await file([{ command: statement }]);
      await file([{ command: makeStatement({ citations: [{ source: other.source }, { locator: 'paragraph 4' }] }) }]);
      const { results, source } = await file([{ command: makeStatement({ citations: [{ source: other.source }] }) }]);
      expect((await last())['citations']).toEqual([{ source: other.source }]);
      expect(results[0]!.id).not.toBe(source);
    });

    it('where a further citation names no source', async () => {
      const { results } = await file([{ command: statement }]);
      const { source } = await file([{ command: { command: 'CiteSource', record: results[0]!.id, locator: 'line 5' } }]);
      expect(await last()).toEqual({ source, locator: 'line 5' });
    });

    it('where a step of the newsroom cites without naming a source; such a step that cites nothing goes by none', async () => {
      const { source } = await file([
        { ref: '$said', command: statement },
        { command: assessStatement({ record: '$said', citations: [{ locator: 'paragraph 7' }] }) },
        { command: { command: 'RaiseQuery', record: '$said', question: 'Who?' } },
      ]);
      const [, , assessed, asked] = (await stored()).map(({ data }) => data);
      expect(assessed!['citations']).toEqual([{ source, locator: 'paragraph 7' }]);
      expect(asked).not.toHaveProperty('citations');
    });

    it('whose day of publication places what has no day of its own', async () => {
      await file([{ command: makeStatement({ ...uncited, occurred: 'unknown' }) }]);
      expect((await last())['occurred']).toMatchObject({ earliest: null, latest: '2026-01-08', latestBasis: 'published' });
    });

    it('that is on file already, by its id', async () => {
      const { source } = await file([{ command: statement }]);
      const later = await file([{ command: statement }], source);
      expect(later.source).toBe(source);
      expect(await last()).toMatchObject({ citations: [{ source }] });
      expect((await stored()).filter(({ type }) => type === 'SourceRegistered')).toHaveLength(1);
    });

    it.each([
      ['nothing on file', 'source-nowhere', 'source-unknown'],
      ['no source', 'statement-chosen', 'source-unknown'],
      ['a source that was withdrawn', 'source-bad', 'source-withdrawn'],
    ])('and an article that is %s is refused once, at its source', async (_, source, code) => {
      await newsroom.file({ command: 'RegisterSource', id: 'source-bad', publisher: 'Rumours' });
      await file([{ command: makeStatement({ ...uncited, id: 'statement-chosen' }) }]);
      await newsroom.file({ command: 'WithdrawSource', record: 'source-bad', reason: 'made up' });
      const elsewhere = (await file([{ command: statement }])).source;
      for (const citations of [undefined, [{ locator: 'p. 1' }], [{ source: elsewhere }]])
        expect(await problemsOf([{ command: statement }, { command: takeAction({ citations }) }], source)).toEqual([`/source ${code}`]);
      expect(await problemsOf([{ command: makeStatement({ citations: [{ source: elsewhere }] }) }], source)).toEqual([`/source ${code}`]);
    });
  });

  describe('names everything that is wrong, and nothing twice', () => {
    const shapeless = (pointer: string): { problems: Problem[] } => ({
      problems: [{ pointer, code: 'field-invalid', message: 'for example …' }],
    });

    it('every bad entry with its fields, in their order, with the code of the first', async () => {
      expect(
        await problemsOf([
          { command: statement },
          { command: makeStatement({ ...uncited, occurred: '2026-13-40', addressees: [{ party: 'XYZ', kind: 'government' }] }) },
          shapeless('/speechAct'),
          { command: statement },
          { command: makeStatement({ citations: [{ source: 'source-nowhere' }] }) },
        ]),
      ).toEqual([
        '/entries/1/addressees/0/party party-unknown',
        '/entries/1/occurred date-unreadable',
        '/entries/2/speechAct field-invalid',
        '/entries/4/citations/0/source source-unknown',
      ]);
    });

    it('a bad source, and not that nothing can cite it', async () => {
      const bad = { ...SOURCE, publishedAt: 'yesterday' };
      expect(await problemsOf([{ command: statement }, { command: makeStatement({ ...uncited, summary: '' }) }], bad)).toEqual([
        '/source/publishedAt date-unreadable',
        '/entries/1/summary summary-missing',
      ]);
      expect(await problemsOf([{ command: statement }, shapeless('/act')], shapeless('/title'))).toEqual([
        '/source/title field-invalid',
        '/entries/1/act field-invalid',
      ]);
    });

    it('also where no entry can be read', async () => {
      expect(await problemsOf([shapeless('/act'), shapeless('/speechAct')], shapeless('/title'))).toEqual([
        '/source/title field-invalid',
        '/entries/0/act field-invalid',
        '/entries/1/speechAct field-invalid',
      ]);
    });

    it('but not what only follows: a link to, a date by, or a step on a record that is bad itself', async () => {
      for (const bad of [{ command: fileHeldMeeting({ ...uncited, summary: '' }) }, shapeless('/summary')])
        expect(
          await problemsOf([
            { command: makeStatement({ ...uncited, links: [{ rel: 'about', to: '$call' }] }) },
            { command: makeStatement({ ...uncited, occurred: { relativeTo: { record: '$call', minDays: 1 } } }) },
            { ref: '$call', ...bad },
            { command: { command: 'RaiseQuery', record: '$call', question: 'Who called?' } },
            {
              command: makeStatement({ ...uncited, links: [{ rel: 'about', to: '$call' }], addressees: [{ party: 'XYZ', kind: 'group' }] }),
            },
          ]),
        ).toEqual([expect.stringContaining('/entries/2/summary'), '/entries/4/addressees/0/party party-unknown']);
    });

    it('nor a step that fails because an earlier step on its record is bad; but what is wrong with it by itself', async () => {
      expect(
        await problemsOf([
          { ref: '$plan', command: scheduleMeeting(uncited) },
          { command: cancelMeeting({ record: '$plan', ...uncited }) },
          { command: rescheduleMeeting({ record: '$plan', ...uncited, window: 'some day' }) },
          { command: holdMeeting({ record: '$plan', ...uncited }) },
          { command: rescheduleMeeting({ record: '$plan', ...uncited, on: 'soon' }) },
        ]),
      ).toEqual(['/entries/2/window date-unreadable', '/entries/4/on date-unreadable']);
    });

    it('dates that lean on each other in a circle', async () => {
      const after = (record: string): Command => makeStatement({ ...uncited, occurred: { relativeTo: { record, minDays: 1 } } });
      const problems = await problemsOf([
        { ref: '$a', command: after('$b') },
        { ref: '$b', command: after('$c') },
        { ref: '$c', command: after('$a') },
        { ref: '$self', command: after('$self') },
      ]);
      expect(problems).toEqual([
        '/entries/2/occurred/relativeTo/record date-circular',
        '/entries/3/occurred/relativeTo/record date-circular',
      ]);
    });

    it('links to itself or straight back; a longer way round is no circle', async () => {
      const to = (...refs: string[]): Command => makeStatement({ ...uncited, links: refs.map((ref) => ({ rel: 'context', to: ref })) });
      expect(
        await problemsOf([
          { ref: '$a', command: to('$b') },
          { ref: '$b', command: to('$a') },
          { ref: '$self', command: to('$self') },
        ]),
      ).toEqual(['/entries/0/links/0/to link-circular', '/entries/2/links/0/to link-circular']);
      const { results } = await file([
        { ref: '$a', command: to('$b') },
        { ref: '$b', command: to('$c') },
        { ref: '$c', command: to('$a') },
      ]);
      expect(results).toHaveLength(3);
    });

    it('an id chosen for two entries', async () => {
      const command = makeStatement({ ...uncited, id: 'statement-chosen' });
      expect(await problemsOf([{ command }, { command: statement }, { command }])).toEqual(['/entries/2/id record-already-on-file']);
    });

    it('the version expected and found, where that is the first', async () => {
      const { results } = await file([{ command: scheduleMeeting(uncited) }]);
      const stale = { command: cancelMeeting({ record: results[0]!.id, ...uncited }), ifVersion: 3 };
      const bad = { command: makeStatement({ ...uncited, summary: '' }) };
      expect((await refusalOf(file([stale, bad]))).details).toEqual({ expected: 3, actual: 1 });
      const other = await refusalOf(file([bad, stale]));
      expect([other.code, other.details]).toEqual(['summary-missing', {}]);
      expect(other.errors[1]).toMatchObject({ pointer: '/entries/1', code: 'version-conflict' });
    });
  });

  describe('an entry may say which version its record must have', () => {
    it('and is taken where it has it', async () => {
      const { results } = await file([{ command: scheduleMeeting(uncited) }]);
      const again = await file([{ command: cancelMeeting({ record: results[0]!.id, ...uncited }), ifVersion: 1 }]);
      expect(again.results).toMatchObject([{ version: 2 }]);
    });
  });

  describe('asked twice', () => {
    const withIds: ArticleEntry[] = [
      { ref: '$plan', command: scheduleMeeting({ ...uncited, id: 'meeting-chosen' }) },
      { command: holdMeeting({ record: '$plan', ...uncited }) },
    ];
    const source = { ...SOURCE, id: 'source-chosen' };

    it('stores nothing where all ids were chosen, and answers the versions and positions that say it', async () => {
      const first = await file(withIds, source);
      const again = await file(withIds, source);
      expect(again).toEqual(first);
      expect(await stored()).toHaveLength(3);
    });

    it('stores what is new in it and answers the others by what already says it', async () => {
      await file(withIds, source);
      await file([{ command: statement }]);
      const { results, position } = await file(
        [...withIds, { command: { command: 'RaiseQuery', record: '$plan', question: 'Who?' } }],
        source,
      );
      expect(results.map((result) => [result.version, result.position])).toEqual([
        [1, '2'],
        [2, '3'],
        [3, '6'],
      ]);
      expect(position).toBe('6');
    });

    it('with the same key is answered as the first time, what was unchanged in it included', async () => {
      await file(withIds, source);
      const entries: ArticleEntry[] = [
        { command: holdMeeting({ record: 'meeting-chosen', citations: [{ source: 'source-chosen' }] }) },
        { ref: '$new', command: statement },
        { command: settleStatement({ record: '$new', ...uncited }) },
      ];
      const first = await newsroom.fileArticle({ source: 'source-chosen', entries }, { key: 'article-1' });
      const count = (await stored()).length;
      for (const instance of [newsroom, newsroom.elsewhere()])
        expect(await instance.fileArticle({ source: 'source-chosen', entries }, { key: 'article-1' })).toEqual({
          ...first,
          replayed: true,
        });
      expect(first.results.map((result) => [result.version, result.position])).toEqual([
        [2, '3'],
        [1, '4'],
        [2, '5'],
      ]);
      expect(await stored()).toHaveLength(count);
    });

    it('without a key or ids files it twice', async () => {
      const entries = [{ command: statement }];
      const [one, other] = [await file(entries), await file(entries)];
      expect(one.source).not.toBe(other.source);
      expect(one.results[0]!.id).not.toBe(other.results[0]!.id);
    });
  });

  it('lifts what an earlier article imposed', async () => {
    const { results } = await file([{ command: imposeSanction(uncited) }]);
    const lifted = await file([{ command: liftSanction({ record: results[0]!.id, targets: ['t1'], ...uncited }) }]);
    expect(lifted.results).toMatchObject([{ id: results[0]!.id, version: 2 }]);
  });
});
