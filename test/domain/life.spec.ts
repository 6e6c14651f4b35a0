import * as fc from 'fast-check';
import type { Command } from '../../src/domain/decider.js';
import { fold } from '../../src/domain/fold.js';
import { chaptersAt, inWorldOrder, lifeAt, lifeName } from '../../src/domain/life.js';
import type { DomainEvent, RecordOnFile } from '../../src/domain/record.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import type { Occurred } from '../../src/domain/time.js';
import {
  actionEnded,
  actionTaken,
  amendSanction,
  aSource,
  cancelMeeting,
  day,
  endAction,
  holdMeeting,
  liftSanction,
  meetingCancelled,
  meetingHeld,
  meetingRescheduled,
  meetingScheduled,
  rescheduleMeeting,
  sanctionAmended,
  sanctionImposed,
  sanctionLifted,
  settleStatement,
  statementMade,
  statementSettled,
  within,
} from './samples.js';

const SEED = 20_260_205;

const filed = (id: string, ...events: DomainEvent[]) => aSource().and(id, events);
const meeting = (...events: DomainEvent[]): RecordOnFile => fold('meeting-1', [meetingScheduled(), ...events])!;

describe('the order of the world', () => {
  it('is by the latest day on which a step happened, then by the order of filing', () => {
    const steps = meeting(
      meetingRescheduled('2026-01-20'),
      meetingHeld('2026-02-03'),
      meetingCancelled('2026-01-15'),
      meetingRescheduled('2026-01-15'),
    ).steps;
    expect(inWorldOrder(steps).map(({ version }) => version)).toEqual([4, 5, 2, 3]);
  });

  it('places a vague step at its latest day', () => {
    const steps = meeting(meetingCancelled(within('2026-01-10', '2026-01-31')), meetingRescheduled('2026-01-25')).steps;
    expect(inWorldOrder(steps).map(({ version }) => version)).toEqual([3, 2]);
  });
});

describe('the life of a record at a day', () => {
  const told = meeting(meetingCancelled('2026-01-15'), meetingRescheduled('2026-01-20'), meetingHeld('2026-02-03'));
  const days = ['2026-01-14', '2026-01-15', '2026-01-19', '2026-01-20', '2026-02-02', '2026-02-03'];
  const story = ['scheduled', 'cancelled', 'cancelled', 'scheduled', 'scheduled', 'held'];

  it('is made by the steps that had happened by then', () => {
    expect(days.map((asOf) => lifeName(told, asOf))).toEqual(story);
    expect(lifeAt(told)).toEqual(lifeAt(told, '2026-02-03'));
  });

  it('does not depend on the order of filing', () => {
    const late = meeting(meetingHeld('2026-02-03'), meetingRescheduled('2026-01-20'), meetingCancelled('2026-01-15'));
    expect(days.map((asOf) => lifeName(late, asOf))).toEqual(story);
  });

  it('is not touched by what the newsroom thinks, whenever it does', () => {
    const thought = meeting(meetingHeld('2026-02-03'), { type: 'QueryRaised', data: { question: 'who says so?' } });
    expect(lifeName(thought, '2026-01-10')).toBe('scheduled');
    expect(chaptersAt(thought)).toHaveLength(2);
  });

  it('is told in chapters, each with the step that opened it', () => {
    expect(chaptersAt(told, '2026-01-31').map(({ life, step }) => [life.kind === 'meeting' && life.state, step?.version])).toEqual([
      ['scheduled', undefined],
      ['cancelled', 2],
      ['scheduled', 3],
    ]);
  });

  it('leaves out a step that no longer fits, because a date moved after it was accepted', () => {
    const torn = meeting(meetingCancelled('2026-01-15'), meetingHeld('2026-02-03'));
    expect(lifeName(torn, '2026-02-03')).toBe('cancelled');
    expect(chaptersAt(torn).map(({ step }) => step?.version)).toEqual([undefined, 2]);
  });
});

