import type { Filing, RecordOnFile, Step } from './record.js';
import type { Problem } from './rejection.js';
import type { Day } from './time.js';

/** What a decision may look at: the day, and what is on file — earlier entries of the same article included. */
export interface Desk {
  /** The service's UTC day. */
  readonly today: Day;
  /** The record with this id, or undefined when nothing is on file under it. `pointer` is the field that names it. */
  onFile(id: string, pointer: string): RecordOnFile | undefined;
  /** True while this very record is being decided (an article whose entries name each other). */
  isBeingFiled(id: string): boolean;
  /** What is wrong with the shape of a body that files this event, as the first of its record or a later one; pointers from the body. */
  shapeProblems(type: Filing['type'] | Step['type'], isFirst: boolean, body: object): readonly Problem[];
}
