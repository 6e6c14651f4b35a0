import { distinct } from './distinct.js';
import { readParty } from './party.js';
import { readEach, reject } from './rejection.js';

export const ACTOR_KINDS = [
  'person',
  'government',
  'institution',
  'military',
  'opposition',
  'group',
  'outlet',
  'newsroom',
  'unnamed',
  'unstated',
] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Who did or said it. `unstated` = nobody is named as saying it; `asStyled` keeps how the source titles them. */
export interface Actor {
  party?: string;
  name?: string;
  role?: string;
  asStyled?: string;
  kind: ActorKind;
  /** Whether it acts for its party; by default true for person, government, institution and military. */
  speaksFor?: boolean;
}

export function speaksForParty(actor: Actor): boolean {
  if (actor.party === undefined) return false;
  return actor.speaksFor ?? ['person', 'government', 'institution', 'military'].includes(actor.kind);
}

/** The parties named by these actors, each once, in order of first mention. */
export function partiesNamed(actors: readonly { party?: string }[]): string[] {
  return distinct(actors.flatMap((actor) => actor.party ?? []));
}

/** The parties for which one of these actors speaks. */
export function partiesSpoken(actors: readonly Actor[]): string[] {
  return partiesNamed(actors.filter(speaksForParty));
}

/** Checks the party of each; the shape was checked at the edge. Throws `party-unknown` at `/…/party`. */
export function readActors<A extends Actor>(actors: readonly A[], pointer: string): A[] {
  return readEach(actors, (actor, i) => readActor(actor, `${pointer}/${i}`));
}

/** As readActors, where somebody must be named. `who`: what they do, such as "said it". */
export function readSomebody<A extends Actor>(actors: readonly A[] | undefined, pointer: string, who: string): A[] {
  if (actors !== undefined && actors.length > 0) return readActors(actors, pointer);
  return reject(
    'field-invalid',
    `name who ${who}, for example [{"party": "COL", "kind": "government"}], or [{"kind": "unstated"}] where nobody is named`,
    pointer,
  );
}

/** Whether two actors speak with one voice: for the same party, or under the same name where they have none. */
export function sameVoice(a: Actor, b: Actor): boolean {
  return a.party === b.party && (a.party !== undefined || (a.kind === b.kind && a.name === b.name));
}

export function readActor<A extends Actor>(actor: A, pointer: string): A {
  return actor.party === undefined ? { ...actor } : { ...actor, party: readParty(actor.party, `${pointer}/party`) };
}
