import { applyDecorators, Get } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PARTIES, relationshipKey } from '../domain/party.js';
import { reject, Rejection } from '../domain/rejection.js';
import { dayOf, readAsOf, type Day } from '../domain/time.js';
import { isCursor, type Paging } from '../read-models/page.js';
import type { At } from '../read-models/views.js';
import { Needs } from './access.guard.js';
import { refuseParameters } from './exchange.js';
import { ProblemError } from './problem.js';
import { described } from './text.js';

/** One query parameter: how it is read, and how it is documented. */
export interface Parameter<T> {
  /** The value meant, or undefined where the text means none. */
  read(sent: string): T | undefined;
  description: string;
  example: string;
  values?: readonly string[];
  /** What it is, for who sent something else. */
  form?: string;
}

type Values<P> = { [K in keyof P]?: P[K] extends Parameter<infer T> ? T : never };

/** The parameters of a request; refuses unknown ones by name, and what cannot be read with a good example. */
export function readParameters<P extends Record<string, Parameter<unknown>>>(request: FastifyRequest, parameters: P): Values<P> {
  refuseParameters(request, Object.keys(parameters));
  const values: Record<string, unknown> = {};
  for (const [name, sent] of Object.entries(request.query as Record<string, string | string[]>)) {
    const parameter = parameters[name]!;
    const value = typeof sent === 'string' && sent.length <= 1_000 ? readOrNothing(parameter, sent) : undefined;
    if (value === undefined) throw invalidParameter(name, parameter);
    values[name] = value;
  }
  return values as Values<P>;
}

function readOrNothing(parameter: Parameter<unknown>, sent: string): unknown {
  try {
    return parameter.read(sent);
  } catch (error) {
    if (error instanceof Rejection) return undefined;
    throw error;
  }
}

function invalidParameter(name: string, { example, values, form }: Parameter<unknown>): ProblemError {
  const good = `${form === undefined ? '' : `it is ${form}, `}for example ${name}=${example}`;
  const advice = values === undefined ? good : `it is one of ${values.join(', ')}`;
  return new ProblemError('parameter-invalid', `The parameter "${name}" cannot be read; ${advice}.`);
}

export function word<const W extends string>(values: readonly W[], description: string): Parameter<W> {
  return { read: (sent) => values.find((value) => value === sent), description, example: values[0]!, values };
}

export function text(description: string, example: string): Parameter<string> {
  return { read: (value) => value || undefined, description, example };
}

export function flag(description: string): Parameter<boolean> {
  return { read: (value) => ({ true: true, false: false })[value], description, example: 'true', values: ['true', 'false'] };
}

export function whole(min: number, max: number, description: string, example: string): Parameter<number> {
  const read = (value: string): number | undefined => (/^\d{1,6}$/.test(value) && +value >= min && +value <= max ? +value : undefined);
  return { read, description: `${description} (${min} to ${max})`, example, form: `a whole number from ${min} to ${max}` };
}

export function party(description: string): Parameter<string> {
  return { read: (code) => (PARTIES.has(code) ? code : undefined), description, example: 'COL' };
}

export function day(description: string): Parameter<Day> {
  return { read: (value) => readAsOf(value, ''), description, example: '2026-02-04' };
}

const POSITION = /^\d{1,18}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FUTURE_MS = 60_000;

/** An instant, or a day from its first moment (UTC) on. */
export function instantOrDay(description: string): Parameter<Date> {
  const read = (sent: string): Date | undefined => {
    if (!DAY.test(sent) && !INSTANT.test(sent)) return undefined;
    readAsOf(sent, '');
    return new Date(sent);
  };
  return { read, description, example: '2026-02-04T09:00:00Z' };
}

function readKnownAt(value: string): At['knownAt'] {
  if (value.startsWith('position:')) return POSITION.test(value.slice(9)) ? { position: BigInt(value.slice(9)) } : undefined;
  if (!INSTANT.test(value)) return undefined;
  readAsOf(value, '');
  const instant = new Date(value);
  const now = Date.now();
  if (instant.getTime() > now + FUTURE_MS) return undefined;
  return { instant: new Date(Math.min(instant.getTime(), now)) };
}

