import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validateSync, type ValidatorOptions } from 'class-validator';
import { Rejection, type Problem } from '../domain/rejection.js';
import { exampleOf, fieldsOf, isObject, type BodyClass, type Field } from './fields.js';
import { described } from './text.js';

/** Fields that are absent are looked at here, where it is known which are required; the rest of the cost is saved. */
const OPTIONS: ValidatorOptions = { skipUndefinedProperties: true, validationError: { target: false, value: false } };

/** Unknown fields of one object that are named; a hostile body may have a hundred thousand. */
const MOST_UNKNOWN = 50;

/** Refuses a body that does not have the shape its class declares; hands on the JSON as it was sent. */
@Injectable()
export class BodyPipe implements PipeTransform {
  transform(sent: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || metatype === undefined || metatype === Object) return sent;
    const problems = problemsIn(metatype as BodyClass, sent);
    if (problems.length > 0) throw new Rejection(problems);
    return sent;
  }
}

/** Everything that is wrong with the shape of a JSON value, each problem with its pointer below `pointer`. */
export function problemsIn(body: BodyClass, sent: unknown, pointer = ''): Problem[] {
  if (!isObject(sent)) {
    const what = pointer === '' ? 'What is sent' : `"${pointer.slice(1)}"`;
    return [invalid(pointer, `${what} must be an object, not ${described(sent)}; for example ${JSON.stringify(exampleOf(body))}`)];
  }
  const fields = fieldsOf(body);
  const problems: Problem[] = [];
  const known = new body() as Record<string, unknown>;
  for (const name of Object.keys(sent)) {
    if (fields.has(name)) known[name] = sent[name];
    else if (problems.length < MOST_UNKNOWN) problems.push(unknownField(`${pointer}/${escaped(name)}`, name, fields));
  }
  for (const { property, constraints } of validateSync(known, OPTIONS))
    for (const message of Object.values(constraints ?? {})) problems.push(invalid(`${pointer}/${property}`, message));
  const wrongHere = problems.length;
  for (const field of fields.values()) {
    const value = known[field.name];
    if (value === undefined) {
      if (field.required) problems.push(missing(pointer, field));
    } else if (field.nested !== undefined && !namedBefore(problems, wrongHere, `${pointer}/${field.name}`)) {
      nestedProblems(problems, field.nested, value, `${pointer}/${field.name}`);
    }
  }
  return problems;
}

function nestedProblems(problems: Problem[], { body, many }: NonNullable<Field['nested']>, value: unknown, pointer: string): void {
  if (!many) {
    if (typeof value === 'object') problems.push(...problemsIn(body(), value, pointer));
    return;
  }
  for (const [i, item] of (value as unknown[]).entries()) problems.push(...problemsIn(body(), item, `${pointer}/${i}`));
}

/** A list that is no list, or too long, is not looked into. */
function namedBefore(problems: readonly Problem[], count: number, pointer: string): boolean {
  for (let i = 0; i < count; i += 1) if (problems[i]!.pointer === pointer) return true;
  return false;
}

function unknownField(pointer: string, name: string, fields: ReadonlyMap<string, Field>): Problem {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return {
    pointer,
    code: 'field-unknown',
    message: `There is no field ${JSON.stringify(shown)} here; there are ${[...fields.keys()].join(', ')}`,
  };
}

function missing(pointer: string, { name, example }: Field): Problem {
  return invalid(`${pointer}/${name}`, `"${name}" is missing; for example ${JSON.stringify(example)}`);
}

export function invalid(pointer: string, message: string): Problem {
  return { pointer, code: 'field-invalid', message };
}

/** A name as one step of an RFC 6901 JSON Pointer. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
