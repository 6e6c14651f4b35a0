import fc from 'fast-check';
import { fold } from '../../src/domain/fold.js';
import type { DomainEvent, RecordOnFile } from '../../src/domain/record.js';
import { dateLeans, redate } from '../../src/domain/redate.js';
import { addDays, type Occurred, type OccurredInput, type RelativeTo } from '../../src/domain/time.js';
import { given } from '../support/given.js';
import {
  aSource,
  CITED,
  day,
  makeStatement,
  meetingHeld,
  meetingRescheduled,
  meetingScheduled,
  sanctionAmended,
  sanctionImposed,
  sourceRegistered,
  statementMade,
} from './samples.js';

const SEED = 20_260_108;

/** A day that leans on another record, as it was stored while that one was on `then`. */
function leaning(relativeTo: RelativeTo, then: string, otherwise: Partial<Occurred> = {}): Occurred {
  return {
    earliest: addDays(then, relativeTo.minDays ?? 0),
    latest: addDays(then, relativeTo.maxDays ?? 0),
    precision: 'day',
    basis: 'stated',
    latestBasis: 'stated',
    relativeTo,
    own: { earliest: null, latest: null },
    ...otherwise,
  };
}

const before = (record: string, step?: number): RelativeTo => ({ record, ...(step !== undefined && { step }), minDays: -1, maxDays: -1 });
const statement = (occurred: Occurred): DomainEvent => statementMade({ occurred });
const corrected = (occurred: Occurred): DomainEvent => ({
  type: 'RecordCorrected',
  data: { kind: 'correction', reason: 'x', changes: [{ pointer: '/occurred', after: occurred }] },
});

function onFile(records: Record<string, DomainEvent[]>): (id: string) => RecordOnFile | undefined {
  const folded = new Map(Object.entries(records).map(([id, events]) => [id, fold(id, events)!]));
  return (id) => folded.get(id);
}

/** When a record happened, by now. */
function dateOf(records: Record<string, DomainEvent[]>, id: string): Occurred {
  const known = onFile(records);
  const { filed } = redate(known(id)!, known);
  return (filed.data as { occurred: Occurred }).occurred;
}

describe('a date that leans on another record', () => {
  const filed = { a: [statement(day('2026-01-05'))], b: [statement(leaning(before('a'), '2026-01-05'))] };
  const moved = { ...filed, a: [...filed.a, corrected(day('2026-01-10'))] };

  it('is the very same while that one stays', () => {
    const known = onFile(filed);
    expect(redate(known('b')!, known)).toBe(known('b'));
    expect(redate(known('a')!, known)).toBe(known('a'));
  });

  it('moves with it, and nothing else moves', () => {
    const known = onFile(moved);
    const record = redate(known('b')!, known);
    expect(record).toEqual({ ...known('b')!, filed: statement({ ...leaning(before('a'), '2026-01-10') }) });
    expect(redate(record, known)).toBe(record);
  });

  it('is a range where the other one is', () => {
    const month = {
      edtf: '2026-01',
      earliest: '2026-01-01',
      latest: '2026-01-31',
      precision: 'month',
      basis: 'stated',
      latestBasis: 'stated',
    } as const;
    expect(dateOf({ ...filed, a: [...filed.a, corrected(month)] }, 'b')).toMatchObject({
      earliest: '2025-12-31',
      latest: '2026-01-30',
      precision: 'range',
    });
  });

  it('moves over however many records', () => {
    const c = [statement(leaning(before('b'), '2026-01-04'))];
    expect(dateOf({ ...moved, c }, 'c')).toMatchObject({ earliest: '2026-01-08', latest: '2026-01-08' });
  });

  it('stays while that one is retracted, and goes where it is put back', () => {
    const retracted: DomainEvent = { type: 'RecordRetracted', data: { reason: 'x' } };
    expect(dateOf({ ...moved, a: [...moved.a, retracted] }, 'b').latest).toBe('2026-01-09');
    expect(dateOf({ ...moved, a: [...moved.a, retracted, { type: 'RecordReinstated', data: { reason: 'x' } }] }, 'b').latest).toBe(
      '2026-01-09',
    );
  });

  it('stays where that one, or its step, is not on file', () => {
    const known = onFile({ b: filed.b, source: [sourceRegistered()] });
    expect(redate(known('b')!, known)).toBe(known('b'));
    for (const relativeTo of [before('a', 7), before('source')]) {
      const record = fold('c', [statement(leaning(relativeTo, '2026-01-05'))])!;
      expect(redate(record, onFile({ ...moved, source: [sourceRegistered()] }))).toBe(record);
    }
  });

  it('goes by its own bounds alone where the other one leaves it no day', () => {
    const b = [statement(leaning(before('a'), '2026-01-05', { own: { earliest: null, latest: '2026-01-06' } }))];
    expect(dateOf({ ...moved, b }, 'b')).toMatchObject({ earliest: null, latest: '2026-01-06', latestBasis: 'stated' });
    const c = [statement(leaning({ record: 'a', maxDays: 2 }, '2026-01-05', { own: { earliest: '2026-01-02', latest: null } }))];
    const early = { ...filed, c, a: [...filed.a, corrected(day('2025-12-24'))] };
    expect(dateOf(early, 'c')).toMatchObject({ earliest: '2026-01-02', latest: '2026-01-02', latestBasis: 'stated' });
  });

  it('keeps within its own bounds', () => {
    const open: RelativeTo = { record: 'a', minDays: 0, maxDays: 30 };
    const b = [
      statement(leaning(open, '2026-01-05', { own: { earliest: null, latest: '2026-01-20' }, latest: '2026-01-20', precision: 'range' })),
    ];
    expect(dateOf({ ...moved, b }, 'b')).toMatchObject({ earliest: '2026-01-10', latest: '2026-01-20' });
  });

  it('keeps the day on which it was settled, however far the other one has been meanwhile', () => {
    const after: RelativeTo = { record: 'a', minDays: 0 };
    const b = [statement(leaning(after, '2026-01-05', { latest: '2026-01-08', latestBasis: 'published', precision: 'range' }))];
    const far = { ...filed, b, a: [...filed.a, corrected(day('2026-01-20'))] };
    expect(dateOf(far, 'b')).toMatchObject({ earliest: '2026-01-20', latest: '2026-01-20', latestBasis: 'published' });
    const redated = redate(fold('b', b)!, onFile(far));
    const back = { ...far, a: [...far.a, corrected(day('2026-01-06'))] };
    expect(redate(redated, onFile(back)).filed.data).toMatchObject({ occurred: { earliest: '2026-01-06', latest: '2026-01-08' } });
    expect(redate(redated, onFile(filed))).toEqual(fold('b', b));
  });
});

