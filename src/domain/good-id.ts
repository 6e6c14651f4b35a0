import type { Kind } from './record.js';

/** What the id of a record looks like, to be shown to whoever named one that is not on file. */
export function goodId(kind: Kind = 'statement'): string {
  return `${kind}-0190c0de-0000-7000-8000-000000000001`;
}
