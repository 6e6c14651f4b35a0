import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from '../../src/event-store/canonical-json.js';

const SEED = 20260205;

describe('canonical JSON (RFC 8785)', () => {
  it(`writes every JSON value as the library of the RFC's author does (seed ${SEED})`, () => {
    const anything = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(anything, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('sorts members by UTF-16 code units, also those that look like numbers', () => {
    expect(canonicalJson({ '\u20ac': 1, '10': 2, '9': 3, a: 4, '\ud83d\ude02': 5 })).toBe(
      '{"10":2,"9":3,"a":4,"\u20ac":1,"\ud83d\ude02":5}',
    );
  });

  it('writes a date as its instant', () => {
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ note: undefined, to: 'a' })).toBe('{"to":"a"}');
  });

  it.each([
    ['NaN', NaN],
    ['Infinity', [Infinity]],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a bigint', { position: 1n }],
    ['a function', { to: () => 1 }],
    ['a lone surrogate', { text: '\ud800' }],
    ['a lone surrogate in a name', { '\udfff': 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('refuses a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => canonicalJson(circle)).toThrow(RangeError);
  });
});
