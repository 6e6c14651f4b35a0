import type { Command } from '../../src/domain/decider.js';
import { fold } from '../../src/domain/fold.js';
import { lifeAt, lifeName } from '../../src/domain/life.js';
import type { HoldMeeting, ScheduleMeeting } from '../../src/domain/meeting/meeting.decide.js';
import type { DomainEvent } from '../../src/domain/record.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import {
  aSource,
  cancelMeeting,
  CITED,
  COL,
  contactHeld,
  day,
  fileHeldMeeting,
  holdMeeting,
  meetingCancelled,
  meetingHeld,
  meetingRescheduled,
  meetingScheduled,
  QAT,
  rescheduleMeeting,
  scheduleMeeting,
  USA,
  VEN,
  within,
} from './samples.js';

const filed = (...events: DomainEvent[]) => aSource().and('meeting-1', events);
const nameOn = (asOf: string, ...events: DomainEvent[]) => lifeName(fold('meeting-1', events)!, asOf);
const nobody = { party: 'XYZ', kind: 'government' } as const;

describe('scheduling a meeting', () => {
  it('keeps who is to meet, how and within which window, open ends included', () => {
    aSource()
      .when(
        scheduleMeeting({
          level: 'leaders',
          host: 'USA',
          initiator: 'COL',
          agenda: ['drug trafficking'],
          agreedBy: [USA, COL],
          firmness: 'eos4',
          place: { statedAs: 'the White House', party: 'USA' },
        }),
      )
      .thenStored({
        type: 'MeetingScheduled',
        data: {
          format: 'in-person',
          level: 'leaders',
          participants: [USA, COL],
          host: 'USA',
          initiator: 'COL',
          agenda: ['drug trafficking'],
          agreedBy: [USA, COL],
          firmness: 'eos4',
          place: { statedAs: 'the White House', party: 'USA' },
          window: { statedAs: 'in the coming weeks', earliest: '2026-01-08', latest: null },
          relationships: [{ key: 'COL-USA', role: 'primary', derived: true }],
        },
      });
  });

  it('fills in no latest day of its window, for a plan is no fact', () => {
    const { data } = aSource().when(scheduleMeeting({ window: 'unknown' })).stored;
    expect(data).toMatchObject({ window: { earliest: null, latest: null, precision: 'unknown' } });
    expect(data).not.toHaveProperty('window.latestBasis');
  });

  it.each<[RejectionCode, string, string, Partial<ScheduleMeeting>]>([
    ['date-unreadable', '/window', '"in the coming weeks"', { window: undefined }],
    ['date-unreadable', '/window', '2026-02-03', { window: 'next week' }],
    ['window-reversed', '/window', 'the earlier date comes first', { window: '2026-03/2026-02' }],
    ['window-reversed', '/window/latest', '"earliest": "2026-01-08"', { window: { earliest: '2026-03-01', latest: '2026-02-01' } }],
    ['field-invalid', '/participants', '"party": "COL"', { participants: [] }],
    ['party-unknown', '/participants/1/party', 'such as COL', { participants: [USA, nobody] }],
    ['party-unknown', '/agreedBy/0/party', 'such as COL', { agreedBy: [nobody] }],
    ['party-unknown', '/host', 'such as COL', { host: 'XYZ' }],
    ['party-unknown', '/initiator', 'such as COL', { initiator: 'XYZ' }],
    ['party-unknown', '/place/party', 'such as COL', { place: { statedAs: 'the White House', party: 'XYZ' } }],
    ['relationship-unclear', '/relationships', '"key": "COL-USA"', { participants: [USA, COL, VEN] }],
  ])('refuses with %s at %s', (code, pointer, message, otherwise) => {
    aSource().when(scheduleMeeting(otherwise)).thenRejected(code, { pointer, message });
  });

  it('is found by a window that leans on another record, and names that field where it cannot', () => {
    const called = aSource().and('meeting-call', [contactHeld()]);
    called
      .when(scheduleMeeting({ window: { relativeTo: { record: 'meeting-call', minDays: 1, maxDays: 30 } } }))
      .thenStored({ type: 'MeetingScheduled', data: { window: { earliest: '2026-01-08', latest: '2026-02-06' } } });
    called
      .when(scheduleMeeting({ window: { latest: '2026-01-10', relativeTo: { record: 'meeting-call', minDays: 10, maxDays: 30 } } }))
      .thenRejected('window-reversed', { pointer: '/window' });
  });
});

