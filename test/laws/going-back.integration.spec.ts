import fc from 'fast-check';
import type { Command } from '../../src/domain/decider.js';
import type { RelativeTo } from '../../src/domain/time.js';
import type { Newsroom } from '../domain/relationship/newsroom.js';
import { after, aHistory, aHistoryAnd, anAfterthought, aStep, filed, stores, type Ask, type History } from './histories.js';
import { aKey, always, beliefsOf, IN_ALL, mustBe } from './law.js';
import { aFiling, anAsOf } from './stories.js';

const REASON = { reason: 'it was never so' };

describe(`The laws of going back, ${IN_ALL}`, () => {
  it('a retracted record on which nothing leans gives the same numbers as one never filed', () => {
    const aStory = fc
      .tuple(aFiling, fc.array(anAfterthought, { maxLength: 6 }))
      .map(([filing, afterthoughts]): Ask[] => [filing, ...afterthoughts]);
    always(
      fc.property(aHistoryAnd(aStory, 'record-apart'), aKey, anAsOf, ({ history, at, more }, key, asOf) => {
        fc.pre(more.length > 0);
        const [before, later] = [history.slice(0, at), history.slice(at)];
        const without = after(history);
        const desk = filed([...before, ...more, ...later]);
        desk.file({ command: 'RetractRecord', record: 'record-apart', ...REASON });
        mustBe(desk.state(key, asOf), without.state(key, asOf));
        mustBe(beliefsOf(desk, without.records.keys()), beliefsOf(without, without.records.keys()));
      }),
    );
  });

  it('a retracted step on which nothing leans gives the same numbers as one never filed', () => {
    const someStep = fc.array(aStep, { minLength: 3, maxLength: 6 });
    always(
      fc.property(aHistoryAnd(someStep), aKey, anAsOf, ({ history, at, more: [step] }, key, asOf) => {
        const without = after(history);
        const tried = step && withRetractedStep(history, at, step);
        fc.pre(tried !== undefined);
        const { desk, record, version } = tried;
        const ids = [...desk.records.keys()];
        mustBe(desk.state(key, asOf), counting(without.state(key, asOf), record, version));
        mustBe(beliefsOf(desk, ids), counting(beliefsOf(without, ids), record, version));
      }),
    );
  });

  it('a link to what is retracted counts for as little as one that was removed', () => {
    always(
      fc.property(aHistory, fc.nat(20), aKey, anAsOf, (history, n, key, asOf) => {
        const [retracted, unlinked] = [after(history), after(history)];
        const ids = [...retracted.records.keys()].filter((id) => retracted.onFile(id)!.retracted === undefined);
        const linkedTo = ids.filter((id) => retracted.belief(id).linkedFrom.length > 0);
        const record = (linkedTo.length > 0 ? linkedTo : ids)[n % (linkedTo.length || ids.length)]!;
        for (const { from, n: nth } of unlinked.belief(record).linkedFrom)
          unlinked.file({ command: 'UnlinkRecords', record: from, n: nth });
        for (const desk of [retracted, unlinked]) desk.file({ command: 'RetractRecord', record, ...REASON });
        mustBe(retracted.state(key, asOf), unlinked.state(key, asOf));
        const derived = (desk: Newsroom): unknown[] => ids.map((id) => [id, desk.belief(id).status, desk.belief(id).muted]);
        mustBe(derived(retracted), derived(unlinked));
      }),
    );
  });

  it('what is taken out and put back is as if nobody had touched it', () => {
    always(
      fc.property(aHistory, fc.nat(20), fc.nat(3), aKey, anAsOf, (history, n, nth, key, asOf) => {
        const [untouched, desk] = [after(history), after(history)];
        const ids = [...desk.records.keys()];
        const { id: record, steps } = desk.onFile(ids[n % ids.length]!)!;
        const step = steps[nth]?.version;
        const what = { record, ...(step !== undefined && { step }), ...REASON };
        fc.pre(stores(desk, { command: 'RetractRecord', ...what }));
        desk.file({ command: 'ReinstateRecord', ...what });
        mustBe(desk.state(key, asOf), untouched.state(key, asOf));
        mustBe(beliefsOf(desk, ids), beliefsOf(untouched, ids));
      }),
    );
  });
});

/** The history with one more step after so many commands, which is retracted at the end; none where other commands are decided otherwise. */
function withRetractedStep(history: History, at: number, step: Command) {
  const desk = filed(history.slice(0, at));
  const record = desk.file(step);
  const { version } = desk.onFile(record)!;
  const later = history.slice(at).map((command) => counting(command, record, version));
  if (!later.every((command) => stores(desk, command)) || isLeantOn(desk, record, version)) return undefined;
  return stores(desk, { command: 'RetractRecord', record, step: version, ...REASON }) ? { desk, record, version } : undefined;
}

/** Whether a date leans on the step: that of a correction may, which changes the record that it leans on and leaves the step as it was. */
function isLeantOn(desk: Newsroom, record: string, version: number): boolean {
  const dates = [...desk.records.values()].flatMap(({ filed: first, steps, withheld }) =>
    [first, ...steps, ...withheld].flatMap(({ data }) => Object.values(data) as ({ relativeTo?: RelativeTo } | undefined)[]),
  );
  return dates.some((date) => date?.relativeTo?.record === record && date.relativeTo.step === version);
}

/** The same with the later steps of a record counted one further, wherever they are named. */
function counting<T>(value: T, record: string, from: number): T {
  if (Array.isArray(value)) return value.map((one: unknown) => counting(one, record, from)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, counting(inner as unknown, record, from)])) as T;
  const { record: id, step } = value as { record?: string; step?: number };
  return id === record && step !== undefined && step >= from ? { ...fields, step: step + 1 } : fields;
}
