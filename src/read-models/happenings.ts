import { dayNumber, FIRST_DAY } from '../domain/day.js';
import type { Day } from '../domain/time.js';
import type { Version } from './beliefs.js';
import { firstWhere } from './columns.js';
import { isKnown, type KeptRelationship } from './kept-relationships.js';
import type { Moment } from './views.js';

/** Which of the things that happened are asked for. */
export interface HappeningFilter {
  from?: Day;
  to?: Day;
  kind?: string;
  topic?: string;
  party?: string;
  speechAct?: string;
  role?: string;
  /** Of retracted records, or of the others. */
  retracted: boolean;
  order: 'asc' | 'desc';
}

/** Where a thing that happened stands among the others; days are counted from 1970-01-01. */
export type Place = readonly [latest: number, earliest: number, position: number];

/** Something that happened to a record: its first event, or a later step of it in the world. */
export interface Happening extends Version {
  version: number;
  place: Place;
}

const UNSTATED = dayNumber(FIRST_DAY);

/** The first so many of those that are asked for, after a place, as known at a moment. */
export function happeningsIn(
  kept: KeptRelationship,
  { asOf, position }: Pick<Moment, 'asOf' | 'position'>,
  filter: HappeningFilter,
  after: Place | undefined,
  most: number,
): Happening[] {
  const { length, of } = kept.happenings;
  const [at, today] = [Number(position), dayNumber(asOf)];
  const [from, to] = [filter.from, filter.to].map((day) => (day === undefined ? undefined : dayNumber(day)));
  const fits = fitting(kept, filter);
  const first = firstWhere(length, (n) => of.latest[n]! >= (from ?? -Infinity));
  const last = firstWhere(length, (n) => of.latest[n]! > today) - 1;
  const isBeyond = (n: number, orAt: boolean): boolean =>
    compare([of.latest[n]!, of.earliest[n]!, of.position[n]!], after!) >= (orAt ? 0 : 1);
  const found: Happening[] = [];
  const look = (n: number): void => {
    if (!isKnown(of, n, at) || of.begins[n]! > today || !fits(n)) return;
    // An uncertain date matches a period that it can lie in.
    if (to !== undefined && (of.earliest[n] === UNSTATED ? of.latest[n]! : of.earliest[n]!) > to) return;
    found.push({
      record: kept.records.valueOf(of.record[n]!),
      knownFrom: of.knownFrom[n]!,
      version: of.version[n]!,
      place: [of.latest[n]!, of.earliest[n]!, of.position[n]!],
    });
  };
  if (filter.order === 'asc') {
    const begin =
      after === undefined
        ? first
        : Math.max(
            first,
            firstWhere(length, (n) => isBeyond(n, false)),
          );
    for (let n = begin; n <= last && found.length < most; n += 1) look(n);
  } else {
    const begin = after === undefined ? last : Math.min(last, firstWhere(length, (n) => isBeyond(n, true)) - 1);
    for (let n = begin; n >= first && found.length < most; n -= 1) look(n);
  }
  return found;
}

/** Whether a row fits what is asked for, but for its days. */
function fitting(kept: KeptRelationship, filter: HappeningFilter): (n: number) => boolean {
  const { of } = kept.happenings;
  const checks: ((n: number) => boolean)[] = [(n) => (of.retracted[n] === 1) === filter.retracted];
  const texts = { kind: filter.kind, what: filter.speechAct, role: filter.role };
  for (const [name, text] of Object.entries(texts) as [keyof typeof texts, string | undefined][]) {
    if (text === undefined) continue;
    const number = kept.texts.find(text);
    checks.push((n) => of[name][n] === number);
  }
  const lists = { parties: filter.party, topics: filter.topic };
  for (const [name, text] of Object.entries(lists) as [keyof typeof lists, string | undefined][]) {
    if (text === undefined) continue;
    const has = kept.lists.marks((list) => list.includes(text));
    checks.push((n) => has[of[name][n]!] === 1);
  }
  return (n) => checks.every((check) => check(n));
}

function compare(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
