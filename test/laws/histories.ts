import fc from 'fast-check';
import type { Command } from '../../src/domain/decider.js';
import { linksOf, whenHappened, type RecordOnFile } from '../../src/domain/record.js';
import { Rejection } from '../../src/domain/rejection.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { VERDICTS } from '../../src/domain/statement/statement.events.js';
import { addDays } from '../../src/domain/time.js';
import { Newsroom, TODAY } from '../domain/relationship/newsroom.js';
import { aCitation, AGENCY, aRecord, OnFile, SOURCES } from './on-file.js';
import { A_CORRECTION, A_STEP, aDay, aFiling, aRel, FIRST, seldom, when } from './stories.js';

/** What an editor asks for who sees what is on file; nothing where there is nothing to ask it of. */
export type Ask = (on: OnFile) => Command | undefined;

/** What was asked for, and not refused, in its order: after the opening it can be filed once more, and is decided the same. */
export type History = readonly Command[];

const SEEN = { reason: 'we looked into it' };

/** Asks something of a record on file. */
function of(ask: (record: RecordOnFile, on: OnFile) => Command | undefined): (n: number) => Ask {
  return (n) => (on) => {
    const record = on.subject(n);
    return record && ask(record, on);
  };
}

const ofAny = (ask: fc.Arbitrary<(n: number) => Ask>): fc.Arbitrary<Ask> => fc.tuple(ask, aRecord).map(([about, n]) => about(n));
const byKind = <T>(arbitraries: Record<string, fc.Arbitrary<T>>): fc.Arbitrary<Record<string, T>> => fc.record(arbitraries);

/** What happened to a record, mostly some days later than it itself; filed late as often as not. */
export const aStep: fc.Arbitrary<Ask> = ofAny(
  fc.tuple(byKind(A_STEP), fc.integer({ min: -5, max: 90 }), seldom(when), aCitation).map(([fields, days, on, cited]) =>
    of((record, file) => {
      const day = addDays(whenHappened(record)?.latest ?? FIRST, days);
      const world = { record: record.id, on: on?.(file) ?? day, citations: file.citations(cited) };
      return { ...world, ...fields[record.kind]!(file) } as Command;
    }),
  ),
);

const aCorrection: fc.Arbitrary<Ask> = ofAny(
  byKind(A_CORRECTION).map((patch) =>
    of((record, on) => ({ command: 'CorrectRecord', record: record.id, kind: 'correction', ...SEEN, patch: patch[record.kind]!(on) })),
  ),
);

/** Another day for a record on whose date that of another one leans. */
const aMovedDate: fc.Arbitrary<Ask> = fc.tuple(aRecord, aDay).map(([n, occurred]) => (on) => {
  const record = on.leantOn(n)?.id;
  return record === undefined ? undefined : { command: 'CorrectRecord', record, kind: 'correction', ...SEEN, patch: { occurred } };
});

const aCorrectedStep: fc.Arbitrary<Ask> = ofAny(
  fc.tuple(fc.nat(5), when, byKind(A_STEP), fc.boolean()).map(([n, day, steps, isOfDay]) =>
    of((record, on) => {
      const step = record.steps[n % record.steps.length];
      if (step === undefined) return undefined;
      const { command: _, ...fields } = steps[record.kind]!(on);
      const patch = isOfDay ? { on: day(on) } : fields;
      return { command: 'CorrectRecord', record: record.id, step: step.version, kind: 'correction', ...SEEN, patch };
    }),
  ),
);

const aRetraction: fc.Arbitrary<Ask> = ofAny(
  fc.constant(of((record) => (record.retracted ? undefined : { command: 'RetractRecord', record: record.id, ...SEEN }))),
);

const aRetractedStep: fc.Arbitrary<Ask> = ofAny(
  fc.nat(5).map((n) =>
    of((record) => {
      const step = record.steps[n % record.steps.length]?.version;
      return step === undefined ? undefined : { command: 'RetractRecord', record: record.id, step, ...SEEN };
    }),
  ),
);

/** The record itself where it was retracted, else a step of it that was. */
const aReinstatement: fc.Arbitrary<Ask> = fc.tuple(aRecord, fc.nat(3)).map(([n, nth]) => (on): Command | undefined => {
  const record = on.takenOut(n);
  if (record === undefined) return undefined;
  const step = record.retracted === undefined ? record.withheld[nth % record.withheld.length]?.version : undefined;
  return { command: 'ReinstateRecord', record: record.id, ...(step !== undefined && { step }), ...SEEN };
});

const aLink: fc.Arbitrary<Ask> = ofAny(
  fc.tuple(aRel, aRecord).map(([rel, other]) =>
    of((record, on) => {
      const to = on.another(other, record.id)?.id;
      return to === undefined ? undefined : { command: 'LinkRecords', record: record.id, rel, to };
    }),
  ),
);

const anUnlinking: fc.Arbitrary<Ask> = ofAny(
  fc.nat(3).map((nth) =>
    of((record) => {
      const links = linksOf(record);
      const link = links[nth % links.length];
      return link && { command: 'UnlinkRecords', record: record.id, n: link.n };
    }),
  ),
);