describe('filing a contact that nobody announced', () => {
  it('keeps how it went', () => {
    const course = {
      durationMinutes: 60,
      contentDisclosed: 'partly',
      topicsDiscussed: [{ topic: 'venezuela', attributedTo: 'unclear' }],
      outcomes: { agreed: ['to meet'], unresolved: ['sanctions'] },
    } as const;
    aSource()
      .when(
        fileHeldMeeting({
          ...course,
          topicsDiscussed: [...course.topicsDiscussed],
          outcomes: { agreed: ['to meet'], unresolved: ['sanctions'] },
        }),
      )
      .thenStored({ type: 'MeetingHeld', data: { format: 'phone', participants: [USA, COL], ...course } });
  });

  it.each<[RejectionCode, string, string, Partial<HoldMeeting>]>([
    ['field-invalid', '/format', '"phone"', { format: undefined }],
    ['field-invalid', '/participants', '"party": "COL"', { participants: undefined }],
    ['field-invalid', '/participants', '"party": "COL"', { participants: [], relationships: [{ key: 'COL-USA', role: 'primary' }] }],
    ['field-unknown', '/on', '"occurred"', { on: '2026-01-07' }],
    ['field-unknown', '/reason', '"record"', { reason: 'it was agreed' }],
    ['summary-missing', '/summary', 'by phone', { summary: ' ' }],
    ['date-unreadable', '/occurred', '"2026-02-03"', { occurred: undefined }],
  ])('refuses with %s at %s', (code, pointer, message, otherwise) => {
    aSource().when(fileHeldMeeting(otherwise)).thenRejected(code, { pointer, message });
  });

  it('names the missing format and participants at once', () => {
    aSource()
      .when(fileHeldMeeting({ format: undefined, participants: undefined }))
      .thenRejectedFor({ '/format': 'field-invalid', '/participants': 'field-invalid' });
  });
});

describe('the life of a meeting', () => {
  const states: Record<string, DomainEvent[]> = {
    scheduled: [meetingScheduled()],
    rescheduled: [meetingScheduled(), meetingRescheduled('2026-01-15')],
    cancelled: [meetingScheduled(), meetingCancelled('2026-01-15')],
    revived: [meetingScheduled(), meetingCancelled('2026-01-15'), meetingRescheduled('2026-01-18')],
    held: [meetingScheduled(), meetingHeld('2026-01-19')],
    'held unannounced': [contactHeld()],
  };
  const steps: Record<string, Command> = { reschedule: rescheduleMeeting(), cancel: cancelMeeting(), hold: holdMeeting() };
  const table: Record<string, Record<string, string>> = {
    scheduled: { reschedule: 'scheduled', cancel: 'cancelled', hold: 'held' },
    rescheduled: { reschedule: 'scheduled', cancel: 'cancelled', hold: 'held' },
    cancelled: { reschedule: 'scheduled', cancel: 'meeting-cancelled', hold: 'meeting-cancelled' },
    revived: { reschedule: 'scheduled', cancel: 'cancelled', hold: 'held' },
    held: { reschedule: 'meeting-already-held', cancel: 'meeting-already-held', hold: 'meeting-already-held' },
    'held unannounced': { reschedule: 'meeting-not-scheduled', cancel: 'meeting-not-scheduled', hold: 'meeting-already-held' },
  };
  const refusals = ['meeting-cancelled', 'meeting-already-held', 'meeting-not-scheduled'] as const;
  const cases = Object.entries(table).flatMap(([state, row]) => Object.entries(row).map(([step, result]) => ({ state, step, result })));

  it.each(cases)('one that is $state: $step → $result', ({ state, step, result }) => {
    const asked = filed(...states[state]!).when(steps[step]!);
    const refusal = refusals.find((code) => code === result);
    if (refusal !== undefined) asked.thenRejected(refusal);
    else expect(nameOn('2026-02-03', ...states[state]!, asked.stored)).toBe(result);
  });

  it.each<[RejectionCode, string, string]>([
    ['meeting-cancelled', 'cancelled', 'reschedule it'],
    ['meeting-already-held', 'held', 'file a new meeting'],
  ])('says with %s what can be done instead', (code, state, message) => {
    filed(...states[state]!)
      .when(holdMeeting())
      .thenRejected(code, { message });
  });

  it('is overdue when its window has passed', () => {
    const planned = meetingScheduled({ window: within('2026-01-08', '2026-01-31') });
    expect(['2026-01-31', '2026-02-01'].map((asOf) => nameOn(asOf, planned))).toEqual(['scheduled', 'overdue']);
  });

  it('is overdue, where its window is open, more than 90 days after it was last scheduled', () => {
    const open = meetingScheduled({ occurred: day('2026-01-07'), window: within('2026-01-08', null) });
    expect(['2026-04-07', '2026-04-08'].map((asOf) => nameOn(asOf, open))).toEqual(['scheduled', 'overdue']);
    const again = meetingRescheduled('2026-02-01', within('2026-02-02', null));
    expect(['2026-05-02', '2026-05-03'].map((asOf) => nameOn(asOf, open, again))).toEqual(['scheduled', 'overdue']);
  });

  it.each(['held', 'cancelled'])('is never overdue once it is %s', (state) => {
    expect(nameOn('2030-01-01', ...states[state]!)).toBe(state);
  });

  it('can be rescheduled when it is overdue, and held', () => {
    const overdue = meetingScheduled({ window: within('2026-01-08', '2026-01-10') });
    filed(overdue)
      .when(rescheduleMeeting())
      .thenStored({ type: 'MeetingRescheduled', data: { window: { earliest: '2026-03-01', latest: '2026-03-31' } } });
    filed(overdue).when(holdMeeting()).thenStored({ type: 'MeetingHeld' });
  });
});

