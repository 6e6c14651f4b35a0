import { changesBetween, isSame, pathOf } from './correction.js';
import { chainOf } from './date-chain.js';
import type { Desk } from './desk.js';
import { compact, fileNews, Reading, readReason, rejectCircle, saysTheSame, type NewsStepInput } from './filing.js';
import { evolve } from './fold.js';
import { mustStillFit } from './life.js';
import { inputOf, isObject, mergePatch, type Json } from './patch.js';
import { type Change, type Correction, type DomainEvent, type NewsStep, type OfStep, type RecordOnFile } from './record.js';
import { redate } from './redate.js';
import { refile, type Filed } from './refile.decide.js';
import { collect, reject, Rejection, type Problem } from './rejection.js';
import { mustKeepLifted } from './sanction/sanction.decide.js';
import { stepUnknown, type Decision } from './step.js';
import { isSettled, ownSettled, settledDay, type Occurred, type RelativeTo } from './time.js';

/** Without `step` (or with 1) what the first event of the record filed. */
export interface CorrectRecord extends NewsStepInput, OfStep, Pick<Correction, 'kind' | 'approvedBy'> {
  command: 'CorrectRecord';
  record: string;
  /** RFC 7396, of what was filed. */
  patch: Record<string, unknown>;
}

type Why = NewsStep & Omit<Correction, 'changes'>;

const FIXED: Record<string, string> = {
  id: 'the id of a record stays as it is; file what belongs under another id once more, and retract this',
  kind: 'what was filed stays of its kind; file it once more as another kind, and retract this ("kind" of the correction stands beside "patch")',
  links: 'links are made with POST /records/{id}/links and taken back with DELETE /records/{id}/links/{n}',
};

/** Changes what was filed, where it could have been filed like that and everything in the life of the record still fits. */
export function correctRecord(command: CorrectRecord, record: RecordOnFile, desk: Desk): Decision {
  const filed = filedBy(record, command.step);
  const reading = new Reading();
  const why: Why = compact({
    step: filed.first ? undefined : filed.version,
    kind: command.kind,
    reason: reading.field(() => readReason(command.reason)),
    approvedBy: command.approvedBy,
    citations: fileNews(reading, command, desk).citations,
  });
  const body = reading.field(() => inPatch(command.patch, () => patched(filed, command.patch, record, desk)));
  reading.done();
  const changes = changesBetween(filed.data as Json, body);
  if (changes.length === 0) return nothingChanges(command.patch, why, record);
  const saying = (some: Change[]): DomainEvent => ({ type: 'RecordCorrected', data: { ...why, changes: some } });
  const after = (some: Change[]) => redate(evolve(record.id, record, saying(some)), (id) => desk.onFile(id, '/patch'));
  inPatch(command.patch, () => mustStillStand(record, changes, after, filed.version));
  return { events: [saying(changes)] };
}

function filedBy(record: RecordOnFile, version = 1): Filed {
  if (version === 1) return { ...record.filed, version, first: true };
  const step = record.steps.find((one) => one.version === version);
  if (step !== undefined) return { ...step, first: false };
  if (record.withheld.some((one) => one.version === version))
    reject('record-retracted', `step ${version} was retracted; reinstate it before it is corrected`, '/step');
  return stepUnknown(record, version);
}

/** A correction that was made already says nothing new; any other that changes nothing is a mistake. */
function nothingChanges(patch: Json, why: Why, record: RecordOnFile): Decision {
  const made = record.corrections.findLast(({ data }) => saysTheSame({ ...data, changes: [] }, why) && isMadeBy(patch, data));
  if (made !== undefined) return { already: made.version };
  return reject(
    'correction-changes-nothing',
    'what is on file says so already; name what is to change, for example {"occurred": "2025-10-24"}',
    '/patch',
  );
}

/** Whether a correction changed what a patch names, and nothing else but the relationships that follow from it. */
function isMadeBy(patch: Json, { changes }: Correction): boolean {
  const others = changes.map(({ pointer }) => pathOf(pointer)[0]!).filter((name) => !Object.hasOwn(patch, name));
  return others.length < changes.length && others.every((name) => name === 'relationships');
}

/** Refuses what leaves no room for a step on file, at the member of the patch that would do so by itself. */
function mustStillStand(before: RecordOnFile, changes: Change[], after: (changes: Change[]) => RecordOnFile, version: number): void {
  const problemsOf = (some: Change[]): Problem[] => {
    const problems: Problem[] = [];
    collect(problems, () => mustStand(before, after(some), version));
    return problems;
  };
  const problems = problemsOf(changes);
  if (problems.length === 0) return;
  const members = Map.groupBy(changes, ({ pointer }) => `/${pointer.split('/')[1]}`);
  const [member = ''] = [...members].find(([, some]) => problemsOf(some).length > 0) ?? [];
  throw new Rejection(problems.map((problem) => (problem.pointer === '' ? { ...problem, pointer: member } : problem)));
}

