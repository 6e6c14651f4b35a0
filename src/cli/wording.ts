import { PARTIES } from '../domain/party.js';
import type { CitedSource } from '../domain/relationship/listing.js';
import type { Occurred } from '../domain/time.js';

/** An actor, or the target of an action or sanction. */
interface Somebody {
  name?: string;
  descriptor?: string;
  role?: string;
  party?: string;
  asStyled?: string;
  kind: string;
}

const UNNAMED = new Map([
  ['outlet', 'the outlet'],
  ['newsroom', 'this newsroom'],
  ['unnamed', 'somebody unnamed'],
  ['unstated', 'nobody is named'],
]);

/** Who it is, in a few words; nobody is given a name that no source gives. */
export function nameOf({ name, descriptor, role, party, asStyled, kind }: Somebody): string {
  const country = party === undefined ? undefined : partyName(party);
  if (name !== undefined || descriptor !== undefined) return name ?? descriptor ?? kind;
  if (role !== undefined && kind === 'unnamed') return `unnamed ${role}`;
  if (role !== undefined) return country === undefined ? role : `${country}: ${role}`;
  if (country !== undefined) return kind === 'government' ? country : `${country} (${kind})`;
  if (asStyled !== undefined) return kind === 'unnamed' ? `${asStyled} (unnamed)` : asStyled;
  return UNNAMED.get(kind) ?? kind;
}

export function namesOf(actors: readonly Somebody[]): string {
  return actors.map(nameOf).join(', ');
}

export function partyName(code: string): string {
  return PARTIES.get(code)?.name ?? code;
}

/**
 * When it was: `2026-02-03`, `2025-10`, `by 2025-12-01` (no day is given; known by then), `2026-01-04 … 2026-01-05` (at some time within).
 * A star marks a date that an editor inferred.
 */
export function dateOf({ earliest, latest, edtf, precision, basis }: Occurred): string {
  const star = basis === 'stated' ? '' : ' *';
  if ((precision === 'month' || precision === 'year') && edtf !== undefined && /^[\d-]+$/.test(edtf)) return edtf + star;
  if (earliest === null) return latest === null ? 'no date' : `by ${latest}${star}`;
  if (latest === null) return `from ${earliest}${star}`;
  const between = edtf?.includes('/') ? '–' : '…';
  return (earliest === latest ? earliest : `${earliest} ${between} ${latest}`) + star;
}

/** How the source itself puts the date, where it does. */
export function statedDate({ statedAs }: Occurred): string[] {
  return statedAs === undefined ? [] : [`dated “${statedAs}”`];
}

/** Each source with the places in it, and whose word each is. */
export function sourcesOf(citations: readonly CitedSource[]): string[] {
  return [...Map.groupBy(citations, ({ source }) => source).values()].map((places) => {
    const where = [...new Set(places.map(placeOf))].filter((place) => place !== '');
    return [...places.slice(0, 1).map(titleOf), ...(where.length === 0 ? [] : [where.join('; ')])].join(': ');
  });
}

function titleOf({ publisher, title, url, publishedAt, source }: CitedSource): string {
  return [publisher, title ?? url ?? source, publishedAt?.slice(0, 10)].filter((part) => part !== undefined).join(', ');
}

function placeOf({ locator, attribution }: CitedSource): string {
  return [locator, attribution && `according to ${attribution}`].filter((part) => part !== undefined).join(', ');
}

/** `+5`, `−3.5`, `0`. */
export function signed(score: number): string {
  return `${score > 0 ? '+' : score < 0 ? '−' : ''}${Math.abs(score)}`;
}

/** `56.4`, with one digit after the point. */
export function rounded(points: number): string {
  return points.toFixed(1);
}

/** `1 record`, `2 records`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** `MeetingScheduled` or `meeting-scheduled` as `meeting scheduled`. */
export function inWords(name: string): string {
  return name
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
    .replaceAll('-', ' ')
    .toLowerCase();
}
