import { inOrder, weight, type Sum } from '../domain/relationship/ledger.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { daysOf, type Keeping, type KeptRow } from './kept-rows.js';

/** A move that counts while a source of its record stands. */
export interface MoveRow extends Sum, KeptRow {
  /** Position of the record's first event, and of the event that makes the move. */
  filed: number;
  position: number;
  /** Its own day. */
  on: number;
  from: string | null;
  sources: readonly string[];
}

/** A sum, with how many moves it is of. */
export type MoveSum = Sum & { moves: number };

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
    sources: shared(sources),
  }),
  order: (rows) =>
    inOrder(rows.toSorted((a, b) => a.since - b.since || (a.until ?? 0) - (b.until ?? 0) || Math.sign(a.tenths) - Math.sign(b.tenths))),
};

const lists = new Map<string, WeakRef<readonly string[]>>();
const MOST_LISTS = 50_000;

/** One list for all rows that name the same sources. */
function shared(sources: readonly string[]): readonly string[] {
  const name = sources.join(' ');
  const known = lists.get(name)?.deref();
  if (known !== undefined) return known;
  if (lists.size > MOST_LISTS) lists.clear();
  lists.set(name, new WeakRef(sources));
  return sources;
}

/** Adds up moves that are in their order. */
export function sumsOf(moves: readonly MoveRow[]): MoveSum[] {
  const sums: MoveSum[] = [];
  let last: MoveSum | undefined;
  for (const { since, until, base, tenths } of moves) {
    if (last?.base === base && last.since === since && last.until === until && last.tenths < 0 === tenths < 0) {
      last.tenths += tenths;
      last.moves += 1;
    } else sums.push((last = { since, until, base, tenths, moves: 1 }));
  }
  return sums;
}

/** The moves of most weight on a day, in no order; those that weigh as much as the last of them may be left out. */
export function heaviest(moves: readonly MoveRow[], day: number, most: number): MoveRow[] {
  const share = ({ base, tenths }: MoveRow): number => Math.abs(tenths) * (base === null ? 1 : weight(day - base, ENTENTE_1));
  let found: { move: MoveRow; share: number }[] = [];
  let least = 0;
  for (const move of moves) {
    const own = share(move);
    if (own <= least) continue;
    found.push({ move, share: own });
    if (found.length < 4 * most) continue;
    found = found.toSorted((a, b) => b.share - a.share).slice(0, most);
    least = found.at(-1)!.share;
  }
  return found
    .toSorted((a, b) => b.share - a.share)
    .slice(0, most)
    .map(({ move }) => move);
}

/** The moves of a party, the latest first. */
export function latestOf(moves: readonly MoveRow[], party: string, most: number): MoveRow[] {
  return moves
    .filter(({ from }) => from === party)
    .toSorted((a, b) => b.on - a.on || b.position - a.position)
    .slice(0, most);
}
