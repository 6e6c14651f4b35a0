import { alreadySaid } from './filing.js';
import { mustFit } from './life.js';
import type { DomainEvent, RecordOnFile, Step } from './record.js';

/** Events to store, or the version of the event that already says the same. */
export type Decision = { events: DomainEvent[] } | { already: number };

/** A step in the world: nothing where it is already so, else accepted when the whole life of the record still fits. */
export function takeStep(record: RecordOnFile, step: Step): Decision {
  const already = alreadySaid(record, step);
  if (already !== undefined) return { already };
  mustFit(record, step);
  return { events: [step] };
}
