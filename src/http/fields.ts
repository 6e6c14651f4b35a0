import { ApiProperty, ApiSchema, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { described, textProblem, type TextShape } from './text.js';

/** A class whose decorated properties say what may be sent. */
export type BodyClass = new () => object;

/** One field of a body, as its decorator declares it. */
export interface Field {
  name: string;
  /** Whether a body without it is refused: by the newsroom's rules, which have codes of their own for it, or here. */
  required: boolean | 'by-rule';
  /** What is wrong with a value, to be read after its name: `must be text, not 7`; undefined where nothing is. */
  wrong: (value: unknown) => string | undefined;
  example: unknown;
  /** The body of its object or of each of its objects; `many` where it is a list. */
  nested?: { body: () => BodyClass; many: boolean };
}

export interface FieldOptions {
  /** 'by-rule': documented as required, and its absence is left to the domain, which has a code for it. Default false. */
  required?: boolean | 'by-rule';
  /** Good input, shown in the documentation and in the message about bad input. */
  example?: unknown;
  description?: string;
}

interface Shape extends FieldOptions, Pick<Field, 'wrong' | 'nested'> {
  schema: ApiPropertyOptions;
}

const MOST_ITEMS = 200;
const LONGEST_TEXT = 1_000;
const JSON_TYPES = { string: 'string', number: 'integer', boolean: 'boolean' } as const;
const declared = new Map<BodyClass, Map<string, Field>>();
const complete = new Map<BodyClass, ReadonlyMap<string, Field>>();
const required = new Map<BodyClass, readonly Field[]>();
const examples = new Map<BodyClass, object>();
const names = new Map<string, BodyClass>();

/** The fields of a body by name, those of the classes it extends first. Worked out once for each class. */
export function fieldsOf(body: BodyClass): ReadonlyMap<string, Field> {
  const known = complete.get(body);
  if (known !== undefined) return known;
  const parent = Object.getPrototypeOf(body) as BodyClass;
  const inherited = parent === Function.prototype ? [] : fieldsOf(parent);
  const fields = new Map([...inherited, ...(declared.get(body) ?? [])]);
  complete.set(body, fields);
  return fields;
}

/** The fields without which a body is refused here. */
export function requiredIn(body: BodyClass): readonly Field[] {
  let fields = required.get(body);
  if (fields === undefined) required.set(body, (fields = [...fieldsOf(body).values()].filter((field) => field.required === true)));
  return fields;
}

/**
 * Gives a body class its example, shown in the documentation and wherever one of its objects is malformed, and its name there: that of the
 * class without `Body`.
 */
export function Example(example: object, name?: string): (body: BodyClass) => void {
  return (body) => {
    const documented = name ?? body.name.replace(/Body$/, '');
    examples.set(body, example);
    names.set(documented, body);
    ApiSchema({ name: documented })(body);
  };
}

/** Every body class by its name in the documentation. */
export function documentedBodies(): ReadonlyMap<string, BodyClass> {
  return names;
}

/** The example of a body class, else one made of its fields' own. */
export function exampleOf(body: BodyClass): object {
  const own = examples.get(body);
  if (own !== undefined) return own;
  return Object.fromEntries(requiredIn(body).map(({ name, example }) => [name, example]));
}

/** Text of at most `max` characters (default 1,000), not blank unless `min` is 0; line breaks and tabs, no other control characters. */
export function Text(options: FieldOptions & TextShape & { example: string }): PropertyDecorator {
  const shape = { max: LONGEST_TEXT, min: 1, ...options };
  return declareField({ ...options, wrong: (value) => textProblem(value, shape), schema: textSchema(shape) });
}

/** A list of at most `items` (default 200) texts. */
export function TextList(options: FieldOptions & TextShape & { example: string[]; items?: number }): PropertyDecorator {
  const shape = { max: LONGEST_TEXT, min: 1, ...options };
  const { items = MOST_ITEMS } = options;
  const wrong = (value: unknown): string | undefined => {
    const problem = listProblem(value, items);
    if (problem !== undefined) return problem;
    const bad = (value as unknown[]).findIndex((item) => textProblem(item, shape) !== undefined);
    return bad === -1 ? undefined : `at place ${bad} ${textProblem((value as unknown[])[bad], shape)}`;
  };
  return declareField({ ...options, wrong, schema: { type: 'array', items: textSchema(shape) as object, maxItems: items } });
}

/** One of a closed list of values. */
export function Choice(values: readonly (string | number | boolean)[], options: FieldOptions = {}): PropertyDecorator {
  return declareField({
    example: values[0],
    ...options,
    wrong: (value) => (values.includes(value as string) ? undefined : `must be one of ${values.join(', ')}, not ${described(value)}`),
    schema: { type: JSON_TYPES[typeof values[0] as keyof typeof JSON_TYPES], enum: [...values] },
  });
}

/** A list of words of a closed list. */
export function ChoiceList(values: readonly string[], options: FieldOptions & { example: string[] }): PropertyDecorator {
  const wrong = (value: unknown): string | undefined =>
    listProblem(value, MOST_ITEMS) ??
    ((value as unknown[]).every((item) => values.includes(item as string)) ? undefined : `must be a list of ${values.join(', ')}`);
  return declareField({ ...options, wrong, schema: { type: 'array', items: { type: 'string', enum: [...values] }, maxItems: MOST_ITEMS } });
}

/** True or false. */
export function Flag(options: FieldOptions = {}): PropertyDecorator {
  return declareField({
    example: true,
    ...options,
    wrong: (value) => (typeof value === 'boolean' ? undefined : `must be true or false, not ${described(value)}`),
    schema: { type: 'boolean' },
  });
}

/** A whole number from `min` to `max`. */
export function Whole({ min, max, ...options }: FieldOptions & { min: number; max: number; example: number }): PropertyDecorator {
  return declareField({
    ...options,
    wrong: (value) =>
      Number.isInteger(value) && (value as number) >= min && (value as number) <= max
        ? undefined
        : `must be a whole number from ${min} to ${max}, not ${described(value)}`,
    schema: { type: 'integer', minimum: min, maximum: max },
  });
}

/** Any finite number. */
export function Amount(options: FieldOptions & { example: number }): PropertyDecorator {
  return declareField({
    ...options,
    wrong: (value) => (Number.isFinite(value) ? undefined : `must be a number, not ${described(value)}`),
    schema: { type: 'number' },
  });
}

/** One object with any fields: what they may be is for the domain to say. */
export function AnyFields(options: FieldOptions & { example: object }): PropertyDecorator {
  return declareField({ ...options, wrong: objectProblem, schema: { type: 'object', additionalProperties: true } });
}

/** One object with the fields of `body`. */
export function One(body: () => BodyClass, options: FieldOptions = {}): PropertyDecorator {
  return declareField({
    ...options,
    wrong: objectProblem,
    schema: { type: () => body() },
    nested: { body, many: false },
  });
}

/** A list of at most `max` (default 200) objects with the fields of `body`. */
export function Many(body: () => BodyClass, { max = MOST_ITEMS, ...options }: FieldOptions & { max?: number } = {}): PropertyDecorator {
  return declareField({
    ...options,
    wrong: (value) => listProblem(value, max),
    schema: { type: () => body(), isArray: true, maxItems: max },
    nested: { body, many: true },
  });
}

/** A value that is text in its short form and an object with the fields of `body` in its full one. */
export function ShortOrFull(body: () => BodyClass, schema: string, options: FieldOptions & { max: number }): PropertyDecorator {
  const shape = { max: options.max, min: 0 };
  return declareField({
    ...options,
    wrong: (value) => (isObject(value) ? undefined : textProblem(value, shape)),
    schema: { $ref: `#/components/schemas/${schema}` } as ApiPropertyOptions,
    nested: { body, many: false },
  });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectProblem(value: unknown): string | undefined {
  return isObject(value) ? undefined : `must be an object, not ${described(value)}`;
}

function listProblem(value: unknown, max: number): string | undefined {
  if (!Array.isArray(value)) return `must be a list, not ${described(value)}`;
  return value.length > max ? `has ${value.length} items; at most ${max} are kept` : undefined;
}

function textSchema({ min, max, form }: Required<Pick<TextShape, 'min' | 'max'>> & TextShape): ApiPropertyOptions {
  return { type: 'string', minLength: min, maxLength: max, ...(form?.pattern && { pattern: form.pattern.source }) };
}

function declareField({ required: presence = false, example, description, wrong, schema, nested }: Shape): PropertyDecorator {
  return (target, key) => {
    const name = String(key);
    const shown = (): unknown =>
      nested === undefined || example !== undefined ? example : nested.many ? [exampleOf(nested.body())] : exampleOf(nested.body());
    const body = target.constructor as BodyClass;
    const fields = declared.get(body) ?? new Map<string, Field>();
    declared.set(
      body,
      fields.set(name, {
        name,
        required: presence,
        wrong,
        nested,
        get example() {
          return shown();
        },
      }),
    );
    const defaultMessage = ({ value }: ValidationArguments): string => `"${name}" ${wrong(value)}; for example ${JSON.stringify(shown())}`;
    ValidateBy({
      name: 'field',
      validator: { validate: (value) => wrong(value) === undefined, defaultMessage: (args) => defaultMessage(args!) },
    })(target, key);
    const documented = {
      ...schema,
      required: presence !== false,
      ...(description && { description }),
      ...(example !== undefined && { examples: [example] }),
    };
    ApiProperty(documented as ApiPropertyOptions)(target, key);
  };
}
