import { saysTheSame } from './filing.js';
import { isUndone, mustFit } from './life.js';
import type { DomainEvent, RecordOnFile, Step } from './record.js';

/** Events to store, or the version of the event that already says the same. */
export type Decision = { events: DomainEvent[] } | { already: number };

/** A step in the world: nothing where a step on file says the same, else accepted when the whole life of the record still fits. */
export function takeStep(record: RecordOnFile, step: Step): Decision {
  const before = record.steps.findLast(({ type, data }) => type === step.type && saysTheSame(data, step.data));
  if (before !== undefined && !isUndone(record, before)) return { already: before.version };
  mustFit(record, step);
  return { events: [step] };
}
