import fc from 'fast-check';
import type { TakeAction } from '../../src/domain/action/action.decide.js';
import { ACTS, CONSENTS, ENDINGS } from '../../src/domain/action/action.events.js';
import type { Actor } from '../../src/domain/actor.js';
import type { FilingCommand } from '../../src/domain/decider.js';
import type { Link } from '../../src/domain/link.js';
import { FORMATS } from '../../src/domain/meeting/meeting.events.js';
import { ROLES } from '../../src/domain/record.js';
import type { ImposeSanction } from '../../src/domain/sanction/sanction.decide.js';
import { MEASURES, STAGES } from '../../src/domain/sanction/sanction.events.js';
import type { MakeStatement } from '../../src/domain/statement/statement.decide.js';
import { ASPECTS, OUTCOMES, SPEECH_ACTS } from '../../src/domain/statement/statement.events.js';
import { addDays, type Day, type OccurredInput } from '../../src/domain/time.js';
import { COL, USA, VEN } from '../domain/samples.js';
import { aCitation, aRecord, type OnFile } from './on-file.js';

/** What might be filed, or said otherwise, once it is known what is on file. */
type Told<T> = (on: OnFile) => T;
type Fields = Record<string, unknown>;

export const FIRST: Day = '2025-01-01';
/** Whatever is stated in a history lies before this day. */
export const AFTERWARDS: Day = '2027-06-01';

const anyOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
export const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Any day, the first of a month more often: much happens on one day. */
export const aDay = fc.oneof(fc.nat(300), anyOf([0, 31, 59, 90, 120])).map((n) => addDays(FIRST, n));

/** A day to ask for: mostly one by which a good part of a history has happened. */
export const anAsOf = fc.noBias(fc.nat(420)).map((n) => addDays(FIRST, n));

const plainly: fc.Arbitrary<OccurredInput> = fc.oneof(
  { weight: 4, arbitrary: aDay },
  { weight: 2, arbitrary: fc.tuple(aDay, fc.nat(120)).map(([day, n]) => `[${day}..${addDays(day, n)}]`) },
  anyOf(['unknown', '2025-03-01/..']),
);

/** A date that leans on another record, or on a step of it. */
const leaning = fc.record({
  other: aRecord,
  step: seldom(fc.nat(3)),
  minDays: fc.integer({ min: -40, max: 20 }),
  days: seldom(fc.nat(30)),
});

const when: fc.Arbitrary<Told<OccurredInput>> = fc
  .tuple(plainly, fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, leaning))
  .map(([day, lean]) => (on): OccurredInput => {
    const record = lean === undefined ? undefined : on.toLeanOn(lean.other);
    if (lean === undefined || record === undefined) return day;
    const { minDays, days } = lean;
    const step = lean.step === undefined ? undefined : record.steps[lean.step]?.version;
    return {
      relativeTo: { record: record.id, ...(step && { step }), minDays, ...(days === undefined ? {} : { maxDays: minDays + days }) },
    };
  });

const twoSides = anyOf<[Actor, Actor]>([
  [USA, COL],
  [USA, COL],
  [COL, USA],
  [COL, USA],
  [USA, VEN],
  [VEN, USA],
]);
const somebody: fc.Arbitrary<Actor> = fc
  .tuple(
    anyOf([USA, COL, VEN]),
    fc.oneof({ weight: 4, arbitrary: fc.constant('government' as const) }, anyOf(['person', 'opposition', 'unnamed'] as const)),
  )
  .map(([{ party }, kind]) => ({ ...(party && { party }), kind }));

const relationships = seldom(fc.record({ key: anyOf(['COL-USA', 'USA-VEN']), role: anyOf(ROLES) }).map((one) => [one]));

/** Most links change what is counted, or who confirms or disputes what. */
export const aRel = anyOf(['repeats', 'summarises', 'denies', 'contradicts', 'about', 'confirms', 'confirms', 'partOf', 'partOf'] as const);

const links = fc.array(fc.tuple(aRel, aRecord), { maxLength: 1 });
const quantities = fc.array(fc.constant({ measure: 'dead', min: 83, wording: 'at least 83' }), { maxLength: 1 });

const common = fc.record({ when, citation: aCitation, relationships, links, quantities }).map((fields) => (on: OnFile) => ({
  id: on.next,
  summary: 'what happened',
  occurred: fields.when(on),
  citations: on.citations(fields.citation),
  relationships: fields.relationships,
  quantities: fields.quantities,
  links: fields.links.flatMap(([rel, other]): Link[] => {
    const to = on.another(other)?.id;
    return to === undefined ? [] : [{ rel, to }];
  }),
}));

const statement = fc
  .record({ common, sides: twoSides, speaker: somebody, speechAct: anyOf(SPEECH_ACTS), aspect: seldom(anyOf(ASPECTS)) })
  .map(({ common: shared, sides: [{ party }, to], speaker, ...own }) => (on: OnFile): MakeStatement & { id: string } => ({
    command: 'MakeStatement',
    ...shared(on),
    ...own,
    speakers: [{ ...speaker, party: party! }],
    addressees: [to],
  }));

const TARGETS = ['first', 'second', 'third'];
const someTargets = fc.subarray(TARGETS, { minLength: 1 });
const targetsOf = (ids: readonly string[], { party }: Actor) =>
  ids.map((id) => ({ id, party: party!, descriptor: 'an official', kind: 'person' as const }));

