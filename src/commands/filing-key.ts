import { hash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { canonicalJson } from '../event-store/canonical-json.js';
import type { IdempotencyKey } from '../event-store/event-store.js';
import type { FilingRequest } from './messages.js';
import { newUuid } from './new-id.js';

/** A namespace of our own for the ids made from idempotency keys; fixed for ever. */
const NAMESPACE = '6f1d1a54-6f0b-5c0e-9d0e-8f3f4b1c2a77';

/** A new record's id: made from the key where there is one, so that a retry finds itself. `name` is its place in the filing. */
export function newRecordId(kind: string, key: IdempotencyKey | undefined, name: string): string {
  return `${kind}-${key === undefined ? newUuid() : uuidv5(name, key.id)}`;
}

/** The key of a request, its own for each caller, method and path, with the hash of what was sent. */
export function idempotencyKey({ by, method, path, key, body }: FilingRequest): IdempotencyKey | undefined {
  if (key === undefined) return undefined;
  return { id: uuidv5(JSON.stringify([by, method, path, key]), NAMESPACE), hash: contentHash(body) };
}

/** SHA-256 (hex) of the canonical JSON. */
export function contentHash(value: unknown): string {
  return hash('sha256', canonicalJson(value ?? null), 'hex');
}

/** An event's id: `index` is its place among those of the filing. */
export function eventId(key: IdempotencyKey | undefined, index: number): string {
  return key === undefined ? newUuid() : uuidv5(`${index} ${key.hash}`, key.id);
}
