import { BACKWARDS, END, FORWARDS, StreamNotFoundError, streamNameFilter, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { EventFilter, StoredEvent } from '../event-store.js';
import { Assembler } from './assembler.js';
import { RunningTime, type Clock } from './clock.js';
import type { Connection } from './connection.js';
import { readRecorded, type Recorded } from './envelope.js';
import { persistently } from './interruption.js';
import type { Names } from './names.js';
import { placeOf } from './position.js';

/** Events read from the server at a time. */
export const PAGE = 5_000;
/** Milliseconds after which a page ends with what it has, so that large events cannot take longer than a read may. */
const PAGE_MS = 1000;
/** Events looked at for the time before a position: more than are ever in flight at once. */
const LOOK_BACK = 100;

/** What was read, and where to read on: the commit position of the last event seen, be it ours or not. */
export interface Page {
  recorded: Recorded[];
  upTo: bigint;
  full: boolean;
}

export interface LogReaderOptions {
  connection: Connection;
  names: Names;
  clock: Clock;
  /** Commit position of the event that began the log: others may have kept theirs on the server for long. */
  begin: bigint;
}

/** Reads the records' events from the server. Positions of the server are inclusive here, and exclusive in subscriptions. */
export class LogReader {
  readonly connection: Connection;
  readonly names: Names;
  readonly begin: bigint;
  readonly #clock: Clock;
  /** The last event of the filing that somebody read up to. */
  #readUpTo: StoredEvent | undefined;

  constructor({ connection, names, clock, begin }: LogReaderOptions) {
    this.connection = connection;
    this.names = names;
    this.begin = begin;
    this.#clock = clock;
  }

  /** Events after a commit position, or `with` the one at it. */
  async page(client: KurrentDBClient, from: bigint, limit: number, which: 'after' | 'with' = 'after'): Promise<Page> {
    const maxCount = limit + (which === 'after' ? 1 : 0);
    const read = client.readAll({ fromPosition: { commit: from, prepare: from }, direction: FORWARDS, maxCount, filter: this.filter() });
    const until = performance.now() + PAGE_MS;
    const page: Page = { recorded: [], upTo: from, full: false };
    let count = 0;
    for await (const { event } of read) {
      if (page.upTo > from && performance.now() > until) return { ...page, full: true };
      count++;
      if (event === undefined || (which === 'after' && event.position.commit === from)) continue;
      page.upTo = event.position.commit;
      const recorded = readRecorded(event);
      if (recorded) page.recorded.push(recorded);
    }
    return { ...page, full: count === maxCount };
  }

  /** The events of a stream; none where there is no such stream. */
  async stream(client: KurrentDBClient, name: string, fromRevision = 0n, maxCount?: number): Promise<Recorded[]> {
    const events: Recorded[] = [];
    try {
      for await (const { event } of client.readStream(name, { fromRevision, ...(maxCount !== undefined && { maxCount }) })) {
        const recorded = readRecorded(event);
        if (recorded) events.push(recorded);
      }
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return events;
  }

  /** The version a stream has now. */
  async version(client: KurrentDBClient, name: string): Promise<number> {
    try {
      for await (const { event } of client.readStream(name, { direction: BACKWARDS, fromRevision: END, maxCount: 1 })) {
        if (event) return Number(event.revision) + 1;
      }
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return 0;
  }

  async readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    const read = (stream: string) => persistently(this.connection, (client) => this.stream(client, this.names.record(stream)));
    const found = await Promise.all(streams.map(async (stream) => [stream, new Assembler(this.names).stream(await read(stream))] as const));
    for (const [, events] of found) this.#learn(events.at(-1));
    return new Map(found);
  }

  async readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    const assembler = new Assembler(this.names);
    const wanted = () => (filter === undefined ? Math.min(limit - events.length + 1, PAGE) : PAGE);
    let size = wanted();
    const { page: first, time } = await this.#begin(after, size);
    for (let page = first; ;) {
      const before = events.length;
      for (const recorded of page.recorded) {
        events.push(...this.assemble(recorded, { assembler, time, after, filter }));
        if (filter === undefined && events.length <= limit) this.#readUpTo = events.at(-1) ?? this.#readUpTo;
      }
      if (!page.full || events.length >= limit) break;
      size = events.length === before ? Math.min(2 * size, PAGE) : wanted();
      const [from, count] = [page.upTo, size];
      page = await persistently(this.connection, (client) => this.page(client, from, count));
    }
    return events.slice(0, limit);
  }

  /** The first page after a position. Who reads on where the last call ended, after a whole filing, needs nothing of what is before. */
  async #begin(after: bigint, size: number): Promise<{ page: Page; time: RunningTime }> {
    const last = this.#readUpTo;
    if (last?.position === after) {
      const page = await persistently(this.connection, (client) => this.page(client, this.commitOf(after), size));
      return { page, time: new RunningTime(last.recordedAt.getTime()) };
    }
    const [page, time] = await Promise.all([
      persistently(this.connection, (client) => this.firstPage(client, after, size)),
      persistently(this.connection, (client) => this.timeBefore(client, after)),
    ]);
    return { page, time };
  }

  /** The events that are complete with this one, after a position and of the types asked for. */
  assemble(
    recorded: Recorded,
    { assembler, time, after, filter }: { assembler: Assembler; time: RunningTime; after: bigint; filter: EventFilter | undefined },
  ): StoredEvent[] {
    const events = assembler.take(recorded).map((event) => time.date(event));
    this.#learn(events.at(-1));
    return events.filter(({ position, type }) => position > after && (filter?.types === undefined || filter.types.includes(type)));
  }

  /** The page that begins with the filing that `after` stands in, whole: its carrier comes after its other events. */
  async firstPage(client: KurrentDBClient, after: bigint, limit: number): Promise<Page> {
    const page = await this.page(client, this.commitOf(after), limit, 'with');
    const first = page.recorded[0];
    const missing = (first?.envelope.part?.nth ?? 1) - 1;
    if (first === undefined || missing === 0) return page;
    const before = await this.stream(client, first.streamId, first.revision - BigInt(missing), missing);
    return { ...page, recorded: [...before, ...page.recorded] };
  }

  /** The running time before the filing that `after` stands in. */
  async timeBefore(client: KurrentDBClient, after: bigint): Promise<RunningTime> {
    const before = this.commitOf(after);
    let latest = 0;
    const fromPosition = { commit: before, prepare: before };
    for await (const { event } of client.readAll({ fromPosition, direction: BACKWARDS, maxCount: LOOK_BACK })) {
      const recorded = event?.streamId.startsWith(this.names.prefix) ? readRecorded(event) : undefined;
      if (recorded) latest = Math.max(latest, Date.parse(recorded.envelope.recordedAt));
    }
    return new RunningTime(latest);
  }

  /** Chosen by the server, so that other tenants' events cost no transport. The event that began the log is among them. */
  filter(): ReturnType<typeof streamNameFilter> {
    return streamNameFilter({ prefixes: [this.names.prefix, this.names.log] });
  }

  /** The commit position of the filing that a position stands in; at 0 that of the beginning of the log. */
  commitOf(position: bigint): bigint {
    return position === 0n ? this.begin : placeOf(position).commit;
  }

  #learn(event: StoredEvent | undefined): void {
    if (event) this.#clock.learn(event.recordedAt);
  }
}
