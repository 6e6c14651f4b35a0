import { partiesSpoken, type Actor } from '../actor.js';
import type { Citation } from '../citation.js';
import { chaptersAt, lifeAt, stepDay, type Chapter, type Life } from '../life.js';
import { isOverdue } from '../meeting/meeting.events.js';
import { PARTIES } from '../party.js';
import { belongingsOf, citationsOf, type Filing, type Place, type RecordOnFile } from '../record.js';
import { targetsInForce, type SanctionFiling } from '../sanction/sanction.events.js';
import type { SourceFields } from '../source/source.events.js';
import { dayOf, daysBetween, type Day, type Occurred } from '../time.js';
import type { Held } from './belief.js';

/** A citation with what a reader needs to find the source. */
export type CitedSource = Citation & Pick<SourceFields, 'publisher' | 'title' | 'url' | 'publishedAt'>;
export type Cite = (citations: readonly Citation[]) => CitedSource[];

/** The first event of a record that is not a source. */
export type Happening = Exclude<Filing, { type: 'SourceRegistered' }>;

const STALE_DAYS = 180;

/** The first event, for every record that tells of something in the world. */
export function happeningOf({ filed }: RecordOnFile): Happening | undefined {
  return filed.type === 'SourceRegistered' ? undefined : filed;
}

/** Records that had happened by a day, by the latest day on which they can have. */
export function happenedBy(belief: Pick<Held, 'record'>, asOf: Day): boolean {
  const latest = happeningOf(belief.record)?.data.occurred.latest;
  return latest !== undefined && latest !== null && latest <= asOf;
}

/** What it cites, in later steps that had happened by asOf included. */
export function citedBy({ record }: Held, asOf: Day): Citation[] {
  return citationsOf({ ...record, steps: record.steps.filter((step) => stepDay(step) <= asOf) });
}

export function sourcesOf(belief: Held, asOf: Day, cite: Cite): CitedSource[] {
  return cite(citedBy(belief, asOf));
}

export function nameOf(actor: Actor): string {
  return actor.name ?? actor.asStyled ?? actor.role ?? (actor.party && PARTIES.get(actor.party)?.name) ?? actor.kind;
}

/** One item for each target that a sanction ever had. */
export function sanctionItems(belief: Held, asOf: Day, cite: Cite) {
  const { record } = belief;
  const life = lifeAt(record, asOf);
  if (life.kind !== 'sanction' || record.filed.type !== 'SanctionImposed') return [];
  const { data } = record.filed;
  const { authority, grounds, summary } = data;
  const alleged = grounds === undefined ? '' : `, which alleges ${grounds.text}`;
  const standing = new Set(targetsInForce(life, asOf));
  return life.targets.map(({ target }) => ({
    record: record.id,
    summary,
    target,
    authority,
    since: sanctionedSince(record, data, target.id, asOf),
    measures: life.measures,
    grounds: grounds ?? null,
    inForce: standing.has(target),
    stale: standing.has(target) && isStale(belief, asOf),
    safeWording: `sanctioned by ${nameOf(authority)}${alleged}`,
    citations: sourcesOf(belief, asOf, cite),
  }));
}

/** One item for each target in force. */
export function sanctionsInForce(belief: Held, asOf: Day, cite: Cite) {
  return sanctionItems(belief, asOf, cite).filter(({ inForce }) => inForce);
}

/** How many targets are in force. */
export function countInForce(record: RecordOnFile, asOf: Day): number {
  const life = lifeAt(record, asOf);
  return life.kind === 'sanction' ? targetsInForce(life, asOf).length : 0;
}

/** When a target last came under it: with the first event, or by the step that added it or put the whole in force. */
function sanctionedSince(record: RecordOnFile, { effectiveOn, occurred }: SanctionFiling['data'], target: string, asOf: Day): Occurred {
  const isUnder = ({ life }: Chapter): boolean =>
    life.kind === 'sanction' && life.stage === 'in-force' && life.targets.some((t) => t.target.id === target);
  const chapters = chaptersAt(record, asOf);
  const told = chapters.slice(0, chapters.findLastIndex(isUnder) + 1);
  const began = told[told.findLastIndex((chapter) => !isUnder(chapter)) + 1];
  if (began?.step === undefined || began.life.kind !== 'sanction') return effectiveOn ?? occurred;
  return (began.life.since ?? '') > stepDay(began.step) ? (effectiveOn ?? occurred) : began.step.data.on;
}

