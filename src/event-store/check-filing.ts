import { verify } from './event-hash.js';
import type { Append, IdempotencyKey, NewEvent, StoredEvent } from './event-store.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STREAM = /^[\x21-\x7e]{1,200}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MAX_INTEGER = 2 ** 31 - 1;

/** What every store refuses before it looks at the log. Throws TypeError: such a filing is a mistake in the program, not a conflict. */
export function checkFiling({ streams, key }: Append): void {
  if (streams.length === 0) refuse('a filing has no streams');
  const seen = new Set<string>();
  for (const { stream, expectedVersion, events } of streams) {
    if (seen.has(stream)) refuse(`a filing names stream ${stream} twice`);
    seen.add(stream);
    checkStream(stream);
    checkInteger(expectedVersion, 0);
    if (events.length === 0) refuse(`a filing has no events for stream ${stream}`);
    events.forEach(checkEvent);
  }
  if (key) checkKey(key);
}

/** What every store refuses to restore: a changed event, or events that are not in the order of the log they come from. */
export function checkRestored(events: readonly StoredEvent[]): void {
  events.forEach((event, index) => {
    const before = events[index - 1];
    checkStream(event.stream);
    checkInteger(event.version, 1);
    checkEvent(event);
    if (event.key) checkKey(event.key);
    if (!verify(event)) refuse(`the hash of event ${event.id} is not that of its content`);
    if (before && (before.position >= event.position || before.recordedAt > event.recordedAt)) {
      refuse(`event ${event.id} does not come after the one before it`);
    }
  });
}

function checkEvent({ id, schema, type }: NewEvent): void {
  checkUuid(id);
  checkInteger(schema, 1);
  if (type === '') refuse(`event ${id} has no type`);
}

function checkStream(stream: string): void {
  if (!STREAM.test(stream)) refuse(`${JSON.stringify(stream)} is no name of a stream: 1 to 200 printable ASCII characters`);
}

function checkKey({ id, hash }: IdempotencyKey): void {
  checkUuid(id);
  if (!SHA256.test(hash)) refuse(`${hash} is not a SHA-256 in lower-case hex`);
}

/** Lower case only: a UUID comes back from the store in lower case, and the hash is taken over it as it is written. */
function checkUuid(text: string): void {
  if (!UUID.test(text)) refuse(`${text} is not a UUID in lower case`);
}

function checkInteger(number: number, least: number): void {
  if (!Number.isInteger(number) || number < least || number > MAX_INTEGER) refuse(`${number} is not a whole number from ${least}`);
}

function refuse(why: string): never {
  throw new TypeError(`The log cannot store this: ${why}.`);
}
