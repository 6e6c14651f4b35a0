import { createHash, randomUUID } from 'node:crypto';
import type { Append } from '../src/event-store/event-store.js';

/** A UUIDv7 made at so little cost that it does not count: half of it is a random UUID. */
export function timeOrderedId(): string {
  const milliseconds = Date.now().toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${randomUUID().slice(15)}`;
}

const KEY_HASH = createHash('sha256').update('{}').digest('hex');

/** One event of about 400 bytes to a new stream. */
export function filing(keyed: boolean): Append {
  const id = keyed ? randomUUID : timeOrderedId;
  const event = { id: id(), type: 'StatementRecorded', schema: 1, data: DATA, metadata: METADATA };
  const streams = [{ stream: `statement-${id()}`, expectedVersion: 0, events: [event] }];
  return keyed ? { streams, key: { id: randomUUID(), hash: KEY_HASH } } : { streams };
}

export const DATA = {
  by: 'USA',
  about: ['COL'],
  on: { edtf: '2025-10-19', asWritten: 'on Sunday' },
  form: 'social-media-post',
  stance: 'hostile',
  gist: 'Announces that payments and subsidies to the country end, and names its president as the reason.',
  citation: { source: 'source-018f3a5c-7c1e-7d33-9a51-2f8b7f0c1d2e', locator: 'paragraph 4', quote: 'no longer be made' },
};
export const METADATA = { by: 'desk', entry: 3 };
