import { fold } from '../../src/domain/fold.js';
import { linksOf, type DomainEvent } from '../../src/domain/record.js';
import type { LinkRecords, ReinstateRecord, RetractRecord, UnlinkRecords } from '../../src/domain/record.decide.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import type { Given } from '../support/given.js';
import {
  aSource,
  assessStatement,
  BLOG,
  CITED,
  holdMeeting,
  makeStatement,
  meetingCancelled,
  meetingHeld,
  meetingRescheduled,
  meetingScheduled,
  rescheduleMeeting,
  settleStatement,
  sourceRegistered,
  statementMade,
  WIRE,
} from './samples.js';

const WHY = { reason: 'it was filed twice' };
const retract = (step?: number, record = 'meeting-1'): RetractRecord => ({
  command: 'RetractRecord',
  record,
  ...WHY,
  ...(step !== undefined && { step }),
});
const reinstate = (step?: number, record = 'meeting-1'): ReinstateRecord => ({
  command: 'ReinstateRecord',
  record,
  ...WHY,
  ...(step !== undefined && { step }),
});
const retracted = (step?: number): DomainEvent => ({ type: 'RecordRetracted', data: { ...WHY, ...(step !== undefined && { step }) } });
const reinstated = (step?: number): DomainEvent => ({ type: 'RecordReinstated', data: { ...WHY, ...(step !== undefined && { step }) } });
const meeting = (...later: DomainEvent[]): Given => aSource().and('meeting-1', [meetingScheduled(), ...later]);

describe('retracting a record', () => {
  it('takes it out, with a reason and the sources that it goes by', () => {
    meeting()
      .when({ ...retract(), citations: CITED })
      .thenStored({ type: 'RecordRetracted', data: { ...WHY, citations: CITED } });
  });

  it('is the same at step 1', () => {
    expect(meeting().when(retract(1)).stored.data).not.toHaveProperty('step');
    meeting(retracted()).when(retract(1)).thenNothing(2);
  });

  it.each([undefined, '', ' '])('says why, not "%s"', (reason) => {
    for (const command of [retract(), reinstate(), retract(2), reinstate(2)])
      meeting(meetingHeld('2026-02-03'))
        .when({ ...command, reason })
        .thenRejected('reason-missing', { pointer: '/reason', message: 'say why, for example' });
  });

  it('stores nothing when it was done before, whatever the reason then', () => {
    meeting(retracted())
      .when({ ...retract(), reason: 'for another reason' })
      .thenNothing(2);
  });

  it('can be done though others lean on it, link to it or cite it', () => {
    aSource()
      .and('statement-1', [statementMade()])
      .and('statement-2', [statementMade({ links: [{ rel: 'denies', to: 'statement-1' }] })])
      .when(retract(undefined, 'statement-1'))
      .thenStored({ type: 'RecordRetracted' });
    aSource().and('statement-1', [statementMade()]).when(retract(undefined, WIRE)).thenStored({ type: 'RecordRetracted' });
  });

  it.each([
    ['taken further', holdMeeting()],
    ['cited for', { command: 'CiteSource', record: 'meeting-1', source: BLOG }],
    ['linked', { command: 'LinkRecords', record: 'meeting-1', rel: 'about', to: 'statement-2' }],
    ['unlinked', { command: 'UnlinkRecords', record: 'meeting-1', n: 1 }],
    ['asked about', { command: 'RaiseQuery', record: 'meeting-1', question: 'where?' }],
    ['answered for', { command: 'AnswerQuery', record: 'meeting-1', n: 1, answer: 'there' }],
    ['corrected', { command: 'CorrectRecord', record: 'meeting-1', patch: { channel: 'press' }, kind: 'typo', ...WHY }],
    ['retracted in part', retract(2)],
    ['reinstated in part', reinstate(2)],
  ] as const)('ends what can happen to it: it is not %s', (_, command) => {
    meeting(meetingRescheduled('2026-01-20'), retracted())
      .when(command)
      .thenRejected('record-retracted', { pointer: '', message: /it was filed twice; reinstate it first/ });
  });

  it('of a statement or a source ends it just as well', () => {
    const desk = aSource().and('statement-1', [statementMade(), retracted()]).and(BLOG, [sourceRegistered(), retracted()]);
    for (const command of [assessStatement(), settleStatement()]) desk.when(command).thenRejected('record-retracted');
    desk.when({ command: 'WithdrawSource', record: BLOG, ...WHY }).thenRejected('record-retracted');
    desk.when({ command: 'GradeSource', record: BLOG, reliability: 'B', credibility: 2, ...WHY }).thenRejected('record-retracted');
  });

  it('of a source ends citing it', () => {
    aSource()
      .and(BLOG, [sourceRegistered(), retracted()])
      .when(makeStatement({ citations: [{ source: BLOG }] }))
      .thenRejected('source-withdrawn', { pointer: '/citations/0/source', message: `${BLOG} was retracted: it was filed twice` });
  });

  it('leaves it there to be linked to, and to be leant on by a date', () => {
    const desk = aSource().and('statement-1', [statementMade(), retracted()]);
    desk.when(makeStatement({ links: [{ rel: 'denies', to: 'statement-1' }] })).thenStored({ type: 'StatementMade' });
    desk
      .when(makeStatement({ occurred: { relativeTo: { record: 'statement-1', minDays: -1, maxDays: -1 } } }))
      .thenStored({ type: 'StatementMade', data: { occurred: { earliest: '2026-01-06', latest: '2026-01-06' } } });
  });
});

