import { isObject, type Json } from './patch.js';
import type { Change, Correction, RecordOnFile } from './record.js';
import { isDateField } from './time.js';

/** The record with its first event, or the step that the correction names, as corrected. */
export function corrected({ filed, steps }: RecordOnFile, { step, changes }: Correction): Partial<RecordOnFile> {
  if (step === undefined) return { filed: { ...filed, data: applyChanges(filed.data, changes) } as RecordOnFile['filed'] };
  return { steps: steps.map((one) => (one.version === step ? ({ ...one, data: applyChanges(one.data, changes) } as typeof one) : one)) };
}

/** Puts what each field says now in its place; a field without an `after` is gone. */
export function applyChanges<T extends object>(data: T, changes: readonly Change[]): T {
  return changes.reduce((changed, { pointer, after }) => set(changed as Json, pathOf(pointer), after) as T, data);
}

function set(object: Json, [name, ...deeper]: readonly string[], value: unknown): Json {
  if (name === undefined) return object;
  const { [name]: before, ...others } = object;
  if (deeper.length > 0) return { ...object, [name]: set((before ?? {}) as Json, deeper, value) };
  return value === undefined ? others : { ...object, [name]: value };
}

/** What differs, at the deepest field that does; a date is one value, and so is a list. */
export function changesBetween(before: Json, after: Json, within = ''): Change[] {
  // By name, since a store may put the fields of an object in an order of its own.
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    const [a, b] = [before[name], after[name]];
    const pointer = `${within}/${escaped(name)}`;
    if (isSame(a, b)) return [];
    if (isObject(a) && isObject(b) && !isDateField(name)) return changesBetween(a, b, pointer);
    return [{ pointer, ...(a !== undefined && { before: a }), ...(b !== undefined && { after: b }) }];
  });
}

/** Whether two JSON values are the same, whatever the order of their fields. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => isSame(value, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.every((name) => isSame(a[name], b[name]));
}

/** The steps of an RFC 6901 JSON Pointer. */
export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