describe('holding a scheduled meeting', () => {
  it('needs no more than its day and a source: what is not given, or given as an empty list, is as scheduled', () => {
    const { data } = filed(meetingScheduled()).when(holdMeeting({ participants: [], relationships: [], links: [] })).stored;
    expect(data).toEqual({ on: day('2026-02-03'), citations: CITED });
  });

  it('takes all fields of a held meeting', () => {
    const held = {
      summary: 'The two presidents meet at the White House',
      format: 'video',
      level: 'leaders',
      participants: [USA, COL],
      host: 'USA',
      initiator: 'COL',
      agenda: ['drug trafficking'],
      durationMinutes: 120,
      contentDisclosed: 'partly',
      topicsDiscussed: [{ topic: 'sanctions' }],
      outcomes: { unresolved: ['not every point'] },
      place: { statedAs: 'the White House', party: 'USA' },
      channel: 'in-person',
      quotes: [{ text: 'terrific' }],
      topics: ['drug-trafficking'],
      quantities: [{ measure: 'duration', min: 120, wording: 'two hours' }],
      mentions: [{ text: 'the ceasefire' }],
      note: 'said twice in the article',
      reason: 'as planned',
    } satisfies Partial<HoldMeeting>;
    filed(meetingScheduled()).when(holdMeeting(held)).thenStored({ type: 'MeetingHeld', data: held });
  });

  it.each<[string, Partial<HoldMeeting>]>([
    ['id', { id: 'meeting-2' }],
    ['occurred', { occurred: '2026-02-03' }],
    ['relationships', { relationships: [{ key: 'COL-USA', role: 'primary' }] }],
    ['links', { links: [{ rel: 'about', to: 'meeting-1' }] }],
  ])('does not take %s, which belongs to the record', (name, otherwise) => {
    filed(meetingScheduled())
      .when(holdMeeting(otherwise))
      .thenRejected('field-unknown', { pointer: `/${name}` });
  });

  it('names everything that cannot be understood', () => {
    filed(meetingScheduled())
      .when(
        holdMeeting({
          on: 'next week',
          citations: [],
          participants: [nobody],
          host: 'XYZ',
          place: { statedAs: 'somewhere', party: 'XYZ' },
          mentions: [{ text: 'somebody', party: 'XYZ' }],
          quantities: [{ measure: 'duration', min: 3, max: 2, wording: 'two to three hours' }],
        }),
      )
      .thenRejectedFor({
        '/citations': 'citation-missing',
        '/on': 'date-unreadable',
        '/participants/0/party': 'party-unknown',
        '/host': 'party-unknown',
        '/quantities/0/min': 'field-invalid',
        '/place/party': 'party-unknown',
        '/mentions/0/party': 'party-unknown',
      });
  });

  it('is no error when asked twice, an empty list being the same as none', () => {
    const course = { outcomes: { unresolved: ['not every point'] } };
    const first = filed(meetingScheduled()).when(holdMeeting(course)).stored;
    const held = filed(meetingScheduled(), first);
    held.when(holdMeeting({ outcomes: { agreed: [], unresolved: ['not every point'] }, agenda: [] })).thenNothing(2);
    held.when(holdMeeting({ ...course, durationMinutes: 120 })).thenRejected('meeting-already-held');
  });
});

