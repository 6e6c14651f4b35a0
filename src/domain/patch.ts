import { readEdtf } from './edtf.js';
import { isDateField, isSettled, readOccurred, type Occurred, type OccurredInput } from './time.js';

export type Json = Record<string, unknown>;

/** What an editor would send to have this filed: dates as they were stated, relationships as far as somebody gave them. */
export function inputOf(data: object): Json {
  const fields = Object.entries(data).map(([name, value]): [string, unknown] => {
    if (isDateField(name)) return [name, dateInput(value as Occurred)];
    return [name, name === 'relationships' ? givenOf(value as { derived?: true }[]) : value];
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function givenOf(belongings: readonly { derived?: true }[]): object[] | undefined {
  const given = belongings.filter(({ derived }) => derived === undefined);
  return given.length === 0 ? undefined : given;
}

/** A stored date as it was sent: without the days that its expression, another record or the day of publication gave it. */
function dateInput(date: Occurred): OccurredInput {
  const { statedAs, edtf, basis, relativeTo } = date;
  const own = date.own ?? { earliest: date.earliest, latest: isSettled(date) ? null : date.latest };
  const span = edtf === undefined ? undefined : readEdtf(edtf);
  const said = typeof span === 'object' ? span : { earliest: null, latest: null };
  const sent = present({
    statedAs,
    edtf,
    earliest: own.earliest === said.earliest ? undefined : own.earliest,
    latest: own.latest === said.latest ? undefined : own.latest,
    basis: basis === 'stated' ? undefined : basis,
    relativeTo,
  });
  const silent = [statedAs, edtf, own.earliest, own.latest, relativeTo].every((value) => value === undefined || value === null);
  const complete = silent ? { ...sent, edtf: 'unknown' } : sent;
  const precision = date.own?.precision ?? (hasOwnPrecision(complete, date) ? date.precision : undefined);
  return precision === undefined ? complete : { ...complete, precision };
}

/** Whether its precision was said, rather than read off its bounds (or off those of the record that it leans on). */
function hasOwnPrecision(sent: OccurredInput, { precision, relativeTo }: Occurred): boolean {
  const read = readOccurred(sent, '').precision;
  return read !== precision && !(relativeTo !== undefined && read === 'unknown' && (precision === 'day' || precision === 'range'));
}

function present<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as never;
}

/**
 * An RFC 7396 merge patch of what was sent. A short date takes the place of the expression and the bounds, and leaves the words of the
 * source. `nulls`: keep what the patch takes away as null, so that it can be seen whether there is such a field at all.
 */
export function mergePatch(input: Json, patch: Json, nulls = false): Json {
  const merged = new Map(Object.entries(input));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null && !nulls) merged.delete(name);
    else merged.set(name, isDateField(name) ? mergeDate(input[name], value, nulls) : mergeValue(input[name], value, nulls));
  }
  return Object.fromEntries(merged);
}

function mergeValue(before: unknown, value: unknown, nulls: boolean): unknown {
  return isObject(value) ? mergePatch(isObject(before) ? before : {}, value, nulls) : value;
}

function mergeDate(before: unknown, value: unknown, nulls: boolean): unknown {
  if (typeof value !== 'string' || !isObject(before)) return mergeValue(before, value, nulls);
  const { statedAs, basis } = before;
  return { ...present({ statedAs, basis }), edtf: value };
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
