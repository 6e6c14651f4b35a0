import { randomUUID } from 'node:crypto';
import type { Append, IdempotencyKey, NewEvent, StoredEvent, StreamAppend } from '../../src/event-store/event-store.js';

/** What specs file. Ids are random, as they may be: nothing in a log depends on their order. */
export function newEvent(event: Partial<NewEvent> = {}): NewEvent {
  const data = { gist: 'Announces a tariff — “más aranceles” 关税', stance: 'hostile', shares: [0.5, 1e21, -3], about: null };
  return { id: randomUUID(), type: 'StatementRecorded', schema: 1, data, metadata: { by: 'desk' }, ...event };
}

export function newEvents(count: number, event: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, () => newEvent(event));
}

export function newKey(hash = 'a'.repeat(64)): IdempotencyKey {
  return { id: randomUUID(), hash };
}

/** A filing of so many events to a stream that is new, unless a version is given. */
export function filing(
  { stream = randomUUID(), expectedVersion = 0, events = newEvents(1) }: Partial<StreamAppend> = {},
  key?: IdempotencyKey,
): Append {
  return { streams: [{ stream, expectedVersion, events }], key };
}

/** A filing of three new records with two events each. */
export function article(): Append {
  return { streams: Array.from({ length: 3 }, () => filing({ events: newEvents(2) }).streams[0]!), key: newKey() };
}

export function types(events: readonly StoredEvent[]): string[] {
  return events.map(({ type }) => type);
}

export function positions(events: readonly StoredEvent[]): bigint[] {
  return events.map(({ position }) => position);
}

/** `count` positions from `first` without a gap. */
export function consecutive(first: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => first + BigInt(index));
}

/** A small seeded generator of numbers from 0 up to 1 (mulberry32). Prints its seed; a failure is repeated with SEED=…. */
export function seededRandom(seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))): () => number {
  process.stdout.write(`seed ${seed}\n`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
