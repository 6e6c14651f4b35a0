import type { OpenAPIObject } from '@nestjs/swagger';
import { codesByStatus, PROBLEMS, type ProblemCode } from './problem.js';

interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: unknown;
  security?: unknown[];
  responses: Record<string, unknown>;
}

/** Adds the Problem schema with every code, and to each operation the refusals that it can answer. */
export function addProblems(document: OpenAPIObject): void {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, Problem: problemSchema() } as typeof components.schemas;
  components.responses = Object.fromEntries(
    [...codesByStatus()].map(([status, codes]) => [`Problem${status}`, response(codes)]),
  ) as typeof components.responses;
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item as Record<string, Operation>))
      for (const status of statusesOf(path, method, operation))
        operation.responses[status] ??= { $ref: `#/components/responses/Problem${status}` };
}

function statusesOf(path: string, method: string, { requestBody, security, parameters = [] }: Operation): number[] {
  // Routes open to everybody say so; all others inherit the document's security.
  const open = security !== undefined;
  return [
    400,
    ...(open ? [] : [401, 403]),
    ...(path.includes('{') ? [404] : []),
    ...(method === 'get' ? [410] : [409]),
    ...(parameters.some(({ name }) => name === 'If-Match') ? [412] : []),
    ...(requestBody === undefined ? [] : [404, 413, 415, 422]),
    429,
    500,
    503,
  ];
}

function response(codes: readonly ProblemCode[]): object {
  const description = codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1].toLowerCase()}`).join('; ');
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] };
  return { description, content: { 'application/problem+json': { schema } } };
}

function problemSchema(): object {
  const codes = Object.keys(PROBLEMS).toSorted();
  const code = { type: 'string', enum: codes };
  return {
    type: 'object',
    description: 'Why a request was refused (RFC 9457). `version-conflict` also tells `expected` and `actual`.',
    properties: {
      type: { type: 'string', examples: ['/problems/field-invalid'] },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What is wrong and what would be right, in words' },
      code,
      errors: {
        type: 'array',
        description: 'Every offending field',
        items: {
          type: 'object',
          properties: {
            pointer: { type: 'string', description: 'JSON Pointer (RFC 6901)', examples: ['/speakers/0/kind'] },
            code,
            message: { type: 'string' },
          },
          required: ['pointer', 'code', 'message'],
        },
      },
    },
    required: ['type', 'title', 'status', 'detail', 'code'],
    examples: [
      {
        type: '/problems/date-unreadable',
        title: PROBLEMS['date-unreadable'][1],
        status: 400,
        detail: '"next week" cannot be read as a date; write a day (2026-02-03), a month (2025-10) or "unknown"',
        code: 'date-unreadable',
        errors: [
          {
            pointer: '/occurred',
            code: 'date-unreadable',
            message: '"next week" cannot be read as a date; write a day (2026-02-03), a month (2025-10) or "unknown"',
          },
        ],
      },
    ],
  };
}
