import type { Filing, RecordOnFile, Step } from './record.js';
import { Rejection } from './rejection.js';
import { resolveRelative, type Bounds, type Occurred } from './time.js';

const DATES = ['occurred', 'on', 'window', 'due', 'effectiveOn', 'expiresOn'] as const;
type Dated = Partial<Record<(typeof DATES)[number], Occurred>>;
type OnFile = (id: string) => RecordOnFile | undefined;

/** The records that a date of this one leans on. */
export function dateLeans(record: RecordOnFile): string[] {
  const events = [record.filed, ...record.steps, ...record.withheld];
  return [...new Set(events.flatMap(({ data }) => DATES.flatMap((name) => (data as Dated)[name]?.relativeTo?.record ?? [])))];
}

/**
 * The record with every date that leans on another record where that one's dates, as they are now, put it; the very same object where
 * nothing moves. A date stays where it is when the other is retracted, and where no day would be left to it. Pure.
 */
export function redate(record: RecordOnFile, onFile: OnFile): RecordOnFile {
  const filed = moved(record.filed, onFile);
  const steps = each(record.steps, onFile);
  const withheld = each(record.withheld, onFile);
  if (filed === record.filed && steps === record.steps && withheld === record.withheld) return record;
  return { ...record, filed, steps, withheld };
}

function each<E extends Step>(events: E[], onFile: OnFile): E[] {
  const all = events.map((event) => moved(event, onFile));
  return all.every((event, i) => event === events[i]) ? events : all;
}

function moved<E extends Filing | Step>(event: E, onFile: OnFile): E {
  const dates: Dated = {};
  for (const name of DATES) {
    const before = (event.data as Dated)[name];
    const after = before && resolved(before, onFile);
    if (after !== before) dates[name] = after;
  }
  return Object.keys(dates).length === 0 ? event : { ...event, data: { ...event.data, ...dates } };
}

function resolved(date: Occurred, onFile: OnFile): Occurred {
  const bounds = date.relativeTo && boundsOf(onFile(date.relativeTo.record), date.relativeTo.step);
  if (bounds === undefined || date.own === undefined) return date;
  const { own, latestBasis } = date;
  const settled = latestBasis === 'published' || latestBasis === 'recorded' ? date.latest : null;
  try {
    const now = { ...resolveRelative({ ...date, earliest: own.earliest, latest: own.latest ?? settled }, bounds), own };
    return sameDate(now, date) ? date : now;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return date;
  }
}

/** When it happened, or the step of that version did, be it retracted or not; undefined where it is not there. */
function boundsOf(record: RecordOnFile | undefined, step = 1): Bounds | undefined {
  if (record === undefined || record.filed.type === 'SourceRegistered') return undefined;
  return step === 1 ? record.filed.data.occurred : [...record.steps, ...record.withheld].find(({ version }) => version === step)?.data.on;
}

function sameDate(a: Occurred, b: Occurred): boolean {
  return a.earliest === b.earliest && a.latest === b.latest && a.precision === b.precision && a.latestBasis === b.latestBasis;
}
