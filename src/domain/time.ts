import { addDays, dayOf, earlier, isDay, later, type Bounds, type Day } from './day.js';
import { allows, isReversed, precisionOf, PRECISIONS, readEdtf, type Precision, type Span } from './edtf.js';
import { collect, reject, Rejection, type Problem } from './rejection.js';

export { addDays, dayOf, daysBetween, type Bounds, type Day } from './day.js';
export { PRECISIONS, type Precision } from './edtf.js';

export const BASES = ['stated', 'inferred', 'editor-inferred'] as const;
export type Basis = (typeof BASES)[number];

/** Every field that holds a date: of a record, and of its steps. */
export const DATE_FIELDS = ['occurred', 'on', 'window', 'due', 'effectiveOn', 'expiresOn'] as const;
export type DateField = (typeof DATE_FIELDS)[number];

export function isDateField(name: string): name is DateField {
  return (DATE_FIELDS as readonly string[]).includes(name);
}

/** Between the other record's (or step's) earliest day + `minDays` and its latest day + `maxDays`; a side without a number is open. */
export interface RelativeTo {
  record: string;
  step?: number;
  minDays?: number;
  maxDays?: number;
}

/** As sent: the short form (an EDTF expression or "unknown") or the full form. */
export type OccurredInput =
  | string
  | { statedAs?: string; edtf?: string; earliest?: Day; latest?: Day; precision?: Precision; basis?: Basis; relativeTo?: RelativeTo };

/**
 * As stored and answered: when something happened, with the bounds that are known. `latestBasis` says where the latest day of a fact comes
 * from: stated, or else the day its source was published, or the day it was recorded.
 */
export interface Occurred extends Bounds {
  statedAs?: string;
  edtf?: string;
  precision: Precision;
  basis: Basis;
  latestBasis?: 'stated' | 'published' | 'recorded';
  relativeTo?: RelativeTo;
  /** For a date that leans on another record. */
  own?: OwnWords;
}

/**
 * What a date that leans on another record says by itself: its bounds as sent, before they were narrowed by the other's; the precision where
 * that was said; and the day that it was settled on, where the other has pushed its latest day past that.
 */
export interface OwnWords extends Bounds {
  precision?: Precision;
  settled?: Day;
}

const LONGEST_DATE = 100;
const LONGEST_WORDING = 500;
const LONGEST_ID = 200;
const FURTHEST_DAYS = 36_525;
const FIELDS = ['statedAs', 'edtf', 'earliest', 'latest', 'precision', 'basis', 'relativeTo'];
const RELATIVE_FIELDS = ['record', 'step', 'minDays', 'maxDays'];
const UNKNOWN: Span = { earliest: null, latest: null, precision: 'unknown' };
const GOOD_DATES =
  'write a day (2026-02-03), a month (2025-10), a time it lasted (2026-01-07/2026-02-03), a time within which it was ([2026-01-03..2026-02-03]), an open one (2026-01-08/..) or "unknown"';
const CONTROL_CHARACTER = /\p{Cc}/u;
const INSTANT = /^.{10}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/**
 * Reads a date as sent, with the bounds that it states (null where it states none). A relative date is only checked for its shape.
 * @throws Rejection date-unreadable, window-reversed, field-invalid or field-unknown, at `pointer` or at a field below it
 */
export function readOccurred(input: OccurredInput, pointer: string): Occurred {
  if (isFields(input)) return readFullForm(input, pointer);
  const { earliest, latest, precision } = readSpan(input, pointer);
  return { ...(input === 'unknown' ? {} : { edtf: input }), earliest, latest, precision, basis: 'stated' };
}

