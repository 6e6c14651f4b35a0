import { daysBetween, type Day } from '../time.js';
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

export interface Counting extends Move {
  record: string;
  summary: string;
}

export interface Tension {
  /** T, 0 to 100; null where no move that counts lies at or before asOf. */
  value: number | null;
  /** C in points, and of it what stands and what is recent. */
  conflict: number;
  conflictStanding: number;
  conflictRecent: number;
  /** P in points. */
  cooperation: number;
  /** Every move that counts, the largest share first; they add up to C and P. */
  parts: Part[];
}

/**
 * Conflict and cooperation are two channels, never netted: T = 100·C / (C + λ·P + κ). Parts are added up in the order in which they are
 * named, so that C and P are their sums to the last bit, whatever the order of filing.
 */
export function tensionOf(moves: readonly Counting[], asOf: Day, profile: Profile): Tension {
  const weighed = moves
    .filter(({ why }) => why === null)
    .map((move) => ({ part: partOf(move, asOf, profile), standing: move.standing }))
    .toSorted((a, b) => largestFirst(a.part, b.part));
  const parts = weighed.map(({ part }) => part);
  const against = weighed.filter(({ part }) => part.score < 0);
  const conflict = points(against.map(({ part }) => part));
  const cooperation = points(parts.filter(({ score }) => score > 0));
  return {
    value: parts.length === 0 ? null : (100 * conflict) / (conflict + profile.lambda * cooperation + profile.kappa),
    conflict,
    conflictStanding: points(against.flatMap(({ part, standing }) => (standing ? [part] : []))),
    conflictRecent: points(against.flatMap(({ part, standing }) => (standing ? [] : [part]))),
    cooperation,
    parts,
  };
}

/** What these parts come to. */
export function points(parts: readonly Part[]): number {
  return parts.reduce((sum, { share }) => sum + share, 0);
}

function largestFirst(a: Part, b: Part): number {
  return b.share - a.share || compare(b.on, a.on) || compare(a.record, b.record) || compare(a.move, b.move);
}

function partOf({ record, move, on, from, to, score, standing, until, summary }: Counting, asOf: Day, profile: Profile): Part {
  const weight = standing ? 1 : 2 ** (-daysBetween(until ?? on, asOf) / profile.halfLife);
  return { record, move, on, from, to, score, weight, share: Math.abs(score) * weight, summary };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export const PHASES = ['none', 'quiet', 'hostile', 'strained', 'mixed', 'cooperative', 'low'] as const;
export interface Phase {
  name: (typeof PHASES)[number];
  direction: 'rising' | 'easing' | 'steady';
}

/**
 * What to call it. `before` is T 30 days earlier (null counts as 0); `quiet` when nothing was filed for 90 days and nothing stands.
 */
export function phaseOf(tension: Tension, before: number | null, quiet: boolean, profile: Profile): Phase {
  const drift = (tension.value ?? 0) - (before ?? 0);
  const direction = drift > profile.drift ? 'rising' : drift < -profile.drift ? 'easing' : 'steady';
  return { name: phaseName(tension, quiet, profile), direction };
}

function phaseName({ value, cooperation }: Tension, quiet: boolean, { bands, kappa }: Profile): Phase['name'] {
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
