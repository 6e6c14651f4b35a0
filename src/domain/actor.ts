import { readParty } from './party.js';

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
  return [...new Set(actors.flatMap((actor) => actor.party ?? []))];
}

/** The parties for which one of these actors speaks. */
export function partiesSpoken(actors: readonly Actor[]): string[] {
  return partiesNamed(actors.filter(speaksForParty));
}

/** Checks the party of each; the shape was checked at the edge. Throws `party-unknown` at `/…/party`. */
export function readActors<A extends Actor>(actors: readonly A[], pointer: string): A[] {
  return actors.map((actor, i) => readActor(actor, `${pointer}/${i}`));
}

export function readActor<A extends Actor>(actor: A, pointer: string): A {
  return actor.party === undefined ? { ...actor } : { ...actor, party: readParty(actor.party, `${pointer}/party`) };
}