function isFields(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function readFullForm(sent: Record<string, unknown>, pointer: string): Occurred {
  const problems = unknownFields(sent, FIELDS, pointer);
  const field = <T>(name: string, read: (value: unknown, pointer: string) => T): T | undefined =>
    sent[name] === undefined || sent[name] === null ? undefined : collect(problems, () => read(sent[name], `${pointer}/${name}`));
  const statedAs = field('statedAs', readWording);
  const span = field('edtf', readSpan);
  const own = { earliest: field('earliest', readDay) ?? null, latest: field('latest', readDay) ?? null };
  const precision = field('precision', oneOf(PRECISIONS));
  const basis = field('basis', oneOf(BASES)) ?? 'stated';
  const relativeTo = field('relativeTo', readRelativeTo);
  if (problems.length > 0) throw new Rejection(problems);
  const edtf = span === undefined || sent['edtf'] === 'unknown' ? undefined : String(sent['edtf']);
  if (isEmpty(own) && !statedAs && !span && !relativeTo && precision !== 'unknown')
    reject('date-unreadable', `The date says nothing; ${GOOD_DATES}`, pointer);
  const bounds = narrowed(span ?? UNKNOWN, edtf, own, pointer);
  return {
    ...(statedAs === undefined ? {} : { statedAs }),
    ...(edtf === undefined ? {} : { edtf }),
    ...bounds,
    precision: precision ?? precisionIn(bounds, span ?? UNKNOWN),
    basis,
    ...(relativeTo === undefined ? {} : { relativeTo }),
  };
}

/** The bounds of the expression, narrowed by those given beside it. */
function narrowed(span: Span, edtf: string | undefined, own: Bounds, pointer: string): Bounds {
  for (const end of ['earliest', 'latest'] as const) {
    const day = own[end];
    if (day !== null && edtf !== undefined && !allows(edtf, span, day))
      reject('date-unreadable', `${day} lies outside ${edtf}; give a day within it, or leave out one of the two`, `${pointer}/${end}`);
  }
  const bounds = { earliest: own.earliest ?? span.earliest, latest: own.latest ?? span.latest };
  if (isReversed(bounds)) rejectReversed(bounds, own.latest === null ? `${pointer}/earliest` : `${pointer}/latest`);
  return bounds;
}

function rejectReversed({ earliest, latest }: Bounds, pointer: string): never {
  reject(
    'window-reversed',
    `The latest day (${latest}) is before the earliest (${earliest}); such as "earliest": "2026-01-08", "latest": "2026-02-03"`,
    pointer,
  );
}

function isEmpty({ earliest, latest }: Bounds): boolean {
  return earliest === null && latest === null;
}

/** A month or a season stays one where its bounds are merely filled in (the year of `XXXX-10`); anything narrowed is a day or a range. */
function precisionIn(bounds: Bounds, span: Span): Precision {
  const asRead = bounds.earliest === span.earliest && bounds.latest === span.latest;
  const filledIn = precisionOf(bounds) === 'range' && (isEmpty(span) || span.limits !== undefined) && span.precision !== 'unknown';
  return asRead || filledIn ? span.precision : precisionOf(bounds);
}

function readSpan(text: unknown, pointer: string): Span {
  const span = typeof text === 'string' && text.length <= LONGEST_DATE ? (text === 'unknown' ? UNKNOWN : readEdtf(text)) : 'unreadable';
  if (span === 'reversed')
    reject('window-reversed', `${quote(text)} ends before it begins; the earlier date comes first, such as 2026-01/2026-03`, pointer);
  if (span === 'unreadable') reject('date-unreadable', `${quote(text)} cannot be read as a date; ${GOOD_DATES}`, pointer);
  return span;
}

/** One plain day that the calendar has. */
export function readDay(value: unknown, pointer: string): Day {
  if (typeof value === 'string' && isDay(value)) return value;
  return reject('date-unreadable', `${quote(value)} is no calendar day; write it as 2026-02-03`, pointer);
}

/** The day that a question about the past names: a date, or an instant cut to its UTC day. */
export function readAsOf(value: unknown, pointer: string): Day {
  if (typeof value === 'string' && isDay(value)) return value;
  if (typeof value === 'string' && INSTANT.test(value) && isDay(value.slice(0, 10))) return readDay(dayOf(value), pointer);
  return reject('date-unreadable', `${quote(value)} is neither a day nor an instant; write 2026-02-03 or 2026-02-03T09:00:00Z`, pointer);
}

function readWording(value: unknown, pointer: string): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_WORDING && !CONTROL_CHARACTER.test(value)) return value;
  return reject('field-invalid', `The words of the source, 1 to ${LONGEST_WORDING} characters, such as "in the coming weeks"`, pointer);
}

function oneOf<T extends string>(values: readonly T[]): (value: unknown, pointer: string) => T {
  return (value, pointer) =>
    values.find((known) => known === value) ?? reject('field-invalid', `${quote(value)} is none of ${values.join(', ')}`, pointer);
}

