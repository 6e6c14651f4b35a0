import fc from 'fast-check';
import type { TakeAction } from '../../../src/domain/action/action.decide.js';
import { ACTS, CONSENTS, ENDINGS } from '../../../src/domain/action/action.events.js';
import type { Actor } from '../../../src/domain/actor.js';
import type { Command, FilingCommand } from '../../../src/domain/decider.js';
import { FORMATS } from '../../../src/domain/meeting/meeting.events.js';
import type { ImposeSanction } from '../../../src/domain/sanction/sanction.decide.js';
import { MEASURES, STAGES } from '../../../src/domain/sanction/sanction.events.js';
import type { LinkRecords } from '../../../src/domain/record.decide.js';
import { Rejection } from '../../../src/domain/rejection.js';
import type { MakeStatement } from '../../../src/domain/statement/statement.decide.js';
import { OUTCOMES, SPEECH_ACTS } from '../../../src/domain/statement/statement.events.js';
import { addDays, type Day } from '../../../src/domain/time.js';
import { BLOG, CITED, COL, USA, VEN, WIRE } from '../samples.js';
import { Newsroom } from './newsroom.js';

interface Named {
  id: string;
}

/** One record, and what happened to it later; steps that its life does not allow are refused when they are filed. */
export interface Story {
  filing: FilingCommand & Named;
  steps: Command[];
}

/** Independent records between the United States and Colombia or Venezuela, and links among them, from later ones to earlier ones. */
export interface History {
  stories: Story[];
  links: LinkRecords[];
}

export const FIRST: Day = '2025-01-01';
/** Whatever is stated in a history lies before this day. */
export const AFTERWARDS: Day = '2026-06-01';

const anyOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
export const aDay = fc.integer({ min: 0, max: 300 }).map((n) => addDays(FIRST, n));
const aLength = fc.integer({ min: 0, max: 120 });
const anOccurrence = fc.oneof(
  aDay,
  fc.tuple(aDay, aLength).map(([day, n]) => `[${day}..${addDays(day, n)}]`),
);
const twoSides = anyOf<[Actor, Actor]>([
  [USA, COL],
  [COL, USA],
  [USA, VEN],
  [VEN, USA],
]);
const aKind = fc.oneof({ weight: 4, arbitrary: fc.constant('government' as const) }, anyOf(['person', 'opposition', 'unnamed'] as const));
const citations = anyOf([CITED, [{ source: BLOG }], [{ source: WIRE }, { source: BLOG }]]);
const common = fc.record({ occurred: anOccurrence, citations, summary: fc.constant('what happened') });

const statement = fc
  .record({
    common,
    sides: twoSides,
    kind: aKind,
    speechAct: anyOf(SPEECH_ACTS),
    endings: fc.array(fc.record({ outcome: anyOf(OUTCOMES), on: aDay }), { maxLength: 2 }),
  })
  .map(({ common: shared, sides: [from, to], kind, speechAct, endings }): Story => {
    const filing: MakeStatement & Named = {
      command: 'MakeStatement',
      id: '',
      ...shared,
      speakers: [{ ...from, kind }],
      addressees: [to],
      speechAct,
    };
    return { filing, steps: endings.map((ending) => ({ command: 'SettleStatement', record: '', ...ending, citations: CITED })) };
  });

const TARGETS = ['first', 'second', 'third'];
const aChange = fc.oneof(
  fc.record({
    command: fc.constant('LiftSanction' as const),
    targets: fc.option(fc.subarray(TARGETS, { minLength: 1 }), { nil: undefined }),
  }),
  fc.record({ command: fc.constant('AmendSanction' as const), stage: anyOf(STAGES) }),
  fc.record({ command: fc.constant('AmendSanction' as const), addMeasures: fc.subarray([...MEASURES], { minLength: 1, maxLength: 2 }) }),
  fc.record({ command: fc.constant('AmendSanction' as const), removeTargets: fc.subarray(TARGETS, { minLength: 1, maxLength: 1 }) }),
  fc.record({ command: fc.constant('AmendSanction' as const), expiresOn: aDay }),
);

const sanction = fc
  .record({
    common,
    sides: twoSides,
    kind: aKind,
    stage: fc.oneof({ weight: 3, arbitrary: fc.constant('in-force' as const) }, anyOf(STAGES)),
    measures: fc.subarray([...MEASURES], { maxLength: 2 }),
    effectiveOn: fc.option(aDay, { nil: undefined }),
    expiresOn: fc.option(aDay, { nil: undefined }),
    changes: fc.array(fc.tuple(aChange, aDay), { maxLength: 4 }),
  })
  .map(({ common: shared, sides: [from, to], kind, changes, ...own }): Story => {
    const targets = TARGETS.map((id) => ({ id, party: to.party, descriptor: 'an official', kind: 'person' as const }));
    const filing: ImposeSanction & Named = { command: 'ImposeSanction', id: '', ...shared, authority: { ...from, kind }, targets, ...own };
    return { filing, steps: changes.map(([change, on]) => ({ ...change, record: '', on, citations: CITED })) };
  });

