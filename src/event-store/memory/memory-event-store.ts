import { randomUUID } from 'node:crypto';
import { eventsIn, observed } from '../append-observer.js';
import { checkFiling, checkRestored } from '../check-filing.js';
import { seal } from '../event-hash.js';
import {
  EventStore,
  StoreUnavailable,
  type Append,
  type AppendOutcome,
  type EventFilter,
  type Head,
  type StoredEvent,
} from '../event-store.js';

/** The log in memory, for specs: the same contract, but nothing lasts. */
export class MemoryEventStore extends EventStore {
  override readonly gapless: boolean = true;
  readonly #log = randomUUID();
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #keys = new Map<string, StoredEvent[]>();
  readonly #ids = new Set<string>();
  readonly #closing = new AbortController();
  /** Resolved and replaced whenever something is stored. */
  #news = Promise.withResolvers<void>();
  #restored = 0;

  override async append(filing: Append): Promise<AppendOutcome> {
    checkFiling(filing);
    if (this.#closing.signal.aborted) throw new StoreUnavailable('The log is closed.');
    this.observer?.committed(1, eventsIn(filing));
    return observed(this.observer, () => this.#append(filing));
  }

  async #append(filing: Append): Promise<AppendOutcome> {
    const events = this.#number(filing);
    const earlier = filing.key && this.#keys.get(filing.key.id);
    if (earlier) {
      const same = earlier[0]?.key?.hash === filing.key?.hash;
      return same ? { outcome: 'stored', replayed: true, events: structuredClone(earlier) } : { outcome: 'key-reused' };
    }
    for (const { stream, expectedVersion: expected } of filing.streams) {
      const actual = this.#versionOf(stream);
      if (actual !== expected) return { outcome: 'conflict', stream, expected, actual };
    }
    this.#store(events);
    return { outcome: 'stored', replayed: false, events: structuredClone(events) };
  }

  override async readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    return new Map(streams.map((stream) => [stream, structuredClone(this.#streams.get(stream) ?? [])]));
  }

  override async readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]> {
    const rest = this.#events.slice(Number(after));
    const wanted = filter?.types === undefined ? rest : rest.filter(({ type }) => filter.types?.includes(type));
    return structuredClone(wanted.slice(0, limit));
  }

  override async *subscribe(
    after: bigint,
    { filter, signal, batchSize = 500 }: { filter?: EventFilter; signal: AbortSignal; batchSize?: number },
  ): AsyncGenerator<StoredEvent[], void, undefined> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    const aborted = new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true }));
    let position = after;
    while (!until.aborted) {
      const news = this.#news.promise;
      const batch = await this.readAll(position, batchSize, filter);
      if (batch.length === 0) {
        await Promise.race([news, aborted]);
        continue;
      }
      position = batch.at(-1)!.position;
      yield batch;
    }
  }

  override async head(): Promise<Head> {
    const last = this.#events.at(-1);
    return { log: this.#log, position: last?.position ?? 0n, recordedAt: last?.recordedAt ?? null };
  }

  override async restore(events: readonly StoredEvent[]): Promise<void> {
    checkRestored(events);
    if (this.#events.length !== this.#restored)
      throw new Error('Only an empty log can be restored, and this one has events that were appended.');
    const nextVersions = new Map<string, number>();
    for (const { stream, version } of events) {
      if (version !== (nextVersions.get(stream) ?? this.#versionOf(stream) + 1))
        throw new Error(`The events to restore leave a gap in stream ${stream}.`);
      nextVersions.set(stream, version + 1);
    }
    const last = this.#events.at(-1);
    if (last && events[0] && events[0].recordedAt < last.recordedAt)
      throw new Error('The events to restore are older than the last one in the log.');
    this.#store(events.map((event, index) => ({ ...structuredClone(event), position: BigInt(this.#events.length + 1 + index) })));
    this.#restored = this.#events.length;
  }

  override async close(): Promise<void> {
    this.#closing.abort();
  }

  #versionOf(stream: string): number {
    return this.#streams.get(stream)?.length ?? 0;
  }

  /** The events as they will be stored: exactly what their JSON says. Throws what cannot be stored. */
  #number({ streams, key }: Append): StoredEvent[] {
    const last = this.#events.at(-1);
    const recordedAt = new Date(Math.max(Date.now(), last?.recordedAt.getTime() ?? 0));
    let position = last?.position ?? 0n;
    return streams.flatMap(({ stream, expectedVersion, events }) =>
      events.map((event, index): StoredEvent => {
        const version = expectedVersion + 1 + index;
        const { data, metadata, hash } = seal(event, stream, version, key);
        const { id, type, schema } = event;
        const json: Pick<StoredEvent, 'data' | 'metadata'> = { data: JSON.parse(data), metadata: JSON.parse(metadata) };
        return { id, type, schema, ...json, stream, version, position: ++position, recordedAt, hash, ...(key && { key }) };
      }),
    );
  }

  #store(events: readonly StoredEvent[]): void {
    const firstWith = new Map(events.map(({ id }, index) => [id, index]));
    const taken = events.find(({ id }, index) => this.#ids.has(id) || index !== firstWith.get(id));
    if (taken) throw new Error(`There is an event ${taken.id} in the log already.`);
    for (const event of events) {
      this.#events.push(event);
      this.#ids.add(event.id);
      push(this.#streams, event.stream, event);
      if (event.key) push(this.#keys, event.key.id, event);
    }
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
