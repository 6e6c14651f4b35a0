// @ts-expect-error the library ships no types
import library from 'edtf';
import * as fc from 'fast-check';
import { isDay } from '../../src/domain/day.js';
import { readEdtf } from '../../src/domain/edtf.js';

const SEED = 20_260_203;
const edtf: (text: string) => { min: number | null; max: number | null } = library;

const pad = (value: number, width: number) => String(value).padStart(width, '0');
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const point = fc.tuple(day, fc.constantFrom(10, 7, 4)).map(([text, length]) => text.slice(0, length));
const qualified = fc.tuple(point, fc.constantFrom('', '~', '?', '%')).map(([text, qualifier]) => text + qualifier);
const interval = fc.tuple(qualified, qualified).map((ends) => ends.join('/'));
const open = fc.tuple(qualified, fc.constantFrom('..', '')).chain(([a, b]) => fc.constantFrom(`${a}/${b}`, `${b}/${a}`));

/** Two dates close to each other, so that ends that overlap or touch come up often. */
const neighbours = fc
  .tuple(fc.integer({ min: 2023, max: 2026 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([y, m, d]) => `${pad(y, 4)}-${pad(m, 2)}-${pad(d, 2)}`)
  .chain((text) => fc.constantFrom(text, text.slice(0, 7), text.slice(0, 4)));
const touching = fc.tuple(neighbours, neighbours).map((ends) => ends.join('/'));

function dayAt(milliseconds: number | null): string | null {
  return milliseconds === null || !Number.isFinite(milliseconds) ? null : new Date(milliseconds).toISOString().slice(0, 10);
}

function boundsByLibrary(text: string): string {
  try {
    const { min, max } = edtf(text);
    return `${dayAt(min)} to ${dayAt(max)}`;
  } catch {
    return 'refused';
  }
}

const refusedByLibrary = (text: string) => boundsByLibrary(text) === 'refused';

function boundsByUs(text: string): string {
  const span = readEdtf(text);
  return typeof span === 'string' ? 'refused' : `${span.earliest} to ${span.latest}`;
}

const check = (texts: fc.Arbitrary<string>, rule: (text: string) => void) =>
  fc.assert(fc.property(texts, rule), { seed: SEED, numRuns: 400 });

describe(`Reading EDTF, against the edtf library (seed ${SEED})`, () => {
  it('gives days, months, years and their approximations the bounds that the library gives', () => {
    check(fc.oneof(point, qualified), (text) => expect(boundsByUs(text)).toBe(boundsByLibrary(text)));
  });

  it('gives intervals the bounds that the library gives; only it refuses those with ends that begin on the same day or overlap', () => {
    check(fc.oneof(interval, open, touching), (text) => {
      const [first, last] = text.split('/').map((end) => readEdtf(end));
      const overlap =
        typeof first === 'object' && typeof last === 'object' && first.earliest! <= last.latest! && first.earliest! >= last.earliest!;
      if (!overlap) expect(boundsByUs(text)).toBe(boundsByLibrary(text));
      else expect(boundsByUs(text)).toBe(`${first.earliest} to ${last.latest}`);
    });
  });

  it('gives "some time within" the bounds of "lasted"', () => {
    check(fc.oneof(interval, touching), (text) => expect(boundsByUs(`[${text.replace('/', '..')}]`)).toBe(boundsByUs(text)));
  });

  it('refuses what the library refuses', () => {
    const replaced = fc
      .tuple(fc.oneof(qualified, touching), fc.nat(), fc.constantFrom(...'0123456789-/.~? TZ:[]'.split('')))
      .map(([text, at, char]) => text.slice(0, at % text.length) + char + text.slice((at % text.length) + 1));
    check(fc.oneof(replaced, fc.string({ maxLength: 12 })), (text) => {
      const onlyItsEnds = text.includes('/') && !text.split('/').some(refusedByLibrary);
      if (refusedByLibrary(text) && !onlyItsEnds) expect(boundsByUs(text)).toBe('refused');
    });
  });

  it('lets unspecified digits stand for every real day that fits them, and for none before or after', () => {
    const masked = fc.tuple(day, fc.integer({ min: 0, max: 127 })).map(([text, bits]) => {
      const left = [3, 2, 5, 6, 8, 9, 1].filter((_, bit) => (bits >> bit) & 1);
      const mask = text.replace(/\d/g, (digit, at) => (left.includes(at) ? 'X' : digit));
      return `${text} ${mask}`;
    });
    check(masked, (pair) => {
      const [meant = '', mask = ''] = pair.split(' ');
      const span = readEdtf(mask);
      if (typeof span === 'string' || span.earliest === null || span.latest === null) throw new Error(`${mask} was not read`);
      const fits = new RegExp(`^${mask.replaceAll('X', '\\d')}$`);
      expect(span.earliest <= meant && meant <= span.latest).toBe(true);
      expect([span.earliest, span.latest].filter((end) => !fits.test(end) || !isDay(end))).toEqual([]);
    });
  });
});

describe('Reading EDTF, where the library is no measure', () => {
  it.each(['2025-02-29', '1900-02-29', '2025-02-29~', '2025-02-29/2025-03'])('refuses %s, a day that its year does not have', (text) => {
    expect(readEdtf(text)).toBe('unreadable');
  });

  it('keeps a leap day of an open year only where some year has it', () => {
    expect(readEdtf('202X-02-29')).toEqual({ earliest: '2020-02-29', latest: '2028-02-29', precision: 'range' });
    expect(readEdtf('XXXX-02-29')).toEqual({ earliest: null, latest: null, precision: 'day' });
    expect(readEdtf('XXXX-02-30')).toBe('unreadable');
  });

  it('answers hostile masks at once', () => {
    const started = performance.now();
    for (const text of ['XXX1-02-30', '1XXX-XX-9X', '1XXX-02-3X', 'XXXX-9X', '['.repeat(99), '/'.repeat(99)])
      expect(readEdtf(text)).toBe('unreadable');
    expect(performance.now() - started).toBeLessThan(200);
  });
});