describe('retracting a step', () => {
  it('takes out that one alone: the record folds as if it had never been filed', () => {
    meeting(meetingHeld('2026-02-03'))
      .when(retract(2))
      .thenStored({ type: 'RecordRetracted', data: { ...WHY, step: 2 } });
    const record = fold('meeting-1', [meetingScheduled(), meetingHeld('2026-02-03'), retracted(2)])!;
    expect(record).toMatchObject({ version: 3, steps: [], withheld: [{ version: 2, retracted: 3 }] });
    meeting(meetingHeld('2026-02-03'), retracted(2))
      .when(holdMeeting({ on: '2026-02-04' }))
      .thenStored({ type: 'MeetingHeld' });
  });

  it('stores nothing when it was done before', () => {
    meeting(meetingHeld('2026-02-03'), retracted(2)).when(retract(2)).thenNothing(3);
  });

  it.each<[string, DomainEvent[], number]>([
    ['there is none', [], 2],
    ['the newsroom only asked something', [{ type: 'QueryRaised', data: { question: 'where?' } }], 2],
    ['that one lies in the future', [meetingHeld('2026-02-03')], 9],
  ])('is refused where %s', (_, later, step) => {
    for (const command of [retract(step), reinstate(step)])
      meeting(...later)
        .when(command)
        .thenRejected('step-unknown', {
          pointer: '/step',
          message: `no step ${step} in the world; it has ${later[0]?.type === 'MeetingHeld' ? '2 (MeetingHeld)' : 'none'}`,
        });
  });

  it('is refused where a later step needs it, and names that one', () => {
    meeting(meetingCancelled('2026-01-20'), meetingRescheduled('2026-01-25'), meetingHeld('2026-02-03'))
      .when(retract(3))
      .thenRejected('meeting-cancelled', {
        pointer: '/step',
        message: 'the record without step 3 does not fit: MeetingHeld on 2026-02-03 (version 4), filed before, stands in the way',
      });
  });

  it('lets its sources be cited by the record once more', () => {
    const held = {
      ...meetingHeld('2026-02-03'),
      data: { ...meetingHeld('2026-02-03').data, citations: [{ source: BLOG }] },
    } as DomainEvent;
    meeting(held, retracted(2))
      .and(BLOG, [sourceRegistered()])
      .when({ command: 'CiteSource', record: 'meeting-1', source: BLOG })
      .thenStored({ type: 'SourceCited' });
  });
});