describe('moving a meeting', () => {
  it('keeps the new window, how firm it is and where', () => {
    filed(meetingScheduled())
      .when(rescheduleMeeting({ firmness: 'eos3', place: { statedAs: 'Doha', party: 'QAT' } }))
      .thenStored({
        type: 'MeetingRescheduled',
        data: { window: { edtf: '2026-03' }, firmness: 'eos3', place: { statedAs: 'Doha', party: 'QAT' }, on: day('2026-01-20') },
      });
  });

  it.each<[RejectionCode, string, Parameters<typeof rescheduleMeeting>[0]]>([
    ['date-unreadable', '/window', { window: undefined }],
    ['date-unreadable', '/on', { on: '2026-13-40' }],
    ['party-unknown', '/place/party', { place: { statedAs: 'somewhere', party: 'XYZ' } }],
  ])('refuses with %s at %s', (code, pointer, otherwise) => {
    filed(meetingScheduled()).when(rescheduleMeeting(otherwise)).thenRejected(code, { pointer });
  });

  it('is no error when asked twice, also when it was moved again on a later day', () => {
    const march = meetingRescheduled('2026-01-20', {
      edtf: '2026-03',
      earliest: '2026-03-01',
      latest: '2026-03-31',
      precision: 'month',
      basis: 'stated',
    });
    filed(meetingScheduled(), march).when(rescheduleMeeting()).thenNothing(2);
    filed(meetingScheduled(), march, meetingRescheduled('2026-01-25', within('2026-04-01', '2026-04-30')))
      .when(rescheduleMeeting())
      .thenNothing(2);
  });
});

describe('cancelling a meeting', () => {
  it('keeps by whom', () => {
    filed(meetingScheduled())
      .when(cancelMeeting({ by: [COL] }))
      .thenStored({ type: 'MeetingCancelled', data: { by: [COL], on: day('2026-01-20') } });
    filed(meetingScheduled())
      .when(cancelMeeting({ by: [nobody] }))
      .thenRejected('party-unknown', { pointer: '/by/0/party' });
  });

  it('is no error when asked twice, also when the meeting was revived and held since', () => {
    const cancelled = [meetingScheduled(), meetingCancelled('2026-01-20')];
    filed(...cancelled)
      .when(cancelMeeting())
      .thenNothing(2);
    filed(...cancelled, meetingRescheduled('2026-01-22'))
      .when(cancelMeeting())
      .thenNothing(2);
    filed(...cancelled, meetingRescheduled('2026-01-20'), meetingHeld('2026-02-03'))
      .when(cancelMeeting())
      .thenNothing(2);
  });

  it('is news once more when the meeting was revived on the same day', () => {
    filed(meetingScheduled(), meetingCancelled('2026-01-20'), meetingRescheduled('2026-01-20'))
      .when(cancelMeeting())
      .thenStored({ type: 'MeetingCancelled' });
    filed(meetingScheduled(), meetingCancelled('2026-01-20'), meetingRescheduled('2026-01-20'), meetingCancelled('2026-01-20'))
      .when(cancelMeeting())
      .thenNothing(4);
  });
});

describe('with mediators and observers', () => {
  it('is between its sides, and affects what a mediator or observer has with each of them', () => {
    aSource()
      .when(scheduleMeeting({ participants: [USA, { ...VEN, part: 'side' }, { ...QAT, part: 'mediator' }] }))
      .thenStored({
        type: 'MeetingScheduled',
        data: {
          relationships: [
            { key: 'USA-VEN', role: 'primary', derived: true },
            { key: 'QAT-USA', role: 'affected', derived: true },
            { key: 'QAT-VEN', role: 'affected', derived: true },
          ],
        },
      });
  });

  it('is not found held before it was scheduled', () => {
    expect(lifeAt(fold('meeting-1', [meetingScheduled(), meetingHeld('2026-02-03')])!, '2026-02-02')).toMatchObject({ state: 'scheduled' });
  });
});
