import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** Bytes of any body. */
export const LARGEST_BODY = 1_000_000;
const DEEPEST = 32;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Bytes of the body of this route, where less than LARGEST_BODY. */
    largestBody?: number;
  }
}

/** Bodies are JSON and nothing else: valid UTF-8, not too large, not too deep, and without keys that reach for an object's prototype. */
export function readJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: LARGEST_BODY }, (request, body, done) => {
    try {
      done(null, readJson(body as Buffer, request));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Undefined where the body is empty. */
function readJson(body: Buffer, request: FastifyRequest): unknown {
  const { largestBody = LARGEST_BODY } = request.routeOptions.config;
  if (body.length > largestBody)
    throw new ProblemError('body-too-large', `This call takes at most ${largestBody / 1_000} kB; file in smaller parts.`);
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new ProblemError('body-unreadable', 'The body is not valid UTF-8.');
  const value = parse(body.toString('utf8'));
  refuseDepth(value, DEEPEST);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError('body-unreadable', `The body is not valid JSON: ${(error as Error).message}`);
  }
}

function refuseDepth(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw new ProblemError('body-unreadable', `The body is nested deeper than ${DEEPEST} levels.`);
  if (Array.isArray(value)) {
    for (const item of value) refuseDepth(item, levels - 1);
    return;
  }
  for (const key in value) {
    if (key === '__proto__') throw new ProblemError('body-unreadable', 'The body has a field called "__proto__", which nothing here has.');
    refuseDepth((value as Record<string, unknown>)[key], levels - 1);
  }
}
