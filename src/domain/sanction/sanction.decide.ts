import { partiesNamed, readActor } from '../actor.js';
import type { Desk } from '../desk.js';
import {
  compact,
  fileCommon,
  fileStep,
  readOptionalDate,
  Reading,
  readOptionalParty,
  saysTheSame,
  type FiledInput,
  type WorldStepInput,
} from '../filing.js';
import { chaptersAt, lifeAt, stepDay, type Life } from '../life.js';
import type { RecordOnFile, WorldStep } from '../record.js';
import { readEach, reject } from '../rejection.js';
import { takeStep, type Decision } from '../step.js';
import type { OccurredInput } from '../time.js';
import type { Amendment, Measure, SanctionFiling, SanctionOwn, SanctionStep, Stage, Target } from './sanction.events.js';

/** Ids are assigned `t1`, `t2`, … where not given. */
export type TargetInput = Omit<Target, 'id'> & { id?: string };

export interface ImposeSanction
  extends FiledInput, Omit<SanctionOwn, 'targets' | 'measures' | 'stage' | 'effectiveOn' | 'expiresOn' | 'grounds'> {
  command: 'ImposeSanction';
  targets: TargetInput[];
  measures?: Measure[];
  /** Default in-force. */
  stage?: Stage;
  grounds?: { text: string; alleged?: boolean };
  effectiveOn?: OccurredInput;
  expiresOn?: OccurredInput;
}

export interface AmendSanction extends WorldStepInput, Omit<Amendment, 'addTargets' | 'expiresOn'> {
  command: 'AmendSanction';
  record: string;
  addTargets?: TargetInput[];
  expiresOn?: OccurredInput;
}

export interface LiftSanction extends WorldStepInput {
  command: 'LiftSanction';
  record: string;
  /** Ids of targets; all where none is named. */
  targets?: string[];
}

export function imposeSanction(
  command: ImposeSanction,
  id: string,
  desk: Desk,
  reading = new Reading(),
  ids: TargetIds = NONE_YET,
): SanctionFiling {
  const { authority, targets, measures, stage, grounds, program, legalBasis, effectiveOn, expiresOn } = command;
  const own = {
    authority: reading.field(() => readActor(authority, '/authority')),
    targets: reading.field(() => withIds(readTargets(targets, '/targets'), ids, '/targets')),
    stage: stage ?? ('in-force' as const),
    grounds: grounds && { text: grounds.text, alleged: true as const },
    program,
    legalBasis,
    effectiveOn: readOptionalDate(reading, effectiveOn, 'effectiveOn', desk),
    expiresOn: readOptionalDate(reading, expiresOn, 'expiresOn', desk),
  };
  const common = fileCommon(reading, command, id, desk, () => ({ from: partiesNamed([own.authority]), to: partiesNamed(own.targets) }));
  reading.done();
  return { type: 'SanctionImposed', data: { ...compact({ ...common, ...own }), measures: [...new Set(measures)] } };
}

export function amendSanction(command: AmendSanction, sanction: RecordOnFile, desk: Desk): Decision {
  const { added, ...data } = readAmendment(command, sanction, desk);
  return takeAmendment(sanction, data, added);
}

/** An amendment on file, as a correction would have it. */
export function amendedAmendment(
  command: AmendSanction,
  sanction: RecordOnFile,
  version: number,
  desk: Desk,
  reading: Reading,
): SanctionStep {
  const { added, ...data } = readAmendment(command, sanction, desk, reading);
  return { type: 'SanctionAmended', data: withAdded(data, added, targetIds(sanction, version)) };
}

/** What changes; the targets that are added have no ids yet. */
function readAmendment(
  command: AmendSanction,
  sanction: RecordOnFile,
  desk: Desk,
  reading = new Reading(),
): WorldStep & Amendment & { added: TargetInput[] | undefined } {
  const { addTargets, removeTargets, addMeasures, removeMeasures, stage, expiresOn } = command;
  const step = fileStep(reading, command, desk);
  const added = addTargets?.length ? reading.field(() => readTargets(addTargets, '/addTargets')) : undefined;
  const changes = compact({
    removeTargets: removeTargets && reading.field(() => readRemoved(removeTargets, sanction)),
    addMeasures,
    removeMeasures,
    stage,
    expiresOn: readOptionalDate(reading, expiresOn, 'expiresOn', desk),
  });
  if (!reading.failed && added === undefined && Object.keys(changes).length === 0)
    reading.field(() => reject('field-invalid', 'say what changes, for example {"addMeasures": ["travel-ban"]}', ''));
  reading.done();
  return { ...compact(step), ...changes, added };
}

/** New targets get ids that this sanction never had, unless this very amendment, with the ids it then gave, is on file. */
function takeAmendment(sanction: RecordOnFile, data: WorldStep & Amendment, added: readonly TargetInput[] | undefined): Decision {
  const before = sanction.steps.find(
    (step) =>
      added !== undefined &&
      step.type === 'SanctionAmended' &&
      saysTheSame(step.data, { ...data, addTargets: named(added, step.data.addTargets) }),
  );
  if (before !== undefined) return { already: before.version };
  return takeStep(sanction, { type: 'SanctionAmended', data: withAdded(data, added, targetIds(sanction)) });
}

