import { DatabaseError } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';

/** What PostgreSQL says of a value that it cannot take: its cardinality, the value itself, a constraint, a limit. */
const VALUE = /^(21|22|23|54)/;
/** What folding says of data that it cannot fold. */
const DATA = new Set(['TypeError', 'RangeError', 'SyntaxError', 'Rejection', 'UnreadableEvent']);

/** Whether what failed would fail again in the same way, because of what an event holds; all else passes, or is for an operator to mend. */
export function isFaultOfAnEvent(error: unknown): boolean {
  if (error instanceof DatabaseError) return VALUE.test(error.code ?? '');
  return error instanceof Error && DATA.has(error.name);
}

/**
 * Does something with events. Where one of them is at fault, that one is found by trying halves, and done again by itself with what is wrong
 * with it; all others are done as if it were not there.
 */
export async function inPieces(
  events: readonly StoredEvent[],
  attempt: (events: readonly StoredEvent[], fault?: unknown) => Promise<void>,
): Promise<void> {
  try {
    await attempt(events);
  } catch (error) {
    if (!isFaultOfAnEvent(error)) throw error;
    if (events.length === 1) return attempt(events, error);
    const half = Math.ceil(events.length / 2);
    await inPieces(events.slice(0, half), attempt);
    await inPieces(events.slice(half), attempt);
  }
}
