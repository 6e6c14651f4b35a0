import type { Actor } from '../actor.js';
import type { FiledFields, NewsStep, WorldStep } from '../record.js';
import { reject } from '../rejection.js';
import type { Occurred } from '../time.js';

export const SPEECH_ACTS = [
  'announce',
  'assert',
  'describe',
  'assess',
  'allege',
  'confirm',
  'admit',
  'deny',
  'reject',
  'decline-comment',
  'accuse',
  'criticise',
  'condemn',
  'praise',
  'thank',
  'apologise',
  'request',
  'demand',
  'propose',
  'recommend',
  'argue',
  'interpret',
  'offer',
  'promise',
  'agree',
  'threaten',
  'warn',
  'defy',
  'joke',
] as const;
export type SpeechAct = (typeof SPEECH_ACTS)[number];
export const MODALITIES = ['actual', 'hypothetical', 'conditional', 'future'] as const;
export type Modality = (typeof MODALITIES)[number];
export const ASPECTS = ['account', 'purpose', 'content'] as const;
export const DIRECTIONS = ['rising', 'easing', 'unchanged'] as const;
export const OUTCOMES = ['granted', 'refused', 'kept', 'broken', 'carried-out', 'withdrawn', 'lapsed', 'partly'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const VERDICTS = ['unsubstantiated', 'supported', 'refuted', 'questioned'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Speech acts that wait for an answer: open until settled. */
export const OPEN_ACTS: readonly SpeechAct[] = ['request', 'demand', 'propose', 'offer', 'promise', 'threaten'];

export interface Allegation {
  subject: Actor;
  conduct: string;
}

/** A speaker's or outlet's view of how things stand; listed, never scored. */
export interface Assessment {
  level?: string;
  direction?: (typeof DIRECTIONS)[number];
  duration?: string;
}

export interface StatementOwn {
  speakers: Actor[];
  addressees?: Actor[];
  speechAct: SpeechAct;
  modality: Modality;
  condition?: string;
  /** What is promised, asked or offered; by when; with what proviso. */
  content?: string;
  due?: Occurred;
  reservation?: string;
  allegation?: Allegation;
  /** What of the record it is linked `about` it speaks of. */
  aspect?: (typeof ASPECTS)[number];
  assessment?: Assessment;
}

export interface Assessed extends NewsStep {
  verdict: Verdict;
  by: Actor[];
  reason: string;
}

export type StatementFiling =
  /** Somebody said it, whoever it was; a request, demand, proposal, offer, promise or threat stays open. */
  { type: 'StatementMade'; data: FiledFields & StatementOwn };

export type StatementStep =
  /** What was asked, offered or threatened came to its end; `partly` leaves it open. */
  { type: 'StatementSettled'; data: WorldStep & { outcome: Outcome; by?: Actor[] } };

export type StatementNews =
  /** Somebody weighed a claim; it was made all the same, so no score changes. */
  { type: 'StatementAssessed'; data: Assessed };

export type StatementEvent = StatementFiling | StatementStep | StatementNews;

export interface StatementLife {
  state: 'said' | 'open' | 'settled';
  outcome?: Outcome;
}

export function beginStatement({ data }: StatementFiling): StatementLife {
  return { state: OPEN_ACTS.includes(data.speechAct) ? 'open' : 'said' };
}

/** What is open can be settled once; anything said can be withdrawn by its speaker. */
export function nextStatement(life: StatementLife, { data }: StatementStep): StatementLife {
  if (life.state === 'settled') reject('statement-already-settled', `this statement is already settled as ${life.outcome}`, '/outcome');
  if (life.state === 'said' && data.outcome !== 'withdrawn')
    reject(
      'statement-not-open',
      'only a request, demand, proposal, offer, promise or threat can be settled; anything else only as "withdrawn"',
      '/outcome',
    );
  return data.outcome === 'partly' ? { state: 'open', outcome: 'partly' } : { state: 'settled', outcome: data.outcome };
}
