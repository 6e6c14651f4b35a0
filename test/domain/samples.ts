import type { EndAction, TakeAction } from '../../src/domain/action/action.decide.js';
import type { Actor } from '../../src/domain/actor.js';
import type { CancelMeeting, HoldMeeting, RescheduleMeeting, ScheduleMeeting } from '../../src/domain/meeting/meeting.decide.js';
import type { DomainEvent } from '../../src/domain/record.js';
import type { AmendSanction, ImposeSanction, LiftSanction } from '../../src/domain/sanction/sanction.decide.js';
import type { AssessStatement, MakeStatement, SettleStatement } from '../../src/domain/statement/statement.decide.js';
import type { Occurred } from '../../src/domain/time.js';
import { given, type Given } from '../support/given.js';

/** The parts of an event's data that a spec wants otherwise than the sample. */
type Otherwise<T extends DomainEvent['type']> = Partial<Extract<DomainEvent, { type: T }>['data']>;

export const WIRE = 'source-wire';
export const BLOG = 'source-blog';
export const CITED = [{ source: WIRE }];

export const USA: Actor = { party: 'USA', kind: 'government' };
export const COL: Actor = { party: 'COL', kind: 'government' };
export const VEN: Actor = { party: 'VEN', kind: 'government' };
export const QAT: Actor = { party: 'QAT', kind: 'government' };

export function day(iso: string): Occurred {
  return { edtf: iso, earliest: iso, latest: iso, precision: 'day', basis: 'stated', latestBasis: 'stated' };
}

/** Some time within; a window, so that no latest day is filled in. */
export function within(earliest: string | null, latest: string | null): Occurred {
  return { earliest, latest, precision: earliest === null && latest === null ? 'unknown' : 'range', basis: 'stated' };
}

/** One source on file, published on 8 January 2026. */
export function aSource(): Given {
  return given(WIRE, [sourceRegistered()]);
}

export function sourceRegistered(otherwise: Otherwise<'SourceRegistered'> = {}): DomainEvent {
  return { type: 'SourceRegistered', data: { publisher: 'Example Wire', title: 'A call', publishedAt: '2026-01-08', ...otherwise } };
}

export function sourceWithdrawn(reason = 'it was made up'): DomainEvent {
  return { type: 'SourceWithdrawn', data: { reason } };
}

const primary = (key: string): { key: string; role: 'primary'; derived: true }[] => [{ key, role: 'primary', derived: true }];

export function statementMade(otherwise: Otherwise<'StatementMade'> = {}): DomainEvent {
  return {
    type: 'StatementMade',
    data: {
      summary: 'Colombia asks for direct talks again',
      occurred: day('2026-01-07'),
      citations: CITED,
      relationships: primary('COL-USA'),
      speakers: [COL],
      addressees: [USA],
      speechAct: 'request',
      modality: 'actual',
      ...otherwise,
    },
  };
}

export function statementSettled(outcome: SettleStatement['outcome'], on: string, citations = CITED): DomainEvent {
  return { type: 'StatementSettled', data: { on: day(on), citations, outcome } };
}

