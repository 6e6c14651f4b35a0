import type { Actor } from '../actor.js';
import { lifeAt } from '../life.js';
import { linksOf } from '../record.js';
import type { Day, Occurred } from '../time.js';
import type { Belief } from './belief.js';
import { happenedBy, sourcesOf, type Cite, type CitedSource } from './listing.js';

export interface Position {
  record: string;
  by: Actor[];
  summary: string;
  on: Occurred;
  citations: CitedSource[];
}

/** A set of statements joined by live `denies` and `contradicts` links, with all their positions. */
export interface Dispute {
  /** The record that they speak `about`, where they agree on one. */
  about: string | null;
  /** When the first of them contradicted another. */
  since: Occurred;
  positions: Position[];
}

const OPPOSING = ['denies', 'contradicts'];

/** Disputes among these statements that are open at asOf: a position withdrawn by its speaker is none. */
export function openDisputes(beliefs: readonly Belief[], asOf: Day, cite: Cite): Dispute[] {
  const standing = new Map(beliefs.filter((belief) => takesPosition(belief, asOf)).map((belief) => [belief.record.id, belief]));
  const seen = new Set<string>();
  const disputes: Dispute[] = [];
  for (const id of standing.keys()) {
    if (seen.has(id)) continue;
    const members = reach(id, standing);
    for (const member of members) seen.add(member.record.id);
    if (members.length > 1) disputes.push(describe(members, asOf, cite));
  }
  return disputes;
}

/** The other ends of its opposing links, in both directions. */
export function opposing(belief: Belief): string[] {
  const own = linksOf(belief.record)
    .filter(({ rel }) => OPPOSING.includes(rel))
    .map(({ to }) => to);
  return [...own, ...belief.linkedFrom.filter(({ rel }) => OPPOSING.includes(rel)).map(({ from }) => from)];
}

function takesPosition(belief: Belief, asOf: Day): boolean {
  const life = lifeAt(belief.record, asOf);
  return life.kind === 'statement' && happenedBy(belief, asOf) && life.outcome !== 'withdrawn' && !belief.status.retracted;
}

function reach(start: string, standing: ReadonlyMap<string, Belief>): Belief[] {
  const found = new Set([start]);
  for (const id of found) for (const other of opposing(standing.get(id)!)) if (standing.has(other)) found.add(other);
  return [...found].map((id) => standing.get(id)!);
}

function describe(members: readonly Belief[], asOf: Day, cite: Cite): Dispute {
  const positions = members
    .map((belief) => positionOf(belief, asOf, cite))
    .toSorted((a, b) => compare(a.on.latest, b.on.latest) || compare(a.record, b.record));
  const ids = new Set(members.map(({ record }) => record.id));
  const contradicting = new Set(
    members
      .filter(({ record }) => linksOf(record).some(({ rel, to }) => OPPOSING.includes(rel) && ids.has(to)))
      .map(({ record }) => record.id),
  );
  const first = positions.find(({ record }) => contradicting.has(record)) ?? positions[0]!;
  return { about: commonSubject(members), since: first.on, positions };
}

function positionOf(belief: Belief, asOf: Day, cite: Cite): Position {
  const { filed, id } = belief.record;
  if (filed.type !== 'StatementMade') throw new TypeError(`${id} is no statement`);
  const { speakers, summary, occurred } = filed.data;
  return { record: id, by: speakers, summary, on: occurred, citations: sourcesOf(belief, asOf, cite) };
}

function commonSubject(members: readonly Belief[]): string | null {
  const about = members.map(({ record }) =>
    linksOf(record)
      .filter(({ rel }) => rel === 'about')
      .map(({ to }) => to),
  );
  return about[0]?.find((id) => about.every((others) => others.includes(id))) ?? null;
}

function compare(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}
