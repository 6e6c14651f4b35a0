import fc from 'fast-check';
import { applyChanges, changesBetween } from '../../src/domain/correction.js';
import type { CorrectRecord } from '../../src/domain/correct.decide.js';
import type { DomainEvent } from '../../src/domain/record.js';
import type { OccurredInput } from '../../src/domain/time.js';
import { actionTaken, aSource, day, makeStatement, meetingHeld, meetingScheduled } from './samples.js';

const SEED = 20_260_109;

describe('a date as it was sent, made again of what is stored', () => {
  const desk = aSource()
    .and('action-1', [actionTaken({ occurred: day('2025-10-24') })])
    .and('meeting-1', [meetingScheduled(), meetingHeld('2026-02-03')]);
  const relativeTo = { record: 'action-1', minDays: 1, maxDays: 10 };

  it.each<OccurredInput>([
    '2026-01-03',
    '2025-10',
    '2025',
    '2025-21',
    'XXXX-10',
    '2025-1X',
    '2026-01~',
    '2026-01-03T10:00:00Z',
    '2026-01-07/2026-02-03',
    '[2026-01-03..2026-02-03]',
    '2026-01-08/..',
    '../2026-01-08',
    'unknown',
    { earliest: '2026-01-08' },
    { latest: '2026-01-08', basis: 'inferred' },
    { edtf: '2025-21', earliest: '2025-04-01', latest: '2025-05-10' },
    { edtf: '2025-10', latest: '2025-10-24', basis: 'editor-inferred' },
    { edtf: 'XXXX-10', earliest: '2025-10-01', latest: '2025-10-31' },
    { earliest: '2025-10-01', latest: '2025-10-31', precision: 'month' },
    { precision: 'unknown' },
    { relativeTo },
    { relativeTo: { record: 'action-1', minDays: 1 } },
    { relativeTo: { record: 'meeting-1', step: 2, maxDays: -1 } },
    { edtf: '2025-11', relativeTo },
    { latest: '2025-10-30', relativeTo },
    { relativeTo, precision: 'month' },
    { relativeTo, precision: 'day' },
    { earliest: '2025-10-30', relativeTo, precision: 'unknown' },
    { relativeTo: { record: 'meeting-1', step: 2, minDays: 1 } },
  ])('says the same once more: %j', (occurred) => {
    const filed = desk.when(makeStatement({ occurred, id: 'statement-1' })).stored as Extract<DomainEvent, { type: 'StatementMade' }>;
    const command: CorrectRecord = {
      command: 'CorrectRecord',
      record: 'statement-1',
      patch: { occurred: { statedAs: 'so they say' } },
      kind: 'clarification',
      reason: 'the words of the source',
    };
    // A month later, so that a day that was settled on the day of filing would show.
    const event = desk.and('statement-1', [filed]).onDay('2026-03-05').when(command).stored;
    const before = filed.data.occurred;
    expect(event.data).toMatchObject({ changes: [{ pointer: '/occurred', before, after: { ...before, statedAs: 'so they say' } }] });
    expect((event.data as { changes: unknown[] }).changes).toHaveLength(1);
  });
});

describe('the changes between two bodies', () => {
  const body = fc.dictionary(fc.constantFrom('a', 'b/c', 'd~e', 'on', 'place'), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 4,
  }) as fc.Arbitrary<Record<string, unknown>>;

  it(`make the one of the other, and back (seed ${SEED})`, () => {
    fc.assert(
      fc.property(body, body, (before, after) => {
        const changes = changesBetween(before, after);
        expect(applyChanges(before, changes)).toEqual(after);
        const back = changes.map(({ pointer, before: was, after: is }) => ({ pointer, before: is, after: was }));
        expect(applyChanges(after, back.toReversed())).toEqual(before);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('are none between a body and itself', () => {
    fc.assert(
      fc.property(body, (one) => {
        expect(changesBetween(one, structuredClone(one))).toEqual([]);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('name a field by its pointer, whatever its name', () => {
    expect(changesBetween({ 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } })).toEqual([{ pointer: '/a~1b/~0', before: 1, after: 2 }]);
  });
});