export function sanctionImposed(otherwise: Otherwise<'SanctionImposed'> = {}): DomainEvent {
  return {
    type: 'SanctionImposed',
    data: {
      summary: 'The US Treasury sanctions two people',
      occurred: day('2025-10-24'),
      citations: CITED,
      relationships: primary('COL-USA'),
      authority: { party: 'USA', name: 'US Treasury', kind: 'institution' },
      targets: [
        { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' },
        { id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' },
      ],
      measures: ['asset-freeze'],
      stage: 'in-force',
      ...otherwise,
    },
  };
}

export function sanctionAmended(on: string, changes: Otherwise<'SanctionAmended'>): DomainEvent {
  return { type: 'SanctionAmended', data: { on: day(on), citations: CITED, ...changes } };
}

export function sanctionLifted(on: string, targets?: string[]): DomainEvent {
  return { type: 'SanctionLifted', data: { on: day(on), citations: CITED, ...(targets && { targets }) } };
}

export function meetingScheduled(otherwise: Otherwise<'MeetingScheduled'> = {}): DomainEvent {
  return {
    type: 'MeetingScheduled',
    data: {
      summary: 'The two presidents agree to meet at the White House',
      occurred: day('2026-01-07'),
      citations: CITED,
      relationships: primary('COL-USA'),
      format: 'in-person',
      participants: [USA, COL],
      window: within('2026-01-08', null),
      ...otherwise,
    },
  };
}

/** A contact that nobody announced. */
export function contactHeld(otherwise: Otherwise<'MeetingHeld'> = {}): DomainEvent {
  return {
    type: 'MeetingHeld',
    data: {
      summary: 'The two presidents speak by phone',
      occurred: day('2026-01-07'),
      citations: CITED,
      relationships: primary('COL-USA'),
      format: 'phone',
      participants: [USA, COL],
      ...otherwise,
    },
  };
}

export function meetingRescheduled(on: string, window: Occurred = within('2026-03-01', '2026-03-31')): DomainEvent {
  return { type: 'MeetingRescheduled', data: { on: day(on), citations: CITED, window } };
}

export function meetingCancelled(on: string | Occurred): DomainEvent {
  return { type: 'MeetingCancelled', data: { on: typeof on === 'string' ? day(on) : on, citations: CITED } };
}

export function meetingHeld(on: string): DomainEvent {
  return { type: 'MeetingHeld', data: { on: day(on), citations: CITED } };
}

export function actionTaken(otherwise: Otherwise<'ActionTaken'> = {}): DomainEvent {
  return {
    type: 'ActionTaken',
    data: {
      summary: 'The United States builds up forces in the Caribbean',
      occurred: day('2025-12-01'),
      citations: CITED,
      relationships: primary('USA-VEN'),
      act: 'deployment',
      actors: [USA],
      targets: [VEN],
      standing: true,
      ...otherwise,
    },
  };
}

export function actionEnded(outcome: NonNullable<EndAction['outcome']>, on: string): DomainEvent {
  return { type: 'ActionEnded', data: { on: day(on), citations: CITED, outcome } };
}

export function makeStatement(otherwise: Partial<MakeStatement> = {}): MakeStatement {
  return {
    command: 'MakeStatement',
    summary: 'Colombia asks for direct talks again',
    occurred: '2026-01-07',
    citations: CITED,
    speakers: [COL],
    addressees: [USA],
    speechAct: 'request',
    ...otherwise,
  };
}

export function settleStatement(otherwise: Partial<SettleStatement> = {}): SettleStatement {
  return { command: 'SettleStatement', record: 'statement-1', outcome: 'granted', on: '2026-02-03', citations: CITED, ...otherwise };
}

export function assessStatement(otherwise: Partial<AssessStatement> = {}): AssessStatement {
  return {
    command: 'AssessStatement',
    record: 'statement-1',
    verdict: 'unsubstantiated',
    by: [{ kind: 'outlet' }],
    reason: 'no evidence was presented',
    ...otherwise,
  };
}

export function imposeSanction(otherwise: Partial<ImposeSanction> = {}): ImposeSanction {
  return {
    command: 'ImposeSanction',
    summary: 'The US Treasury sanctions one person',
    occurred: '2025-10',
    citations: CITED,
    authority: { party: 'USA', name: 'US Treasury', kind: 'institution' },
    targets: [{ party: 'COL', descriptor: 'his wife', kind: 'person' }],
    ...otherwise,
  };
}

export function amendSanction(otherwise: Partial<AmendSanction> = {}): AmendSanction {
  return { command: 'AmendSanction', record: 'sanction-1', on: '2026-01-10', citations: CITED, ...otherwise };
}

export function liftSanction(otherwise: Partial<LiftSanction> = {}): LiftSanction {
  return { command: 'LiftSanction', record: 'sanction-1', on: '2026-05-01', citations: CITED, ...otherwise };
}

export function scheduleMeeting(otherwise: Partial<ScheduleMeeting> = {}): ScheduleMeeting {
  return {
    command: 'ScheduleMeeting',
    summary: 'The two presidents agree to meet at the White House',
    occurred: '2026-01-07',
    citations: CITED,
    format: 'in-person',
    participants: [USA, COL],
    window: { statedAs: 'in the coming weeks', earliest: '2026-01-08' },
    ...otherwise,
  };
}

/** A contact that nobody announced. */
export function fileHeldMeeting(otherwise: Partial<HoldMeeting> = {}): HoldMeeting {
  return {
    command: 'HoldMeeting',
    summary: 'The two presidents speak by phone',
    occurred: '2026-01-07',
    citations: CITED,
    format: 'phone',
    participants: [USA, COL],
    ...otherwise,
  };
}

export function holdMeeting(otherwise: Partial<HoldMeeting> = {}): HoldMeeting {
  return { command: 'HoldMeeting', record: 'meeting-1', on: '2026-02-03', citations: CITED, ...otherwise };
}

export function rescheduleMeeting(otherwise: Partial<RescheduleMeeting> = {}): RescheduleMeeting {
  return { command: 'RescheduleMeeting', record: 'meeting-1', on: '2026-01-20', window: '2026-03', citations: CITED, ...otherwise };
}

export function cancelMeeting(otherwise: Partial<CancelMeeting> = {}): CancelMeeting {
  return { command: 'CancelMeeting', record: 'meeting-1', on: '2026-01-20', citations: CITED, ...otherwise };
}

export function takeAction(otherwise: Partial<TakeAction> = {}): TakeAction {
  return {
    command: 'TakeAction',
    summary: 'The United States builds up forces in the Caribbean',
    occurred: '2025-12-01',
    citations: CITED,
    act: 'deployment',
    actors: [USA],
    targets: [VEN],
    ...otherwise,
  };
}

export function endAction(otherwise: Partial<EndAction> = {}): EndAction {
  return { command: 'EndAction', record: 'action-1', on: '2026-02-01', citations: CITED, ...otherwise };
}
