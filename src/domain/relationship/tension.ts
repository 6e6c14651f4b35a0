import { compare } from '../compare.js';
import { dayNumber } from '../day.js';
import type { Day } from '../time.js';
import { weight, type Entry, type Figures } from './ledger.js';
import type { Move } from './moves.js';
import type { Profile } from './score-profile.js';

/** A move that counts, with its weight at asOf; `share` = |score| × weight, in points. */
export interface Part {
  record: string;
  move: Move['move'];
  on: Day;
  from: string | null;
  to: string | null;
  score: number;
  weight: number;
  share: number;
  summary: string;
}

/** An entry of a record, with the position of the event that makes it. */
export interface Counted extends Entry {
  record: string;
  position: string;
}

/** Moves as parts of the tension on a day, the largest share first; those of one share in an order that no filing changes. */
export function partsOf(moves: readonly Counted[], asOf: Day, summaryOf: (record: string) => string, profile: Profile): Part[] {
  const today = dayNumber(asOf);
  return moves
    .map(({ record, move, on, from, to, tenths, base }) => {
      const w = base === null ? 1 : weight(today - dayNumber(base), profile);
      return { record, move, on, from, to, score: tenths / 10, weight: w, share: (Math.abs(tenths) / 10) * w, summary: summaryOf(record) };
    })
    .toSorted(largestFirst);
}

/** What these parts come to. */
export function points(parts: readonly Part[]): number {
  return parts.reduce((sum, { share }) => sum + share, 0);
}

function largestFirst(a: Part, b: Part): number {
  return b.share - a.share || compare(b.on, a.on) || compare(a.record, b.record) || compare(a.move, b.move);
}

export const PHASES = ['none', 'quiet', 'hostile', 'strained', 'mixed', 'cooperative', 'low'] as const;
export interface Phase {
  name: (typeof PHASES)[number];
  direction: 'rising' | 'easing' | 'steady';
}

/**
 * What to call it. `before` is T 30 days earlier (null counts as 0); `quiet` when nothing was filed for 90 days and nothing stands.
 */
export function phaseOf(tension: Figures, before: number | null, quiet: boolean, profile: Profile): Phase {
  const drift = (tension.value ?? 0) - (before ?? 0);
  const direction = drift > profile.drift ? 'rising' : drift < -profile.drift ? 'easing' : 'steady';
  return { name: phaseName(tension, quiet, profile), direction };
}

/** The name of the phase. */
export function phaseName(
  { value, cooperation }: Pick<Figures, 'value' | 'cooperation'>,
  quiet: boolean,
  { bands, kappa }: Profile,
): Phase['name'] {
  if (value === null) return 'none';
  if (quiet) return 'quiet';
  if (value >= bands.hostile) return 'hostile';
  if (value >= bands.strained) return 'strained';
  if (value >= bands.mixed) return 'mixed';
  return cooperation >= kappa ? 'cooperative' : 'low';
}

const RANK_MONTHS = 60;
const RANK_LEAST_MONTHS = 12;

/**
 * Where T stands among the pair's own last 60 month-ends before asOf, 0 (the calmest) to 1 (the tensest); null under 12 months on file.
 * `tensionAt` gives T on a day.
 */
export function rankOf(value: number | null, asOf: Day, firstMove: Day | null, tensionAt: (day: Day) => number | null): number | null {
  if (value === null || firstMove === null) return null;
  const values = monthEnds(asOf, RANK_MONTHS)
    .filter((day) => day >= firstMove)
    .map((day) => tensionAt(day) ?? 0);
  if (values.length < RANK_LEAST_MONTHS) return null;
  return values.filter((other) => other < value).length / values.length;
}

/** The last `count` month-ends before a day, latest first. */
export function monthEnds(asOf: Day, count: number): Day[] {
  const [year, month] = asOf.split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, i) => new Date(Date.UTC(year, month - 1 - i, 0)).toISOString().slice(0, 10));
}
