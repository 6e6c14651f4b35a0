import type { Actor } from '../actor.js';
import { chaptersAt, stepDay, type Life } from '../life.js';
import { actingIn, linksOf, type RecordOnFile, type Step } from '../record.js';
import type { SanctionLife, Target } from '../sanction/sanction.events.js';
import type { Day } from '../time.js';
import type { Belief } from './belief.js';
import { happenedBy, happeningOf, placeOf, roleIn, type Cite, type Happening } from './listing.js';
import { movesOf } from './moves.js';
import { ENTENTE_1 } from './score-profile.js';

/** The things that happened to one record by asOf, as one relationship sees them: its first event and each later step in the world. */
export function timelineItems(belief: Belief, key: string, asOf: Day, cite: Cite) {
  const { record } = belief;
  const filed = happeningOf(record);
  if (filed === undefined || !happenedBy(belief, asOf)) return [];
  const chapters = chaptersAt(record, asOf);
  const turns = chapters.flatMap(({ step, life }, i) => (step === undefined ? [] : [{ step, life, before: chapters[i - 1]!.life }]));
  const moves = movesOf(record, asOf, belief.muted, ENTENTE_1).filter(({ relationship }) => relationship === key);
  const shared = {
    record: record.id,
    kind: record.kind,
    role: roleIn(belief, key),
    topics: filed.data.topics ?? [],
    status: belief.status,
    links: linksOf(record).map(({ n, rel, to }) => ({ n, rel, to })),
    openQueries: record.queries.filter(({ answer }) => answer === undefined).length,
  };
  const scored = (version: number) => {
    const own = moves.filter((move) => move.version === version);
    return { score: own.reduce((sum, { score }) => sum + score, 0), counts: own.some(({ why }) => why === null) };
  };
  return [
    { ...shared, version: 1, position: belief.entries[0]!.position, ...firstItem(filed, record, cite), ...scored(1) },
    ...turns.map(({ step, before, life }) => ({
      ...shared,
      version: step.version,
      position: belief.entries[step.version - 1]!.position,
      ...stepItem(step, filed, record, cite),
      toWhom: touched(before, life) ?? towards(filed),
      ...scored(step.version),
    })),
  ];
}

export type TimelineItem = ReturnType<typeof timelineItems>[number];

function firstItem(filed: Happening, record: RecordOnFile, cite: Cite) {
  const { occurred, place, summary, quotes, citations } = filed.data;
  return {
    type: filed.type as string,
    occurred,
    who: actingIn(filed),
    toWhom: towards(filed),
    what: whatFirst(filed),
    modality: filed.type === 'StatementMade' ? filed.data.modality : null,
    place: place ?? null,
    summary,
    quotes: quotes ?? [],
    citations: cite([...citations, ...record.cited.map(({ citation }) => citation)]),
  };
}

function stepItem(step: Step, filed: Happening, record: RecordOnFile, cite: Cite) {
  const { on, summary, citations } = step.data;
  const held = step.type === 'MeetingHeld' ? step.data : undefined;
  return {
    type: step.type as string,
    occurred: on,
    who: actors(step) ?? actingIn(filed),
    what: whatNext(step, filed),
    modality: null,
    place: placeOf(record, stepDay(step)),
    summary: summary ?? filed.data.summary,
    quotes: held?.quotes ?? [],
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

function towards(filed: Happening) {
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
