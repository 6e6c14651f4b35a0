import type { Change, Correction, RecordOnFile } from './record.js';

type Json = Record<string, unknown>;

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

/** The steps of an RFC 6901 JSON Pointer. */
export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
