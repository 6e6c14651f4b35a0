import type { Filing, Step } from '../domain/record.js';
import type { Problem } from '../domain/rejection.js';

/** Knows the shape of what is filed, as the edge of the service checks it: a correction must leave what could have been filed. */
export abstract class Shapes {
  /** Everything that is wrong with the body of an event, as the first of its record or a later one; pointers from the body. */
  abstract problems(type: Filing['type'] | Step['type'], isFirst: boolean, body: object): readonly Problem[];
}
