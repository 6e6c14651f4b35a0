import { whenHappened, type RecordOnFile } from './record.js';
import { reject } from './rejection.js';
import type { RelativeTo } from './time.js';

/** Each of them is looked up before a date is known, one after the other. */
export const MOST_LINKS = 50;

type Place = Required<Pick<RelativeTo, 'record' | 'step'>>;

/** What a date leans on, what that one leans on, and so on, each once: by record and step, 1 for the record itself. */
export function* chainOf(date: RelativeTo | undefined, onFile: (id: string) => RecordOnFile | undefined): Generator<Place> {
  const seen = new Set<string>();
  for (let lean = date; lean !== undefined;) {
    const { record, step = 1 }: RelativeTo = lean;
    if (seen.has(`${step} ${record}`)) return;
    seen.add(`${step} ${record}`);
    yield { record, step };
    const there = onFile(record);
    lean = there && whenHappened(there, step)?.relativeTo;
  }
}

/** Refuses a date that leans on another over too many links. */
export function mustBeShort(date: RelativeTo, onFile: (id: string) => RecordOnFile | undefined, pointer: string): void {
  const links = [...chainOf(date, onFile)];
  if (links.length <= MOST_LINKS) return;
  const { record } = links.at(-1)!;
  reject(
    'field-invalid',
    `this date leans on ${record} over ${links.length} links; there are at most ${MOST_LINKS}: lean on one that is nearer to ${record}, or give a day, for example "2026-02-03"`,
    pointer,
  );
}
