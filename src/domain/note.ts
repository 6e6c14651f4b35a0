import type { Change } from './record.js';

/** The value without the private remarks of editors (`note`), however deep they lie. */
export function withoutNotes<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one: unknown) => withoutNotes(one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => name !== 'note');
  return Object.fromEntries(fields.map(([name, inner]) => [name, withoutNotes<unknown>(inner)])) as T;
}

/** The changes that may be published: none of a remark. */
export function publicChanges(changes: readonly Change[]): Change[] {
  return withoutNotes(changes.filter(({ pointer }) => !/\/note(\/|$)/.test(pointer)));
}
