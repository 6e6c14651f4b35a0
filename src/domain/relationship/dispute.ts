import type { Actor } from '../actor.js';
import { compare } from '../compare.js';
import { lifeAt } from '../life.js';
import { linksOf } from '../record.js';
import type { Day, Occurred } from '../time.js';
import type { Belief, Held } from './belief.js';
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

/** Sets of at least two statements that are joined, directly or over others of them. */
export function joined(positions: readonly { record: string; against: readonly string[] }[]): string[][] {
  const against = new Map(positions.map((position) => [position.record, position.against]));
  const seen = new Set<string>();
  return positions.flatMap(({ record }) => {
    if (seen.has(record)) return [];
    const found = new Set([record]);
    for (const id of found) for (const other of against.get(id)!) if (against.has(other)) found.add(other);
    for (const id of found) seen.add(id);
    return found.size > 1 ? [[...found]] : [];
  });
}

/** The other ends of its opposing links, in both directions. */
export function opposing({ record, linkedFrom }: Held): string[] {
  const own = linksOf(record).filter(({ rel }) => OPPOSING.includes(rel));
  const others = linkedFrom.filter(({ rel }) => OPPOSING.includes(rel));
  return [...own.map(({ to }) => to), ...others.map(({ from }) => from)];
}

/** Whether it is a statement that had been made by asOf, and not withdrawn. */
export function takesPosition({ record, status }: Held, asOf: Day): boolean {
  const life = lifeAt(record, asOf);
  return life.kind === 'statement' && happenedBy({ record }, asOf) && life.outcome !== 'withdrawn' && !status.retracted;
}

/** The dispute among statements that are joined. */
export function disputeOf(members: readonly Belief[], asOf: Day, cite: Cite): Dispute {
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