describe('a step that is filed late', () => {
  it.each<[string, string, DomainEvent[], Command]>([
    [
      'a move before the meeting was held',
      'meeting-1',
      [meetingScheduled(), meetingHeld('2026-02-03')],
      rescheduleMeeting({ on: '2026-01-20' }),
    ],
    [
      'a cancellation before the meeting was revived',
      'meeting-1',
      [meetingScheduled(), meetingRescheduled('2026-01-20'), meetingHeld('2026-02-03')],
      cancelMeeting({ on: '2026-01-15' }),
    ],
    [
      'part of an answer before the whole',
      'statement-1',
      [statementMade(), statementSettled('granted', '2026-02-03')],
      settleStatement({ outcome: 'partly', on: '2026-01-20' }),
    ],
    [
      'the lift of one target before that of all',
      'sanction-1',
      [sanctionImposed(), sanctionLifted('2026-05-01')],
      liftSanction({ on: '2026-03-01', targets: ['son'] }),
    ],
    [
      'an amendment before the lift',
      'sanction-1',
      [sanctionImposed(), sanctionLifted('2026-05-01')],
      amendSanction({ on: '2026-03-01', addMeasures: ['travel-ban'] }),
    ],
  ])('is accepted where the story still holds: %s', (_, id, events, command) => {
    filed(id, ...events)
      .when(command)
      .thenStored({ type: expect.any(String) });
  });

  it.each<[RejectionCode, string, string, DomainEvent[], Command]>([
    [
      'meeting-cancelled',
      'MeetingHeld on 2026-02-03 (version 2)',
      'meeting-1',
      [meetingScheduled(), meetingHeld('2026-02-03')],
      cancelMeeting({ on: '2026-01-20' }),
    ],
    [
      'meeting-already-held',
      'MeetingCancelled on 2026-01-20 (version 2)',
      'meeting-1',
      [meetingScheduled(), meetingCancelled('2026-01-20')],
      holdMeeting({ on: '2026-01-15' }),
    ],
    [
      'statement-already-settled',
      'StatementSettled on 2026-01-20 (version 2)',
      'statement-1',
      [statementMade(), statementSettled('partly', '2026-01-20')],
      settleStatement({ on: '2026-01-15' }),
    ],
    [
      'target-not-sanctioned',
      'SanctionLifted on 2026-05-01 (version 2)',
      'sanction-1',
      [sanctionImposed(), sanctionLifted('2026-05-01', ['son'])],
      liftSanction({ on: '2026-03-01', targets: ['son'] }),
    ],
    [
      'sanction-not-in-force',
      'SanctionLifted on 2026-05-01 (version 3)',
      'sanction-1',
      [sanctionImposed(), sanctionAmended('2026-02-01', { addMeasures: ['travel-ban'] }), sanctionLifted('2026-05-01')],
      amendSanction({ on: '2026-03-01', expiresOn: '2026-04-01' }),
    ],
    [
      'action-already-ended',
      'ActionEnded on 2026-02-01 (version 2)',
      'action-1',
      [actionTaken(), actionEnded('completed', '2026-02-01')],
      endAction({ on: '2026-01-01' }),
    ],
  ])('is refused with %s where %s stands in the way', (code, obstacle, id, events, command) => {
    filed(id, ...events)
      .when(command)
      .thenRejected(code, { pointer: '/on', message: `${obstacle}, filed before, stands in the way` });
  });

  it('comes after the steps of the same day that were filed before it', () => {
    filed('meeting-1', meetingScheduled(), meetingHeld('2026-02-03'))
      .when(rescheduleMeeting({ on: '2026-02-03' }))
      .thenRejected('meeting-already-held');
    filed('meeting-1', meetingScheduled(), meetingCancelled('2026-02-03'))
      .when(rescheduleMeeting({ on: '2026-02-03' }))
      .thenStored({ type: 'MeetingRescheduled' });
  });
});

