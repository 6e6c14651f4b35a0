import { COUNTRIES, TERRITORIES, type CountryRow } from './country-table.js';
import { ARMED_GROUPS, ORGANISATIONS, type OrganisationRow } from './organisation-table.js';
import { reject } from './rejection.js';

export type PartyKind = 'country' | 'organisation' | 'territory' | 'armed-group';

/** Somebody who can be one side of a relationship. `members`: their codes, where the membership is settled; `aliases`: other names, to be found by. */
export interface Party {
  code: string;
  name: string;
  kind: PartyKind;
  members?: readonly string[];
  aliases?: readonly string[];
}

/** Two different party codes in ascending order, joined by a hyphen: `COL-USA`. */
export type RelationshipKey = string;

const ALL: readonly Party[] = [
  ...COUNTRIES.map((row) => fromCountry(row, 'country')),
  ...TERRITORIES.map((row) => fromCountry(row, 'territory')),
  ...ORGANISATIONS.map((row) => fromOrganisation(row, 'organisation')),
  ...ARMED_GROUPS.map((row) => fromOrganisation(row, 'armed-group')),
];

/** Every party on file, by code. */
export const PARTIES: ReadonlyMap<string, Party> = new Map(ALL.map((party) => [party.code, party]));

function fromCountry([code, alpha2, name, ...aliases]: CountryRow, kind: PartyKind): Party {
  return { code, name, kind, aliases: [alpha2, ...aliases] };
}

function fromOrganisation({ members, ...row }: OrganisationRow, kind: PartyKind): Party {
  return { ...row, kind, ...(members === undefined ? {} : { members: members.split(' ') }) };
}

/**
 * The code of a party on file, exactly as it is filed.
 * @throws Rejection party-unknown, naming the right code where the input is a name, another code or the wrong case
 */
export function readParty(code: string, pointer: string): string {
  if (PARTIES.has(code)) return code;
  const meant = partiesNamed(code);
  const advice =
    meant.length > 0
      ? `write ${meant.map((party) => `${party.code} for ${party.name}`).join(', or ')}`
      : 'a country is its ISO 3166-1 alpha-3 code, such as COL';
  return reject('party-unknown', `${shortened(code)} is no party on file; ${advice}`, pointer);
}

const NAMED = ALL.map((party) => ({ party, names: [party.code, party.name, ...(party.aliases ?? [])].map(folded) }));
const LONGEST_NAME = 100;
const MOST_SUGGESTIONS = 3;
const SHORTEST_START = 4;

/** The parties that a name, alias or code in any spelling means, else those with a name that begins like it. */
function partiesNamed(text: unknown): Party[] {
  const name = typeof text === 'string' && text.length <= LONGEST_NAME ? folded(text) : '';
  const exact = partiesWhere((known) => known === name);
  if (exact.length > 0 || name.length < SHORTEST_START) return exact;
  return partiesWhere((known) => known.startsWith(name)).slice(0, MOST_SUGGESTIONS);
}

function partiesWhere(fits: (name: string) => boolean): Party[] {
  return NAMED.filter(({ names }) => names.some(fits)).map(({ party }) => party);
}

/** Without accents, case, punctuation and a leading "the", so that "the U.S." finds US. */
function folded(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/^the\s+/, '').replace(/[^\p{L}\p{N}]/gu, '');
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** The key of the relationship between two parties, whichever is named first. */
export function relationshipKey(a: string, b: string): RelationshipKey {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}

/**
 * Reads a key in either order and answers the sorted one.
 * @throws Rejection party-unknown, or field-invalid where it does not name two different parties
 */
export function readRelationshipKey(key: string, pointer: string): RelationshipKey {
  const [a, b, ...rest] = typeof key === 'string' ? key.split('-') : [];
  if (!a || !b || rest.length > 0)
    return reject('field-invalid', `${shortened(key)} does not name two parties; write it as COL-USA`, pointer);
  const sides = [readParty(a, pointer), readParty(b, pointer)] as const;
  if (a === b)
    return reject('field-invalid', `A relationship is between two different parties, not ${a} and itself; such as COL-USA`, pointer);
  return relationshipKey(...sides);
}

/** The two codes of a key that was read. */
export function partiesOf(key: RelationshipKey): [string, string] {
  const hyphen = key.indexOf('-');
  return [key.slice(0, hyphen), key.slice(hyphen + 1)];
}