const sanction = fc
  .record({
    common,
    sides: twoSides,
    stage: fc.oneof({ weight: 3, arbitrary: fc.constant('in-force' as const) }, anyOf(STAGES)),
    measures: fc.subarray([...MEASURES], { maxLength: 2 }),
    targets: someTargets,
    effective: seldom(when),
    expires: seldom(when),
  })
  .map(({ common: shared, sides: [from, to], effective, expires, targets, ...own }) => (on: OnFile): ImposeSanction & { id: string } => ({
    command: 'ImposeSanction',
    ...shared(on),
    ...own,
    authority: from,
    targets: targetsOf(targets, to),
    ...(effective && { effectiveOn: effective(on) }),
    ...(expires && { expiresOn: expires(on) }),
  }));

const meeting = fc
  .record({ common, sides: twoSides, format: anyOf(FORMATS), window: fc.oneof({ weight: 2, arbitrary: when }, fc.constant(undefined)) })
  .map(({ common: shared, sides, format, window }) => (on: OnFile): FilingCommand & { id: string } => {
    const contact = { ...shared(on), participants: sides, format };
    return window === undefined ? { command: 'HoldMeeting', ...contact } : { command: 'ScheduleMeeting', ...contact, window: window(on) };
  });

const action = fc
  .record({ common, sides: twoSides, act: anyOf(ACTS), standing: seldom(fc.boolean()), consent: seldom(anyOf(CONSENTS)) })
  .map(({ common: shared, sides: [from, to], ...own }) => (on: OnFile): TakeAction & { id: string } => ({
    command: 'TakeAction',
    ...shared(on),
    ...own,
    actors: [from],
    targets: [to],
  }));

/** A new record. */
export const aFiling: fc.Arbitrary<Told<FilingCommand & { id: string }>> = fc.oneof(statement, sanction, meeting, action);

const told =
  (fields: Fields): Told<Fields> =>
  () =>
    fields;
const timed = (name: string): fc.Arbitrary<Told<Fields>> => when.map((date) => (on): Fields => ({ [name]: date(on) }));

/** By kind of record, what its steps in the world may be. */
export const A_STEP: Record<string, fc.Arbitrary<Told<Fields>>> = {
  statement: anyOf(OUTCOMES).map((outcome) => told({ command: 'SettleStatement', outcome })),
  sanction: fc.oneof(
    seldom(someTargets).map((targets) => told({ command: 'LiftSanction', targets })),
    someTargets.map((targets) => told({ command: 'LiftSanction', targets })),
    anyOf(STAGES).map((stage) => told({ command: 'AmendSanction', stage })),
    fc.subarray([...MEASURES], { minLength: 1, maxLength: 2 }).map((addMeasures) => told({ command: 'AmendSanction', addMeasures })),
    someTargets.map(([id]) => told({ command: 'AmendSanction', removeTargets: [id] })),
    twoSides.map(([, to]) => told({ command: 'AmendSanction', addTargets: targetsOf(['fourth'], to) })),
    timed('expiresOn').map((expiry) => (on: OnFile): Fields => ({ command: 'AmendSanction', ...expiry(on) })),
  ),
  meeting: fc.oneof(
    seldom(anyOf(FORMATS)).map((format) => told({ command: 'HoldMeeting', format })),
    fc.constant(told({ command: 'CancelMeeting' })),
    timed('window').map((window) => (on: OnFile): Fields => ({ command: 'RescheduleMeeting', ...window(on) })),
  ),
  action: anyOf(ENDINGS).map((outcome) => told({ command: 'EndAction', outcome })),
};

const anything = fc.oneof(
  { weight: 6, arbitrary: timed('occurred') },
  aCitation.map((citation) => (on: OnFile): Fields => ({ citations: on.citations(citation) })),
  relationships.map((given) => told({ relationships: given ?? null })),
  fc.constant(told({ summary: 'what really happened' })),
  fc.constant(told({ quantities: null })),
);

/** By kind of record, what of its first event may turn out to be otherwise. */
export const A_CORRECTION: Record<string, fc.Arbitrary<Told<Fields>>> = {
  statement: fc.oneof(
    anything,
    anyOf(SPEECH_ACTS).map((speechAct) => told({ speechAct })),
    somebody.map((actor) => told({ speakers: [actor] })),
    somebody.map((actor) => told({ addressees: [actor] })),
  ),
  sanction: fc.oneof(
    anything,
    fc.subarray([...MEASURES], { maxLength: 2 }).map((measures) => told({ measures })),
    anyOf(STAGES).map((stage) => told({ stage })),
    fc.tuple(someTargets, twoSides).map(([targets, [, to]]) => told({ targets: targetsOf(targets, to) })),
    timed('effectiveOn'),
    timed('expiresOn'),
  ),
  meeting: fc.oneof(
    anything,
    anyOf(FORMATS).map((format) => told({ format })),
    twoSides.map((participants) => told({ participants })),
    timed('window'),
  ),
  action: fc.oneof(
    anything,
    anyOf(ACTS).map((act) => told({ act })),
    fc.boolean().map((standing) => told({ standing })),
    fc.constant(told({ consent: null })),
  ),
};

export { when };
