import { daysInMonth, digits, isDay, type Bounds, type Day } from './day.js';

export const PRECISIONS = ['day', 'month', 'season', 'year', 'range', 'unknown'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** What a date says. `limits`: how far bounds given beside it may reach, where that is wider than what it says by itself. */
export interface Span extends Bounds {
  precision: Precision;
  limits?: Bounds;
}

const DATE_TIME = /^(.{10})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;
const SEASON = /^(\d{4})-2([1-4])$/;
const MASK = /^([\dX]{4})(?:-([\dX]{2})(?:-([\dX]{2}))?)?$/;
const QUALIFIED = /[~?%]$/;

/**
 * Reads an EDTF expression (ISO 8601-2) of level 1, with unspecified digits anywhere (`XXXX-10`, `2025-1X`) and the range `[a..b]`.
 * Approximate and uncertain dates (`~ ? %`) keep the bounds of the calendar value; a date-time keeps its day as written.
 */
export function readEdtf(text: string): Span | 'unreadable' | 'reversed' {
  if (text.startsWith('[')) return text.endsWith(']') ? between(text.slice(1, -1).split('..')) : 'unreadable';
  if (text.includes('/')) return between(text.split('/').map((end) => (end === '..' ? '' : end)));
  return readPoint(text) ?? 'unreadable';
}

/** Whether a day given beside an expression can be meant by it. */
export function allows(text: string, span: Span, day: Day): boolean {
  const { earliest, latest } = span.limits ?? span;
  if ((earliest !== null && day < earliest) || (latest !== null && day > latest)) return false;
  const withoutYear = /^XXXX[-\dX]*/.exec(text)?.[0];
  return withoutYear === undefined || text.includes('/') || new RegExp(`^${withoutYear.replaceAll('X', '\\d')}`).test(day);
}

/** From the first day of one end to the last day of the other; an empty end is open, but not both. */
function between(ends: readonly string[]): Span | 'unreadable' | 'reversed' {
  const [from, to, ...rest] = ends;
  if (from === undefined || to === undefined || rest.length > 0 || from + to === '') return 'unreadable';
  const first = from === '' ? OPEN : readPoint(from);
  const last = to === '' ? OPEN : readPoint(to);
  if (first === undefined || last === undefined) return 'unreadable';
  const bounds = { earliest: first.earliest, latest: last.latest };
  return isReversed(bounds) ? 'reversed' : { ...bounds, precision: precisionOf(bounds) };
}

const OPEN: Span = { earliest: null, latest: null, precision: 'unknown' };

export function isReversed({ earliest, latest }: Bounds): boolean {
  return earliest !== null && latest !== null && earliest > latest;
}

export function precisionOf({ earliest, latest }: Bounds): Precision {
  if (earliest === null && latest === null) return 'unknown';
  return earliest === latest ? 'day' : 'range';
}

function readPoint(text: string): Span | undefined {
  const date = QUALIFIED.test(text) ? text.slice(0, -1) : text;
  return readPlain(date) ?? readSeason(date) ?? readMask(date) ?? readDateTime(text);
}

/** `2026-02-03`, `2026-02`, `2026`: nearly every date filed, so it is read without regular expressions. */
function readPlain(text: string): Span | undefined {
  if (text.length === 10) return isDay(text) ? { earliest: text, latest: text, precision: 'day' } : undefined;
  if (text.length !== 4 && text.length !== 7) return undefined;
  const year = digits(text, 0, 4);
  if (year < 1) return undefined;
  if (text.length === 4) return { earliest: `${text}-01-01`, latest: `${text}-12-31`, precision: 'year' };
  const length = text[4] === '-' ? daysInMonth(year, digits(text, 5, 7)) : 0;
  return length === 0 ? undefined : { earliest: `${text}-01`, latest: `${text}-${length}`, precision: 'month' };
}

function readDateTime(text: string): Span | undefined {
  const day = DATE_TIME.exec(text)?.[1];
  return day === undefined ? undefined : readPlain(day);
}

/**
 * A season names no months, and hemispheres differ: by itself it stands for the northern meteorological one (spring = March to May;
 * winter = December to February of the next year), but bounds given beside it may lie anywhere from January to that February.
 */
function readSeason(text: string): Span | undefined {
  const [, year, season] = SEASON.exec(text) ?? [];
  if (year === undefined || Number(year) < 1 || year === '9999') return undefined;
  const next = String(Number(year) + 1).padStart(4, '0');
  const endOfWinter = `${next}-02-${daysInMonth(Number(next), 2)}`;
  const limits = { earliest: `${year}-01-01`, latest: endOfWinter };
  const span = (earliest: Day, latest: Day): Span => ({ earliest, latest, precision: 'season', limits });
  if (season === '1') return span(`${year}-03-01`, `${year}-05-31`);
  if (season === '2') return span(`${year}-06-01`, `${year}-08-31`);
  if (season === '3') return span(`${year}-09-01`, `${year}-11-30`);
  return span(`${year}-12-01`, endOfWinter);
}

/** A date with unspecified digits: from the first to the last real day that it can stand for. Without any digit of the year it states no day. */
function readMask(text: string): Span | undefined {
  const [, year, month = 'XX', day = 'XX'] = MASK.exec(text) ?? [];
  if (year === undefined) return undefined;
  const precision = precisionOfMask(year, month, day);
  // A leap year has every day that some year has.
  const days = realDays(year === 'XXXX' ? '2000' : year, month, day);
  if (days === undefined) return undefined;
  return year === 'XXXX' ? { earliest: null, latest: null, precision } : { ...days, precision };
}

function precisionOfMask(year: string, month: string, day: string): Precision {
  const date = `${year === 'XXXX' ? 'year' : year}-${month}-${day}`;
  if (!date.includes('X')) return 'day';
  if (date.indexOf('X') === 8 && day === 'XX') return 'month';
  if (year === 'XXXX') return 'unknown';
  return date.indexOf('X') === 5 && month === 'XX' && day === 'XX' ? 'year' : 'range';
}

function realDays(year: string, month: string, day: string): { earliest: Day; latest: Day } | undefined {
  const years = readings(year);
  const months = readings(month).filter((value) => value >= '01' && value <= '12');
  const days = readings(day).filter((value) => value >= '01' && value <= '31');
  const earliest = firstReal(years, months, days);
  const latest = firstReal(years.toReversed(), months.toReversed(), days.toReversed());
  return earliest === undefined || latest === undefined ? undefined : { earliest, latest };
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Every number that digits, some of them unspecified, can stand for, in ascending order: `1X` is 10 to 19. */
function readings(mask: string): string[] {
  return mask
    .split('')
    .reduce((starts, digit) => starts.flatMap((start) => (digit === 'X' ? DIGITS.map((next) => start + next) : start + digit)), ['']);
}

function firstReal(years: readonly string[], months: readonly string[], days: readonly string[]): Day | undefined {
  for (const year of years) {
    for (const month of months) {
      const day = days.map((value) => `${year}-${month}-${value}`).find(isDay);
      if (day !== undefined) return day;
    }
  }
  return undefined;
}
