import { partiesNamed, readActor } from '../actor.js';
import { takeStep, type Decision } from '../step.js';
import type { Desk } from '../desk.js';
import {
  compact,
  fileCommon,
  fileStep,
  readOptionalDate,
  Reading,
  readOptionalParty,
  type FiledInput,
  type WorldStepInput,
} from '../filing.js';
import type { RecordOnFile } from '../record.js';
import { reject } from '../rejection.js';
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
    targets: reading.field(() => readTargets(targets, [], '/targets')),
    stage: stage ?? ('in-force' as const),
    grounds: grounds && { text: grounds.text, alleged: true as const },
    program,
    legalBasis,
    effectiveOn: readOptionalDate(reading, effectiveOn, 'effectiveOn', id, desk),
    expiresOn: readOptionalDate(reading, expiresOn, 'expiresOn', id, desk),
  };
  const common = fileCommon(reading, command, id, desk, () => ({ from: partiesNamed([authority]), to: partiesNamed(targets) }));
  reading.done();
  return { type: 'SanctionImposed', data: { ...compact({ ...common, ...own }), measures: [...new Set(measures)] } };
}

export function amendSanction(command: AmendSanction, sanction: RecordOnFile, desk: Desk): Decision {
  const { addTargets, removeTargets, addMeasures, removeMeasures, stage, expiresOn } = command;
  const reading = new Reading();
  const step = fileStep(reading, command, sanction.id, desk);
  const changes: Amendment = compact({
    addTargets: addTargets && reading.field(() => readTargets(addTargets, targetIds(sanction), '/addTargets')),
    removeTargets,
    addMeasures,
    removeMeasures,
    stage,
    expiresOn: readOptionalDate(reading, expiresOn, 'expiresOn', sanction.id, desk),
  });
  if (!reading.failed && Object.keys(changes).length === 0)
    reading.field(() => reject('field-invalid', 'say what changes, for example {"addMeasures": ["travel-ban"]}', '/addMeasures'));
  reading.done();
  return takeStep(sanction, { type: 'SanctionAmended', data: { ...compact(step), ...changes } });
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

function readTargets(targets: readonly TargetInput[], before: readonly string[], pointer: string): Target[] {
  if (targets.length === 0)
    reject('field-invalid', 'name at least one target, for example {"descriptor": "his wife", "party": "COL", "kind": "person"}', pointer);
  const used = new Set([...before, ...targets.flatMap(({ id }) => id ?? [])]);
  const seen = new Set(before);
  return targets.map((target, i) => {
    if (target.id !== undefined && seen.has(target.id))
      reject('target-id-used', `the id "${target.id}" is already a target of this sanction; choose another`, `${pointer}/${i}/id`);
    const id = target.id ?? freeId(used);
    used.add(id);
    seen.add(id);
    return { ...target, ...readOptionalParty(target.party, `${pointer}/${i}/party`), id };
  });
}

function freeId(used: ReadonlySet<string>): string {
  let n = 1;
  while (used.has(`t${n}`)) n += 1;
  return `t${n}`;
}
