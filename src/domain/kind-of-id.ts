import type { Kind } from './record.js';

/** Ids begin with the kind of their record. */
export function kindOfId(id: string): Kind {
  return id.slice(0, id.indexOf('-')) as Kind;
}
