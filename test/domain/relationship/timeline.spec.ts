import type { Command } from '../../../src/domain/decider.js';
import type { TimelineItem } from '../../../src/domain/relationship/timeline.js';
import type { Day } from '../../../src/domain/time.js';
import {
  amendSanction,
  assessStatement,
  BLOG,
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
  USA,
  VEN,
  WIRE,
} from '../samples.js';
import { Newsroom } from './newsroom.js';

const ALWAYS = '2027-01-01';
const WIFE = { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' } as const;
const SON = { id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' } as const;

/** What happened between Colombia and the United States by a day, a strike on Venezuela being on file beside it. */
function timeline(commands: Command[], asOf: Day = ALWAYS, key = 'COL-USA'): TimelineItem[] {
  const desk = new Newsroom();
  desk.file(takeAction({ id: 'strike', act: 'strike' }));
  for (const command of commands) desk.file(command);
  return desk.timeline(key, asOf);
}

const told = (items: TimelineItem[]): string[] => items.map(({ type, occurred, what }) => `${occurred.latest} ${type}: ${what}`);

describe('the timeline of a relationship', () => {
  it('tells of its own records only', () => {
    const commands = [makeStatement()];
    expect(told(timeline(commands))).toEqual(['2026-01-07 StatementMade: request']);
    expect(told(timeline(commands, ALWAYS, 'USA-VEN'))).toEqual(['2025-12-01 ActionTaken: strike']);
    expect(timeline(commands, ALWAYS, 'COL-VEN')).toEqual([]);
  });

  it('tells who did what to whom, where, in which words, and which source says so', () => {
    const place = { statedAs: 'Bogota', party: 'COL' };
    const quotes = [{ text: 'sounds good', language: 'en' }];
    const [item] = timeline([
      makeStatement({ id: 'threat', speechAct: 'threaten', modality: 'hypothetical', place, quotes, topics: ['drug-trafficking'] }),
      { command: 'CiteSource', record: 'threat', source: BLOG },
      { command: 'RaiseQuery', record: 'threat', question: 'where was it said?' },
    ]);
    expect(item).toEqual({
      record: 'threat',
      version: 1,
      position: '4',
      kind: 'statement',
      type: 'StatementMade',
      role: 'primary',
      occurred: expect.objectContaining({ edtf: '2026-01-07', earliest: '2026-01-07', latest: '2026-01-07', precision: 'day' }),
      who: [COL],
      toWhom: [USA],
      what: 'threaten',
      modality: 'hypothetical',
      place,
      summary: 'Colombia asks for direct talks again',
      quotes,
      topics: ['drug-trafficking'],
      status: { support: 'corroborated', disputed: false, questioned: false, retracted: false },
      score: -3.5,
      counts: true,
      links: [],
      openQueries: 1,
      citations: [
        { source: WIRE, publisher: 'Example Wire', title: 'A call', url: undefined, publishedAt: '2026-01-08' },
        { source: BLOG, publisher: 'Example Blog', title: undefined, url: 'https://blog.example/1', publishedAt: '2026-01-09' },
      ],
    });
  });

  it('tells of a meeting twice: that it was agreed, and that it was held, each with its own day, sources and score', () => {
    const items = timeline([
      scheduleMeeting({ id: 'visit', place: { statedAs: 'the White House' } }),
      holdMeeting({ record: 'visit', summary: 'They meet for two hours', citations: [{ source: BLOG }], quotes: [{ text: 'terrific' }] }),
    ]);
    expect(told(items)).toEqual(['2026-01-07 MeetingScheduled: in-person', '2026-02-03 MeetingHeld: in-person']);
    expect(items).toMatchObject([
      { record: 'visit', version: 1, position: '4', score: 2.5, counts: true, citations: [{ source: WIRE }], quotes: [] },
      {
        record: 'visit',
        version: 2,
        position: '5',
        summary: 'They meet for two hours',
        place: { statedAs: 'the White House' },
        who: [USA, COL],
        toWhom: [],
        score: 4,
        counts: true,
        citations: [{ source: BLOG }],
        quotes: [{ text: 'terrific' }],
      },
    ]);
  });

  it('tells of every turn that a life took in the world, in the order in which it took them', () => {
    const commands = [
      scheduleMeeting({ id: 'visit' }),
      rescheduleMeeting({ record: 'visit', on: '2026-01-25' }),
      cancelMeeting({ record: 'visit', on: '2026-01-15', by: [COL] }),
      makeStatement({ id: 'request', occurred: '2026-01-08' }),
      settleStatement({ record: 'request', on: '2026-01-30', by: [USA] }),
      takeAction({ id: 'recall', act: 'recall', actors: [COL], targets: [USA], occurred: '2026-01-09' }),
      endAction({ record: 'recall', on: '2026-01-31', outcome: 'completed' }),
    ];
    const items = timeline(commands);
    expect(told(items)).toEqual([
      '2026-01-07 MeetingScheduled: in-person',
      '2026-01-15 MeetingCancelled: in-person',
      '2026-01-25 MeetingRescheduled: in-person',
      '2026-01-08 StatementMade: request',
      '2026-01-30 StatementSettled: granted',
      '2026-01-09 ActionTaken: recall',
      '2026-01-31 ActionEnded: completed',
    ]);
    expect(items.map(({ who }) => who)).toEqual([[USA, COL], [COL], [USA, COL], [COL], [USA], [COL], [COL]]);
    expect(items.map(({ score }) => score)).toEqual([2.5, -2, 0, 0, 0, -6, 0]);
  });

  it('tells which targets a sanction was imposed on, extended to, and lifted from', () => {
    const items = timeline([
      imposeSanction({ id: 'sanction-1', targets: [WIFE], measures: ['travel-ban', 'asset-freeze'] }),
      amendSanction({ on: '2025-12-01', addTargets: [SON] }),
      amendSanction({ on: '2025-12-05', addMeasures: ['embargo'] }),
      liftSanction({ on: '2026-01-10', targets: ['wife'] }),
      liftSanction({ on: '2026-02-01' }),
    ]);
    expect(items.map(({ occurred, type, toWhom, score }) => [occurred.latest, type, toWhom, score])).toEqual([
      ['2025-10-31', 'SanctionImposed', [WIFE], -8],
      ['2025-12-01', 'SanctionAmended', [SON], 0],
      ['2025-12-05', 'SanctionAmended', [WIFE, SON], 0],
      ['2026-01-10', 'SanctionLifted', [WIFE], 2],
      ['2026-02-01', 'SanctionLifted', [SON], 4.5],
    ]);
    expect(items.map(({ what }) => what)).toEqual(Array.from({ length: 5 }, () => 'travel-ban, asset-freeze'));
  });

  it('tells of all its targets where a sanction as a whole changes its stage', () => {
    const items = timeline([
      imposeSanction({ id: 'sanction-1', targets: [WIFE], stage: 'announced' }),
      amendSanction({ on: '2025-12-01', addTargets: [SON], stage: 'in-force' }),
    ]);
    expect(items.map(({ toWhom, score }) => [toWhom, score])).toEqual([
      [[WIFE], 0],
      [[WIFE, SON], -6],
    ]);
  });

  it('tells where a meeting was moved to', () => {
    const items = timeline([
      scheduleMeeting({ id: 'visit', place: { statedAs: 'the White House' } }),
      rescheduleMeeting({ record: 'visit', place: { statedAs: 'Miami' } }),
      rescheduleMeeting({ record: 'visit', on: '2026-01-22' }),
    ]);
    expect(items.map(({ place }) => place?.statedAs)).toEqual(['the White House', 'Miami', 'Miami']);
  });

  it('tells of an uncertain date as the time within which it lies, in the words of the source', () => {
    const occurred = { statedAs: 'in the first days of the year', edtf: '[2026-01-01..2026-01-05]', basis: 'editor-inferred' } as const;
    expect(timeline([makeStatement({ occurred })])[0]!.occurred).toEqual({
      ...occurred,
      earliest: '2026-01-01',
      latest: '2026-01-05',
      precision: 'range',
      latestBasis: 'stated',
    });
    expect(timeline([makeStatement({ occurred: '2025-10' })])[0]!.occurred).toMatchObject({
      earliest: '2025-10-01',
      latest: '2025-10-31',
      precision: 'month',
    });
    expect(timeline([makeStatement({ occurred: { statedAs: 'recently' } })])[0]!.occurred).toMatchObject({
      statedAs: 'recently',
      earliest: null,
      latest: '2026-01-08',
      latestBasis: 'published',
    });
  });

  it('ends on the day asked: what need not have happened by then is not in it', () => {
    const commands = [
      makeStatement({ occurred: '[2026-01-01..2026-01-05]' }),
      scheduleMeeting({ id: 'visit', occurred: '2026-01-07' }),
      holdMeeting({ record: 'visit', on: '2026-02-03' }),
    ];
    expect(told(timeline(commands, '2026-01-04'))).toEqual([]);
    expect(told(timeline(commands, '2026-01-05'))).toEqual(['2026-01-05 StatementMade: request']);
    expect(timeline(commands, '2026-02-02')).toHaveLength(2);
    expect(timeline(commands, '2026-02-03')).toHaveLength(3);
  });

  it('holds every role, and says which', () => {
    const relationships = [
      { key: 'COL-USA', role: 'primary' },
      { key: 'USA-VEN', role: 'affected' },
      { key: 'COL-VEN', role: 'topic' },
    ] as const;
    const commands = [makeStatement({ id: 'warning', speechAct: 'warn', relationships: [...relationships] })];
    const seen = (key: string) =>
      timeline(commands, ALWAYS, key)
        .filter(({ record }) => record === 'warning')
        .map(({ role, score, counts }) => [role, score, counts]);
    expect([seen('COL-USA'), seen('USA-VEN'), seen('COL-VEN')]).toEqual([
      [['primary', -3.5, true]],
      [['affected', 0, false]],
      [['topic', 0, false]],
    ]);
  });

  it('shows the score of what counts for nothing, and says that it does not count', () => {
    const opposition = { party: 'COL', kind: 'opposition' } as const;
    const items = timeline([
      makeStatement({ id: 'praise', speechAct: 'praise' }),
      makeStatement({ id: 'echo', speechAct: 'praise', links: [{ rel: 'repeats', to: 'praise' }] }),
      makeStatement({ id: 'heckler', speechAct: 'accuse', speakers: [opposition] }),
    ]);
    expect(items.map(({ record, score, counts }) => [record, score, counts])).toEqual([
      ['praise', 5, true],
      ['echo', 5, false],
      ['heckler', -3.5, false],
    ]);
    expect(items[1]!.links).toEqual([{ n: 1, rel: 'repeats', to: 'praise' }]);
  });

  it('holds nothing of what the newsroom did', () => {
    const commands: Command[] = [
      makeStatement({ id: 'statement-1' }),
      fileHeldMeeting({ id: 'call' }),
      assessStatement(),
      { command: 'LinkRecords', record: 'statement-1', rel: 'about', to: 'call' },
      { command: 'RaiseQuery', record: 'statement-1', question: 'who heard it?' },
      { command: 'AnswerQuery', record: 'statement-1', n: 1, answer: 'the press' },
      { command: 'GradeSource', record: WIRE, reliability: 'B', credibility: 2, reason: 'it is usually right' },
    ];
    expect(told(timeline(commands))).toEqual(['2026-01-07 StatementMade: request', '2026-01-07 MeetingHeld: phone']);
    expect(timeline(commands)[0]).toMatchObject({ openQueries: 0, status: { verdict: 'unsubstantiated' } });
  });

  it('names those who speak to nobody in particular, and places that are not stated', () => {
    const [item] = timeline([makeStatement({ addressees: [], relationships: [{ key: 'COL-USA', role: 'primary' }] })]);
    expect(item).toMatchObject({ who: [COL], toWhom: [], place: null, quotes: [], topics: [] });
    expect(timeline([takeAction({ actors: [USA], targets: [VEN] })], ALWAYS, 'USA-VEN')[1]).toMatchObject({ who: [USA], toWhom: [VEN] });
  });
});