/** What was done, and whether it still stands. */
export function actionItems(belief: Held, asOf: Day, cite: Cite) {
  const { record } = belief;
  const life = lifeAt(record, asOf);
  if (life.kind !== 'action' || record.filed.type !== 'ActionTaken') return [];
  const { act, actors, summary, occurred } = record.filed.data;
  const standing = isStanding(life);
  const stale = standing && isStale(belief, asOf);
  return [{ record: record.id, summary, act, actors, since: occurred, standing, stale, citations: sourcesOf(belief, asOf, cite) }];
}

export function standingActions(belief: Held, asOf: Day, cite: Cite) {
  return actionItems(belief, asOf, cite).filter(({ standing }) => standing);
}

/** Whether it is the life of an action that stands. */
export function isStanding(life: Life): boolean {
  return life.kind === 'action' && life.state === 'standing';
}

/**
 * A standing matter on which nothing was filed, and nothing happened, for 180 days: somebody should look whether it still stands. What was
 * retracted counts as never filed.
 */
function isStale({ record, entries }: Held, asOf: Day): boolean {
  const first = happeningOf(record)?.data.occurred.latest ?? asOf;
  const gone = versionsTakenOut(record);
  const filed = entries.filter(({ type }, i) => type !== 'RecordRetracted' && !gone.has(i + 1));
  const days = [first, ...record.steps.map(stepDay), ...filed.map(({ recordedAt }) => dayOf(recordedAt))].filter((day) => day <= asOf);
  return days.every((day) => daysBetween(day, asOf) > STALE_DAYS);
}

/** The versions of the steps that were retracted, and of what was corrected or put back of them before. */
function versionsTakenOut({ withheld, corrections, reinstated }: RecordOnFile): Set<number> {
  const steps = new Set(withheld.map(({ version }) => version));
  const about = [...corrections, ...reinstated].filter(({ data: { step } }) => step !== undefined && steps.has(step));
  return new Set([...steps, ...about.map(({ version }) => version)]);
}

/** A meeting that was announced and not held by asOf: it waits, its window has passed, or it was cancelled. */
export function announcedMeetings(belief: Held, asOf: Day, cite: Cite) {
  const { record } = belief;
  const life = lifeAt(record, asOf);
  const status = announcedAs(life, asOf);
  if (life.kind !== 'meeting' || life.state === 'held' || status === undefined || record.filed.type !== 'MeetingScheduled') return [];
  const { format, level, participants, host, summary, firmness } = record.filed.data;
  return [
    {
      record: record.id,
      summary,
      format,
      level: level ?? null,
      participants,
      host: host ?? null,
      window: life.window,
      place: placeOf(record, asOf),
      firmness: timesMoved(record, asOf).findLast((moved) => moved.firmness !== undefined)?.firmness ?? firmness ?? null,
      status,
      citations: sourcesOf(belief, asOf, cite),
    },
  ];
}

/** What has become of a meeting that was announced and not held; undefined for any other life. */
export function announcedAs(life: Life, asOf: Day): 'upcoming' | 'overdue' | 'cancelled' | undefined {
  if (life.kind !== 'meeting' || life.state === 'held') return undefined;
  if (life.state === 'cancelled') return 'cancelled';
  return isOverdue(life, asOf) ? 'overdue' : 'upcoming';
}

function timesMoved(record: RecordOnFile, asOf: Day) {
  return chaptersAt(record, asOf).flatMap(({ step }) => (step?.type === 'MeetingRescheduled' ? [step.data] : []));
}

/** Where it took place; a meeting, where it is to as last scheduled. Null where that is not stated. */
export function placeOf(record: RecordOnFile, asOf: Day): Place | null {
  const moved = timesMoved(record, asOf).findLast(({ place }) => place !== undefined);
  return holdingOf(record, asOf)?.data.place ?? moved?.place ?? happeningOf(record)?.data.place ?? null;
}

/** What tells that a meeting was held by asOf: its first event where nobody had announced it, else the step. */
export function holdingOf(record: RecordOnFile, asOf: Day) {
  const { filed } = record;
  if (filed.type === 'MeetingHeld') return { version: 1, on: filed.data.occurred, data: filed.data };
  const step = chaptersAt(record, asOf).at(-1)!.step;
  return step?.type === 'MeetingHeld' ? { version: step.version, on: step.data.on, data: step.data } : undefined;
}

/** The holding of a meeting by asOf, whether it was announced or not. */
export function heldMeetings(belief: Held, asOf: Day, cite: Cite) {
  const { record, linkedFrom } = belief;
  const { filed } = record;
  const held = holdingOf(record, asOf);
  if (held === undefined || (filed.type !== 'MeetingHeld' && filed.type !== 'MeetingScheduled')) return [];
  const { summary, format, participants } = { ...filed.data, ...definedOnly(held.data) };
  const confirming = linkedFrom.filter(
    ({ rel, aspect, on }) => (rel === 'confirms' || (rel === 'about' && aspect === 'account')) && (on ?? '') <= asOf,
  );
  return [
    {
      record: record.id,
      summary,
      format,
      participants,
      place: placeOf(record, asOf),
      on: held.on,
      status: 'held',
      confirmedBy: [...new Set(confirming.flatMap(({ speaksFor }) => speaksFor))].toSorted(),
      citations: sourcesOf(belief, asOf, cite),
    },
  ];
}

