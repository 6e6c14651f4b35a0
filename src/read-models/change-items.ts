import { belongingsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { entriesOf, figuresAt, sumsOf } from '../domain/relationship/ledger.js';
import { happeningOf, roleIn, sourcesOf, type Cite, type CitedSource } from '../domain/relationship/listing.js';
import { movesOf } from '../domain/relationship/moves.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { Day, Occurred } from '../domain/time.js';

interface Named {
  record: string;
  kind: string;
  role: string;
  /** Null, as the day, where the record is retracted by now: no more is told of it than why. */
  summary: string | null;
  on: Occurred | null;
  citations: CitedSource[];
}

/** What a record weighs on a day, in points of both channels. */
interface Points {
  conflict: number;
  cooperation: number;
}

/** A record that was on file and is seen differently: why, and why else; what it weighs as it was known, and as it is. */
export type SeenAnew = Named & { why: string; also: string[]; before: Points; after: Points };

/** A record that was filed since. */
export type FiledSince = Named & { score: number; counts: boolean };

/** Tells why a record is seen differently in a relationship on a day. */
export function seenAnew(
  then: Belief,
  now: Belief,
  [why, ...also]: readonly [string, ...string[]],
  key: string,
  asOf: Day,
  cite: Cite,
): SeenAnew {
  return {
    ...named(now, roleIn(belongsTo(now, key) ? now : then, key), asOf, cite),
    why,
    also,
    before: pointsOf(then, key, asOf),
    after: pointsOf(now, key, asOf),
  };
}

/** Tells what a new record is to a relationship by a day. */
export function filedSince(belief: Belief, key: string, asOf: Day, cite: Cite): FiledSince {
  const moves = movesOf(belief.record, asOf, belief.muted, ENTENTE_1).filter(({ relationship }) => relationship === key);
  return {
    ...named(belief, roleIn(belief, key), asOf, cite),
    score: moves.reduce((sum, { score }) => sum + score, 0),
    counts: moves.some(({ why }) => why === null),
  };
}

/** Whether it is a record of the relationship; a correction may have taken it out. */
function belongsTo({ record }: Belief, key: string): boolean {
  return belongingsOf(record).some((belonging) => belonging.key === key);
}

function named(belief: Belief, role: string, asOf: Day, cite: Cite): Named {
  const { record, status } = belief;
  const { summary, occurred } = happeningOf(record)!.data;
  const told = status.retracted
    ? { summary: null, on: null, citations: [] }
    : { summary, on: occurred, citations: sourcesOf(belief, asOf, cite) };
  return { record: record.id, kind: record.kind, role, ...told };
}

function pointsOf(belief: Belief, key: string, asOf: Day): Points {
  const entries = belief.muted === null ? entriesOf(belief, ENTENTE_1).filter(({ relationship }) => relationship === key) : [];
  const { conflict, cooperation } = figuresAt(sumsOf(entries), asOf, ENTENTE_1);
  return { conflict, cooperation };
}
