import { distinct } from './distinct.js';
import { whenHappened, type Filing, type RecordOnFile, type Step } from './record.js';
import { Rejection } from './rejection.js';
import { DATE_FIELDS, ownSettled, resolveRelative, settledDay } from './time.js';
import type { DateField, Occurred, OwnWords, Precision, RelativeTo } from './time.js';

type Dated = Partial<Record<DateField, Occurred>>;
type OnFile = (id: string) => RecordOnFile | undefined;

/** The records that a date of this one leans on. */
export function dateLeans({ filed, steps, withheld }: RecordOnFile): string[] {
  const leans: string[] = [];
  for (const { data } of [filed, ...steps, ...withheld])
    for (const name of DATE_FIELDS) {
      const date = (data as Dated)[name];
      if (date?.relativeTo !== undefined) leans.push(date.relativeTo.record);
    }
  return distinct(leans);
}

/**
 * The record with every date that leans on another record (or on another step of this one) where that one's date, as it is now, puts it;
 * the very same object where nothing moves. Follows those dates as far as `onFile` knows the records, whether they were redated or not.
 * A date stays where it is when the other is retracted, and goes by its own words alone where no day would be left to it. Pure.
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
  const now = against(date, date.own, resolved(target, onFile, [...through, date]));
  return isSameDate(now, date) ? date : now;
}

/** The date of the other record, or of its step, be it retracted or not; undefined where it is not there. */
function targetOf({ record, step }: RelativeTo, onFile: OnFile): Occurred | undefined {
  const there = onFile(record);
  return there && whenHappened(there, step);
}

/** From its own words, never from what another date has made of them: so it does not matter where the other one has been before. */
function against(date: Occurred, own: OwnWords, target: Occurred): Occurred {
  const settled = settledDay(date);
  const { earliest, latest, precision = sentPrecision(date, own) } = own;
  const sent = { ...date, earliest, latest: latest ?? settled, precision };
  const now = within(sent, target) ?? byItself(sent);
  return { ...now, own: ownSettled(own, settled, now.latest) };
}

/** What was filed before precisions were kept apart: a day or a range that no own words make one was read off the bounds of the other. */
function sentPrecision({ edtf, precision }: Occurred, { earliest, latest }: OwnWords): Precision {
  const derived = edtf === undefined && earliest === null && latest === null && (precision === 'day' || precision === 'range');
  return derived ? 'unknown' : precision;
}

/** Undefined where the other date leaves it no day. */
function within(sent: Occurred, target: Occurred): Occurred | undefined {
  try {
    return resolveRelative(sent, target);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return undefined;
  }
}

/** A fact whose latest day only the other date stated has happened by its earliest. */
function byItself(sent: Occurred): Occurred {
  const alone = resolveRelative(sent, { earliest: null, latest: null });
  return alone.latest === null && alone.latestBasis !== undefined ? { ...alone, latest: alone.earliest } : alone;
}

function isSameDate(a: Occurred, b: Occurred): boolean {
  return a.earliest === b.earliest && a.latest === b.latest && a.precision === b.precision && a.latestBasis === b.latestBasis;
}