function readRelativeTo(sent: unknown, pointer: string): RelativeTo {
  if (!isFields(sent)) reject('field-invalid', `Name the record and how far from it, such as ${GOOD_RELATIVE}`, pointer);
  const problems = unknownFields(sent, RELATIVE_FIELDS, pointer);
  const whole = (name: string, least: number) => collect(problems, () => readWhole(sent[name], least, `${pointer}/${name}`));
  const record = collect(problems, () => readRecordId(sent['record'], `${pointer}/record`)) ?? '';
  const numbers = { step: whole('step', 1), minDays: whole('minDays', -FURTHEST_DAYS), maxDays: whole('maxDays', -FURTHEST_DAYS) };
  if (problems.length > 0) throw new Rejection(problems);
  if (numbers.minDays !== undefined && numbers.maxDays !== undefined && numbers.minDays > numbers.maxDays)
    reject(
      'window-reversed',
      `minDays (${numbers.minDays}) is more than maxDays (${numbers.maxDays}); such as ${GOOD_RELATIVE}`,
      `${pointer}/maxDays`,
    );
  return { record, ...Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== undefined)) };
}

const GOOD_RELATIVE = '{"record": "statement-…", "minDays": -1, "maxDays": -1} for a day earlier';

function readRecordId(value: unknown, pointer: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_ID && !CONTROL_CHARACTER.test(value)) return value;
  return reject('field-invalid', `The id of the record it is relative to is missing; such as ${GOOD_RELATIVE}`, pointer);
}

function readWhole(value: unknown, least: number, pointer: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= FURTHEST_DAYS) return value;
  return reject('field-invalid', `${quote(value)} is no whole number from ${least} to ${FURTHEST_DAYS}`, pointer);
}

function unknownFields(sent: Record<string, unknown>, known: readonly string[], pointer: string): Problem[] {
  const unknown = Object.keys(sent).filter((name) => !known.includes(name));
  return unknown.map((name) => ({
    pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'field-unknown',
    message: `A date has no field ${quote(name)}; it has ${known.join(', ')}`,
  }));
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * The bounds of a date that leans on another record's: within [earliest + minDays, latest + maxDays] and its own stated bounds. Its settled
 * latest day (published, recorded) is no stated one: it stands only where neither gives a latest day. Give it the date as stored, never one
 * already resolved. A date that leans on nothing is answered as it is.
 * @throws Rejection window-reversed where no day is left
 */
export function resolveRelative(occurred: Occurred, target: Bounds, pointer = '/occurred'): Occurred {
  const { relativeTo, latestBasis, ...own } = occurred;
  if (relativeTo === undefined) return occurred;
  const settled = isSettled(occurred) ? own.latest : null;
  const earliest = later(own.earliest, shifted(target.earliest, relativeTo.minDays));
  const stated = earlier(settled === null ? own.latest : null, shifted(target.latest, relativeTo.maxDays));
  if (isReversed({ earliest, latest: stated })) rejectReversed({ earliest, latest: stated }, pointer);
  const latest = stated ?? (settled === null ? null : later(settled, earliest));
  const basis = latestBasis === undefined ? undefined : stated === null ? latestBasis : 'stated';
  const precision = own.edtf === undefined && own.precision === 'unknown' ? precisionOf({ earliest, latest: stated }) : own.precision;
  return { ...own, earliest, latest, precision, ...(basis === undefined ? {} : { latestBasis: basis }), relativeTo };
}

function shifted(day: Day | null, days: number | undefined): Day | null {
  return day === null || days === undefined ? null : addDays(day, days);
}

/**
 * Gives a fact without a latest day the day its earliest source was published, else the day it was recorded, so that it counts; never one
 * before its earliest day. Facts only: windows, due days and days of effect or expiry stay open.
 */
export function settle(occurred: Occurred, published: Day | null, recorded: Day): Occurred {
  if (occurred.latest !== null) return { ...occurred, latestBasis: occurred.latestBasis ?? 'stated' };
  const settled = published ?? recorded;
  const latest = later(settled, occurred.earliest);
  const latestBasis = published === null ? 'recorded' : 'published';
  return { ...occurred, latest, latestBasis, ...(occurred.own && { own: ownSettled(occurred.own, settled, latest) }) };
}

/** Whether its latest day is none that anybody stated. */
export function isSettled({ latestBasis }: Occurred): boolean {
  return latestBasis === 'published' || latestBasis === 'recorded';
}

/** The day that a date was settled on, wherever its earliest day has pushed the latest since; null where a latest day was stated. */
export function settledDay(date: Occurred): Day | null {
  return date.own?.settled ?? (isSettled(date) ? date.latest : null);
}

/** The day that it was settled on is kept beside its own words only while the latest is another one. */
export function ownSettled({ settled: _, ...own }: OwnWords, settled: Day | null, latest: Day | null): OwnWords {
  return settled === null || settled === latest ? own : { ...own, settled };
}