describe('a date that leans on a step', () => {
  const steps = [meetingScheduled(), meetingHeld('2026-02-03')];
  const b = [statement(leaning(before('meeting', 2), '2026-02-03'))];
  const correctedStep: DomainEvent = {
    type: 'RecordCorrected',
    data: { step: 2, kind: 'correction', reason: 'x', changes: [{ pointer: '/on', after: day('2026-02-05') }] },
  };

  it('moves with the step, whether it stands or was retracted', () => {
    expect(dateOf({ meeting: [...steps, correctedStep], b }, 'b').latest).toBe('2026-02-04');
    const retracted: DomainEvent = { type: 'RecordRetracted', data: { step: 2, reason: 'x' } };
    expect(dateOf({ meeting: [...steps, correctedStep, retracted], b }, 'b').latest).toBe('2026-02-04');
  });

  it('may be one of its own record, that leans on another in turn', () => {
    const on = leaning({ record: 'meeting', minDays: 27, maxDays: 27 }, '2026-01-07');
    const held = { ...meetingHeld('2026-02-03'), data: { ...meetingHeld('2026-02-03').data, on } } as DomainEvent;
    const occurred = leaning(before('a'), '2026-01-08');
    const known = onFile({ a: [statement(day('2026-01-18'))], meeting: [meetingScheduled({ occurred }), held] });
    expect(redate(known('meeting')!, known)).toMatchObject({
      filed: { data: { occurred: { latest: '2026-01-17' } } },
      steps: [{ data: { on: { earliest: '2026-02-13', latest: '2026-02-13' } } }],
    });
  });
});

