import { dayNumber, dayOfNumber } from '../day.js';
import type { Day } from '../time.js';
import type { Held } from './belief.js';
import { movesOf, type MoveName } from './moves.js';
import type { Profile } from './score-profile.js';
import { overTime, type Spanned } from './spans.js';

/** A move that counts, but for the sources of its record. Points are whole tenths, so that sums are the same in every order. */
export interface Entry {
  relationship: string;
  move: MoveName;
  /** Version of the event that makes it. */
  version: number;
  on: Day;
  from: string | null;
  to: string | null;
  tenths: number;
  /** The day from which it fades; null while it stands. */
  base: Day | null;
}

/** The moves of a record that count, each for the days of the world on which it is as it says. */
export function entriesOf({ record, status, muted }: Held, profile: Profile): Spanned<Entry>[] {
  if (status.retracted || muted !== null) return [];
  return overTime(record, (day) =>
    movesOf(record, day, null, profile)
      .filter(({ why }) => why === null)
      .map(({ relationship, move, version, on, from, to, score, standing, until }) => ({
        relationship,
        move,
        version,
        on,
        from,
        to,
        tenths: Math.round(score * 10),
        base: standing ? null : (until ?? on),
      })),
  );
}

/** What all entries of the same side, days and base come to; days are counted from 1970-01-01. */
export interface Sum {
  since: number;
  until: number | null;
  base: number | null;
  tenths: number;
}

/** Adds up entries. */
export function sumsOf(entries: readonly Spanned<Pick<Entry, 'tenths' | 'base'>>[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const { since, until, base, tenths } of entries) {
    const name = `${since} ${until} ${base} ${tenths < 0}`;
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, { since: dayNumber(since), until: numberOf(until), base: numberOf(base), tenths });
    else sum.tenths += tenths;
  }
  return inOrder([...sums.values()]);
}

/** In the order of the days from which they fade. */
export function inOrder<S extends Sum>(sums: readonly S[]): S[] {
  return sums.toSorted((a, b) => (a.base ?? 0) - (b.base ?? 0));
}

function numberOf(day: Day | null): number | null {
  return day === null ? null : dayNumber(day);
}

export interface Figures {
  /** T, 0 to 100; null where no move that counts lies at or before asOf. */
  value: number | null;
  /** C in points, and of it what stands and what is recent. */
  conflict: number;
  conflictStanding: number;
  conflictRecent: number;
  /** P in points. */
  cooperation: number;
}

/**
 * Conflict and cooperation are two channels, never netted: T = 100·C / (C + λ·P + κ). The tenths of each day are added up as whole numbers
 * before they are weighed, so that every way to the same moves comes to the same figures, to the last bit.
 */
export function figuresAt(sums: readonly Sum[], asOf: Day, profile: Profile): Figures {
  const today = dayNumber(asOf);
  const standing = new Side();
  const recent = new Side();
  let day: number | null = null;
  let any = false;
  for (const { since, until, base, tenths } of sums) {
    if (since > today || (until !== null && until <= today)) continue;
    any = true;
    if (base === null) standing.add(tenths);
    else {
      if (day !== null && base !== day) recent.weigh(weight(today - day, profile));
      day = base;
      recent.add(tenths);
    }
  }
  standing.weigh(1);
  if (day !== null) recent.weigh(weight(today - day, profile));
  const conflict = standing.conflict + recent.conflict;
  const cooperation = standing.cooperation + recent.cooperation;
  const value = any ? (100 * conflict) / (conflict + profile.lambda * cooperation + profile.kappa) : null;
  return { value, conflict, conflictStanding: standing.conflict, conflictRecent: recent.conflict, cooperation };
}

/** Points of both channels; tenths of one day are collected, then weighed. */
class Side {
  conflict = 0;
  cooperation = 0;
  private against = 0;
  private towards = 0;

  add(tenths: number): void {
    if (tenths < 0) this.against -= tenths;
    else this.towards += tenths;
  }

  weigh(by: number): void {
    this.conflict += (this.against / 10) * by;
    this.cooperation += (this.towards / 10) * by;
    this.against = 0;
    this.towards = 0;
  }
}

const WEIGHTS_KEPT = 20_000;
const weights = new Map<number, Float64Array>();

/** What a move weighs so many days after the one from which it fades. */
export function weight(days: number, { halfLife }: Profile): number {
  let kept = weights.get(halfLife);
  if (kept === undefined) weights.set(halfLife, (kept = Float64Array.from({ length: WEIGHTS_KEPT }, (_, n) => 2 ** (-n / halfLife))));
  return kept[days] ?? 2 ** (-days / halfLife);
}

/** The first day on which anything counted, of those by asOf; null where nothing had yet. */
export function firstDay(sums: readonly Sum[], asOf: Day): Day | null {
  const today = dayNumber(asOf);
  const first = sums.reduce((least, { since }) => Math.min(least, since), Infinity);
  return first > today ? null : dayOfNumber(first);
}
