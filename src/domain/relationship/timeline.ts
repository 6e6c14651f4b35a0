import type { Actor } from '../actor.js';
import { chaptersAt, stepDay, type Life } from '../life.js';
import { actingIn, linksOf, type RecordOnFile, type Step } from '../record.js';
import type { SanctionLife, Target } from '../sanction/sanction.events.js';
import type { Day, Occurred } from '../time.js';
import type { Belief } from './belief.js';
import { happenedBy, happeningOf, placeOf, roleIn, type Cite, type Happening } from './listing.js';
import { movesOf } from './moves.js';
import { ENTENTE_1 } from './score-profile.js';

/** One thing that happened to a record: its first event, or a later step of it in the world. */
export interface Happened {
  version: number;
  type: string;
  occurred: Occurred;
  who: Actor[];
  toWhom: (Actor | Target)[];
  what: string;
}

/** The things that happened to one record by asOf, in the order of the world; a step that does not fit (its date moved) is none. */
export function happenedTo(record: RecordOnFile, asOf: Day): Happened[] {
  const filed = happeningOf(record);
  if (filed === undefined || !happenedBy({ record }, asOf)) return [];
  const chapters = record.steps.length === 0 ? [] : chaptersAt(record, asOf);
  const first = {
    version: 1,
    type: filed.type,
    occurred: filed.data.occurred,
    who: actingIn(filed),
    toWhom: towards(filed),
    what: whatFirst(filed),
  };
  const later = chapters.flatMap(({ step, life }, i) => {
    if (step === undefined) return [];
    const { version, type, data } = step;
    const toWhom = touched(chapters[i - 1]!.life, life) ?? towards(filed);
    return [{ version, type, occurred: data.on, who: actors(step) ?? actingIn(filed), toWhom, what: whatNext(step, filed) }];
  });
  return [first, ...later];
}

/** The things that happened to one record by asOf, as one relationship sees them. */
export function timelineItems(belief: Belief, key: string, asOf: Day, cite: Cite) {
  const { record, status, entries } = belief;
  const filed = happeningOf(record);
  if (filed === undefined) return [];
  const moves = status.retracted ? [] : movesOf(record, asOf, belief.muted, ENTENTE_1).filter(({ relationship }) => relationship === key);
  const shared = {
    record: record.id,
    kind: record.kind,
    role: roleIn(belief, key),
    topics: filed.data.topics ?? [],
    status,
    links: linksOf(record).map(({ n, rel, to }) => ({ n, rel, to })),
    openQueries: record.queries.filter(({ answer }) => answer === undefined).length,
  };
  return happenedTo(record, asOf).map((happened) => {
    const own = moves.filter((move) => move.version === happened.version);
    return {
      ...shared,
      ...happened,
      position: entries[happened.version - 1]!.position,
      ...told(happened.version, filed, record, cite),
      score: own.reduce((sum, { score }) => sum + score, 0),
      counts: own.some(({ why }) => why === null),
    };
  });
}

export type TimelineItem = ReturnType<typeof timelineItems>[number];

/** What the event of a version tells in its own words. */
function told(version: number, filed: Happening, record: RecordOnFile, cite: Cite) {
  const step = record.steps.find((one) => one.version === version);
  if (step === undefined) {
    const { place, summary, quotes, citations } = filed.data;
    return {
      modality: filed.type === 'StatementMade' ? filed.data.modality : null,
      place: place ?? null,
      summary,
      quotes: quotes ?? [],
      citations: cite([...citations, ...record.cited.map(({ citation }) => citation)]),
    };
  }
  const { summary, citations } = step.data;
  return {
    modality: null,
    place: placeOf(record, stepDay(step)),
    summary: summary ?? filed.data.summary,
    quotes: (step.type === 'MeetingHeld' ? step.data.quotes : undefined) ?? [],
    citations: cite(citations),
  };
}

function actors(step: Step): Actor[] | undefined {
  switch (step.type) {
    case 'StatementSettled':
    case 'MeetingCancelled':
      return step.data.by;
    case 'MeetingHeld':
      return step.data.participants;
    case 'SanctionAmended':
    case 'SanctionLifted':
    case 'MeetingRescheduled':
    case 'ActionEnded':
      return undefined;
  }
}

function towards(filed: Happening): (Actor | Target)[] {
  switch (filed.type) {
    case 'StatementMade':
      return filed.data.addressees ?? [];
    case 'SanctionImposed':
    case 'ActionTaken':
      return filed.data.targets ?? [];
    case 'MeetingScheduled':
    case 'MeetingHeld':
      return [];
  }
}

/** Whom a turn of a sanction touches: the targets that it added, took out or freed; all that are left where it changes the whole. */
function touched(before: Life, after: Life): Target[] | undefined {
  if (before.kind !== 'sanction' || after.kind !== 'sanction') return undefined;
  const [had, has] = [standingTargets(before), standingTargets(after)];
  const moved = [...had.filter((target) => !has.includes(target)), ...has.filter((target) => !had.includes(target))];
  return moved.length > 0 && before.stage === after.stage ? moved : has;
}

function standingTargets({ targets }: SanctionLife): Target[] {
  return targets.filter(({ until }) => until === undefined).map(({ target }) => target);
}

function whatFirst(filed: Happening): string {
  switch (filed.type) {
    case 'StatementMade':
      return filed.data.speechAct;
    case 'SanctionImposed':
      return filed.data.measures.join(', ') || 'sanction';
    case 'MeetingScheduled':
    case 'MeetingHeld':
      return filed.data.format;
    case 'ActionTaken':
      return filed.data.act;
  }
}

function whatNext(step: Step, filed: Happening): string {
  switch (step.type) {
    case 'StatementSettled':
    case 'ActionEnded':
      return step.data.outcome;
    case 'MeetingHeld':
      return step.data.format ?? whatFirst(filed);
    case 'SanctionAmended':
    case 'SanctionLifted':
    case 'MeetingRescheduled':
    case 'MeetingCancelled':
      return whatFirst(filed);
  }
}