describe('every date of a record', () => {
  it('may lean on another: of the record, of its steps, and of those that were retracted', () => {
    const on = (record: string): Occurred => leaning(before(record), '2026-01-05');
    const sanction = fold('sanction', [
      sanctionImposed({ occurred: on('a'), effectiveOn: on('b'), expiresOn: on('c') }),
      sanctionAmended('2026-01-10', { addMeasures: ['tariff'], on: on('d'), expiresOn: on('a') }),
    ])!;
    expect(dateLeans(sanction)).toEqual(['a', 'b', 'c', 'd']);
    const meeting = fold('meeting', [
      meetingScheduled({ window: on('a') }),
      meetingRescheduled('2026-01-20', on('b')),
      { type: 'RecordRetracted', data: { step: 2, reason: 'x' } },
    ])!;
    expect(dateLeans(meeting)).toEqual(['a', 'b']);
    expect(dateLeans(fold('statement', [statementMade({ due: on('a') })])!)).toEqual(['a']);
    const known = onFile(Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, [statement(day('2026-03-01'))]])));
    expect(JSON.stringify([redate(sanction, known), redate(meeting, known)])).not.toContain('2026-01-04');
  });

  it(`is where a fresh reading puts it, however the others moved (seed ${SEED})`, () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -40, max: 40 })), { maxLength: 8 });
    fc.assert(
      fc.property(moves, fc.boolean(), (history, open) => {
        const to = (record: string): RelativeTo => (open ? { record, minDays: 1 } : { record, minDays: 1, maxDays: 2 });
        const settled = { latest: '2026-01-30', latestBasis: 'published', precision: 'range' } as const;
        const records: Record<string, DomainEvent[]> = {
          r0: [statement(day('2026-01-05'))],
          r1: [statement(leaning(to('r0'), '2026-01-05', open ? settled : { precision: 'range' }))],
          r2: [statement(day('2026-01-07'))],
          last: [statement(leaning(to('r1'), '2026-01-06', open ? settled : { precision: 'range' }))],
        };
        let kept = redate(fold('last', records['last']!)!, onFile(records));
        for (const [which, days] of history) {
          const id = which === 1 ? 'r0' : `r${which}`;
          records[id]!.push(corrected(day(addDays('2026-01-05', days))));
          kept = redate(kept, onFile(records));
          expect(redate(kept, onFile(records))).toBe(kept);
        }
        const fresh = redate(fold('last', records['last']!)!, onFile(records));
        expect(kept.filed).toEqual(fresh.filed);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('a date on file that leans on another', () => {
  const onFileOn = (target: string, ...more: DomainEvent[]) => aSource().and('a', [statement(day(target)), ...more]);
  /** As it is stored on a day while the other one is on `target`; undefined where it is refused. */
  const storedOn = (occurred: OccurredInput, target: string): DomainEvent | undefined => {
    const outcome = onFileOn(target).when(makeStatement({ occurred }));
    return outcome.isStored ? outcome.stored : undefined;
  };
  const after: OccurredInput = { relativeTo: { record: 'a', minDays: 0 } };

  it('goes back to the day of publication when it was filed on a later one only because the other was dated too late', () => {
    const b = [storedOn(after, '2026-01-20')!];
    expect(dateOf({ a: [statement(day('2026-01-20'))], b }, 'b')).toMatchObject({ earliest: '2026-01-20', latest: '2026-01-20' });
    const a = [statement(day('2026-01-20')), corrected(day('2026-01-05'))];
    expect(dateOf({ a, b }, 'b')).toMatchObject({ earliest: '2026-01-05', latest: '2026-01-08', latestBasis: 'published' });
  });

  it('keeps the precision that was said', () => {
    const onOneDay: OccurredInput = { relativeTo: { record: 'a', minDays: 0, maxDays: 30 }, precision: 'day' };
    const b = [storedOn(onOneDay, '2026-01-05')!];
    expect(dateOf({ a: [statement(day('2026-01-05')), corrected(day('2026-01-06'))], b }, 'b')).toMatchObject({ precision: 'day' });
  });

  it('says the same again, whatever day it was settled on', () => {
    const undated = given('source-wire', [sourceRegistered({ publishedAt: undefined })]);
    const command = { command: 'HoldMeeting', record: 'meeting', on: after, citations: CITED } as const;
    const desk = undated.and('a', [statement(day('2026-03-01'))]);
    const held = desk.and('meeting', [meetingScheduled()]).when(command).stored;
    desk.onDay('2026-02-20').and('meeting', [meetingScheduled(), held]).when(command).thenNothing(2);
  });

  it(`is where it would be filed now, wherever the other has been (seed ${SEED})`, () => {
    const someDay = fc.integer({ min: -40, max: 40 }).map((n) => addDays('2026-01-05', n));
    const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const words = fc
      .record({
        earliest: perhaps(someDay),
        latest: perhaps(someDay),
        edtf: perhaps(fc.constantFrom('2026-01', '[2025-12-20..2026-01-20]', '2026-01-08/..')),
        precision: perhaps(fc.constantFrom('day' as const, 'range' as const, 'month' as const, 'unknown' as const)),
        minDays: perhaps(fc.integer({ min: -20, max: 20 })),
        days: perhaps(fc.nat(30)),
      })
      .map(({ minDays, days, ...own }): OccurredInput => {
        const maxDays = days === undefined ? undefined : (minDays ?? 0) + days;
        return {
          ...own,
          relativeTo: { record: 'a', ...(minDays !== undefined && { minDays }), ...(maxDays !== undefined && { maxDays }) },
        };
      });
    fc.assert(
      fc.property(words, someDay, fc.array(someDay, { minLength: 1, maxLength: 6 }), (occurred, first, others) => {
        const b = storedOn(occurred, first);
        fc.pre(b !== undefined);
        const stored = fold('b', [b])!;
        let kept = stored;
        for (const other of others) {
          const known = onFile({ a: [statement(day(other))] });
          kept = redate(kept, known);
          expect(kept).toEqual(redate(stored, known));
          const now = storedOn(occurred, other);
          if (now !== undefined) expect(kept.filed).toEqual(now);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
