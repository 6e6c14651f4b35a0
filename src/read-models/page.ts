import type { At } from './views.js';

/** Where a list is to be read: how many items, and from which cursor. */
export interface Paging {
  limit: number;
  cursor?: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** A cursor pins the position of the first page, so that paging through a list that grows neither skips nor repeats. */
interface Cursor {
  position: string;
  offset: number;
}

/** The question of the page that a cursor leads to: at the position of the first one. */
export function pinned(at: At, { cursor }: Paging): At {
  return cursor === undefined ? at : { ...at, knownAt: { position: BigInt(readCursor(cursor).position) } };
}

export function pageOf<T>(items: readonly T[], { limit, cursor }: Paging, position: bigint): Page<T> {
  const offset = cursor === undefined ? 0 : readCursor(cursor).offset;
  const end = offset + limit;
  return { items: items.slice(offset, end), next: end < items.length ? writeCursor({ position: position.toString(), offset: end }) : null };
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.position, cursor.offset])).toString('base64url');
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
    const [position, offset] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    const readable = typeof position === 'string' && /^\d{1,18}$/.test(position) && Number.isSafeInteger(offset) && (offset as number) >= 0;
    return readable ? { position, offset: offset as number } : undefined;
  } catch {
    return undefined;
  }
}