/** The parameters that every view takes. */
export const AT = {
  asOf: day('The day in the world: a date, or an instant cut to its UTC day; default today'),
  knownAt: {
    read: readKnownAt,
    description: 'What the newsroom knew: an instant that is not in the future, or position:<n>; default all that the view has',
    example: 'position:118',
    form: 'an instant that is not in the future, or position:<n>',
  } satisfies Parameter<At['knownAt']>,
  'at-least': {
    read: (value: string) => (POSITION.test(value) ? BigInt(value) : undefined),
    description: 'Wait, at most 5 s, until the view includes this position',
    example: '118',
  } satisfies Parameter<bigint>,
};

export function atOf({ asOf, knownAt, 'at-least': atLeast }: Values<typeof AT>): At {
  return { ...(asOf !== undefined && { asOf }), ...(knownAt !== undefined && { knownAt }), ...(atLeast !== undefined && { atLeast }) };
}

const DEFAULT_LIMIT = 50;

/** The parameters that every list takes. */
export const PAGING = {
  limit: whole(1, 500, 'Items on a page, default 50', '50'),
  cursor: {
    read: (sent: string) => (isCursor(sent) ? sent : undefined),
    description: 'Where to go on: `next` of the page before',
    example: 'WyIxMTgiLDUwXQ',
  } satisfies Parameter<string>,
};

export function pagingOf({ limit = DEFAULT_LIMIT, cursor }: Values<typeof PAGING>): Paging {
  return { limit, ...(cursor !== undefined && { cursor }) };
}

/** The key of the relationship of two different parties on file, in whichever order they are given. */
function relationshipKeyOf(sent: string): string | undefined {
  const [a, b, ...others] = sent.split('-');
  if (a === undefined || b === undefined || a === b || others.length > 0 || !PARTIES.has(a) || !PARTIES.has(b)) return undefined;
  return relationshipKey(a, b);
}

export function relationship(description: string): Parameter<string> {
  return { read: relationshipKeyOf, description, example: 'COL-USA' };
}

/** The key in a path, its parties sorted; a party that is not on file is 404 there. */
export function relationshipIn(path: string): string {
  const key = relationshipKeyOf(path);
  if (key === undefined)
    throw new ProblemError('party-unknown', 'A relationship is two different parties on file, such as COL-USA.', { status: 404 });
  return key;
}

/** The number of a link or query in a path; `good`: a path in which it is one. */
export function numberOf(what: 'link' | 'query', path: string, good: string): number {
  if (/^[1-9]\d{0,5}$/.test(path)) return Number(path);
  return reject('step-unknown', `${described(path)} is no number of a ${what}; they are numbered 1, 2, …, for example ${good}`);
}

/** A route that reads a view: its path, its documentation, and its parameters. */
export function Reads(path: string, summary: string, parameters: Record<string, Parameter<unknown>>, schema: string): MethodDecorator {
  return applyDecorators(
    Get(path),
    Needs('reader'),
    ApiOperation({ summary, description: 'Needs the role `reader`.' }),
    ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ApiParam({ name: name!, schema: { type: 'string' } })),
    Accepts(parameters),
    ApiResponse({ status: 200, description: summary, schema: { $ref: `#/components/schemas/${schema}` }, headers: LOG_HEADER }),
  );
}

/** Documents the query parameters of a route. */
export function Accepts(parameters: Record<string, Parameter<unknown>>): MethodDecorator {
  return applyDecorators(
    ...Object.entries(parameters).map(([name, { description, example, values }]) =>
      ApiQuery({
        name,
        description,
        required: false,
        schema: { type: 'string', examples: [example], ...(values && { enum: [...values] }) },
      }),
    ),
  );
}

const LOG_HEADER = { 'Entente-Log': { description: 'The log for which positions are valid', schema: { type: 'string' } } };

/** Today, where a parameter defaults to it. */
export function todayUtc(): Day {
  return dayOf(new Date().toISOString());
}
