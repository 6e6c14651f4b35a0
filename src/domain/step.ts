import { saysTheSame } from './filing.js';
import { isUndone, mustFit } from './life.js';
import { reject } from './rejection.js';
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

/** Refuses to go back on a step that the record does not have, and says which it has. */
export function stepUnknown({ id, steps }: RecordOnFile, step: number): never {
  const known = steps.map(({ version, type }) => `${version} (${type})`).join(', ');
  reject(
    'step-unknown',
    `${id} has no step ${step} in the world; it has ${known === '' ? 'none' : known}, and 1 is the record itself`,
    '/step',
  );
}
