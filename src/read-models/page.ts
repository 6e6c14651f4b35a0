import { reject } from '../domain/rejection.js';
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

function readCursor(cursor: string): Cursor {
  try {
    const [position, offset] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (typeof position === 'string' && /^\d{1,19}$/.test(position) && Number.isSafeInteger(offset) && (offset as number) >= 0)
      return { position, offset: offset as number };
  } catch {
    // Falls through: not a cursor that this service gave.
  }
  return reject('field-invalid', 'this is no cursor of this service; take "next" of the page before', 'cursor');
}
