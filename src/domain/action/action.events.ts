import type { Actor } from '../actor.js';
import type { FiledFields, WorldStep } from '../record.js';
import { reject } from '../rejection.js';

export const ACTS = [
  'strike',
  'operation',
  'attack',
  'seizure',
  'arrest',
  'official-detained',
  'deployment',
  'withdrawal',
  'exercise',
  'overflight',
  'blockade',
  'airspace-closure',
  'border-closure',
  'ceasefire',
  'expulsion',
  'recall',
  'relations-broken',
  'relations-restored',
  'embassy-opened',
  'embassy-closed',
  'agreement-signed',
  'agreement-left',
  'cooperation',
  'aid',
  'extradition',
  'release',
  'investigation',
  'legal-complaint',
  'ruling',
  'cyber-attack',
  'gesture',
  'other',
] as const;
export type Act = (typeof ACTS)[number];
export const CONSENTS = ['invited', 'joint'] as const;
export const ENDINGS = ['completed', 'broken', 'released', 'lapsed'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Acts that go on until they end, unless the editor says otherwise. */
export const STANDING_ACTS: readonly Act[] = [
  'blockade',
  'airspace-closure',
  'border-closure',
  'official-detained',
  'deployment',
  'relations-broken',
  'embassy-closed',
  'recall',
  'ceasefire',
];

export interface ActionOwn {
  act: Act;
  actors: Actor[];
  /** Against or towards whom; where it happened is `place`. */
  targets?: Actor[];
  standing: boolean;
  consent?: (typeof CONSENTS)[number];
  means?: string;
}

export type ActionFiling =
  /** Something was done that is neither said, a sanction nor a meeting; a standing action goes on until it ends. */
  { type: 'ActionTaken'; data: FiledFields & ActionOwn };

export type ActionStep =
  /** A standing action came to its end: completed, broken, released or lapsed. */
  { type: 'ActionEnded'; data: WorldStep & { outcome: Ending } };

export type ActionEvent = ActionFiling | ActionStep;

export type ActionLife = { state: 'done' } | { state: 'standing' } | { state: 'ended'; outcome: Ending };

export function beginAction({ data }: ActionFiling): ActionLife {
  return { state: data.standing ? 'standing' : 'done' };
}

export function nextAction(life: ActionLife, { data }: ActionStep): ActionLife {
  if (life.state === 'done') reject('action-not-standing', 'this action was over when it was done; only a standing action ends');
  if (life.state === 'ended') reject('action-already-ended', `this action has already ended (${life.outcome})`);
  return { state: 'ended', outcome: data.outcome };
}