/** A record of each kind with its occurred, and each step that it can take. */
const since = (occurred: Occurred): [string, DomainEvent, (on: string) => Command][] => [
  ['statement-1', statementMade({ occurred }), (on) => settleStatement({ on })],
  ['sanction-1', sanctionImposed({ occurred }), (on) => liftSanction({ on })],
  ['sanction-1', sanctionImposed({ occurred }), (on) => amendSanction({ on, addMeasures: ['travel-ban'] })],
  ['meeting-1', meetingScheduled({ occurred }), (on) => rescheduleMeeting({ on })],
  ['meeting-1', meetingScheduled({ occurred }), (on) => cancelMeeting({ on })],
  ['meeting-1', meetingScheduled({ occurred }), (on) => holdMeeting({ on })],
  ['action-1', actionTaken({ occurred }), (on) => endAction({ on })],
];

describe('a step before the record', () => {
  it.each(since(day('2026-01-07')))('is too early: %s', (id, first, command) => {
    const desk = filed(id, first);
    desk
      .when(command('2026-01-06'))
      .thenRejected('step-too-early', { pointer: '/on', message: 'dated 2026-01-06, before the record itself (2026-01-07)' });
    expect(desk.when(command('2026-01-07')).stored.data).toMatchObject({ on: { latest: '2026-01-07' } });
  });

  it.each(since({ ...day('2026-01-31'), earliest: '2026-01-01' }))(
    'is not too early where both can be of one day: %s',
    (id, first, command) => {
      const desk = filed(id, first);
      desk.when(command('2025-12-31')).thenRejected('step-too-early');
      desk.when(command('2025-12/2026-01')).thenStored({ type: expect.any(String) });
      desk.when(command('2026-01-01')).thenStored({ type: expect.any(String) });
    },
  );

  it('cannot be told where the record has no earliest day', () => {
    filed('action-1', actionTaken({ occurred: { ...day('2026-01-07'), earliest: null } }))
      .when(endAction({ on: '1999' }))
      .thenStored({ type: 'ActionEnded' });
  });
});

describe(`whatever is filed, in whatever order (seed ${SEED})`, () => {
  const on = fc.integer({ min: 10, max: 20 }).map((n) => `2026-01-${n}`);
  const anyOf = (commands: ((on: string) => Command)[]) =>
    fc.array(
      fc.tuple(fc.constantFrom(...commands), on).map(([ask, at]) => ask(at)),
      { maxLength: 8 },
    );
  const stories: [string, DomainEvent, fc.Arbitrary<Command[]>][] = [
    [
      'meeting-1',
      meetingScheduled(),
      anyOf([
        (at) => rescheduleMeeting({ on: at }),
        (at) => cancelMeeting({ on: at }),
        (at) => holdMeeting({ on: at }),
        (at) => rescheduleMeeting({ on: at, window: '2026-04' }),
      ]),
    ],
    [
      'sanction-1',
      sanctionImposed(),
      anyOf([
        (at) => liftSanction({ on: at }),
        (at) => liftSanction({ on: at, targets: ['son'] }),
        (at) => amendSanction({ on: at, removeTargets: ['wife'] }),
        (at) => amendSanction({ on: at, addTargets: [{ descriptor: 'a company', kind: 'company' }] }),
        (at) => amendSanction({ on: at, stage: 'unclear' }),
        (at) => amendSanction({ on: at, stage: 'in-force' }),
        (at) => amendSanction({ on: at, expiresOn: '2026-01-15' }),
      ]),
    ],
    [
      'statement-1',
      statementMade(),
      anyOf([
        (at) => settleStatement({ on: at, outcome: 'partly' }),
        (at) => settleStatement({ on: at, outcome: 'granted' }),
        (at) => settleStatement({ on: at, outcome: 'withdrawn' }),
      ]),
    ],
    ['action-1', actionTaken(), anyOf([(at) => endAction({ on: at }), (at) => endAction({ on: at, outcome: 'broken' })])],
  ];

  it.each(stories)('every accepted step of %s fits its life, and asking for it again stores nothing', (id, first, commands) => {
    fc.assert(
      fc.property(commands, (asked) => {
        const events = [first];
        for (const command of asked) {
          const before = filed(id, ...events);
          const outcome = before.when(command);
          if (!outcome.isStored) continue;
          events.push(outcome.stored);
          filed(id, ...events)
            .when(command)
            .thenNothing(events.length);
        }
        expect(chaptersAt(fold(id, events)!)).toHaveLength(events.length);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
