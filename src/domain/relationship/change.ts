import { compare } from '../compare.js';
import { dayNumber } from '../day.js';
import type { Day } from '../time.js';
import { figuresAt, weight, type Sum } from './ledger.js';
import type { MoveName } from './moves.js';
import type { Profile } from './score-profile.js';
import { isOn, type Spanned } from './spans.js';
import type { Counted } from './tension.js';

/** A change of T in three parts, which add up to it; a T of null counts as 0. */
export interface Change {
  from: number | null;
  to: number | null;
  delta: number;
  /** What was on file weighs less, or more, on the later day. */
  faded: number;
  /** What was on file is seen differently now. */
  corrected: number;
  /** What has been filed since. */
  new: number;
}

/** Moves of one relationship, added up: as known then, those of the same records as known now, and all as known now. */
export interface KnownTwice {
  was: readonly Sum[];
  same: readonly Sum[];
  is: readonly Sum[];
}

/** Why T on one day, as known then, is another than T on a later day, as known now. Pure. */
export function changeOf({ was, same, is }: KnownTwice, from: Day, to: Day, profile: Profile): Change {
  const tension = (sums: readonly Sum[], day: Day): number | null => figuresAt(sums, day, profile).value;
  const steps = [tension(was, from), tension(was, to), tension(same, to), tension(is, to)];
  const [before, faded, corrected, after] = steps.map((value) => value ?? 0) as [number, number, number, number];
  return {
    from: steps[0]!,
    to: steps[3]!,
    delta: after - before,
    faded: faded - before,
    corrected: corrected - faded,
    new: after - corrected,
  };
}

/** A move with what it weighed on an earlier day and weighs on a later one, in points. */
export interface FadedPart {
  record: string;
  move: MoveName;
  on: Day;
  from: string | null;
  to: string | null;
  score: number;
  before: number;
  after: number;
}

/**
 * The moves whose share of the points is not the same on both days, those that changed most first. A move may be told in several rows, for
 * the days on which it stood and those on which it fades.
 */
export function fadedParts(rows: readonly Spanned<Counted>[], from: Day, to: Day, profile: Profile): FadedPart[] {
  const moves = Map.groupBy(rows, ({ record, version, move }) => `${record} ${version} ${move}`);
  const shareOf = (told: readonly Spanned<Counted>[], day: Day): number =>
    told.reduce((sum, row) => sum + (isOn(row, day) ? share(row, day, profile) : 0), 0);
  return [...moves.values()]
    .map((told) => ({ ...shown(told, from, to), before: shareOf(told, from), after: shareOf(told, to) }))
    .filter(({ before, after }) => before !== after)
    .toSorted(mostChangedFirst);
}

function shown(told: readonly Spanned<Counted>[], from: Day, to: Day): Omit<FadedPart, 'before' | 'after'> {
  const row = told.find((one) => isOn(one, to)) ?? told.find((one) => isOn(one, from)) ?? told[0]!;
  const { record, move, on, from: by, to: towards, tenths } = row;
  return { record, move, on, from: by, to: towards, score: tenths / 10 };
}

function share({ tenths, base }: Counted, day: Day, profile: Profile): number {
  return (Math.abs(tenths) / 10) * (base === null ? 1 : weight(dayNumber(day) - dayNumber(base), profile));
}

function mostChangedFirst(a: FadedPart, b: FadedPart): number {
  const change = ({ before, after }: FadedPart): number => Math.abs(after - before);
  return change(b) - change(a) || compare(b.on, a.on) || compare(a.record, b.record) || compare(a.move, b.move);
}
