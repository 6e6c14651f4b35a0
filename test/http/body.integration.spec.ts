import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { problemsIn } from '../../src/http/body.js';
import { documentedBodies, exampleOf, fieldsOf, type BodyClass } from '../../src/http/fields.js';
import { MakeStatementBody } from '../../src/http/statement.controller.js';
import { aSource, aStatement } from './bodies.js';
import { RegisterSourceBody } from '../../src/http/source.controller.js';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe(`the shape of a body (seed ${seed})`, () => {
  const problems = (changed: object): string[] =>
    problemsIn(MakeStatementBody, { ...aStatement('source-1'), ...changed }).map(({ pointer, message }) => `${pointer} ${message}`);

  it('is right when every field is one that the body has, and each has the shape that is declared', () => {
    expect(problems({})).toEqual([]);
    expect(problemsIn(RegisterSourceBody, aSource)).toEqual([]);
  });

  it('may leave out what only a rule of the newsroom asks for, since that rule has a code of its own', () => {
    expect(problems({ summary: undefined, occurred: undefined, citations: undefined })).toEqual([]);
  });

  it('keeps line breaks and tabs, and no other control characters', () => {
    expect(problems({ note: 'one\ntwo\tthree' })).toEqual([]);
    for (const control of ['\0', '\b', '\u000b', '\r', '\u001b', '\u007f', '\u0085', '\u009f'])
      expect(problems({ note: `a${control}b` })).toEqual([
        expect.stringContaining(`U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
      ]);
  });

  it('keeps every script and every emoji, but no half of a character', () => {
    expect(problems({ summary: 'Colômbia e Venezuela: ¡sí! 哥伦比亚 كولومبيا 🇨🇴' })).toEqual([]);
    expect(problems({ summary: '🇨🇴'.slice(0, 1) })).toEqual([expect.stringContaining('unpaired surrogate')]);
  });

  it('holds texts and lists to their lengths exactly', () => {
    expect(problems({ summary: 'x'.repeat(2_000), topics: Array<string>(50).fill('oil') })).toEqual([]);
    expect(problems({ summary: 'x'.repeat(2_001) })).toEqual([expect.stringContaining('has 2001 characters; at most 2000')]);
    expect(problems({ topics: Array<string>(51).fill('oil') })).toEqual([expect.stringContaining('has 51 items; at most 50')]);
  });

  it('names the place of a bad item in a list of texts', () => {
    expect(problems({ topics: ['oil', 'Drug Trafficking'] })).toEqual([
      expect.stringContaining('at place 1 must be in kebab-case, not "Drug Trafficking"; for example'),
    ]);
  });

  it('knows what was sent by its own name', () => {
    for (const [sent, words] of [
      [null, 'null (leave the field out instead)'],
      [[], 'a list'],
      [{}, 'an object'],
      [7, '7'],
      [true, 'true'],
    ] as const)
      expect(problems({ channel: sent })).toEqual([expect.stringContaining(`must be text, not ${words}; for example "press"`)]);
  });

  it.each([...documentedBodies()])('of %s is judged alike by its own checks and by class-validator', (_, body) => {
    const plain = [...fieldsOf(body).values()].filter(({ nested }) => nested === undefined);
    const good = exampleOf(body) as Record<string, unknown>;
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('2026-01-05', 'COL', 'person', '', ' ', '\0', '\ud800', 1, 0.5, -1, true, null),
    );
    fc.assert(
      fc.property(fc.constantFrom(...plain.map(({ name }) => name)), value, (name, sent) => {
        const changed = { ...good, [name]: sent };
        expect(problemsIn(body, changed).length > 0).toBe(refusedByClassValidator(body, changed));
      }),
      { seed, numRuns: 200 },
    );
  });
});

function refusedByClassValidator(body: BodyClass, sent: object): boolean {
  return validateSync(Object.assign(new body(), sent), { skipUndefinedProperties: true }).length > 0;
}
