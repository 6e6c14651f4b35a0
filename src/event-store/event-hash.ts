import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { IdempotencyKey, NewEvent, StoredEvent } from './event-store.js';

/** What the hash of an event is taken over: everything but where and when the log keeps it. */
export type HashedEvent = Pick<StoredEvent, keyof NewEvent | 'stream' | 'version' | 'key'>;

/** An event ready to be stored: data and metadata as RFC 8785 canonical JSON, and the event's hash. */
export interface SealedEvent {
  data: string;
  metadata: string;
  hash: string;
}

/** Throws when data or metadata cannot be written as JSON (NaN, Infinity, a lone surrogate, a circle). */
export function seal(event: NewEvent, stream: string, version: number, key?: IdempotencyKey): SealedEvent {
  const data = canonicalJson(event.data);
  const metadata = canonicalJson(event.metadata);
  // Members in the order RFC 8785 sorts them, so that data and metadata are serialized once for hash and storage.
  const canonical =
    `{"data":${data},"id":"${event.id}",` +
    (key === undefined ? '' : `"key":{"hash":"${key.hash}","id":"${key.id}"},`) +
    `"metadata":${metadata},"schema":${event.schema},"stream":${canonicalJson(stream)},"type":${canonicalJson(event.type)},"version":${version}}`;
  return { data, metadata, hash: hash('sha256', canonical, 'hex') };
}

/** SHA-256 (hex) over the RFC 8785 canonical JSON of {id, stream, version, type, schema, data, metadata, key?}. */
export function hashOf(event: HashedEvent): string {
  return seal(event, event.stream, event.version, event.key).hash;
}

/** Whether the event is still the one that was stored. */
export function verify(event: StoredEvent): boolean {
  return hashOf(event) === event.hash;
}
