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

/** A cursor pins the moment of the first page, so that paging through a list that grows, or past midnight, neither skips nor repeats. */
interface Cursor {
  position: bigint;
  asOf: Day;
  offset: number;
}

/** The question of the page that a cursor leads to: at the moment of the first one. */
export function pinned(at: At, { cursor }: Paging): At {
  if (cursor === undefined) return at;
  const { position, asOf } = readCursor(cursor);
  return { ...at, asOf, knownAt: { position } };
}

export function pageOf<T>(items: readonly T[], { limit, cursor }: Paging, { position, asOf }: Moment): Page<T> {
  const offset = cursor === undefined ? 0 : readCursor(cursor).offset;
  const end = offset + limit;
  return { items: items.slice(offset, end), next: end < items.length ? writeCursor({ position, asOf, offset: end }) : null };
}

function writeCursor({ position, asOf, offset }: Cursor): string {
  return Buffer.from(JSON.stringify([position.toString(), asOf, offset])).toString('base64url');
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
    const [position, asOf, offset] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown, unknown];
    const readable = typeof position === 'string' && /^\d{1,18}$/.test(position) && typeof asOf === 'string' && isDay(asOf);
    return readable && Number.isSafeInteger(offset) && (offset as number) >= 0
      ? { position: BigInt(position), asOf, offset: offset as number }
      : undefined;
  } catch {
    return undefined;
  }
}
