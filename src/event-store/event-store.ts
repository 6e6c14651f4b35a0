import type { AppendObserver } from './append-observer.js';

/** What a caller asks to have stored. `data` and `metadata` are JSON values; `schema` is the event type's own version number. */
export interface NewEvent {
  /** UUID: v5 of (scope, key, index, hash) where the filing has an idempotency key, else v7. */
  id: string;
  type: string;
  schema: number;
  data: object;
  metadata: EventMetadata;
}

/** Who filed it, and what is needed to answer the same filing again. */
export interface EventMetadata {
  /** Name of the API key that filed it. */
  by: string;
  /** Index of the entry of an article that this event belongs to; absent for a single command. */
  entry?: number;
  [name: string]: unknown;
}

export interface StoredEvent extends NewEvent {
  /** The stream is the record's id. */
  stream: string;
  /** 1 for the first event of its stream, then without gaps. */
  version: number;
  /** Place in the log, in commit order, from 1; gapless on PostgreSQL. Written as a decimal string in answers. */
  position: bigint;
  /** UTC, milliseconds, by the store's clock; never goes backwards in the order of positions. */
  recordedAt: Date;
  /** SHA-256 (hex) over the RFC 8785 canonical JSON of {id, stream, version, type, schema, data, metadata, key?}. */
  hash: string;
  key?: IdempotencyKey;
}

/** An idempotency key as the store keeps it: `id` = UUIDv5 of (caller, method, path, key); `hash` = SHA-256 hex of the canonical JSON body. */
export interface IdempotencyKey {
  id: string;
  hash: string;
}

/** The events of one filing that go to one stream. */
export interface StreamAppend {
  stream: string;
  /** The version the stream has now; 0 = it must not exist. */
  expectedVersion: number;
  /** The filer chose the name of this new stream, so another may choose the same at the same time. */
  chosen?: boolean;
  /** At least one. */
  events: readonly NewEvent[];
}

/** One filing: one or several different streams, stored all or nothing, in the given order with nothing in between. */
export interface Append {
  streams: readonly StreamAppend[];
  key?: IdempotencyKey;
}

export type AppendOutcome =
  /** Stored durably now, or (`replayed`) earlier by the same filing: same key and same hash. `events` in the order of their positions. */
  | { outcome: 'stored'; replayed: boolean; events: readonly StoredEvent[] }
  /** Nothing stored: the first stream found at another version than expected. */
  | { outcome: 'conflict'; stream: string; expected: number; actual: number }
  /** Nothing stored: the key was used by a filing with another hash. */
  | { outcome: 'key-reused' }
  /** Nothing stored: this store takes at most one stream that exists, or whose name was chosen, in a filing, and these are more. */
  | { outcome: 'cannot-append-many'; streams: readonly string[] };

export interface EventFilter {
  types?: readonly string[];
}

export interface Head {
  /** The id of this log, made once. */
  log: string;
  /** Position of the last event; 0n when the log is empty. */
  position: bigint;
  /** When the last event was recorded; null when the log is empty. */
  recordedAt: Date | null;
}

/** The store cannot be reached or did not answer in time. What was being appended may still have been stored: ask again with the same key. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Nothing is stored as long as the clock of this machine is far off that of the store: times of recording would be wrong. */
export class ClockAstray extends Error {
  override readonly name = 'ClockAstray';
}

/**
 * The log: the one source of truth. An abstract class, so that it is type and injection token in one.
 * Every adapter passes the contract suite in test/contracts.
 */
export abstract class EventStore {
  /** Is told how appending goes; whoever opens the log for a service that is watched names one. */
  observer?: AppendObserver;

  /** Whether positions are 1, 2, 3 and so on, so that they count events; else they only rise. */
  abstract readonly gapless: boolean;

  /** Stores one filing. Throws StoreUnavailable when the outcome is unknown, ClockAstray before anything is; refuses an append without events (TypeError). */
  abstract append(filing: Append): Promise<AppendOutcome>;

  /** All events of these streams, each in the order of its versions; a stream that does not exist maps to an empty array. */
  abstract readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>>;

  /** Up to `limit` events with a position greater than `after`, in log order. */
  abstract readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]>;

  /**
   * Every event after `after`, in log order, in non-empty batches, then live as they are committed; never skips, never repeats.
   * Pull-based: the next batch is read when it is asked for. Survives interruptions of the store. Ends when `signal` aborts.
   */
  abstract subscribe(
    after: bigint,
    options: { filter?: EventFilter; signal: AbortSignal; batchSize?: number },
  ): AsyncIterable<StoredEvent[]>;

  abstract head(): Promise<Head>;

  /** Throws where nothing can be filed just now. */
  async ready(): Promise<void> {
    await this.head();
  }

  /** Keeps ids, versions, positions' order, recorded times, keys and hashes. Only on an empty log or one that it is itself filling (import, copy). */
  abstract restore(events: readonly StoredEvent[]): Promise<void>;

  /** Stops subscriptions and appends in flight are awaited. */
  abstract close(): Promise<void>;
}
