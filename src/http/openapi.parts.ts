import { ROLES } from '../domain/record.js';
import { PHASES } from '../domain/relationship/tension.js';

/** A JSON Schema, or the properties of one by name. */
export type Schema = Record<string, unknown>;

/** An object of which every property is always there; fields may be added to what is answered. */
export function answer(properties: Schema, description?: string): Schema {
  return { type: 'object', properties, required: Object.keys(properties), ...(description !== undefined && { description }) };
}

export function optional(properties: Schema, description?: string): Schema {
  return { type: 'object', properties, ...(description !== undefined && { description }) };
}

/** An object of which some properties are always there and others may be. */
export function optionalBeside(always: Schema, sometimes: Schema): Schema {
  return { ...optional({ ...always, ...sometimes }), required: Object.keys(always) };
}

export function list(items: Schema, description?: string): Schema {
  return { type: 'array', items, ...(description !== undefined && { description }) };
}

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function oneOrNone(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export const TEXT = { type: 'string' };
export const TEXT_OR_NONE = { type: ['string', 'null'] };
export const NUMBER = { type: 'number' };
export const NUMBER_OR_NONE = { type: ['number', 'null'] };
export const COUNT = { type: 'integer', minimum: 0 };
export const FLAG = { type: 'boolean' };
export const DAY = { type: 'string', format: 'date', examples: ['2026-02-04'] };
export const DAY_OR_NONE = { type: ['string', 'null'], format: 'date' };
export const INSTANT = { type: 'string', format: 'date-time' };
export const ROLE = { type: 'string', enum: [...ROLES] };
export const RECORD_ID = { type: 'string', examples: ['statement-0190c0de-0000-7000-8000-000000000001'] };
export const POSITION = {
  type: 'string',
  pattern: '^\\d+$',
  examples: ['118'],
  description: 'Position in the log named in the header `Entente-Log`',
};
export const KEY = { type: 'string', examples: ['COL-USA'] };
export const MOMENT = {
  asOf: { ...DAY, description: 'The day in the world' },
  knownAt: { ...TEXT, description: 'What the newsroom knew: an instant, or `position:<n>`', examples: ['2026-02-05T09:00:00Z'] },
  position: POSITION,
};
export const NEXT = { ...TEXT_OR_NONE, description: '`cursor` of the next page; null on the last one' };
export const INCOMPLETE = { ...FLAG, description: 'Whether something that was filed is missing from it, because it is parked' };
export const CITATIONS = list(ref('CitedSource'));
export const BELONGINGS = list(answer({ key: KEY, role: ROLE }));
export const CHANGES = list(
  optionalBeside({ pointer: { ...TEXT, examples: ['/occurred'] } }, { before: {}, after: {} }),
  'Field by field, by JSON Pointer; `before` or `after` is absent where the field is',
);
export const MOVE = {
  move: { ...TEXT, examples: ['sanction-imposed'] },
  on: DAY,
  from: TEXT_OR_NONE,
  to: TEXT_OR_NONE,
  score: { ...NUMBER, description: 'Points of the profile: below 0 conflict, above 0 cooperation' },
};
export const PHASE = answer({
  name: { type: 'string', enum: [...PHASES] },
  direction: { type: 'string', enum: ['rising', 'easing', 'steady'] },
});
