import { beginAction, nextAction, type ActionLife } from './action/action.events.js';
import { saysTheSame } from './filing.js';
import { beginMeeting, isOverdue, nextMeeting, type MeetingLife } from './meeting/meeting.events.js';
import type { RecordOnFile, Step, Versioned } from './record.js';
import { Rejection, reject } from './rejection.js';
import { beginSanction, hasExpired, nextSanction, targetsInForce, type SanctionLife } from './sanction/sanction.events.js';
import { beginStatement, nextStatement, type StatementLife } from './statement/statement.events.js';
import type { Day } from './time.js';

/** Where a record is in its own story. A source has no life in the world: it is registered or withdrawn. */
export type Life =
  | { kind: 'source' }
  | ({ kind: 'statement' } & StatementLife)
  | ({ kind: 'sanction' } & SanctionLife)
  | ({ kind: 'meeting' } & MeetingLife)
  | ({ kind: 'action' } & ActionLife);

/** One state of a life, and the step that led to it (none for the first). */
export interface Chapter {
  life: Life;
  step?: Versioned<Step>;
}

type Misfit = (step: Versioned<Step>, rejection: Rejection) => unknown;

/** World steps in the order of the world: by the latest day on which they happened, then by the order in which they were filed. */
export function inWorldOrder(steps: readonly Versioned<Step>[]): Versioned<Step>[] {
  return steps.toSorted((a, b) => (stepDay(a) === stepDay(b) ? a.version - b.version : stepDay(a) < stepDay(b) ? -1 : 1));
}

/** The life of the record at `asOf` (of all time, without one): the fold of its world steps that had happened by then. */
export function lifeAt(record: RecordOnFile, asOf?: Day): Life {
  return chaptersAt(record, asOf).at(-1)!.life;
}

/** The life with all its turns. A step that does not fit (its date moved after it was accepted) is left out. */
export function chaptersAt(record: RecordOnFile, asOf?: Day): Chapter[] {
  const steps = asOf === undefined ? record.steps : record.steps.filter((step) => stepDay(step) <= asOf);
  return tell(record, inWorldOrder(steps), () => undefined);
}

/**
 * Accepts a new world step when all steps, in the world's order, still fit the rules of the record's life.
 * Else the rejection says which rule, and which step stands in the way where that is not the new one.
 */
export function mustFit(record: RecordOnFile, step: Step): void {
  const added = asNext(record, step);
  mustStillFit(record, { ...record, steps: [...record.steps, added] }, { what: 'this step', version: added.version, pointer: '/on' });
}

/** What is done to the steps of a record: in words, the version of the step that it is done to, and the field that asks for it. */
interface Doing {
  what: string;
  version?: number | undefined;
  pointer: string;
}

/** Accepts a change when every step still fits that fitted before. What did not fit before (its date moved since) stands in nobody's way. */
export function mustStillFit(before: RecordOnFile, after: RecordOnFile, { what, version, pointer }: Doing): void {
  const known = misfits(before);
  for (const [step, rejection] of misfits(after).values()) {
    if (known.has(step.version)) continue;
    if (step.version === version) throw rejection;
    reject(
      rejection.code,
      `${what} does not fit: ${step.type} on ${stepDay(step)} (version ${step.version}), filed before, stands in the way; correct or retract that step first`,
      pointer,
    );
  }
}

/** The steps that do not fit the life of their record, each with the rule that it breaks, by version: those before the record itself first. */
function misfits(record: RecordOnFile): Map<number, [Versioned<Step>, Rejection]> {
  const found = new Map<number, [Versioned<Step>, Rejection]>();
  const note: Misfit = (step, rejection) => found.has(step.version) || found.set(step.version, [step, rejection]);
  const earliest = record.filed.type === 'SourceRegistered' ? null : record.filed.data.occurred.earliest;
  const steps = inWorldOrder(record.steps);
  for (const step of steps) if (earliest !== null && stepDay(step) < earliest) note(step, tooEarly(step, earliest));
  tell(record, steps, note);
  return found;
}

function tooEarly(step: Step, earliest: Day): Rejection {
  const message = `this step is dated ${stepDay(step)}, before the record itself (${earliest})`;
  return new Rejection({ pointer: '/on', code: 'step-too-early', message });
}

/** Whether a step on file has been undone by another one of the same day (put off, back, and off again), so that it is news once more. */
export function isUndone(record: RecordOnFile, step: Step): boolean {
  let fits = true;
  const chapters = tell(record, inWorldOrder([...record.steps, asNext(record, step)]), () => {
    fits = false;
  });
  return fits && !saysTheSame(chapters.at(-1)!.life, lifeAt(record));
}

function asNext(record: RecordOnFile, step: Step): Versioned<Step> {
  return { ...step, version: record.version + 1 };
}

/** The word for where the record is in its life on a day. */
export function lifeName(record: RecordOnFile, asOf: Day): string {
  const life = lifeAt(record, asOf);
  switch (life.kind) {
    case 'source':
      return record.withdrawn === undefined ? 'registered' : 'withdrawn';
    case 'statement':
    case 'action':
      return life.state;
    case 'meeting':
      return isOverdue(life, asOf) ? 'overdue' : life.state;
    case 'sanction':
      return sanctionName(life, asOf);
  }
}

function sanctionName(life: SanctionLife, asOf: Day): string {
  if (life.targets.length > 0 && life.targets.every(({ until }) => until !== undefined)) return 'lifted';
  if (hasExpired(life, asOf)) return 'expired';
  return life.stage === 'in-force' && targetsInForce(life, asOf).length === 0 ? 'announced' : life.stage;
}

export function stepDay(step: Step): Day {
  return step.data.on.latest ?? '';
}

function tell(record: RecordOnFile, steps: readonly Versioned<Step>[], misfit: Misfit): Chapter[] {
  const { filed } = record;
  switch (filed.type) {
    case 'SourceRegistered':
      return [{ life: { kind: 'source' } }];
    case 'StatementMade':
      return story(filed, steps, beginStatement, nextStatement, misfit).map(([life, step]) => ({
        life: { kind: 'statement', ...life },
        step,
      }));
    case 'SanctionImposed':
      return story(filed, steps, beginSanction, nextSanction, misfit).map(([life, step]) => ({
        life: { kind: 'sanction', ...life },
        step,
      }));
    case 'MeetingScheduled':
    case 'MeetingHeld':
      return story(filed, steps, beginMeeting, nextMeeting, misfit).map(([life, step]) => ({
        life: { kind: 'meeting', ...life },
        step,
      }));
    case 'ActionTaken':
      return story(filed, steps, beginAction, nextAction, misfit).map(([life, step]) => ({
        life: { kind: 'action', ...life },
        step,
      }));
  }
}

function story<F, L>(
  filed: F,
  steps: readonly Versioned<Step>[],
  begin: (filed: F) => L,
  next: (life: L, step: never) => L,
  misfit: Misfit,
): [L, Versioned<Step>?][] {
  let life = begin(filed);
  const chapters: [L, Versioned<Step>?][] = [[life]];
  for (const step of steps) {
    try {
      // The steps of a stream are of its record's kind: only that kind's decisions write to it.
      life = next(life, step as never);
      chapters.push([life, step]);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      misfit(step, error);
    }
  }
  return chapters;
}