function withAdded(data: WorldStep & Amendment, added: readonly TargetInput[] | undefined, ids: TargetIds): WorldStep & Amendment {
  return added === undefined ? data : { ...data, addTargets: withIds(added, ids, '/addTargets') };
}

/** The targets with the ids of those that they may be the same as. */
function named(targets: readonly TargetInput[], as: readonly Target[] = []): TargetInput[] {
  return targets.map((target, i) => ({ ...target, id: target.id ?? as[i]?.id }));
}

export function liftSanction(command: LiftSanction, sanction: RecordOnFile, desk: Desk): Decision {
  return takeStep(sanction, readLift(command, desk));
}

export function readLift(command: LiftSanction, desk: Desk, reading = new Reading()): SanctionStep {
  const step = fileStep(reading, command, desk);
  reading.done();
  return { type: 'SanctionLifted', data: compact({ ...step, targets: command.targets && [...new Set(command.targets)] }) };
}

/** The ids of the targets of one sanction. */
export interface TargetIds {
  /** Those of other events than the one that is read: no target of it may have them. */
  taken: readonly string[];
  /** All that were ever given: none is made again. */
  given: readonly string[];
}

const NONE_YET: TargetIds = { taken: [], given: [] };

/** Every id that a target of this sanction ever had; `version` is the event that is read once more, none for a new one. */
export function targetIds({ filed, steps, withheld, corrections }: RecordOnFile, version?: number): TargetIds {
  const first = filed.type === 'SanctionImposed' ? [{ version: 1, targets: filed.data.targets }] : [];
  const later = [...steps, ...withheld].flatMap((step) =>
    step.type === 'SanctionAmended' ? [{ version: step.version, targets: step.data.addTargets ?? [] }] : [],
  );
  const changes = corrections.flatMap(({ data }) => data.changes);
  const corrected = changes.filter(({ pointer }) => pointer === '/targets' || pointer === '/addTargets');
  const taken = [...first, ...later].filter((event) => event.version !== version);
  return {
    taken: taken.flatMap(({ targets }) => targets.map(({ id }) => id)),
    given: [...first, ...later, ...corrected.map(({ before }) => ({ targets: (before ?? []) as Target[] }))].flatMap(({ targets }) =>
      targets.map(({ id }) => id),
    ),
  };
}

/** A lift is kept: a target that has one, at whatever time, is not taken out. */
function readRemoved(removed: readonly string[], sanction: RecordOnFile): string[] {
  const lifted = liftedTargets(sanction);
  return readEach(removed, (id, i) => {
    if (lifted.includes(id))
      reject('target-id-used', `target "${id}" was lifted; a lift is kept, so it cannot be taken out`, `/removeTargets/${i}`);
    return id;
  });
}

function liftedTargets(sanction: RecordOnFile): string[] {
  return liftedIn(lifeAt(sanction));
}

function liftedIn(life: Life): string[] {
  return life.kind === 'sanction' ? life.targets.filter((target) => target.lifted).map(({ target }) => target.id) : [];
}

/** A correction takes out no target that has a lift, were it only by leaving it out of a list. */
export function mustKeepLifted(before: RecordOnFile, after: RecordOnFile): void {
  const { taken } = targetIds(after);
  const lost = liftedTargets(before).find((id) => !taken.includes(id));
  if (lost === undefined) return;
  const lift = chaptersAt(before).find(({ life }) => liftedIn(life).includes(lost))!.step!;
  reject(
    'target-id-used',
    `target "${lost}" was lifted on ${stepDay(lift)} (version ${lift.version}); a lift is kept, so leave the target in, with its id "${lost}"`,
  );
}

function readTargets(targets: readonly TargetInput[], pointer: string): TargetInput[] {
  const example = '{"descriptor": "his wife", "party": "COL", "kind": "person"}';
  if (targets.length === 0) reject('field-invalid', `name at least one target, for example ${example}`, pointer);
  return readEach(targets, (target, i) => {
    const { party, name, descriptor } = target;
    if (party === undefined && name === undefined && descriptor === undefined)
      reject('field-invalid', `say whom it restricts, for example ${example}`, `${pointer}/${i}/descriptor`);
    return { ...target, ...readOptionalParty(party, `${pointer}/${i}/party`) };
  });
}

/** Ids `t1`, `t2`, … where none was given; never one that is, or ever was, another target's. */
function withIds(targets: readonly TargetInput[], { taken, given }: TargetIds, pointer: string): Target[] {
  const used = new Set([...given, ...targets.flatMap(({ id }) => id ?? [])]);
  const seen = new Set(taken);
  return readEach(targets, (target, i) => {
    if (target.id !== undefined && seen.has(target.id))
      reject('target-id-used', `the id "${target.id}" is already a target of this sanction; choose another`, `${pointer}/${i}/id`);
    const id = target.id ?? freeId(used);
    used.add(id);
    seen.add(id);
    return { ...target, id };
  });
}

function freeId(used: ReadonlySet<string>): string {
  let n = 1;
  while (used.has(`t${n}`)) n += 1;
  return `t${n}`;
}
