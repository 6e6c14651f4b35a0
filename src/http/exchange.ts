import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FilingRequest } from '../commands/messages.js';
import type { Caller } from '../access/roles.js';
import { ProblemError } from './problem.js';

/** One request and its answer. */
export interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;
const IF_MATCH = /^"([1-9]\d{0,8})"$/;

/** The request and its answer, for a controller whose answer has headers of its own. */
export const TheExchange = createParamDecorator((_: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() };
});

/** Who asks; the guard has let them in. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new TypeError('this route is open to everybody, so nobody is known to ask');
  return caller;
}

/** Who files, and how the request is known again. */
export function filingRequest(request: FastifyRequest): FilingRequest {
  const { name } = callerOf(request);
  const { method, url, body } = request;
  const query = url.indexOf('?');
  const key = idempotencyKey(request);
  return { by: name, method, path: query === -1 ? url : url.slice(0, query), body, ...(key !== undefined && { key }) };
}

function idempotencyKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw new ProblemError('parameter-invalid', 'The header Idempotency-Key has 1 to 255 printable ASCII characters, such as a UUID.');
}

/** The version that the record must have (If-Match), for a step in its life. */
export function ifVersion({ headers }: FastifyRequest): number | undefined {
  const sent = headers['if-match'];
  if (sent === undefined) return undefined;
  const version = IF_MATCH.exec(sent)?.[1];
  if (version === undefined) throw new ProblemError('parameter-invalid', 'The header If-Match is one version in quotes, such as "3".');
  return Number(version);
}

/** Refuses query parameters that the call does not have, by name. */
export function refuseParameters({ query }: FastifyRequest, known: readonly string[]): void {
  for (const name in query as object) {
    if (known.includes(name)) continue;
    const others = known.length === 0 ? 'this call takes none' : `there are ${known.join(', ')}`;
    throw new ProblemError('parameter-unknown', `There is no parameter ${JSON.stringify(name.slice(0, 60))}; ${others}.`);
  }
}