function definedOnly<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export function openStatements(belief: Held, asOf: Day, cite: Cite) {
  return isOpen(lifeAt(belief.record, asOf)) ? [statementItem(belief, asOf, cite)!] : [];
}

/** Whether it is the life of a statement that waits for an answer. */
export function isOpen(life: Life): boolean {
  return life.kind === 'statement' && life.state === 'open';
}

/** What was said by whom to whom, for any statement. */
export function statementItem(belief: Held, asOf: Day, cite: Cite) {
  const { filed, id } = belief.record;
  if (filed.type !== 'StatementMade') return undefined;
  const { speechAct, modality, speakers, addressees, occurred, due, summary, content } = filed.data;
  return {
    record: id,
    speechAct,
    modality,
    by: speakers,
    to: addressees ?? [],
    on: occurred,
    due: due ?? null,
    content: content ?? null,
    summary,
    citations: sourcesOf(belief, asOf, cite),
  };
}

/** Views of how things stand, by the parties and by others; listed beside the computed numbers, never fed into them. */
export function assessments(belief: Held, asOf: Day, cite: Cite, parties: readonly string[]) {
  const { filed, id } = belief.record;
  if (!assesses(filed)) return [];
  const { speakers, assessment, occurred, summary } = filed.data;
  return [
    {
      record: id,
      by: speakers,
      ofParty: partiesSpoken(speakers).find((party) => parties.includes(party)) ?? null,
      direction: assessment?.direction ?? null,
      level: assessment?.level ?? null,
      duration: assessment?.duration ?? null,
      on: occurred,
      summary,
      citations: sourcesOf(belief, asOf, cite),
    },
  ];
}

/** Whether it gives a view of how things stand. */
export function assesses(filed: Filing): filed is Extract<Filing, { type: 'StatementMade' }> {
  return filed.type === 'StatementMade' && (filed.data.speechAct === 'assess' || filed.data.assessment !== undefined);
}

/** Numbers with their wording, their scope, and who counted. */
export function quantities(belief: Held, asOf: Day, cite: Cite) {
  const { record } = belief;
  return countsIn(record, asOf).flatMap(({ filed, on, quantities: counted }) =>
    counted.map(({ measure, min, max, wording, scope, countedBy }) => ({
      record: record.id,
      measure,
      min: min ?? null,
      max: max ?? null,
      wording,
      scope: scope ?? null,
      countedBy: countedBy ?? 'not stated',
      on,
      summary: filed.data.summary,
      citations: sourcesOf(belief, asOf, cite),
    })),
  );
}

/** How many of them there are. */
export function countQuantities(record: RecordOnFile, asOf: Day): number {
  return countsIn(record, asOf).reduce((sum, counts) => sum + counts.quantities.length, 0);
}

/** By the first event, and by the holding of a meeting that had been announced. */
function countsIn(record: RecordOnFile, asOf: Day) {
  const filed = happeningOf(record);
  if (filed === undefined) return [];
  const first = { filed, on: filed.data.occurred, quantities: filed.data.quantities ?? [] };
  const held = filed.type === 'MeetingScheduled' ? holdingOf(record, asOf) : undefined;
  return held === undefined ? [first] : [first, { filed, on: held.on, quantities: held.data.quantities ?? [] }];
}

/** Questions without an answer; since when they were asked. */
export function openQueries(held: Held) {
  return unanswered(held).map(({ n, question, since }) => ({ record: held.record.id, n, question, since }));
}

/** The same, with the version of the event that asked. */
export function unanswered({ record, entries }: Held) {
  const open = record.queries.filter(({ answer }) => answer === undefined);
  return open.map((query) => ({ ...query, since: entries[query.version - 1]!.recordedAt }));
}

/** The role of a record in a relationship. */
export function roleIn(belief: Held, key: string): string {
  return belongingsOf(belief.record).find((belonging) => belonging.key === key)?.role ?? 'topic';
}

/** The latest first; of one day, what was filed last. */
export function byRecency(a: { latest: Day | null; position: string }, b: { latest: Day | null; position: string }): number {
  const [x, y] = [a.latest ?? '', b.latest ?? ''];
  return x === y ? Number(BigInt(b.position) - BigInt(a.position)) : x < y ? 1 : -1;
}
