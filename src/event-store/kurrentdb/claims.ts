import { randomUUID } from 'node:crypto';
import { jsonEvent, StreamNotFoundError, type JSONEventType } from '@kurrent/kurrentdb-client';
import type { IdempotencyKey } from '../event-store.js';
import { appendTo } from './append-to.js';
import type { Connection } from './connection.js';
import { actualVersion, persist } from './interruption.js';
import type { Names } from './names.js';

/** A filing that uses a key, said before it is stored: in these streams it is to be found, if it was. */
export interface Claim {
  hash: string;
  streams: string[];
}

type KeyClaimed = JSONEventType<'KeyClaimed', Claim & Record<string, unknown>>;

/** Every idempotency key has a stream of its own. So the key is found whatever is filed under it, and in whatever streams. */
export class Claims {
  readonly #connection: Connection;
  readonly #names: Names;

  constructor(connection: Connection, names: Names) {
    this.#connection = connection;
    this.#names = names;
  }

  /** Says that a filing uses the key. True if no other ever did. */
  async first(key: IdempotencyKey, streams: string[], deadline: number): Promise<boolean> {
    return (await this.#write(key, streams, 0, deadline)) === 'written';
  }

  /** Says so where others may have: at most once for the same content and streams. */
  async add(key: IdempotencyKey, streams: string[], deadline: number): Promise<void> {
    for (;;) {
      const claims = await this.of(key, deadline);
      const known = new Set(claims.filter(({ hash }) => hash === key.hash).flatMap((claim) => claim.streams));
      if (streams.every((stream) => known.has(stream))) return;
      if ((await this.#write(key, streams, claims.length, deadline)) === 'written') return;
    }
  }

  of({ id }: IdempotencyKey, deadline: number): Promise<Claim[]> {
    return persist(this.#connection, deadline, async (client) => {
      const claims: Claim[] = [];
      try {
        for await (const { event } of client.readStream<KeyClaimed>(this.#names.key(id))) if (event) claims.push(event.data);
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return claims;
    });
  }

  async #write({ id, hash }: IdempotencyKey, streams: string[], version: number, deadline: number): Promise<'written' | 'overtaken'> {
    const events = jsonEvent<KeyClaimed>({ id: randomUUID(), type: 'KeyClaimed', data: { hash, streams } });
    try {
      await persist(this.#connection, deadline, (client) => appendTo(client, this.#names.key(id), { events, version }));
      return 'written';
    } catch (error) {
      if (actualVersion(error) === undefined) throw error;
      return 'overtaken';
    }
  }
}
