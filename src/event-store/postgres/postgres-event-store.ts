import type { Pool } from 'pg';
import { observed } from '../append-observer.js';
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
import { prepare, type PreparedFiling } from './append-call.js';
import { Appender } from './appender.js';
import { checkDatabase } from './check-database.js';
import { EVENT_COLUMNS, readEvents } from './event-row.js';
import { GroupCommit } from './group-commit.js';
import { Hints } from './hints.js';
import { ask, persistently } from './interruption.js';
import { restore } from './restore.js';
import { follow } from './subscription.js';

export interface PostgresEventStoreOptions {
  /** Reads int8 as BigInt and timestamptz as Date (createPool does). Stays open when the store is closed. */
  pool: Pool;
  /**
   * Connection URL for hints from other instances; without it their events are found by polling alone. LISTEN needs a
   * session of its own: not the address of a pooler.
   */
  listen?: string;
}

/** The log in the schema `log` of a PostgreSQL database, made by the migrations beside this file. */
export class PostgresEventStore extends EventStore {
  override readonly gapless = true;
  readonly #pool: Pool;
  readonly #hints: Hints;
  readonly #commits: GroupCommit<PreparedFiling, AppendOutcome>;
  readonly #closing = new AbortController();

  constructor({ pool, listen }: PostgresEventStoreOptions) {
    super();
    this.#pool = pool;
    this.#hints = new Hints(pool, listen);
    const appender = new Appender(pool, this.#hints);
    this.#commits = new GroupCommit((batch) => {
      this.observer?.committed(batch.length, sum(batch.map(({ filing }) => filing.events)));
      return appender.commit(batch);
    });
  }

  /** Checks that the database can keep the log's promises. Throws an error that says what to change. */
  async open(): Promise<void> {
    await checkDatabase(this.#pool);
    this.#hints.listen();
  }

  override async append(filing: Append): Promise<AppendOutcome> {
    checkFiling(filing);
    if (this.#closing.signal.aborted) throw new StoreUnavailable('The log is closed.');
    return observed(this.observer, () => this.#commits.add(prepare(filing)));
  }

  override async readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    const found = new Map<string, StoredEvent[]>(streams.map((stream) => [stream, []]));
    const sql = `select ${EVENT_COLUMNS} from log.event where stream = any ($1::text[]) order by stream, version`;
    const events = await persistently(() => readEvents(this.#pool, sql, [streams]));
    for (const event of events) found.get(event.stream)?.push(event);
    return found;
  }

  override readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]> {
    const sql = `
      select ${EVENT_COLUMNS} from log.event
      where position > $1 and ($3::text[] is null or type = any ($3)) order by position limit $2`;
    return persistently(() => readEvents(this.#pool, sql, [after, limit, filter?.types]));
  }

  override subscribe(
    after: bigint,
    { filter, signal, batchSize = 500 }: { filter?: EventFilter; signal: AbortSignal; batchSize?: number },
  ): AsyncIterable<StoredEvent[]> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    return follow({ pool: this.#pool, hints: this.#hints, after, types: filter?.types, batchSize, signal: until });
  }

  override async head(): Promise<Head> {
    const sql = `
      select log.id as log, coalesce(last.position, 0) as position, last.recorded_at as "recordedAt"
      from log.log left join lateral (select position, recorded_at from log.event order by position desc limit 1) last on true`;
    const [head] = await persistently(() => ask<Head>(this.#pool, sql, []));
    if (head === undefined) throw new Error('The log has lost its id: the table log.log is empty.');
    return head;
  }

  override async restore(events: readonly StoredEvent[]): Promise<void> {
    await restore(this.#pool, events);
    this.#hints.appended();
  }

  override async close(): Promise<void> {
    this.#closing.abort();
    await this.#commits.idle();
    await this.#hints.close();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
