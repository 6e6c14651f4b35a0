import { setTimeout as delay } from 'node:timers/promises';
import { ErrorType, isCommandError, type KurrentDBClient, WrongExpectedVersionError } from '@kurrent/kurrentdb-client';
import { StoreUnavailable } from '../event-store.js';
import type { Connection } from './connection.js';

/** How long an append or a read is tried, in milliseconds. */
export const PATIENCE = 5000;
/** How long one attempt may take before the connection is taken to hang. */
const ATTEMPT = 2000;
const LONGEST_BACK_OFF = 2000;
const LONGEST_READ = 60_000;

/** The server's own answers about what it was asked. */
const ANSWERS = new Set<string>([
  ErrorType.WRONG_EXPECTED_VERSION,
  ErrorType.STREAM_NOT_FOUND,
  ErrorType.STREAM_DELETED,
  ErrorType.STREAM_TOMBSTONED,
  ErrorType.ACCESS_DENIED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.UNSUPPORTED,
]);

/** Whether the server could not be asked or broke off: everything that is neither its own answer nor a mistake in the program. */
export function isInterruption(error: unknown): boolean {
  if (error instanceof Error && isCommandError(error)) return !ANSWERS.has(error.type);
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof StoreUnavailable);
}

/** The version a stream has, where an append found it at another one than expected. */
export function actualVersion(error: unknown): number | undefined {
  if (!(error instanceof WrongExpectedVersionError)) return undefined;
  return typeof error.actualState === 'bigint' ? Number(error.actualState) + 1 : 0;
}

/** Tries again after each interruption, with back-off, until `deadline` (milliseconds of performance.now()). */
export async function persist<T>(
  connection: Connection,
  deadline: number,
  attempt: (client: KurrentDBClient, number: number) => Promise<T>,
  longest = ATTEMPT,
): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await tryOnce(connection, Math.min(longest, deadline - performance.now()), (client) => attempt(client, number));
    } catch (error) {
      if (!isInterruption(error)) throw error;
      const pause = Math.min(20 * 2 ** number, 500);
      if (performance.now() + pause > deadline) throw unavailable(error);
      await delay(pause);
    }
  }
}

/** A read, for as long as a request may take. */
export function persistently<T>(connection: Connection, read: (client: KurrentDBClient) => Promise<T>): Promise<T> {
  return persist(connection, performance.now() + PATIENCE, read);
}

/** A read that waits for the server however long it is away; undefined once `signal` aborts. */
export async function patiently<T>(
  connection: Connection,
  signal: AbortSignal,
  read: (client: KurrentDBClient) => Promise<T>,
): Promise<T | undefined> {
  // A read takes long where others have appended much between two events of ours.
  let time = PATIENCE;
  for (let pause = 20; !signal.aborted; pause = Math.min(2 * pause, LONGEST_BACK_OFF), time = Math.min(2 * time, LONGEST_READ)) {
    try {
      return await untilAborted(tryOnce(connection, time, read), signal);
    } catch (error) {
      if (!isInterruption(error)) throw error;
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Tells the connection how it went. Gives up after so many milliseconds, also when the server does not answer at all. */
async function tryOnce<T>(connection: Connection, milliseconds: number, attempt: (client: KurrentDBClient) => Promise<T>): Promise<T> {
  const { client } = connection;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${Math.ceil(milliseconds)} ms`)), milliseconds);
  try {
    const answer = await Promise.race([attempt(client), late]);
    connection.answered(client);
    return answer;
  } catch (error) {
    if (isInterruption(error)) connection.failed(client);
    else connection.answered(client);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The reader is let go at once, also when the server does not answer. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function unavailable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable('The log cannot be reached: KurrentDB did not answer in time.', { cause });
}
