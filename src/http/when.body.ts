import { BASES, PRECISIONS, type Basis, type Day, type OccurredInput, type Precision, type RelativeTo } from '../domain/time.js';
import { Choice, Example, One, ShortOrFull, Text, Whole, type FieldOptions } from './fields.js';

const FURTHEST_DAYS = 36_525;

/** Between the other record's earliest day + `minDays` and its latest day + `maxDays`. */
@Example({ record: 'statement-0190c0de-0000-7000-8000-000000000001', minDays: -1, maxDays: -1 })
export class RelativeToBody implements RelativeTo {
  @Text({ max: 100, required: true, example: 'statement-0190c0de-0000-7000-8000-000000000001' })
  record!: string;
  @Whole({ min: 1, max: 100_000, example: 1, description: 'Version of a later step of it' })
  step?: number;
  @Whole({ min: -FURTHEST_DAYS, max: FURTHEST_DAYS, example: -1 })
  minDays?: number;
  @Whole({ min: -FURTHEST_DAYS, max: FURTHEST_DAYS, example: -1 })
  maxDays?: number;
}

/** The full form of a date. Whether it can be read is for the domain to say. */
@Example({ statedAs: 'in the coming weeks', earliest: '2026-01-08' }, 'FullDate')
export class WhenBody implements Exclude<OccurredInput, string> {
  @Text({ max: 500, example: 'in the coming weeks', description: 'The words of the source' })
  statedAs?: string;
  @Text({ max: 100, min: 0, example: '2026-01', description: 'EDTF, level 1 and [a..b]' })
  edtf?: string;
  @Text({ max: 100, min: 0, example: '2026-01-08' })
  earliest?: Day;
  @Text({ max: 100, min: 0, example: '2026-02-03' })
  latest?: Day;
  @Choice(PRECISIONS)
  precision?: Precision;
  @Choice(BASES, { description: 'Default stated' })
  basis?: Basis;
  @One(() => RelativeToBody)
  relativeTo?: RelativeToBody;
}

/** When something happened, or is to happen: an EDTF expression or "unknown", else the full form. */
export function When(options: FieldOptions & { example: string | WhenBody }): PropertyDecorator {
  return ShortOrFull(() => WhenBody, 'DateInput', { max: 100, ...options });
}