function mustStand(before: RecordOnFile, after: RecordOnFile, version: number): void {
  mustKeepLifted(before, after);
  mustStillFit(before, after, { what: 'the record so corrected', version, pointer: '' });
}

/** The whole body as the patch leaves it; what the patch does not touch stays to the letter as it is stored. */
function patched(filed: Filed, patch: Json, record: RecordOnFile, desk: Desk): Json {
  const touches = ({ pointer }: Problem): boolean => Object.hasOwn(patch, pointer.split('/')[1] ?? '');
  const input = inputOf(filed.data);
  mustBeKnown(filed, input, patch, desk);
  const sent = mergePatch(input, patch);
  const { links: _, ...body } = sent;
  refuse(desk.shapeProblems(filed.type, filed.first, body).filter(touches));
  mustNotCircle(filed, sent, record, desk);

  const asFiled = new Reading(() => true);
  const before = refile(filed, input, record, desk, asFiled);
  // What could not be filed today though nobody touches it (the other record has moved away from under a date) refuses nothing.
  const isOld = (problem: Problem): boolean => !touches(problem) && asFiled.problems.some((old) => isSame(old, problem));
  const after = refile(filed, sent, record, desk, new Reading(isOld));
  return kept(filed, patch, before, after);
}

/** Between whom it is follows from who acts and to whom, so it changes with them, where no editor gave it. */
function kept({ data }: Filed, patch: Json, before: Json, after: Json): Json {
  const stored = data as Json;
  const sides = 'relationships' in after && !isSame(before['relationships'], after['relationships']);
  const changes = (name: string): boolean => Object.hasOwn(patch, name) || (name === 'relationships' && sides);
  const names = Object.keys({ ...stored, ...after });
  const fields = names.map((name): [string, unknown] => [name, changes(name) ? settledAs(stored[name], after[name]) : stored[name]]);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** A latest day that was settled when it was filed stays while nothing about the days changes. */
function settledAs(stored: unknown, now: unknown): unknown {
  if (!isSettledDate(stored) || !isSettledDate(now) || stored.earliest !== now.earliest) return now;
  const { latest, latestBasis } = stored;
  return { ...now, latest, latestBasis, ...(now.own && { own: ownSettled(now.own, settledDay(stored), latest) }) };
}

function isSettledDate(value: unknown): value is Occurred {
  return isObject(value) && isSettled(value as unknown as Occurred);
}

/** Nothing is ignored in silence, not even taking away what there never was. */
function mustBeKnown({ type, first }: Filed, input: Json, patch: Json, desk: Desk): void {
  const fixed = Object.keys(FIXED).filter((name) => Object.hasOwn(patch, name));
  const isFree = ([name]: [string, unknown]): boolean => !Object.hasOwn(FIXED, name);
  const sent = Object.fromEntries(Object.entries(mergePatch(input, patch, true)).filter(isFree));
  const unknown = desk.shapeProblems(type, first, sent).filter(({ code }) => code === 'field-unknown');
  refuse([...fixed.map((name): Problem => ({ pointer: `/${name}`, code: 'field-unknown', message: FIXED[name]! })), ...unknown]);
}

/** What happened when, by what it leans on: never, over however many records, by itself. */
function mustNotCircle({ version, first }: Filed, sent: Json, record: RecordOnFile, desk: Desk): void {
  const name = first ? 'occurred' : 'on';
  const pointer = `/${name}/relativeTo/record`;
  const date = sent[name];
  const lean = isObject(date) ? (date['relativeTo'] as RelativeTo | undefined) : undefined;
  for (const { record: id, step } of chainOf(lean, (other) => (other === record.id ? record : desk.onFile(other, pointer))))
    if (id === record.id && step === version) rejectCircle(pointer);
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Rejection(problems);
}

/** What is wrong with the body is wrong with the patch of it: where a short date stands, with the whole of that. */
function inPatch<T>(patch: Json, read: () => T): T {
  const placeOf = (pointer: string): string => {
    const name = pointer.split('/')[1] ?? '';
    return typeof patch[name] === 'string' ? `/patch/${name}` : `/patch${pointer}`;
  };
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const problems = error.errors.map(({ pointer, code, ...rest }): Problem => {
      return { ...rest, pointer: placeOf(pointer), code: code === 'field-unknown' ? 'correction-of-unknown-field' : code };
    });
    throw new Rejection(problems);
  }
}
