import type { Actor } from '../src/domain/actor.js';
import type { CitationInput } from '../src/domain/citation.js';
import type { FilingCommand } from '../src/domain/decider.js';
import type { FiledInput } from '../src/domain/filing.js';
import type { Link } from '../src/domain/link.js';
import { PARTIES } from '../src/domain/party.js';
import type { BelongingInput } from '../src/domain/relationships.js';
import { MEASURES } from '../src/domain/sanction/sanction.events.js';
import { addDays, type Day, type OccurredInput } from '../src/domain/time.js';
import { Urn, type Dice } from './dice.js';
import type { What } from './event-mix.js';

/** What goes into a new record beside what it is of. */
export interface Scene {
  from: string;
  to: string;
  key: string;
  /** The day on which it happened. */
  day: Day;
  occurred: OccurredInput;
  citations: CitationInput[];
  links: Link[];
  /** A relationship that it touches without being between its two parties. */
  touched?: BelongingInput;
}

const TOPICS = (
  'drug-trafficking sanctions trade migration venezuela regional-security human-rights oil coca-substitution border extradition ' +
  'military-presence diplomacy elections climate aid investment terrorism ceasefire'
).split(' ');
const CHANNELS = new Urn<string>([
  ['press', 40],
  ['speech', 20],
  ['social:x', 14],
  ['official-act', 10],
  ['written', 8],
  ['unknown', 8],
]);
const VOICES = new Urn<Omit<Actor, 'party'>>([
  [{ kind: 'government' }, 34],
  [{ kind: 'person', role: 'President' }, 22],
  [{ kind: 'person', role: 'foreign minister' }, 16],
  [{ kind: 'institution', name: 'foreign ministry' }, 12],
  [{ kind: 'person', role: 'defence minister' }, 5],
  [{ kind: 'opposition' }, 4],
  [{ kind: 'unnamed' }, 4],
  [{ kind: 'military' }, 3],
]);
const WORDS = ['again', 'on the record', 'before the meeting', 'after the talks', 'in the capital', 'at the border', 'in a first reaction'];

/** The command that files a new record of this sort. */
export function commandFor(what: What, scene: Scene, dice: Dice): FilingCommand {
  switch (what.kind) {
    case 'statement':
      return statement(what.speechAct, scene, dice);
    case 'action':
      return { ...common(what.act, scene, dice), command: 'TakeAction', act: what.act, ...sides(scene, dice) };
    case 'held':
      return { ...common(`meeting (${what.format})`, scene, dice), command: 'HoldMeeting', format: what.format, ...contact(scene, dice) };
    case 'scheduled':
      return {
        ...common('meeting agreed', scene, dice),
        command: 'ScheduleMeeting',
        format: 'in-person',
        window: windowAfter(scene.day, dice),
        ...contact(scene, dice),
      };
    case 'sanction':
      return sanction(scene, dice);
  }
}

function common(said: string, { from, to, occurred, citations, links, touched }: Scene, dice: Dice): FiledInput {
  const topics = dice.chance(0.7) ? [dice.pick(TOPICS)] : [];
  if (dice.chance(0.2)) topics.push(TOPICS.find((topic) => topic !== topics[0])!);
  return {
    summary: `${PARTIES.get(from)!.name}, ${PARTIES.get(to)!.name}: ${said} over ${dice.pick(TOPICS)}, ${dice.pick(WORDS)}`,
    occurred,
    citations,
    links,
    topics,
    channel: dice.chance(0.6) ? CHANNELS.draw(dice) : undefined,
    place: dice.chance(0.15) ? { statedAs: 'the capital', party: dice.pick([from, to]) } : undefined,
    quotes: dice.chance(0.2) ? [{ text: `We will answer ${dice.pick(WORDS)}.`, language: 'en' }] : undefined,
    quantities: dice.chance(0.02) ? [{ measure: 'killed', min: dice.whole(1, 90), wording: 'at least' }] : undefined,
    mentions: dice.chance(0.08) ? [{ text: 'the neighbouring countries' }] : undefined,
    relationships: touched && [touched],
  };
}

/** Some of what is said is said by an outlet, which no party can be derived from. */
function statement(speechAct: (What & { kind: 'statement' })['speechAct'], scene: Scene, dice: Dice): FilingCommand {
  const { from, to, key } = scene;
  const base = { ...common(speechAct, scene, dice), command: 'MakeStatement' as const, speechAct };
  if (dice.chance(0.04)) return { ...base, speakers: [{ kind: 'outlet' }], relationships: [{ key, role: 'primary' }] };
  return {
    ...base,
    modality: dice.chance(0.05) ? 'conditional' : 'actual',
    speakers: [{ ...VOICES.draw(dice), party: from }],
    addressees: [{ party: to, kind: 'government' }],
    allegation: speechAct === 'accuse' ? { subject: { party: to, kind: 'government' }, conduct: dice.pick(TOPICS) } : undefined,
    due: speechAct === 'promise' && dice.chance(0.3) ? addDays(scene.day, dice.whole(10, 200)) : undefined,
    assessment: speechAct === 'assess' ? { direction: dice.pick(['rising', 'easing', 'unchanged'] as const) } : undefined,
  };
}

function sanction(scene: Scene, dice: Dice): FilingCommand {
  const targets = Array.from({ length: dice.whole(1, 5) }, (_, i) => ({
    party: scene.to,
    descriptor: `designated person ${i + 1}`,
    kind: 'person' as const,
  }));
  return {
    ...common('sanction imposed', scene, dice),
    command: 'ImposeSanction',
    authority: { party: scene.from, kind: 'institution', name: 'Treasury' },
    targets,
    measures: dice.chance(0.8) ? [dice.pick(MEASURES)] : [],
    stage: dice.chance(0.05) ? 'announced' : 'in-force',
    grounds: { text: `alleged links to ${dice.pick(TOPICS)}` },
    expiresOn: dice.chance(0.2) ? addDays(scene.day, dice.whole(180, 1_500)) : undefined,
  };
}

function sides({ from, to }: Scene, dice: Dice): { actors: Actor[]; targets: Actor[] } {
  return {
    actors: [{ party: from, kind: dice.pick(['government', 'military', 'institution'] as const) }],
    targets: [{ party: to, kind: 'government' }],
  };
}

function contact({ from, to }: Scene, dice: Dice): { participants: Actor[]; level: 'leaders' | 'ministers' | 'officials' } {
  return {
    participants: [from, to].map((party) => ({ party, kind: 'government' as const })),
    level: dice.pick(['leaders', 'ministers', 'officials'] as const),
  };
}

/** When a meeting is to be: a day, a month, or only "in the coming weeks". */
export function windowAfter(day: Day, dice: Dice): OccurredInput {
  if (dice.chance(0.25)) return { statedAs: 'in the coming weeks', earliest: addDays(day, 1) };
  const planned = addDays(day, dice.whole(4, 60));
  return dice.chance(0.2) ? addDays(planned, 31).slice(0, 7) : planned;
}