describe('reinstating', () => {
  it('puts back the record, or the step, with a reason', () => {
    meeting(retracted()).when(reinstate()).thenStored({ type: 'RecordReinstated', data: WHY });
    meeting(meetingHeld('2026-02-03'), retracted(2))
      .when(reinstate(2))
      .thenStored({ type: 'RecordReinstated', data: { ...WHY, step: 2 } });
  });

  it('lets everything happen to it again', () => {
    meeting(retracted(), reinstated()).when(holdMeeting()).thenStored({ type: 'MeetingHeld' });
    aSource()
      .and(BLOG, [sourceRegistered(), retracted(), reinstated()])
      .when(makeStatement({ citations: [{ source: BLOG }] }))
      .thenStored({ type: 'StatementMade' });
    meeting(retracted(), reinstated()).when(retract()).thenStored({ type: 'RecordRetracted' });
  });

  it('stores nothing when it was done before, or was never called for', () => {
    meeting(retracted(), reinstated()).when(reinstate()).thenNothing(3);
    meeting().when(reinstate()).thenNothing(1);
    meeting(meetingHeld('2026-02-03')).when(reinstate(2)).thenNothing(2);
    meeting(meetingHeld('2026-02-03'), retracted(2), reinstated(2)).when(reinstate(2)).thenNothing(4);
  });

  it.each<[string, RejectionCode, string, DomainEvent[]]>([
    ['by itself', 'meeting-already-held', 'has already been held', [meetingHeld('2026-02-03'), retracted(2), meetingHeld('2026-02-01')]],
    [
      'for another step',
      'meeting-already-held',
      'step 2 does not fit: MeetingHeld on 2026-02-04 (version 4)',
      [meetingHeld('2026-02-03'), retracted(2), meetingHeld('2026-02-04')],
    ],
  ])('a step is refused where it no longer fits, %s', (_, code, message, later) => {
    meeting(...later)
      .when(reinstate(2))
      .thenRejected(code, { pointer: '/step', message });
  });

  it('keeps the step as it was corrected, and in its place', () => {
    const events: DomainEvent[] = [
      meetingScheduled(),
      meetingCancelled('2026-01-20'),
      {
        type: 'RecordCorrected',
        data: { step: 2, kind: 'typo', reason: 'x', changes: [{ pointer: '/summary', after: 'called off' }] },
      },
      meetingRescheduled('2026-01-25'),
      retracted(4),
      retracted(2),
      reinstated(2),
    ];
    expect(fold('meeting-1', events)).toMatchObject({
      steps: [{ version: 2, data: { summary: 'called off' } }],
      withheld: [{ version: 4 }],
    });
  });
});

describe('unlinking', () => {
  const unlink = (n: number): UnlinkRecords => ({ command: 'UnlinkRecords', record: 'statement-1', n });
  const link = (otherwise: Partial<LinkRecords> = {}): LinkRecords => ({
    command: 'LinkRecords',
    record: 'statement-1',
    rel: 'denies',
    to: 'statement-2',
    ...otherwise,
  });
  const denies = { rel: 'denies', to: 'statement-2' } as const;
  const unlinked: DomainEvent = { type: 'RecordsUnlinked', data: { n: 1, ...denies } };
  const linked = (...later: DomainEvent[]): Given =>
    aSource()
      .and('statement-1', [statementMade({ links: [denies] }), ...later])
      .and('statement-2', [statementMade()]);

  it('names the link by its number, and keeps what it said', () => {
    linked()
      .when(unlink(1))
      .thenStored({ type: 'RecordsUnlinked', data: { n: 1, ...denies } });
    linked()
      .when({ ...unlink(1), reason: 'it is of another claim', citations: CITED })
      .thenStored({ type: 'RecordsUnlinked', data: { n: 1, reason: 'it is of another claim', citations: CITED } });
  });

  it('stores nothing when it was done before', () => {
    linked(unlinked).when(unlink(1)).thenNothing(2);
  });

  it('is refused where there is no such link', () => {
    linked()
      .when(unlink(2))
      .thenRejected('step-unknown', { pointer: '/n', message: /has no link 2; .*for example .records.statement-1.links.1/ });
    linked()
      .and('statement-3', [statementMade()])
      .when({ ...unlink(1), record: 'statement-3' })
      .thenRejected('step-unknown', { message: 'POST /records/statement-3/links' });
  });

  it('lets the same link be made again, under another number', () => {
    const again = linked(unlinked).when(link()).stored;
    expect(linksOf(fold('statement-1', [statementMade({ links: [denies] }), unlinked, again])!)).toEqual([{ ...denies, n: 2, version: 3 }]);
  });

  it('lets the other record link back', () => {
    linked()
      .when(link({ record: 'statement-2', to: 'statement-1' }))
      .thenRejected('link-circular');
    linked(unlinked)
      .when(link({ record: 'statement-2', to: 'statement-1' }))
      .thenStored({ type: 'RecordsLinked' });
  });
});

describe('a step that no longer fits, because a date has moved since', () => {
  it('is no reason to refuse another one, or to keep one from being taken out', () => {
    const desk = meeting(meetingRescheduled('2026-01-01'), meetingCancelled('2026-01-20'));
    desk.when(retract(3)).thenStored({ type: 'RecordRetracted' });
    desk.when(rescheduleMeeting({ on: '2026-01-25' })).thenStored({ type: 'MeetingRescheduled' });
  });
});
