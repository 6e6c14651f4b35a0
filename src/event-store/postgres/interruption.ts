import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError, type Pool, type QueryResultRow } from 'pg';
import { StoreUnavailable } from '../event-store.js';

/** How long an append or a read is tried, in milliseconds. */
export const PATIENCE = 5000;

// Connection exception, insufficient resources, operator intervention (shutdown, restart, cancel), system error,
// and a server that has become a standby.
const INTERRUPTIONS = /^(08|53|57|58)|^25006$/;
const LOCK_TIMEOUT = '55P03';
// Unknown statement name, name taken, result type changed.
const STATEMENT_LOST = new Set(['26000', '42P05', '0A000']);

/** Whether the database could not be asked or broke off: everything that is not its own answer about the statement. */
export function isInterruption(error: unknown): boolean {
  return !(error instanceof DatabaseError) || INTERRUPTIONS.test(error.code ?? '') || isLockTimeout(error);
}

/** Tries again after each interruption, with back-off, until `deadline` (milliseconds of performance.now()). */
export async function persist<T>(deadline: number, attempt: (number: number, milliseconds: number) => Promise<T>): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number, Math.max(1, deadline - performance.now()));
    } catch (error) {
      if (!isInterruption(error)) throw error;
      const pause = Math.min(20 * 2 ** number, 500);
      if (isLockTimeout(error) || performance.now() + pause > deadline) throw unavailable(error);
      await delay(pause);
    }
  }
}

/** A read, which can be tried again safely. */
export function persistently<T>(read: () => Promise<T>): Promise<T> {
  return persist(performance.now() + PATIENCE, read);
}

/** A statement that must not be tried again blindly. */
export async function once<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw isInterruption(error) ? unavailable(error) : error;
  }
}

/**
 * The rows of a statement. Gives up after so many milliseconds, also when the database does not answer at all.
 * A statement with a name is parsed and planned once per connection.
 */
export async function ask<R extends QueryResultRow>(
  pool: Pool,
  text: string,
  values: unknown[],
  { milliseconds = PATIENCE, name }: { milliseconds?: number; name?: string } = {},
): Promise<R[]> {
  // query_timeout throws away the connection that hangs; the timer also covers the wait for a connection.
  const query = { name, text, values, query_timeout: milliseconds };
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${Math.ceil(milliseconds)} ms`)), milliseconds + 10);
  try {
    return (await Promise.race([pool.query<R>(query), late])).rows;
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown): StoreUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnavailable(`The log cannot be reached: ${reason}`, { cause });
}

/** A named statement is not where it was: a pooler has changed the connection under it, or a migration the function. Nothing was done. */
export function isStatementLost(error: unknown): boolean {
  return error instanceof DatabaseError && STATEMENT_LOST.has(error.code ?? '');
}

/** Another writer held the log's lock for too long; waiting again would only lengthen the queue. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === LOCK_TIMEOUT;
}
