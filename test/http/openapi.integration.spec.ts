import { readFile } from 'node:fs/promises';
import { problemsIn } from '../../src/http/body.js';
import { documentedBodies, exampleOf, fieldsOf } from '../../src/http/fields.js';
import { describeContract } from '../../src/http/openapi.js';
import { PROBLEMS } from '../../src/http/problem.js';

describe('the OpenAPI document', () => {
  let document: Awaited<ReturnType<typeof describeContract>>;
  beforeAll(async () => {
    document = await describeContract();
  });

  it('is the one in docs/openapi.json (npm run openapi writes it anew)', async () => {
    const written: unknown = JSON.parse(await readFile('docs/openapi.json', 'utf8'));
    expect(JSON.parse(JSON.stringify(document))).toEqual(written);
  });

  it('is OpenAPI 3.1, without the nullable of 3.0', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('refers only to what it defines, and defines no schema that nothing refers to', () => {
    const references = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, name]) => name!));
    const components = document.components as Record<string, object>;
    const defined = new Set(['schemas', 'responses'].flatMap((sort) => Object.keys(components[sort]!).map((name) => `${sort}/${name}`)));
    expect([...references].filter((name) => !defined.has(name))).toEqual([]);
    expect([...defined].filter((name) => !references.has(name))).toEqual([]);
  });

  it('names every code of every problem, in the Problem schema and under the status that it is answered with', () => {
    const problem = document.components?.schemas?.['Problem'] as { properties: { code: { enum: string[] } } };
    expect(problem.properties.code.enum).toEqual(Object.keys(PROBLEMS).toSorted());
    for (const [code, [status]] of Object.entries(PROBLEMS))
      expect(JSON.stringify(document.components?.responses?.[`Problem${status}`])).toContain(`"${code}"`);
  });

  it('says of each call which problems it can answer, and that it needs a key unless it is open to everybody', () => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        call: `${method} ${path}`,
        operation: operation as { responses: object; security?: object[] },
      })),
    );
    expect(operations.length).toBeGreaterThan(20);
    const open = operations.filter(({ operation }) => operation.security !== undefined).map(({ call }) => call);
    expect(open).toEqual(['get /api/v1/health/live', 'get /api/v1/health/ready', 'get /api/v1/metrics']);
    for (const { call, operation } of operations)
      expect([call, Object.keys(operation.responses)]).toEqual([call, expect.arrayContaining(['400', '500', '503'])]);
  });

  it.each([...documentedBodies()])('shows an example of %s that the service accepts, field by field too', (_, body) => {
    expect(problemsIn(body, exampleOf(body))).toEqual([]);
    for (const { name, example } of fieldsOf(body).values()) {
      expect([name, example]).toEqual([name, expect.anything()]);
      expect(problemsIn(body, { ...exampleOf(body), [name]: example })).toEqual([]);
    }
  });
});
