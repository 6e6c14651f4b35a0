import * as fc from 'fast-check';
import { COUNTRIES, TERRITORIES } from '../../src/domain/country-table.js';
import { ARMED_GROUPS, ORGANISATIONS } from '../../src/domain/organisation-table.js';
import { PARTIES, partiesOf, readParty, readRelationshipKey, relationshipKey } from '../../src/domain/party.js';
import { Rejection } from '../../src/domain/rejection.js';

const SEED = 20_260_204;
const parties = [...PARTIES.values()];

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Rejection) return error.errors.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`).join();
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('The parties on file', () => {
  it('have all 249 countries and territories of ISO 3166-1, and Kosovo by the code that everybody uses', () => {
    const coded = parties.filter(({ kind }) => kind === 'country' || kind === 'territory');
    expect(coded.filter(({ code }) => code !== 'XKX')).toHaveLength(249);
    expect(PARTIES.get('XKX')).toMatchObject({ name: 'Kosovo', kind: 'country' });
    expect(coded.filter(({ code, aliases }) => !/^[A-Z]{3}$/.test(code) || !/^[A-Z]{2}$/.test(aliases?.[0] ?? ''))).toEqual([]);
    expect(new Set(coded.map(({ aliases }) => aliases?.[0])).size).toBe(250);
  });

  it('call a place a territory where it leaves its foreign relations to a country', () => {
    for (const code of ['GRL', 'PRI', 'HKG', 'FLK', 'ATA', 'ESH']) expect(PARTIES.get(code)?.kind).toBe('territory');
    for (const code of ['COL', 'USA', 'VEN', 'VAT', 'PSE', 'TWN', 'COK']) expect(PARTIES.get(code)?.kind).toBe('country');
  });

  it('go by the names that newsrooms use', () => {
    const names = ['USA', 'GBR', 'PRK', 'KOR', 'TUR', 'CIV', 'CZE', 'RUS', 'UN', 'NATO', 'HEZBOLLAH'].map(
      (code) => PARTIES.get(code)?.name,
    );
    expect(names).toEqual([
      'United States',
      'United Kingdom',
      'North Korea',
      'South Korea',
      'Türkiye',
      "Côte d'Ivoire",
      'Czechia',
      'Russia',
      'United Nations',
      'North Atlantic Treaty Organization',
      'Hezbollah',
    ]);
  });

  it.each([
    'UN',
    'EU',
    'NATO',
    'OAS',
    'AU',
    'ASEAN',
    'LAS',
    'G7',
    'G20',
    'BRICS',
    'OPEC',
    'OSCE',
    'WTO',
    'WHO',
    'IMF',
    'ICC',
    'IAEA',
    'CELAC',
    'CARICOM',
  ])('include the organisation %s', (code) => expect(PARTIES.get(code)?.kind).toBe('organisation'));

  it.each(['HAMAS', 'HEZBOLLAH', 'HOUTHI', 'TALIBAN', 'ELN', 'FARC', 'ISIS'])('include the armed group %s', (code) =>
    expect(PARTIES.get(code)?.kind).toBe('armed-group'),
  );

  it('have one code and one name each, and a code that can stand in a key', () => {
    expect(parties.filter(({ code }) => !/^[A-Z][A-Z0-9]+$/.test(code))).toEqual([]);
    // A code used twice would have taken the place of the other entry.
    expect(PARTIES.size).toBe([COUNTRIES, TERRITORIES, ORGANISATIONS, ARMED_GROUPS].flat().length);
    expect(new Set(parties.map(({ name }) => name)).size).toBe(PARTIES.size);
    for (const [code, party] of PARTIES) expect(party.code).toBe(code);
  });

  it('have members that are on file, each of them once', () => {
    for (const { code, members = [] } of parties) {
      expect(members.filter((member) => !PARTIES.has(member) || member === code)).toEqual([]);
      expect(new Set(members).size).toBe(members.length);
    }
  });

  it.each([
    ['EU', 27],
    ['NATO', 32],
    ['ASEAN', 11],
    ['LAS', 22],
    ['G7', 7],
    ['G20', 21],
    ['CARICOM', 15],
    ['GCC', 6],
    ['SCO', 10],
    ['ECCAS', undefined],
  ])('%s has %p members', (code, count) => expect(PARTIES.get(code)?.members?.length).toBe(count));
});

describe('Naming a party', () => {
  it('takes exactly the code', () => {
    for (const code of ['COL', 'USA', 'UN', 'G7', 'M23']) expect(readParty(code, '/party')).toBe(code);
  });

  it('refuses a code that nobody has, and shows a good one', () => {
    expect(refusalOf(() => readParty('XYZ', '/speakers/0/party'))).toBe(
      'party-unknown /speakers/0/party "XYZ" is no party on file; a country is its ISO 3166-1 alpha-3 code, such as COL',
    );
  });

  it.each([
    ['col', 'COL'],
    ['CO', 'COL'],
    ['Colombia', 'COL'],
    ['Bogotá', 'COL'],
    ['bogota', 'COL'],
    ['Caracas', 'VEN'],
    ['US', 'USA'],
    ['the U.S.', 'USA'],
    ['America', 'USA'],
    ['Turkey', 'TUR'],
    ['Cote d’Ivoire', 'CIV'],
    ['Arab League', 'LAS'],
    ['nato', 'NATO'],
    ['Ansar Allah', 'HOUTHI'],
    ['Venezu', 'VEN'],
  ])('answers %s with the code it means', (text, code) => {
    expect(refusalOf(() => readParty(text, '/party'))).toContain(`; write ${code} for ${PARTIES.get(code)?.name}`);
  });

  it('names a few where the input could mean several', () => {
    expect(refusalOf(() => readParty('Saint', '/party')).split(', or ')).toHaveLength(3);
  });

  it.each([[''], [5], [null], [['COL']], [{}], ['__proto__'], ['toString'], ['COL\u0000'], [' COL'], ['x'.repeat(1_000_000)]])(
    'refuses %j',
    (code) => {
      const refused = refusalOf(() => readParty(JSON.parse(JSON.stringify(code)), '/party'));
      expect(refused).toMatch(/^party-unknown \/party /);
      expect(refused.length).toBeLessThan(200);
    },
  );

  it('finds every party by each of its names', () => {
    for (const { code, name, aliases = [] } of parties)
      for (const known of [name, ...aliases].filter((text) => !PARTIES.has(text)))
        expect(refusalOf(() => readParty(known, ''))).toContain(`${code} for ${name}`);
  });
});

describe('The key of a relationship', () => {
  it('is the two codes in order, whichever side is named first', () => {
    expect(relationshipKey('USA', 'COL')).toBe('COL-USA');
    expect(readRelationshipKey('USA-COL', '/key')).toBe('COL-USA');
    expect(partiesOf('COL-USA')).toEqual(['COL', 'USA']);
  });

  it(`is the same for any two parties in either order (seed ${SEED})`, () => {
    const code = fc.constantFrom(...PARTIES.keys());
    const property = fc.property(code, code, (a, b) => {
      fc.pre(a !== b);
      const key = relationshipKey(a, b);
      expect(relationshipKey(b, a)).toBe(key);
      expect(readRelationshipKey(`${b}-${a}`, '')).toBe(key);
      expect(partiesOf(key)).toEqual([a, b].toSorted());
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  it('names two parties on file', () => {
    expect(refusalOf(() => readRelationshipKey('COL-XYZ', '/key'))).toMatch(/^party-unknown \/key "XYZ"/);
    expect(refusalOf(() => readRelationshipKey('col-usa', '/key'))).toContain('write COL for Colombia');
  });

  it.each(['COL-COL', 'COL', 'COL-', '-USA', 'COL-USA-VEN', 'COL USA', ''])('refuses %j and shows a good one', (key) => {
    const refused = refusalOf(() => readRelationshipKey(key, '/key'));
    expect(refused).toMatch(/^field-invalid \/key/);
    expect(refused).toContain('COL-USA');
  });
});
