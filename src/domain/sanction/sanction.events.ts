import type { Actor } from '../actor.js';
import { later } from '../day.js';
import type { FiledFields, WorldStep } from '../record.js';
import { reject } from '../rejection.js';
import type { Day, Occurred } from '../time.js';

export const TARGET_KINDS = ['person', 'group', 'government', 'company', 'vessel', 'goods', 'other'] as const;
export const MEASURES = [
  'asset-freeze',
  'travel-ban',
  'arms-embargo',
  'export-control',
  'financial-restriction',
  'terrorist-designation',
  'tariff',
  'embargo',
  'visa-restriction',
  'other',
] as const;
export type Measure = (typeof MEASURES)[number];
export const STAGES = ['in-force', 'announced', 'unclear'] as const;
export type Stage = (typeof STAGES)[number];

/** Whom or what it restricts; "his wife" is a descriptor without a name. */
export interface Target {
  id: string;
  party?: string;
  name?: string;
  descriptor?: string;
  kind: (typeof TARGET_KINDS)[number];
}

export interface SanctionOwn {
  authority: Actor;
  targets: Target[];
  /** Empty where none is stated. */
  measures: Measure[];
  stage: Stage;
  /** The authority's allegation, never the newsroom's. */
  grounds?: { text: string; alleged: true };
  program?: string;
  legalBasis?: string;
  effectiveOn?: Occurred;
  expiresOn?: Occurred;
}

export interface Amendment {
  addTargets?: Target[];
  removeTargets?: string[];
  addMeasures?: Measure[];
  removeMeasures?: Measure[];
  stage?: Stage;
  expiresOn?: Occurred;
}

export type SanctionFiling =
  /** A restrictive measure in law was imposed (or announced); one record per round. */
  { type: 'SanctionImposed'; data: FiledFields & SanctionOwn };

export type SanctionStep =
  /** The round changed: targets or measures added or taken out, another stage or expiry. */
  | { type: 'SanctionAmended'; data: WorldStep & Amendment }
  /** Some targets (all where none is named) are free of it. */
  | { type: 'SanctionLifted'; data: WorldStep & { targets?: string[] } };

export type SanctionEvent = SanctionFiling | SanctionStep;

export interface TargetLife {
  target: Target;
  /** The day on which it stopped, by a lift or an amendment; absent while it stands. */
  until?: Day;
  lifted: boolean;
}

export interface SanctionLife {
  stage: Stage;
  /** The day from which it stands; null until it does. */
  since: Day | null;
  /** The first day on which it can have taken effect, where that was stated. */
  effective: Day | null;
  /** First day on which it no longer stands. */
  expires: Day | null;
  measures: Measure[];
  targets: TargetLife[];
}

export function beginSanction({ data }: SanctionFiling): SanctionLife {
  return {
    stage: data.stage,
    since: data.stage === 'in-force' ? (data.effectiveOn?.latest ?? later(data.effectiveOn?.earliest ?? null, data.occurred.latest)) : null,
    effective: data.effectiveOn?.earliest ?? null,
    expires: data.expiresOn?.latest ?? null,
    measures: data.measures,
    targets: data.targets.map((target) => ({ target, lifted: false })),
  };
}

export function nextSanction(life: SanctionLife, step: SanctionStep): SanctionLife {
  switch (step.type) {
    case 'SanctionAmended':
      return amend(life, step.data);
    case 'SanctionLifted':
      return lift(life, step.data);
  }
}

function lift(life: SanctionLife, { targets, on }: WorldStep & { targets?: string[] }): SanctionLife {
  const day = on.latest;
  const standing = standingIds(life.targets);
  if (life.stage !== 'in-force') reject('sanction-not-in-force', `this sanction is ${life.stage}, not in force; amend its stage first`);
  if (hasExpired(life, day)) reject('sanction-not-in-force', `this sanction expired on ${life.expires}`, '/on');
  if (life.effective !== null && day !== null && day < life.effective)
    reject('sanction-not-in-force', `this sanction takes effect on ${life.effective}; before that there is nothing to lift`, '/on');
  if (standing.length === 0) reject('sanction-not-in-force', 'this sanction is already lifted for every target');
  for (const [i, id] of (targets ?? []).entries())
    if (!standing.includes(id))
      reject(
        'target-not-sanctioned',
        `no target "${id}" is under this sanction then; its targets are ${standing.join(', ')}`,
        `/targets/${i}`,
      );
  const freed = targets ?? standing;
  return {
    ...life,
    targets: life.targets.map((t) => (freed.includes(t.target.id) ? { ...t, until: day!, lifted: true } : t)),
  };
}

function standingIds(targets: readonly TargetLife[]): string[] {
  return targets.filter(({ until }) => until === undefined).map(({ target }) => target.id);
}

function amend(life: SanctionLife, data: WorldStep & Amendment): SanctionLife {
  const day = data.on.latest;
  const over = life.targets.every(({ until }) => until !== undefined);
  if (over && data.addTargets === undefined) reject('sanction-not-in-force', 'this sanction is already lifted for every target');
  if (hasExpired(life, day) && data.expiresOn === undefined)
    reject('sanction-not-in-force', `this sanction expired on ${life.expires}; extend it with "expiresOn"`, '/on');
  const stage = data.stage ?? life.stage;
  return {
    stage,
    since: stage !== 'in-force' ? null : (life.since ?? day),
    effective: stage === 'in-force' && life.stage === 'in-force' ? life.effective : null,
    expires: data.expiresOn === undefined ? life.expires : data.expiresOn.latest,
    measures: [...new Set([...life.measures, ...(data.addMeasures ?? [])])].filter((m) => !data.removeMeasures?.includes(m)),
    targets: [...withoutTargets(life.targets, data.removeTargets ?? [], day!), ...newTargets(life.targets, data.addTargets ?? [])],
  };
}

function withoutTargets(targets: readonly TargetLife[], removed: readonly string[], day: Day): TargetLife[] {
  for (const [i, id] of removed.entries()) {
    const target = targets.find((t) => t.target.id === id);
    if (target?.lifted)
      reject('target-id-used', `target "${id}" was lifted; a lift is kept, so it cannot be taken out`, `/removeTargets/${i}`);
    if (target === undefined || target.until !== undefined)
      reject(
        'target-not-sanctioned',
        `this sanction has no target "${id}" then; it has ${standingIds(targets).join(', ')}`,
        `/removeTargets/${i}`,
      );
  }
  return targets.map((t) => (removed.includes(t.target.id) ? { ...t, until: day } : t));
}

function newTargets(targets: readonly TargetLife[], added: readonly Target[]): TargetLife[] {
  for (const [i, { id }] of added.entries())
    if (targets.some((t) => t.target.id === id))
      reject('target-id-used', `the id "${id}" was already given to a target of this sanction; choose another`, `/addTargets/${i}/id`);
  return added.map((target) => ({ target, lifted: false }));
}

/** On the day of its expiry a sanction no longer stands. */
export function hasExpired(life: SanctionLife, day: Day | null): boolean {
  return life.expires !== null && day !== null && day >= life.expires;
}

/** The targets under this sanction on a day, as its life then was. */
export function targetsInForce(life: SanctionLife, day: Day): Target[] {
  if (life.stage !== 'in-force' || life.since === null || life.since > day || hasExpired(life, day)) return [];
  return life.targets.filter(({ until }) => until === undefined).map(({ target }) => target);
}
