import { evolve, fold } from '../../src/domain/fold.js';
import type { DomainEvent, EventType, Kind, RecordOnFile } from '../../src/domain/record.js';
import {
  actionEnded,
  actionTaken,
  BLOG,
  CITED,
  contactHeld,
  meetingCancelled,
  meetingHeld,
  meetingRescheduled,
  meetingScheduled,
  sanctionAmended,
  sanctionImposed,
  sanctionLifted,
  sourceRegistered,
  sourceWithdrawn,
  statementMade,
  statementSettled,
  WIRE,
} from './samples.js';

const cited: DomainEvent = { type: 'SourceCited', data: { source: BLOG, locator: 'headline', reason: 'other words' } };
const linked: DomainEvent = {
  type: 'RecordsLinked',
  data: { rel: 'denies', to: 'statement-2', note: 'n', reason: 'why', citations: CITED },
};
const raised: DomainEvent = { type: 'QueryRaised', data: { question: 'whose legality?' } };
const answered: DomainEvent = { type: 'QueryAnswered', data: { n: 1, answer: 'that of the claims' } };
const assessed: DomainEvent = {
  type: 'StatementAssessed',
  data: { verdict: 'questioned', by: [{ kind: 'group' }], reason: 'many doubt it' },
};
const graded: DomainEvent = { type: 'SourceGraded', data: { reliability: 'B', credibility: 2, reason: 'a long record' } };

describe('a record', () => {
  it('is nothing without events', () => {
    expect(fold('statement-1', [])).toBeUndefined();
  });

  it.each<[EventType, Kind, DomainEvent]>([
    ['SourceRegistered', 'source', sourceRegistered()],
    ['StatementMade', 'statement', statementMade()],
    ['SanctionImposed', 'sanction', sanctionImposed()],
    ['MeetingScheduled', 'meeting', meetingScheduled()],
    ['MeetingHeld', 'meeting', contactHeld()],
    ['ActionTaken', 'action', actionTaken()],
  ])('that begins with %s is a %s at version 1', (_, kind, filed) => {
    expect(fold('record-1', [filed])).toEqual({
      id: 'record-1',
      kind,
      version: 1,
      filed,
      steps: [],
      withheld: [],
      cited: [],
      links: [],
      queries: [],
      assessed: [],
      graded: [],
      corrections: [],
      reinstated: [],
    });
  });

  it.each<[string, DomainEvent, DomainEvent, object]>([
    [
      'a settlement',
      statementMade(),
      statementSettled('granted', '2026-02-03'),
      { steps: [{ ...statementSettled('granted', '2026-02-03'), version: 2 }] },
    ],
    [
      'an amendment',
      sanctionImposed(),
      sanctionAmended('2026-01-10', {}),
      { steps: [{ ...sanctionAmended('2026-01-10', {}), version: 2 }] },
    ],
    ['a lift', sanctionImposed(), sanctionLifted('2026-01-10'), { steps: [{ ...sanctionLifted('2026-01-10'), version: 2 }] }],
    ['a move', meetingScheduled(), meetingRescheduled('2026-01-10'), { steps: [{ ...meetingRescheduled('2026-01-10'), version: 2 }] }],
    ['a cancellation', meetingScheduled(), meetingCancelled('2026-01-10'), { steps: [{ ...meetingCancelled('2026-01-10'), version: 2 }] }],
    ['a holding', meetingScheduled(), meetingHeld('2026-02-03'), { steps: [{ ...meetingHeld('2026-02-03'), version: 2 }] }],
    ['an end', actionTaken(), actionEnded('lapsed', '2026-02-03'), { steps: [{ ...actionEnded('lapsed', '2026-02-03'), version: 2 }] }],
    ['one more source, without why', statementMade(), cited, { cited: [{ version: 2, citation: { source: BLOG, locator: 'headline' } }] }],
    ['a link, without why', statementMade(), linked, { links: [{ rel: 'denies', to: 'statement-2', note: 'n', n: 1, version: 2 }] }],
    ['a query', statementMade(), raised, { queries: [{ n: 1, version: 2, question: 'whose legality?' }] }],
    ['an assessment', statementMade(), assessed, { assessed: [{ ...assessed, version: 2 }] }],
    ['a grade', sourceRegistered(), graded, { graded: [{ ...graded, version: 2 }] }],
    [
      'its withdrawal',
      sourceRegistered(),
      sourceWithdrawn('made up'),
      { withdrawn: { type: 'SourceWithdrawn', data: { reason: 'made up' }, version: 2 } },
    ],
  ])('takes %s, and nothing else changes but its version', (_, first, event, change) => {
    const before = fold('record-1', [first])!;
    expect(evolve('record-1', before, event)).toEqual({ ...before, ...change, version: 2 });
  });

  it('numbers its links from those of its first event on', () => {
    const record = fold('statement-1', [
      statementMade({
        links: [
          { rel: 'about', to: 'meeting-1' },
          { rel: 'context', to: 'action-1' },
        ],
      }),
      raised,
      linked,
    ])!;
    expect(record.links.map(({ n, version, to }) => [n, version, to])).toEqual([
      [1, 1, 'meeting-1'],
      [2, 1, 'action-1'],
      [3, 3, 'statement-2'],
    ]);
  });

  it('numbers its queries, and gives each its latest answer', () => {
    const better: DomainEvent = { type: 'QueryAnswered', data: { n: 1, answer: 'that of the amnesty' } };
    const record = fold('statement-1', [
      statementMade(),
      raised,
      cited,
      { type: 'QueryRaised', data: { question: 'who?' } },
      answered,
      better,
    ])!;
    expect(record.queries).toEqual([
      { n: 1, version: 2, question: 'whose legality?', answer: { version: 6, text: 'that of the amnesty' } },
      { n: 2, version: 4, question: 'who?' },
    ]);
  });

  it('leaves what was believed before as it was', () => {
    const events = [
      statementMade({ citations: [{ source: WIRE }] }),
      raised,
      answered,
      linked,
      cited,
      assessed,
      statementSettled('granted', '2026-02-03'),
    ];
    const before = events.map((_, i) => fold('statement-1', events.slice(0, i + 1))!);
    const kept = structuredClone(before);
    for (const record of before) for (const event of events.slice(1)) evolve('statement-1', record, event);
    expect(before).toEqual(kept);
  });

  it('is the same folded at once or event by event', () => {
    const events = [
      meetingScheduled(),
      meetingCancelled('2026-01-10'),
      raised,
      meetingRescheduled('2026-01-12'),
      cited,
      meetingHeld('2026-02-03'),
      answered,
    ];
    const bit = events.reduce<RecordOnFile | undefined>((record, event) => evolve('meeting-1', record, event), undefined);
    expect(bit).toEqual(fold('meeting-1', events));
    expect(bit).toMatchObject({ version: 7, steps: [{ version: 2 }, { version: 4 }, { version: 6 }] });
  });
});
