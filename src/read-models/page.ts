import { isDay, type Day } from '../domain/day.js';
import type { At, Moment } from './views.js';

/** Where a list is to be read: how many items, and from which cursor. */
export interface Paging {
  limit: number;
  cursor?: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/**
 * A cursor pins the moment of the first page, so that paging through a list that grows, or past midnight, neither skips nor repeats. `place`:
 * how many items come before, or that of the last one, where the list is read in an order of its own.
 */
interface Cursor {
  position: bigint;
  asOf: Day;
  place: number | readonly string[];
}

/** The cursor leads to no place in this list: another one gave it. */
export class CursorUnreadable extends Error {
  override readonly name = 'CursorUnreadable';
}

/** What the place of an item is made of, in a list that is read in an order of its own. */
export type PlaceForm = readonly ('day' | 'number')[];

/** The question of the page that a cursor leads to: at the moment of the first one. */
export function pinned(at: At, { cursor }: Paging): At {
  if (cursor === undefined) return at;
  const { position, asOf } = readCursor(cursor);
  return { ...at, asOf, knownAt: { position } };
}

export function pageOf<T>(items: readonly T[], { limit, cursor }: Paging, { position, asOf }: Moment): Page<T> {
  const offset = cursor === undefined ? 0 : readCursor(cursor).place;
  if (typeof offset !== 'number') throw otherList();
  const end = offset + limit;
  return { items: items.slice(offset, end), next: end < items.length ? writeCursor({ position, asOf, place: end }) : null };
}

/** The place that the page begins at, or after; undefined for the first page. */
export function placeIn<F extends PlaceForm>({ cursor }: Paging, form: F): { -readonly [I in keyof F]: string } | undefined {
  if (cursor === undefined) return undefined;
  const { place } = readCursor(cursor);
  if (typeof place === 'number' || place.length !== form.length || !place.every((part, i) => isDay(part) === (form[i] === 'day')))
    throw otherList();
  return place as { -readonly [I in keyof F]: string };
}

function otherList(): CursorUnreadable {
  return new CursorUnreadable('The parameter "cursor" is of another list: give "next" of the page before, or leave it out.');
}

/** A page that was read from its place on; `next` is that of its last item, where there is more. */
export function pageFrom<T>(items: T[], next: readonly string[] | undefined, { position, asOf }: Moment): Page<T> {
  return { items, next: next === undefined ? null : writeCursor({ position, asOf, place: next }) };
}

function writeCursor({ position, asOf, place }: Cursor): string {
  return Buffer.from(JSON.stringify([position.toString(), asOf, place])).toString('base64url');
}

/** Whether a text is a cursor that this service gives. */
export function isCursor(text: string): boolean {
  return tryCursor(text) !== undefined;
}

function readCursor(text: string): Cursor {
  const cursor = tryCursor(text);
  if (cursor === undefined) throw new TypeError(`"${text}" is no cursor of this service`);
  return cursor;
}

function tryCursor(text: string): Cursor | undefined {
  try {
    const [position, asOf, place] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown, unknown];
    const readable = typeof position === 'string' && /^\d{1,18}$/.test(position) && typeof asOf === 'string' && isDay(asOf);
    return readable && isPlace(place) ? { position: BigInt(position), asOf, place } : undefined;
  } catch {
    return undefined;
  }
}

function isPlace(place: unknown): place is Cursor['place'] {
  if (typeof place === 'number') return Number.isSafeInteger(place) && place >= 0;
  return Array.isArray(place) && place.every((part) => typeof part === 'string' && (isDay(part) || /^\d{1,18}$/.test(part)));
}