const aCitedSource: fc.Arbitrary<Ask> = ofAny(
  aCitation.map((cited) =>
    of((record, on) => {
      const source = on.citations(cited)[0]?.source;
      return source === undefined ? undefined : { command: 'CiteSource', record: record.id, source };
    }),
  ),
);

const aWord: fc.Arbitrary<Ask> = ofAny(
  fc.constantFrom(...VERDICTS).map((verdict) =>
    of((record): Command => {
      if (record.kind === 'statement') return { command: 'AssessStatement', record: record.id, verdict, by: [{ kind: 'outlet' }], ...SEEN };
      const open = record.queries.find(({ answer }) => answer === undefined);
      return open === undefined
        ? { command: 'RaiseQuery', record: record.id, question: 'Who says so?' }
        : { command: 'AnswerQuery', record: record.id, n: open.n, answer: 'The ministry' };
    }),
  ),
);

const GRADES = [
  { reliability: 'F', credibility: 6 },
  { reliability: 'F', credibility: 6 },
  { reliability: 'B', credibility: 2 },
] as const;

const aSourceTurn: fc.Arbitrary<Ask> = fc
  .tuple(
    fc.constantFrom(...SOURCES),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...GRADES).map((grade) => ({ command: 'GradeSource' as const, ...grade })) },
      { weight: 2, arbitrary: fc.constant({ command: 'RetractRecord' as const }) },
      { weight: 2, arbitrary: fc.constant({ command: 'ReinstateRecord' as const }) },
      { weight: 1, arbitrary: fc.constant({ command: 'WithdrawSource' as const }) },
      {
        weight: 1,
        arbitrary: fc.constant({
          command: 'CorrectRecord' as const,
          kind: 'correction' as const,
          patch: { independenceGroup: 'agencies', publishedAt: '2025-05-05' },
        }),
      },
    ),
  )
  .map(([record, turn]) => () => ({ ...turn, record, ...SEEN }));

/** What may be done to a record later, without another one being told of it. */
const AFTERTHOUGHTS = [
  { weight: 14, arbitrary: aStep },
  { weight: 7, arbitrary: aCorrection },
  { weight: 4, arbitrary: aCorrectedStep },
  { weight: 1, arbitrary: aRetraction },
  { weight: 4, arbitrary: aRetractedStep },
  { weight: 4, arbitrary: aReinstatement },
  { weight: 2, arbitrary: aLink },
  { weight: 2, arbitrary: anUnlinking },
  { weight: 1, arbitrary: aCitedSource },
  { weight: 2, arbitrary: aWord },
];
export const anAfterthought = fc.oneof(...AFTERTHOUGHTS);

const anything = fc.oneof(
  { weight: 6, arbitrary: aFiling },
  ...AFTERTHOUGHTS,
  { weight: 2, arbitrary: aLink },
  { weight: 3, arbitrary: aMovedDate },
  { weight: 2, arbitrary: aSourceTurn },
);

const asks = fc
  .tuple(aFiling, aFiling, fc.array(anything, { minLength: 3, maxLength: 18, size: 'max' }))
  .map(([first, second, others]): Ask[] => [first, second, ...others]);

/** The log that each history came to, so that it is decided once. */
const logs = new WeakMap<History, readonly StoredEvent[]>();

/** Everything that can happen, in any order, as far as the rules let it pass. */
export const aHistory: fc.Arbitrary<History> = asks.map((asked) => {
  const desk = opened(new Newsroom());
  const history: History = passed(desk, asked);
  logs.set(history, desk.log);
  return history;
});

/** A history, and more that is asked after so many of its commands: about one record of its own, of which the rest knows nothing. */
export function aHistoryAnd(more: fc.Arbitrary<Ask[]>, apart?: string): fc.Arbitrary<{ history: History; at: number; more: History }> {
  return fc.tuple(aHistory, fc.nat(100), more).map(([history, part, asked]) => {
    const at = Math.min(history.length, Math.max(2, Math.floor((part / 100) * (history.length + 1))));
    return { history, at, more: passed(filed(history.slice(0, at)), asked, apart) };
  });
}

/** A newsroom in which nothing has been filed but three sources. */
export function opened<N extends Newsroom>(desk: N): N {
  desk.file({ command: 'RegisterSource', id: AGENCY, publisher: 'Example Agency', independenceGroup: 'agencies' });
  return desk;
}

/** The newsroom after a history. */
export function after(history: History): Newsroom {
  const log = logs.get(history);
  return log === undefined ? filed(history) : new Newsroom(TODAY, log);
}

/** Files these, each as often as asked. Fails where one is refused that was not when the history was made. */
export function filed(history: History, times = 1): Newsroom {
  const desk = opened(new Newsroom());
  for (const command of history) for (let n = 0; n < times; n += 1) desk.file(command);
  return desk;
}

/** What of these is not refused, and stores something. */
export function passed(desk: Newsroom, asked: readonly Ask[], apart?: string): Command[] {
  return asked.flatMap((ask) => {
    const command = ask(new OnFile(desk, apart));
    return command !== undefined && stores(desk, command) ? [command] : [];
  });
}

/** Whether a command stores something. Most of what is tried here is refused by some rule: where it was refused, nobody asks. */
export function stores(desk: Newsroom, command: Command): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const before = desk.log.length;
  try {
    desk.file(command);
    return desk.log.length > before;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
