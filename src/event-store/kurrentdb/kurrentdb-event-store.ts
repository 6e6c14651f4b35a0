import { eventsIn, observed } from '../append-observer.js';
import { checkFiling } from '../check-filing.js';
import {
  EventStore,
  StoreUnavailable,
  type Append,
  type AppendOutcome,
  type EventFilter,
  type Head,
  type StoredEvent,
} from '../event-store.js';
import { Appender } from './appender.js';
import { Clock } from './clock.js';
import { Completion } from './completion.js';
import type { Connection } from './connection.js';
import { Heads } from './heads.js';
import { LogReader } from './log-reader.js';
import { Names } from './names.js';
import { restore } from './restore.js';
import { ServerClock } from './server-clock.js';
import { follow } from './subscription.js';

export interface KurrentEventStoreOptions {
  /** Closed with the store. */
  connection: Connection;
  /** What the names of this log's streams begin with; no log on the same server may have one that begins with it. */
  prefix: string;
  /** The id of the log. */
  log: string;
  /** Commit position of the event that began it. */
  begin: bigint;
  /** This machine's clock. */
  now: () => number;
}

/** The log in a KurrentDB server: one stream for each record. Made by `connect`. */
export class KurrentEventStore extends EventStore {
  override readonly gapless = false;
  readonly #connection: Connection;
  readonly #heads: Heads;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #log: LogReader;
  readonly #appender: Appender;
  readonly #completion: Completion;
  readonly #closing = new AbortController();
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor({ connection, prefix, log, begin, now }: KurrentEventStoreOptions) {
    super();
    this.#connection = connection;
    const names = new Names(prefix);
    this.#clock = new Clock(now);
    this.#serverClock = new ServerClock({ connection, names, now });
    this.#log = new LogReader({ connection, names, clock: this.#clock, begin });
    this.#heads = new Heads(this.#log, log);
    this.#appender = new Appender({ log: this.#log, clock: this.#clock, serverClock: this.#serverClock });
    this.#completion = new Completion(this.#log);
  }

  override async append(filing: Append): Promise<AppendOutcome> {
    checkFiling(filing);
    if (this.#closing.signal.aborted) throw new StoreUnavailable('The log is closed.');
    // Nothing is gathered here: each filing is a commit by itself.
    this.observer?.committed(1, eventsIn(filing));
    const outcome = observed(this.observer, () => this.#appender.add(filing));
    const ended = outcome.catch(() => undefined).finally(() => this.#inFlight.delete(ended));
    this.#inFlight.add(ended);
    return outcome;
  }

  override readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    return this.#log.readStreams(streams);
  }

  override readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]> {
    return this.#log.readAll(after, limit, filter);
  }

  override subscribe(
    after: bigint,
    { filter, signal, batchSize = 500 }: { filter?: EventFilter; signal: AbortSignal; batchSize?: number },
  ): AsyncIterable<StoredEvent[]> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    return follow({ log: this.#log, after, filter, batchSize, signal: until });
  }

  override head(): Promise<Head> {
    return this.#heads.head();
  }

  override async ready(): Promise<void> {
    await Promise.all([this.head(), this.#serverClock.check()]);
  }

  override async restore(events: readonly StoredEvent[]): Promise<void> {
    await restore(this.#log, this.#appender, events);
    for (const { recordedAt } of events) this.#clock.learn(recordedAt);
  }

  /**
   * Completes filings whose filer was cut off before all their streams had their events, and answers how many events were missing.
   * To be called every few seconds by one instance; each call looks only at what is new in the log.
   */
  completeCarriers(): Promise<number> {
    return this.#completion.complete();
  }

  override async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#inFlight);
    await this.#connection.close();
  }
}
