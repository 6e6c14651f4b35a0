import type { Actor } from '../../../src/domain/actor.js';
import type { Command } from '../../../src/domain/decider.js';
import { addDays, type Day } from '../../../src/domain/time.js';
import {
  amendSanction,
  BLOG,
  cancelMeeting,
  COL,
  endAction,
  fileHeldMeeting,
  holdMeeting,
  imposeSanction,
  liftSanction,
  makeStatement,
  QAT,
  rescheduleMeeting,
  scheduleMeeting,
  settleStatement,
  takeAction,
  USA,
  VEN,
  WIRE,
} from '../samples.js';
import { Newsroom } from './newsroom.js';

const ASOF = '2026-02-05';
const WIFE = { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' } as const;
const SON = { id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' } as const;
const FIRM = { id: 'firm', party: 'VEN', name: 'an oil firm', kind: 'company' } as const;
const CITED_BY_WIRE = [{ source: WIRE, publisher: 'Example Wire', title: 'A call', url: undefined, publishedAt: '2026-01-08' }];

/** One record of each sort between Colombia and the United States, and one between the United States and Venezuela beside it. */
function newsroom(...more: Command[]): Newsroom {
  const desk = new Newsroom();
  const onVenezuela = { speakers: [VEN], addressees: [USA] };
  for (const command of [
    imposeSanction({ id: 'treasury', occurred: '2025-10-24', targets: [WIFE, SON], grounds: { text: 'ties to the drug trade' } }),
    imposeSanction({ id: 'oil', occurred: '2025-11-03', targets: [FIRM] }),
    takeAction({ id: 'recall', act: 'recall', actors: [COL], targets: [USA], occurred: '2025-12-10' }),
    takeAction({ id: 'buildup', occurred: '2025-12-01' }),
    scheduleMeeting({ id: 'visit', occurred: '2026-01-07', place: { statedAs: 'the White House', party: 'USA' }, host: 'USA' }),
    scheduleMeeting({ id: 'summit', occurred: '2026-01-08', participants: [USA, VEN], window: '2026-03' }),
    fileHeldMeeting({ id: 'call', occurred: '2026-01-06' }),
    fileHeldMeeting({ id: 'letter', occurred: '2026-01-05', participants: [USA, VEN], format: 'letter' }),
    makeStatement({
      id: 'request',
      occurred: '2026-01-09',
      quantities: [{ measure: 'flights', min: 3, max: 4, wording: 'three or four', countedBy: 'an airline' }],
    }),
    makeStatement({
      id: 'demand',
      occurred: '2026-01-10',
      speechAct: 'demand',
      quantities: [{ measure: 'killed', min: 83, wording: 'at least 83' }],
      ...onVenezuela,
    }),
    makeStatement({ id: 'view', occurred: '2026-01-11', speechAct: 'assess', assessment: { direction: 'easing', level: 'icy' } }),
    makeStatement({
      id: 'doubt',
      occurred: '2026-01-12',
      speechAct: 'assess',
      assessment: { direction: 'rising', duration: 'months' },
      ...onVenezuela,
    }),
    { command: 'RaiseQuery', record: 'request', question: 'who will answer it?' },
    { command: 'RaiseQuery', record: 'demand', question: 'who counted?' },
    ...more,
  ] satisfies Command[])
    desk.file(command);
  return desk;
}

const colUsa = (desk: Newsroom, asOf: Day = ASOF) => desk.state('COL-USA', asOf);
const usaVen = (desk: Newsroom, asOf: Day = ASOF) => desk.state('USA-VEN', asOf);
const records = (list: { record: string }[]): string[] => list.map(({ record }) => record);

describe('the state of a relationship', () => {
  it('names its two parties, in the order of its key', () => {
    expect(colUsa(newsroom())).toMatchObject({
      key: 'COL-USA',
      parties: [
        { code: 'COL', name: 'Colombia' },
        { code: 'USA', name: 'United States' },
      ],
    });
  });

  it('is empty, and says so, where nothing is on file', () => {
    const { phase, tension, coverage, lastContact, counts, latestMoves } = newsroom().state('BRA-CHL', ASOF);
    expect(phase).toEqual({ name: 'none', direction: 'steady' });
    expect(tension).toMatchObject({ value: null, conflict: 0, cooperation: 0, rank: null, parts: [] });
    expect(coverage).toEqual({ records: 0, sources: 0, daysSinceLastRecord: null, topSourceShare: null });
    expect([lastContact, latestMoves]).toEqual([null, { BRA: [], CHL: [] }]);
    expect(new Set(Object.values(counts))).toEqual(new Set([0]));
  });

  it('is phase none where a topic is all that is on file', () => {
    const desk = newsroom(makeStatement({ speechAct: 'warn', relationships: [{ key: 'BRA-CHL', role: 'topic' }] }));
    expect(desk.state('BRA-CHL', ASOF)).toMatchObject({ phase: { name: 'none' }, coverage: { records: 0 } });
  });

  it('is the state of that day: what happened later is not in it', () => {
    const { counts, lastContact, coverage } = colUsa(newsroom(), '2025-12-31');
    expect(counts).toMatchObject({ sanctionsInForce: 2, standingActions: 1, upcomingMeetings: 0, openStatements: 0, assessments: 0 });
    expect(lastContact).toBeNull();
    expect(coverage.records).toBe(2);
  });
});

describe('the sanctions in force', () => {
  it('are told target by target, with authority, grounds and sources, and in words that are safe to print', () => {
    const { sanctionsInForce } = colUsa(newsroom());
    expect(sanctionsInForce.map(({ target }) => target)).toEqual([WIFE, SON]);
    expect(sanctionsInForce[0]).toMatchObject({
      record: 'treasury',
      role: 'primary',
      summary: 'The US Treasury sanctions one person',
      authority: { party: 'USA', name: 'US Treasury' },
      since: { earliest: '2025-10-24', latest: '2025-10-24' },
      measures: [],
      grounds: { text: 'ties to the drug trade', alleged: true },
      stale: false,
      safeWording: 'sanctioned by US Treasury, which alleges ties to the drug trade',
      citations: CITED_BY_WIRE,
    });
    expect(usaVen(newsroom()).sanctionsInForce).toMatchObject([
      { record: 'oil', target: FIRM, grounds: null, safeWording: 'sanctioned by US Treasury' },
    ]);
  });

  it('outlive a meeting at which sanctions were discussed', () => {
    const desk = newsroom(holdMeeting({ record: 'visit', topicsDiscussed: [{ topic: 'sanctions' }] }));
    expect(colUsa(desk).counts.sanctionsInForce).toBe(2);
  });

  it('lose a target on the day of its lift', () => {
    const desk = newsroom(liftSanction({ record: 'treasury', targets: ['wife'], on: '2026-02-01' }));
    expect(colUsa(desk, '2026-01-31').sanctionsInForce).toHaveLength(2);
    expect(colUsa(desk, '2026-02-01').sanctionsInForce.map(({ target }) => target.id)).toEqual(['son']);
    expect(usaVen(desk).sanctionsInForce).toHaveLength(1);
  });

  it('lose them all on the day of expiry, and are none before they take effect', () => {
    const desk = newsroom(
      imposeSanction({ id: 'short', targets: [WIFE], occurred: '2026-01-01', effectiveOn: '2026-01-10', expiresOn: '2026-02-01' }),
    );
    const short = (asOf: Day) => records(colUsa(desk, asOf).sanctionsInForce).filter((id) => id === 'short');
    expect([short('2026-01-09'), short('2026-01-10'), short('2026-01-31'), short('2026-02-01')]).toEqual([[], ['short'], ['short'], []]);
  });

  it('say since when each target is under them', () => {
    const announced = { id: 'announced', stage: 'announced', occurred: '2025-12-01', targets: [WIFE] } as const;
    const desk = newsroom(
      amendSanction({ record: 'treasury', addTargets: [{ ...FIRM, party: 'COL' }], on: '2025-12-24' }),
      imposeSanction({ ...announced, targets: [...announced.targets] }),
      amendSanction({ record: 'announced', addTargets: [SON], on: '2025-12-10' }),
      amendSanction({ record: 'announced', stage: 'in-force', on: '2026-01-01' }),
      amendSanction({ record: 'announced', addTargets: [{ ...FIRM, party: 'COL' }], on: '2026-01-20' }),
      imposeSanction({ id: 'tariff', occurred: '2026-01-02', effectiveOn: '2026-01-15', targets: [WIFE] }),
      amendSanction({ record: 'tariff', addTargets: [SON], on: '2026-01-05' }),
    );
    const since = colUsa(desk).sanctionsInForce.map(({ record, target, since: { latest } }) => [record, target.id, latest]);
    expect(since).toEqual([
      ['tariff', 'wife', '2026-01-15'],
      ['tariff', 'son', '2026-01-15'],
      ['announced', 'wife', '2026-01-01'],
      ['announced', 'son', '2026-01-01'],
      ['announced', 'firm', '2026-01-20'],
      ['treasury', 'wife', '2025-10-24'],
      ['treasury', 'son', '2025-10-24'],
      ['treasury', 'firm', '2025-12-24'],
    ]);
  });

  it('say since when they are in force again, where they were put off in between', () => {
    const desk = newsroom(
      amendSanction({ record: 'oil', stage: 'announced', on: '2025-12-01' }),
      amendSanction({ record: 'oil', stage: 'in-force', on: '2026-01-15' }),
    );
    expect(usaVen(desk, '2025-12-31').sanctionsInForce).toEqual([]);
    expect(usaVen(desk).sanctionsInForce).toMatchObject([{ record: 'oil', since: { latest: '2026-01-15' } }]);
  });
});

describe('what stands', () => {
  it('is told with who does it and since when, until it ends', () => {
    const desk = newsroom(endAction({ record: 'recall', on: '2026-02-01' }));
    expect(colUsa(desk, '2026-01-31').standingActions).toMatchObject([
      {
        record: 'recall',
        role: 'primary',
        act: 'recall',
        actors: [COL],
        since: { latest: '2025-12-10' },
        stale: false,
        citations: CITED_BY_WIRE,
      },
    ]);
    expect(colUsa(desk).standingActions).toEqual([]);
    expect(records(usaVen(desk).standingActions)).toEqual(['buildup']);
  });

  it('is stale once nothing was filed on it for more than 180 days, but for what was retracted, until somebody does', () => {
    const staleOn = (asOf: Day, ...more: Command[]) => {
      const desk = newsroom();
      desk.today = '2026-07-01';
      for (const command of more) desk.file(command);
      const { sanctionsInForce, standingActions } = usaVen(desk, asOf);
      return [sanctionsInForce[0]!.stale, standingActions[0]!.stale];
    };
    expect(staleOn(addDays(ASOF, 180))).toEqual([false, false]);
    expect(staleOn(addDays(ASOF, 181))).toEqual([true, true]);
    expect(staleOn(addDays(ASOF, 181), { command: 'CiteSource', record: 'oil', source: BLOG })).toEqual([false, true]);
    expect(staleOn(addDays(ASOF, 181), { command: 'RaiseQuery', record: 'buildup', question: 'is it still there?' })).toEqual([
      true,
      false,
    ]);
    expect(staleOn('2026-12-29', amendSanction({ record: 'oil', addMeasures: ['embargo'], on: '2026-07-02' }))).toEqual([false, true]);

    const why = { record: 'oil', step: 2, reason: 'it was filed on the wrong record' };
    const amend = amendSanction({ record: 'oil', addMeasures: ['embargo'], on: '2026-06-30' });
    const correct: Command = { command: 'CorrectRecord', ...why, kind: 'typo', patch: { on: '2026-06-29' } };
    const [retract, reinstate]: Command[] = [
      { command: 'RetractRecord', ...why },
      { command: 'ReinstateRecord', ...why },
    ];
    const later = addDays(ASOF, 181);
    expect(staleOn(later, amend, correct, retract!)).toEqual([true, true]);
    expect(staleOn(later, amend, correct, retract!, reinstate!)).toEqual([false, true]);
    expect(staleOn(later, amend, retract!, reinstate!, retract!)).toEqual([true, true]);
  });

  it('is told in the relationships that it affects, with that role', () => {
    const relationships = [
      { key: 'USA-VEN', role: 'primary' },
      { key: 'COL-USA', role: 'affected' },
    ] as const;
    const desk = newsroom(takeAction({ id: 'blockade', act: 'blockade', occurred: '2026-01-20', relationships: [...relationships] }));
    expect(colUsa(desk).standingActions.map(({ record, role }) => [record, role])).toEqual([
      ['blockade', 'affected'],
      ['recall', 'primary'],
    ]);
  });
});

describe('the meetings to come', () => {
  it('are told with their window, host, place and how firm they are', () => {
    expect(colUsa(newsroom()).upcomingMeetings).toMatchObject([
      {
        record: 'visit',
        role: 'primary',
        format: 'in-person',
        level: null,
        host: 'USA',
        window: { statedAs: 'in the coming weeks', earliest: '2026-01-08', latest: null },
        place: { statedAs: 'the White House', party: 'USA' },
        firmness: null,
        status: 'upcoming',
        citations: CITED_BY_WIRE,
      },
    ]);
    expect(records(usaVen(newsroom()).upcomingMeetings)).toEqual(['summit']);
  });

  it('are overdue once their window has passed', () => {
    const listed = (asOf: Day) => {
      const { upcomingMeetings, overdueMeetings } = usaVen(newsroom(), asOf);
      return [records(upcomingMeetings), records(overdueMeetings)];
    };
    expect(listed('2026-03-31')).toEqual([['summit'], []]);
    expect(listed('2026-04-01')).toEqual([[], ['summit']]);
  });

  it('are overdue, with an open window, more than 90 days after they were last scheduled', () => {
    const overdue = (asOf: Day, ...more: Command[]) => records(colUsa(newsroom(...more), asOf).overdueMeetings);
    expect(overdue(addDays('2026-01-07', 90))).toEqual([]);
    expect(overdue(addDays('2026-01-07', 91))).toEqual(['visit']);
    const again = rescheduleMeeting({ record: 'visit', on: '2026-02-01', window: { earliest: '2026-02-10' } });
    expect(overdue(addDays('2026-01-07', 91), again)).toEqual([]);
    expect(overdue(addDays('2026-02-01', 91), again)).toEqual(['visit']);
  });

  it('are where and as firm as they were last scheduled, in the order of the world', () => {
    const desk = newsroom(
      rescheduleMeeting({ record: 'visit', on: '2026-01-25', window: '2026-03', firmness: 'eos4', place: { statedAs: 'Bogota' } }),
      rescheduleMeeting({ record: 'visit', on: '2026-01-15', window: '2026-02', firmness: 'eos2', place: { statedAs: 'Miami' } }),
    );
    const next = (asOf: Day) => colUsa(desk, asOf).upcomingMeetings[0];
    expect(next(ASOF)).toMatchObject({ window: { earliest: '2026-03-01' }, firmness: 'eos4', place: { statedAs: 'Bogota' } });
    expect(next('2026-01-20')).toMatchObject({ window: { earliest: '2026-02-01' }, firmness: 'eos2', place: { statedAs: 'Miami' } });
    expect(next('2026-01-10')).toMatchObject({
      window: { earliest: '2026-01-08' },
      firmness: null,
      place: { statedAs: 'the White House' },
    });
  });

  it('are neither to come nor overdue once they were held or cancelled', () => {
    const desk = newsroom(holdMeeting({ record: 'visit', on: '2026-02-03' }), cancelMeeting({ record: 'summit', on: '2026-02-03' }));
    for (const state of [colUsa(desk), usaVen(desk)]) expect(state.counts).toMatchObject({ upcomingMeetings: 0, overdueMeetings: 0 });
    expect(colUsa(desk, '2026-02-02').counts.upcomingMeetings).toBe(1);
  });
});

describe('the last contact', () => {
  const account = (speakers: Actor[], occurred: Day, record = 'call') =>
    makeStatement({ speechAct: 'describe', speakers, addressees: [], occurred, aspect: 'account', links: [{ rel: 'about', to: record }] });

  it('is the latest meeting held, announced or not', () => {
    expect(colUsa(newsroom()).lastContact).toMatchObject({
      record: 'call',
      format: 'phone',
      on: { latest: '2026-01-06' },
      confirmedBy: [],
      citations: CITED_BY_WIRE,
    });
    expect(usaVen(newsroom()).lastContact).toMatchObject({ record: 'letter', format: 'letter' });
    const desk = newsroom(holdMeeting({ record: 'visit', on: '2026-02-03', format: 'video' }));
    expect(colUsa(desk).lastContact).toMatchObject({ record: 'visit', format: 'video', on: { latest: '2026-02-03' } });
    expect(colUsa(desk, '2026-02-02').lastContact).toMatchObject({ record: 'call' });
    expect(usaVen(desk).lastContact).toMatchObject({ record: 'letter' });
  });

  it('took place where it was last to be, or where it then was', () => {
    const moved = rescheduleMeeting({ record: 'visit', on: '2026-01-15', window: '2026-02', place: { statedAs: 'Miami' } });
    const placed = (...more: Command[]) => colUsa(newsroom(...more)).lastContact!.place;
    expect(placed()).toBeNull();
    expect(placed(holdMeeting({ record: 'visit' }))).toEqual({ statedAs: 'the White House', party: 'USA' });
    expect(placed(moved, holdMeeting({ record: 'visit' }))).toEqual({ statedAs: 'Miami' });
    expect(placed(moved, holdMeeting({ record: 'visit', place: { statedAs: 'Bogota' } }))).toEqual({ statedAs: 'Bogota' });
  });

  it('is, of two on one day, the one whose holding was filed last', () => {
    const desk = newsroom(
      fileHeldMeeting({ id: 'second-call', occurred: '2026-02-03' }),
      holdMeeting({ record: 'visit', on: '2026-02-03' }),
    );
    expect(colUsa(desk).lastContact).toMatchObject({ record: 'visit' });
  });

  it('is confirmed by the parties that confirm it or give an account of it, and by nobody else', () => {
    const desk = newsroom(
      account([COL], '2026-01-06'),
      account([QAT], '2026-01-06'),
      account([VEN], '2026-01-06', 'letter'),
      account([{ party: 'USA', kind: 'unnamed' }], '2026-01-06'),
      { ...account([USA], '2026-01-06'), aspect: 'purpose' },
    );
    expect(colUsa(desk).lastContact!.confirmedBy).toEqual(['COL']);
    expect(usaVen(desk).lastContact!.confirmedBy).toEqual(['VEN']);
    desk.file(makeStatement({ speechAct: 'confirm', speakers: [USA], occurred: '2026-01-07', links: [{ rel: 'confirms', to: 'call' }] }));
    expect(colUsa(desk).lastContact!.confirmedBy).toEqual(['COL', 'USA']);
  });

  it('is not confirmed before somebody did', () => {
    const desk = newsroom(account([COL], '2026-01-06'), account([USA], '2026-01-20'));
    expect(colUsa(desk, '2026-01-19').lastContact!.confirmedBy).toEqual(['COL']);
    expect(colUsa(desk, '2026-01-20').lastContact!.confirmedBy).toEqual(['COL', 'USA']);
  });

  it('is none that only affects the two', () => {
    const desk = newsroom(fileHeldMeeting({ occurred: '2026-02-01', participants: [VEN, COL, { ...USA, part: 'mediator' }] }));
    expect(colUsa(desk).lastContact).toMatchObject({ record: 'call' });
    expect(desk.state('COL-VEN', ASOF).lastContact).toMatchObject({ on: { latest: '2026-02-01' } });
  });
});

describe('what was said and waits', () => {
  it('is open until it is settled; in part is not settled', () => {
    expect(colUsa(newsroom()).openStatements).toMatchObject([
      {
        record: 'request',
        role: 'primary',
        speechAct: 'request',
        modality: 'actual',
        by: [COL],
        to: [USA],
        on: { latest: '2026-01-09' },
        due: null,
        content: null,
        citations: CITED_BY_WIRE,
      },
    ]);
    expect(records(usaVen(newsroom()).openStatements)).toEqual(['demand']);
    const desk = newsroom(
      settleStatement({ record: 'request', outcome: 'partly', on: '2026-01-20' }),
      settleStatement({ record: 'request', outcome: 'granted', on: '2026-02-03' }),
    );
    expect(records(colUsa(desk, '2026-02-02').openStatements)).toEqual(['request']);
    expect(colUsa(desk).openStatements).toEqual([]);
  });

  it('holds no statement that cannot be settled', () => {
    const desk = newsroom(makeStatement({ speechAct: 'accuse', occurred: '2026-01-20' }));
    expect(records(colUsa(desk).openStatements)).toEqual(['request']);
  });
});

describe('how it is seen by others', () => {
  it('is listed with direction, level and duration, by the parties and by others', () => {
    const outlet: Actor = { kind: 'outlet' };
    const desk = newsroom(
      makeStatement({
        id: 'leader',
        occurred: '2026-01-20',
        speechAct: 'assess',
        speakers: [outlet],
        addressees: [],
        relationships: [{ key: 'COL-USA', role: 'primary' }],
      }),
    );
    expect(colUsa(desk).assessments).toMatchObject([
      { record: 'leader', by: [outlet], ofParty: null, direction: null, level: null, duration: null },
      { record: 'view', by: [COL], ofParty: 'COL', direction: 'easing', level: 'icy', duration: null, on: { latest: '2026-01-11' } },
    ]);
    expect(usaVen(desk).assessments).toMatchObject([{ record: 'doubt', ofParty: 'VEN', direction: 'rising', duration: 'months' }]);
  });

  it('is never fed into the numbers', () => {
    const seen = (['rising', 'easing'] as const).map((direction) =>
      makeStatement({ speechAct: 'assess', occurred: ASOF, assessment: { direction } }),
    );
    expect(colUsa(newsroom(...seen)).tension).toEqual(colUsa(newsroom()).tension);
  });
});

describe('numbers and questions', () => {
  it('are told in their own words, with their scope, and who counted', () => {
    const scope = { text: 'all attacks since September', ambiguous: true };
    const desk = newsroom(
      makeStatement({
        id: 'toll',
        occurred: '2026-01-15',
        speakers: [VEN],
        quantities: [{ measure: 'killed', min: 83, wording: 'at least 83', scope }],
      }),
    );
    expect(colUsa(desk).quantities).toMatchObject([
      { record: 'request', measure: 'flights', min: 3, max: 4, wording: 'three or four', scope: null, countedBy: 'an airline' },
    ]);
    expect(usaVen(desk).quantities).toMatchObject([
      { record: 'toll', min: 83, max: null, wording: 'at least 83', scope, countedBy: 'not stated', citations: CITED_BY_WIRE },
      { record: 'demand', min: 83, max: null, scope: null, countedBy: 'not stated' },
    ]);
  });

  it('of a meeting held are told from its day on', () => {
    const desk = newsroom(holdMeeting({ record: 'visit', quantities: [{ measure: 'delegates', min: 12, max: 12, wording: 'twelve' }] }));
    expect(records(colUsa(desk, '2026-02-02').quantities)).toEqual(['request']);
    expect(colUsa(desk).quantities).toMatchObject([
      { record: 'request', on: { latest: '2026-01-09' } },
      { record: 'visit', measure: 'delegates', on: { latest: '2026-02-03' } },
    ]);
  });

  it('that nobody has answered are listed with the day on which they were asked, the last one first', () => {
    const desk = newsroom();
    desk.today = '2026-02-06';
    desk.file({ command: 'RaiseQuery', record: 'call', question: 'who called whom?' });
    desk.today = '2026-02-07';
    desk.file({ command: 'RaiseQuery', record: 'request', question: 'by when?' });
    expect(colUsa(desk).openQueries).toEqual([
      { record: 'request', n: 2, question: 'by when?', since: '2026-02-07T09:00:00.000Z' },
      { record: 'call', n: 1, question: 'who called whom?', since: '2026-02-06T09:00:00.000Z' },
      { record: 'request', n: 1, question: 'who will answer it?', since: '2026-02-05T09:00:00.000Z' },
    ]);
    desk.file({ command: 'AnswerQuery', record: 'request', n: 1, answer: 'the Department of State' });
    expect(records(colUsa(desk).openQueries)).toEqual(['request', 'call']);
    expect(records(usaVen(desk).openQueries)).toEqual(['demand']);
  });
});

describe('the lists of a state', () => {
  it('hold what is newest first, at most 50 of each, and count them all', () => {
    const requests = Array.from({ length: 60 }, (_, i) => makeStatement({ id: `request-${i}`, occurred: addDays('2025-10-01', i) }));
    const { openStatements, counts } = colUsa(newsroom(...requests));
    expect(counts.openStatements).toBe(61);
    expect(openStatements).toHaveLength(50);
    expect(records(openStatements).slice(0, 3)).toEqual(['request', 'request-59', 'request-58']);
    expect(usaVen(newsroom(...requests)).counts.openStatements).toBe(1);
  });

  it('are each counted', () => {
    expect(colUsa(newsroom()).counts).toEqual({
      sanctionsInForce: 2,
      standingActions: 1,
      upcomingMeetings: 1,
      overdueMeetings: 0,
      openDisputes: 0,
      openStatements: 1,
      assessments: 1,
      quantities: 1,
      openQueries: 1,
    });
  });
});

describe('the latest moves of each side', () => {
  it('are those that count, the newest first, with where they were going', () => {
    const desk = newsroom(
      makeStatement({ id: 'praise', speechAct: 'praise', occurred: '2026-01-20', speakers: [USA], addressees: [COL] }),
      makeStatement({
        id: 'echo',
        speechAct: 'praise',
        occurred: '2026-01-21',
        speakers: [USA],
        addressees: [COL],
        links: [{ rel: 'repeats', to: 'praise' }],
      }),
      liftSanction({ record: 'treasury', targets: ['wife'], on: '2026-02-01' }),
    );
    const { COL: ofColombia, USA: ofTheUnitedStates } = colUsa(desk).latestMoves;
    expect(ofTheUnitedStates).toMatchObject([
      { record: 'treasury', move: 'sanction-lifted', on: '2026-02-01', from: 'USA', to: 'COL', score: 2 },
      { record: 'praise', move: 'statement-made', on: '2026-01-20', score: 5, citations: CITED_BY_WIRE },
      { record: 'treasury', move: 'sanction-imposed', on: '2025-10-24', score: -6 },
    ]);
    expect(ofColombia).toMatchObject([{ record: 'recall', move: 'action-taken', from: 'COL', to: 'USA' }]);
    expect(records(usaVen(desk).latestMoves['VEN']!)).toEqual(['demand']);
  });

  it('are at most ten', () => {
    const warnings = Array.from({ length: 12 }, (_, i) =>
      makeStatement({ id: `w${i}`, speechAct: 'warn', occurred: addDays('2026-01-10', i) }),
    );
    const { latestMoves } = colUsa(newsroom(...warnings));
    expect(records(latestMoves['COL']!)).toEqual(['w11', 'w10', 'w9', 'w8', 'w7', 'w6', 'w5', 'w4', 'w3', 'w2']);
  });
});

describe('the parts of the tension', () => {
  it('are the largest as many as asked for, and the rest is added up', () => {
    const desk = newsroom();
    const all = colUsa(desk).tension;
    const [first, ...others] = all.parts;
    const { parts, partsRest } = desk.state('COL-USA', ASOF, 1).tension;
    expect(all.parts.map(({ record, move }) => [record, move])).toEqual([
      ['recall', 'action-taken'],
      ['treasury', 'sanction-imposed'],
      ['visit', 'meeting-scheduled'],
      ['call', 'meeting-held'],
    ]);
    expect(all.partsRest).toEqual({ count: 0, conflict: 0, cooperation: 0 });
    expect(parts).toEqual([first]);
    expect(partsRest).toEqual({ count: 3, conflict: others[0]!.share, cooperation: others[1]!.share + others[2]!.share });
    expect(desk.state('COL-USA', ASOF, 0).tension).toMatchObject({ parts: [], partsRest: { count: 4 }, conflict: all.conflict });
  });

  it('come with the profile that they were judged by', () => {
    expect(colUsa(newsroom()).tension.profile).toBe('entente-1');
  });
});

describe('the coverage', () => {
  it('counts what is primary and happened in the last 90 days, and the independent sources behind it', () => {
    const desk = newsroom(
      makeStatement({ occurred: '2026-01-20', citations: [{ source: BLOG }] }),
      makeStatement({ occurred: '2026-01-21', citations: [{ source: WIRE }, { source: BLOG }] }),
      makeStatement({ occurred: '2026-01-22', relationships: [{ key: 'COL-USA', role: 'affected' }] }),
    );
    expect(colUsa(desk).coverage).toEqual({ records: 7, sources: 2, daysSinceLastRecord: 15, topSourceShare: 6 / 7 });
    expect(usaVen(desk).coverage).toEqual({ records: 5, sources: 1, daysSinceLastRecord: 24, topSourceShare: 1 });
  });

  it('drops a record on the ninetieth day after it', () => {
    const coverage = (days: number) => usaVen(newsroom(), addDays('2026-01-12', days)).coverage;
    expect(coverage(89)).toMatchObject({ records: 1, sources: 1, daysSinceLastRecord: 89, topSourceShare: 1 });
    expect(coverage(90)).toEqual({ records: 0, sources: 0, daysSinceLastRecord: 90, topSourceShare: null });
  });

  it('counts copies of one agency once, and a source only once something had happened that it tells of', () => {
    const desk = newsroom();
    for (const id of ['first', 'second']) desk.file({ command: 'RegisterSource', id, title: 'A copy', independenceGroup: 'the agency' });
    desk.file(makeStatement({ occurred: '2026-01-20', citations: [{ source: 'first' }, { source: 'second' }] }));
    desk.file(holdMeeting({ record: 'visit', on: '2026-02-03', citations: [{ source: BLOG }] }));
    expect(colUsa(desk, '2026-02-02').coverage).toMatchObject({ records: 6, sources: 2, topSourceShare: 5 / 6 });
    expect(colUsa(desk, '2026-02-03').coverage).toMatchObject({ records: 6, sources: 3 });
  });

  it('takes what happened to a record later as news of it', () => {
    const desk = newsroom(holdMeeting({ record: 'visit', on: '2026-06-10' }));
    expect(colUsa(desk, '2026-06-09').coverage).toMatchObject({ records: 0, daysSinceLastRecord: 149 });
    expect(colUsa(desk, '2026-06-15').coverage).toMatchObject({ records: 1, daysSinceLastRecord: 5 });
  });
});

describe('a relationship of which nothing was heard for 90 days', () => {
  /** Statements only: nothing stands between the two. */
  const words = (...more: Command[]) => {
    const desk = new Newsroom();
    for (const command of [
      makeStatement({ speechAct: 'warn', occurred: '2026-01-07' }),
      makeStatement({ speechAct: 'warn', speakers: [USA], addressees: [VEN], occurred: '2026-04-01' }),
      ...more,
    ])
      desk.file(command);
    return (asOf: Day, key = 'COL-USA') => desk.state(key, asOf).phase.name;
  };

  it('is quiet, whatever its tension', () => {
    expect(words()(addDays('2026-01-07', 89))).toBe('low');
    expect(words()(addDays('2026-01-07', 90))).toBe('quiet');
    expect(words()('2026-05-01', 'USA-VEN')).toBe('low');
  });

  it('is not quiet while something stands between the two', () => {
    const blockade = takeAction({ act: 'blockade', actors: [USA], targets: [COL], occurred: '2026-01-02' });
    expect(words(blockade)('2026-08-01')).toBe('mixed');
    const ship = takeAction({ act: 'other', standing: true, actors: [USA], targets: [COL], occurred: '2026-01-02' });
    expect(words(ship)('2026-08-01')).toBe('low');
    expect(words(imposeSanction({ occurred: '2026-01-02' }))('2026-08-01')).toBe('mixed');
  });

  it('is quiet where what stands merely affects it', () => {
    const nearby = takeAction({
      occurred: '2026-01-02',
      relationships: [
        { key: 'USA-VEN', role: 'primary' },
        { key: 'COL-USA', role: 'affected' },
      ],
    });
    expect(words(nearby)('2026-08-01')).toBe('quiet');
    expect(words(nearby)('2026-08-01', 'USA-VEN')).toBe('mixed');
  });

  it('is no longer quiet once they met as they had planned to, long before', () => {
    const phase = words(scheduleMeeting({ id: 'meeting-1' }), holdMeeting({ on: '2026-06-10' }));
    expect(phase('2026-06-09')).toBe('quiet');
    expect(phase('2026-06-10')).toBe('low');
  });
});
