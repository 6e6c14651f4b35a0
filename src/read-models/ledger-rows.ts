import { weight, type Sum } from '../domain/relationship/ledger.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { daysOf, type Keeping, type KeptRow } from './kept-rows.js';
import { fallenLists, numberOf } from './source-lists.js';

/** A move that counts while a source of its record stands. */
export interface MoveRow extends Sum, KeptRow {
  /** Position of the record's first event, and of the event that makes the move. */
  filed: number;
  position: number;
  /** Its own day. */
  on: number;
  from: string | null;
  /** The number of the list of sources that its record cites; see source-lists.ts. */
  sources: number;
}

type Cells = [
  filed: number,
  position: number,
  on: number,
  from: string | null,
  since: number,
  until: number | null,
  base: number | null,
  tenths: number,
  sources: readonly string[],
];

/** By the day from which they fade, those of one side and the same days together. */
export const MOVES: Keeping<MoveRow, Cells> = {
  table: 'move',
  cells: `filed, position, ${daysOf('on_day')}, from_party, ${daysOf('since')}, ${daysOf('until')}, ${daysOf('base')}, tenths, sources`,
  read: (row, [filed, position, on, from, since, until, base, tenths, sources]) => ({
    ...row,
    filed,
    position,
    on,
    from,
    since,
    until,
    base,
    tenths,
    sources: numberOf(sources),
  }),
  compare: (a, b) =>
    (a.base ?? 0) - (b.base ?? 0) || a.since - b.since || (a.until ?? 0) - (b.until ?? 0) || Math.sign(a.tenths) - Math.sign(b.tenths),
};

/** Adds up moves that are in their order. */
export function sumsOf(moves: readonly MoveRow[]): Sum[] {
  const sums: Sum[] = [];
  let last: Sum | undefined;
  for (const { since, until, base, tenths } of moves) {
    if (last?.base === base && last.since === since && last.until === until && last.tenths < 0 === tenths < 0) last.tenths += tenths;
    else sums.push((last = { since, until, base, tenths }));
  }
  return sums;
}

/** A move with its share of the points on a day. */
interface Weighed {
  move: MoveRow;
  share: number;
}

/** The moves of most weight on a day, the heaviest first; in whatever order they are given. */
export function heaviest(moves: readonly MoveRow[], day: number, most: number): MoveRow[] {
  let found: Weighed[] = [];
  let last: Weighed | undefined;
  // As they are kept, those that fade last come last: beginning with them, most of the others are passed over.
  for (let i = moves.length - 1; i >= 0; i -= 1) {
    const move = moves[i]!;
    const share = (Math.abs(move.tenths) / 10) * (move.base === null ? 1 : weight(day - move.base, ENTENTE_1));
    if (last !== undefined && (share < last.share || heaviestFirst({ move, share }, last) > 0)) continue;
    found.push({ move, share });
    if (found.length < 4 * most) continue;
    found = found.toSorted(heaviestFirst).slice(0, most);
    last = found.at(-1);
  }
  return found
    .toSorted(heaviestFirst)
    .slice(0, most)
    .map(({ move }) => move);
}

/** Those that weigh the same in an order that no filing changes, as they are told. */
function heaviestFirst(a: Weighed, b: Weighed): number {
  if (a.share !== b.share) return b.share - a.share;
  if (a.move.on !== b.move.on) return b.move.on - a.move.on;
  return a.move.record === b.move.record ? a.move.position - b.move.position : a.move.record < b.move.record ? -1 : 1;
}

/** The moves of a party, the latest first. */
export function latestOf(moves: readonly MoveRow[], party: string, most: number): MoveRow[] {
  let found: MoveRow[] = [];
  let last: MoveRow | undefined;
  for (let i = moves.length - 1; i >= 0; i -= 1) {
    const move = moves[i]!;
    if (move.from !== party || (last !== undefined && latestFirst(move, last) > 0)) continue;
    found.push(move);
    if (found.length < 4 * most) continue;
    found = found.toSorted(latestFirst).slice(0, most);
    last = found.at(-1);
  }
  return found.toSorted(latestFirst).slice(0, most);
}

function latestFirst(a: MoveRow, b: MoveRow): number {
  return b.on - a.on || b.position - a.position;
}

/** Those of which a source stands. */
export function supported(moves: readonly MoveRow[], fallen: readonly string[]): readonly MoveRow[] {
  if (fallen.length === 0) return moves;
  const falls = fallenLists(new Set(fallen));
  return moves.filter(({ sources }) => falls[sources] === 0);
}
