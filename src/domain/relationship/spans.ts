import { addDays, type Day } from '../time.js';
import { happeningOf } from './listing.js';
import type { Occurred } from '../time.js';
import type { RecordOnFile } from '../record.js';

/** Something that is so from the day `since` up to, and without, the day `until` (for good where that is null). */
export type Spanned<T> = T & { since: Day; until: Day | null };

/** Whether it is so on a day; days may be counted as numbers. */
export function isOn<D extends Day | number>({ since, until }: { since: D; until: D | null }, day: D): boolean {
  return since <= day && (until === null || until > day);
}

/** An open window has passed 90 days after the meeting was last scheduled, so on the 91st. */
const DAYS_UNTIL_OVERDUE = 91;

/**
 * What is so of a record, day by day, from the day by which it had happened: `at` is asked only on days on which something can change.
 * Nothing for a source, which happens on no day.
 */
export function overTime<T extends object>(record: RecordOnFile, at: (day: Day) => readonly T[]): Spanned<T>[] {
  const days = turningDays(record);
  const [only] = days;
  if (days.length === 1) return at(only!).map((item) => ({ ...item, since: only!, until: null }));
  const open = new Map<string, Spanned<T>>();
  const told: Spanned<T>[] = [];
  for (const day of days) {
    const now = new Map(at(day).map((item) => [JSON.stringify(item), item]));
    for (const [name, span] of open) {
      if (now.has(name)) continue;
      span.until = day;
      open.delete(name);
    }
    for (const [name, item] of now) {
      if (open.has(name)) continue;
      const span = { ...item, since: day, until: null };
      open.set(name, span);
      told.push(span);
    }
  }
  return told;
}

/** The days, from that of the record itself on, on which its life, its moves or its place in a list can change; in their order. */
function turningDays(record: RecordOnFile): Day[] {
  const filed = happeningOf(record);
  const first = filed?.data.occurred.latest;
  if (filed === undefined || first === undefined || first === null) return [];
  if (record.steps.length === 0 && (filed.type === 'StatementMade' || filed.type === 'ActionTaken' || filed.type === 'MeetingHeld'))
    return [first];
  const dates: Dates[] = [filed.data, ...record.steps.map(({ data }) => data)];
  const days = dates.flatMap(turnsOf).filter((day) => day > first);
  return [first, ...[...new Set(days)].toSorted()];
}

interface Dates {
  occurred?: Occurred;
  on?: Occurred;
  window?: Occurred;
  effectiveOn?: Occurred;
  expiresOn?: Occurred;
}

function turnsOf({ occurred, on, window, effectiveOn, expiresOn }: Dates): Day[] {
  const days = [on?.latest, effectiveOn?.earliest, effectiveOn?.latest, expiresOn?.latest];
  if (window !== undefined) {
    const scheduled = (on ?? occurred)?.latest;
    days.push(window.latest && addDays(window.latest, 1), scheduled && addDays(scheduled, DAYS_UNTIL_OVERDUE));
  }
  return days.filter((day) => typeof day === 'string');
}
