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
import { lifeAt } from '../life.js';
import type { RecordOnFile, WorldStep } from '../record.js';
import { readEach, reject } from '../rejection.js';
import { takeStep, type Decision } from '../step.js';
import type { OccurredInput } from '../time.js';
import type { Amendment, Measure, SanctionFiling, SanctionOwn, Stage, Target } from './sanction.events.js';

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

export function imposeSanction(command: ImposeSanction, id: string, desk: Desk): SanctionFiling {
  const { authority, targets, measures, stage, grounds, program, legalBasis, effectiveOn, expiresOn } = command;
  const reading = new Reading();
  const own = {
    authority: reading.field(() => readActor(authority, '/authority')),
    targets: reading.field(() => withIds(readTargets(targets, '/targets'), [], '/targets')),
    stage: stage ?? ('in-force' as const),
    grounds: grounds && { text: grounds.text, alleged: true as const },
    program,
    legalBasis,
    effectiveOn: readOptionalDate(reading, effectiveOn, 'effectiveOn', id, desk),
    expiresOn: readOptionalDate(reading, expiresOn, 'expiresOn', id, desk),
  };
  const common = fileCommon(reading, command, id, desk, () => ({ from: partiesNamed([own.authority]), to: partiesNamed(own.targets) }));
  reading.done();
  return { type: 'SanctionImposed', data: { ...compact({ ...common, ...own }), measures: [...new Set(measures)] } };
}

export function amendSanction(command: AmendSanction, sanction: RecordOnFile, desk: Desk): Decision {
  const { addTargets, removeTargets, addMeasures, removeMeasures, stage, expiresOn } = command;
  const reading = new Reading();
  const step = fileStep(reading, command, sanction.id, desk);
  const added = addTargets?.length ? reading.field(() => readTargets(addTargets, '/addTargets')) : undefined;
  const changes = compact({
    removeTargets: removeTargets && reading.field(() => readRemoved(removeTargets, sanction)),
    addMeasures,
    removeMeasures,
    stage,
    expiresOn: readOptionalDate(reading, expiresOn, 'expiresOn', sanction.id, desk),
  });
  if (!reading.failed && added === undefined && Object.keys(changes).length === 0)
    reading.field(() => reject('field-invalid', 'say what changes, for example {"addMeasures": ["travel-ban"]}', ''));
  reading.done();
  return takeAmendment(sanction, { ...compact(step), ...changes }, added);
}

/** New targets get ids that this sanction never had, unless this very amendment, with the ids it then gave, is on file. */
function takeAmendment(sanction: RecordOnFile, data: WorldStep & Amendment, added: readonly TargetInput[] | undefined): Decision {
  if (added === undefined) return takeStep(sanction, { type: 'SanctionAmended', data });
  const before = sanction.steps.find(
    (step) => step.type === 'SanctionAmended' && saysTheSame(step.data, { ...data, addTargets: named(added, step.data.addTargets) }),
  );
  if (before !== undefined) return { already: before.version };
  const addTargets = withIds(added, targetIds(sanction), '/addTargets');
  return takeStep(sanction, { type: 'SanctionAmended', data: { ...data, addTargets } });
}

/** The targets with the ids of those that they may be the same as. */
function named(targets: readonly TargetInput[], as: readonly Target[] = []): TargetInput[] {
  return targets.map((target, i) => ({ ...target, id: target.id ?? as[i]?.id }));
}

export function liftSanction(command: LiftSanction, sanction: RecordOnFile, desk: Desk): Decision {
  const reading = new Reading();
  const step = fileStep(reading, command, sanction.id, desk);
  reading.done();
  return takeStep(sanction, {
    type: 'SanctionLifted',
    data: compact({ ...step, targets: command.targets && [...new Set(command.targets)] }),
  });
}

/** Every id that a target of this sanction ever had. */
function targetIds({ filed, steps }: RecordOnFile): string[] {
  const first = filed.type === 'SanctionImposed' ? filed.data.targets : [];
  const added = steps.flatMap((step) => (step.type === 'SanctionAmended' ? (step.data.addTargets ?? []) : []));
  return [...first, ...added].map(({ id }) => id);
}

/** A lift is kept: a target that has one, at whatever time, is not taken out. */
function readRemoved(removed: readonly string[], sanction: RecordOnFile): string[] {
  const life = lifeAt(sanction);
  const lifted = life.kind === 'sanction' ? life.targets.filter((target) => target.lifted).map(({ target }) => target.id) : [];
  return readEach(removed, (id, i) => {
    if (lifted.includes(id))
      reject('target-id-used', `target "${id}" was lifted; a lift is kept, so it cannot be taken out`, `/removeTargets/${i}`);
    return id;
  });
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
function withIds(targets: readonly TargetInput[], before: readonly string[], pointer: string): Target[] {
  const used = new Set([...before, ...targets.flatMap(({ id }) => id ?? [])]);
  const seen = new Set(before);
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