const aTurn = fc.oneof(
  fc.record({ command: fc.constant('HoldMeeting' as const), format: fc.option(anyOf(FORMATS), { nil: undefined }) }),
  fc.constant({ command: 'CancelMeeting' as const }),
  fc.record({ command: fc.constant('RescheduleMeeting' as const), window: aDay }),
);

const meeting = fc
  .record({
    common,
    sides: twoSides,
    kind: aKind,
    format: anyOf(FORMATS),
    window: fc.option(aDay, { nil: undefined }),
    turns: fc.array(fc.tuple(aTurn, aDay), { maxLength: 3 }),
  })
  .map(({ common: shared, sides: [from, to], kind, format, window, turns }): Story => {
    const contact = { id: '', ...shared, participants: [{ ...from, kind }, to], format };
    const filing =
      window === undefined ? { command: 'HoldMeeting' as const, ...contact } : { command: 'ScheduleMeeting' as const, ...contact, window };
    return { filing, steps: turns.map(([turn, on]) => ({ ...turn, record: '', on, citations: CITED })) };
  });

const action = fc
  .record({
    common,
    sides: twoSides,
    kind: aKind,
    act: anyOf(ACTS),
    standing: fc.option(fc.boolean(), { nil: undefined }),
    consent: fc.option(anyOf(CONSENTS), { nil: undefined }),
    endings: fc.array(fc.record({ outcome: anyOf(ENDINGS), on: aDay }), { maxLength: 2 }),
  })
  .map(({ common: shared, sides: [from, to], kind, endings, ...own }): Story => {
    const filing: TakeAction & Named = { command: 'TakeAction', id: '', ...shared, actors: [{ ...from, kind }], targets: [to], ...own };
    return { filing, steps: endings.map((ending) => ({ command: 'EndAction', record: '', ...ending, citations: CITED })) };
  });

const RELS = ['repeats', 'summarises', 'denies', 'contradicts', 'about', 'confirms'] as const;

export const aStory = fc.oneof(statement, sanction, meeting, action);
export const aHistory: fc.Arbitrary<History> = fc
  .record({
    stories: fc.array(aStory, { minLength: 1, maxLength: 6 }),
    joints: fc.array(fc.tuple(fc.nat(5), fc.nat(5), anyOf(RELS)), { maxLength: 3 }),
  })
  .map(({ stories, joints }) => {
    const named = stories.map((story, i) => underId(story, `record-${i}`));
    const links = joints.flatMap(([a, b, rel]): LinkRecords[] => {
      const [one, other] = [named[a], named[b]];
      if (one === undefined || other === undefined || a === b) return [];
      const [later, earlier] = latestOf(one.filing) < latestOf(other.filing) ? [other, one] : [one, other];
      return [{ command: 'LinkRecords', record: later.filing.id, rel, to: earlier.filing.id }];
    });
    return { stories: named, links };
  });

export function underId({ filing, steps }: Story, id: string): Story {
  return { filing: { ...filing, id }, steps: steps.map((step) => ('record' in step ? { ...step, record: id } : step)) };
}

/** The latest day of what is filed, or of a step. */
export function latestOf(command: Command): Day {
  const stated = 'on' in command && command.on !== undefined ? command.on : 'occurred' in command ? command.occurred : undefined;
  if (typeof stated !== 'string') throw new TypeError(`${command.command} has no day`);
  return stated.startsWith('[') ? stated.slice(-11, -1) : stated;
}

export function commandsOf({ stories, links }: History): Command[] {
  return [...stories.flatMap(({ filing, steps }) => [filing, ...steps]), ...links];
}

/** Files what the rules accept, each command as often as asked. */
export function filed(commands: readonly Command[], times = 1): Newsroom {
  const desk = new Newsroom();
  for (const command of commands) for (let n = 0; n < times; n += 1) accepts(desk, command);
  return desk;
}

/** What of a history the rules accept, and had happened by a day: records, their steps, and the links between them. */
export function happenedBy(asOf: Day, { stories, links }: History): History {
  const desk = new Newsroom();
  const accepted = stories.map(({ filing, steps }) => ({
    filing,
    steps: [filing, ...steps].filter((each) => accepts(desk, each)).slice(1),
  }));
  const happened = accepted.filter(({ filing }) => latestOf(filing) <= asOf);
  const ids = new Set(happened.map(({ filing }) => filing.id));
  return {
    stories: happened.map(({ filing, steps }) => ({ filing, steps: steps.filter((step) => latestOf(step) <= asOf) })),
    links: links.filter((link) => ids.has(link.record) && ids.has(link.to)),
  };
}

/** Most of what is tried here is refused by some rule: where it was refused, nobody asks. */
function accepts(desk: Newsroom, command: Command): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    desk.file(command);
    return true;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
