import { whenHappened, type Filing, type RecordOnFile, type Step } from './record.js';
import { Rejection } from './rejection.js';
import { DATE_FIELDS, resolveRelative, type DateField, type Occurred, type RelativeTo } from './time.js';

type Dated = Partial<Record<DateField, Occurred>>;
type OnFile = (id: string) => RecordOnFile | undefined;

/** The records that a date of this one leans on. */
export function dateLeans(record: RecordOnFile): string[] {
  const events = [record.filed, ...record.steps, ...record.withheld];
  return [...new Set(events.flatMap(({ data }) => DATE_FIELDS.flatMap((name) => (data as Dated)[name]?.relativeTo?.record ?? [])))];
}

/**
 * The record with every date that leans on another record (or on another step of this one) where that one's date, as it is now, puts it;
 * the very same object where nothing moves. Follows those dates as far as `onFile` knows the records, whether they were redated or not.
 * A date stays where it is when the other is retracted, and where no day would be left to it. Pure.
 */
export function redate(record: RecordOnFile, onFile: OnFile): RecordOnFile {
  if (record.filed.type === 'SourceRegistered') return record;
  const known: OnFile = (id) => (id === record.id ? record : onFile(id));
  const filed = moved(record.filed, known);
  const steps = each(record.steps, known);
  const withheld = each(record.withheld, known);
  if (filed === record.filed && steps === record.steps && withheld === record.withheld) return record;
  return { ...record, filed, steps, withheld };
}

function each<E extends Step>(events: E[], onFile: OnFile): E[] {
  const all = events.map((event) => moved(event, onFile));
  return all.every((event, i) => event === events[i]) ? events : all;
}

function moved<E extends Filing | Step>(event: E, onFile: OnFile): E {
  const dates: Dated = {};
  for (const name of DATE_FIELDS) {
    const before = (event.data as Dated)[name];
    const after = before && resolved(before, onFile, []);
    if (after !== before) dates[name] = after;
  }
  return Object.keys(dates).length === 0 ? event : { ...event, data: { ...event.data, ...dates } };
}

/** `through`: the dates that are being resolved. No circle is ever filed; were there one, its dates would stay where they are. */
function resolved(date: Occurred, onFile: OnFile, through: readonly Occurred[]): Occurred {
  if (date.relativeTo === undefined || date.own === undefined || through.includes(date)) return date;
  const target = targetOf(date.relativeTo, onFile);
  if (target === undefined) return date;
  try {
    const now = against(date, date.own, resolved(target, onFile, [...through, date]));
    return isSameDate(now, date) ? date : now;
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return date;
  }
}

/** The date of the other record, or of its step, be it retracted or not; undefined where it is not there. */
function targetOf({ record, step }: RelativeTo, onFile: OnFile): Occurred | undefined {
  const there = onFile(record);
  return there && whenHappened(there, step);
}

/** From the bounds as they were sent, never from those that another date has narrowed. */
function against(date: Occurred, own: NonNullable<Occurred['own']>, target: Occurred): Occurred {
  const { latestBasis, edtf, precision } = date;
  const settled = own.settled ?? (latestBasis === 'published' || latestBasis === 'recorded' ? date.latest : null);
  const wasDerived = edtf === undefined && own.earliest === null && own.latest === null && (precision === 'day' || precision === 'range');
  const sent = { ...date, earliest: own.earliest, latest: own.latest ?? settled, precision: wasDerived ? ('unknown' as const) : precision };
  const now = resolveRelative(sent, target);
  const bumped = settled !== null && settled !== now.latest ? { settled } : {};
  return { ...now, own: { earliest: own.earliest, latest: own.latest, ...bumped } };
}

function isSameDate(a: Occurred, b: Occurred): boolean {
  return a.earliest === b.earliest && a.latest === b.latest && a.precision === b.precision && a.latestBasis === b.latestBasis;
}
