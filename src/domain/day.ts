/** A calendar day 'YYYY-MM-DD' (years 0001 to 9999), as stated where it happened, never shifted between time zones. */
export type Day = string;

/** The first and the last day on which something can have happened; null where nothing is stated. */
export interface Bounds {
  earliest: Day | null;
  latest: Day | null;
}

export const FIRST_DAY: Day = '0001-01-01';
export const LAST_DAY: Day = '9999-12-31';

const MILLISECONDS_A_DAY = 86_400_000;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** How many days the month (1 to 12) has; 0 where there is no such month. */
export function daysInMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (LENGTHS[month - 1] ?? 0);
}

/** The number written in `text` from `from` up to `to`, or -1 where one of the characters is no digit. */
export function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether `text` is 'YYYY-MM-DD' and names a day that the calendar has. */
export function isDay(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  const year = digits(text, 0, 4);
  const day = digits(text, 8, 10);
  return year >= 1 && day >= 1 && day <= daysInMonth(year, digits(text, 5, 7));
}

/** Whole days since 1970-01-01 of a readable day. */
export function dayNumber(day: Day): number {
  const month = digits(day, 5, 7);
  // Years that begin in March put the leap day last, so that the months before it have a fixed length.
  const year = digits(day, 0, 4) - (month <= 2 ? 1 : 0);
  const sinceMarch = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digits(day, 8, 10) - 1;
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + sinceMarch - 719_468;
}

/** The day `n` days later (earlier where negative); stops at the first and the last day there is. */
export function addDays(day: Day, n: number): Day {
  const number = Math.min(Math.max(dayNumber(day) + n, dayNumber(FIRST_DAY)), dayNumber(LAST_DAY));
  return dayOfNumber(number);
}

/** The day so many days after 1970-01-01. */
export function dayOfNumber(number: number): Day {
  return new Date(number * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}

/** Whole days from one day to another, negative where `to` comes first. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** The UTC day of an ISO 8601 instant; a plain day is its own. */
export function dayOf(instant: string): Day {
  if (instant.length === 10 || instant.endsWith('Z')) return instant.slice(0, 10);
  return new Date(instant).toISOString().slice(0, 10);
}

export function later(a: Day | null, b: Day | null): Day | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

export function earlier(a: Day | null, b: Day | null): Day | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
