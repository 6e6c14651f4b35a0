import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  streamNameFilter,
  type KurrentDBClient,
  type ReadAllOptions,
  type ReadPosition,
} from '@kurrent/kurrentdb-client';
import type { EventFilter, StoredEvent } from '../event-store.js';
import { Assembler } from './assembler.js';
import { RunningTime, type Clock } from './clock.js';
import type { Connection } from './connection.js';
import { readRecorded, type Recorded } from './envelope.js';
import { persistently } from './interruption.js';
import type { Names } from './names.js';
import { placeOf } from './position.js';

/** Events read from the server at a time. */
export const PAGE = 500;
/** Events looked at for the time before a position: more than are ever in flight at once. */
const LOOK_BACK = 100;

/** What was read, and where to read on: the commit position of the last event seen, be it ours or not. */
export interface Page {
  recorded: Recorded[];
  upTo: bigint | undefined;
  full: boolean;
}

/** Reads the records' events from the server. Positions of the server are inclusive here, and exclusive in subscriptions. */
export class LogReader {
  readonly connection: Connection;
  readonly names: Names;
  readonly #clock: Clock;

  constructor(connection: Connection, names: Names, clock: Clock) {
    this.connection = connection;
    this.names = names;
    this.#clock = clock;
  }

  /** Events from a commit position on; from the beginning without one. `skip`: without the event at that position. */
  async page(client: KurrentDBClient, from: bigint | undefined, limit: number, { skip }: { skip: boolean }): Promise<Page> {
    return this.#read(
      client,
      { fromPosition: at(from) ?? START, direction: FORWARDS, maxCount: limit + (skip ? 1 : 0) },
      skip ? from : undefined,
    );
  }

  /** Events before a commit position, the latest first; from the end without one. */
  async pageBackwards(client: KurrentDBClient, before: bigint | undefined, limit: number): Promise<Page> {
    return this.#read(client, { fromPosition: at(before) ?? END, direction: BACKWARDS, maxCount: limit });
  }

  async #read(client: KurrentDBClient, options: ReadAllOptions & { maxCount: number }, skipped?: bigint): Promise<Page> {
    const page: Page = { recorded: [], upTo: skipped, full: false };
    let count = 0;
    for await (const { event } of client.readAll({ ...options, filter: this.filter() })) {
      count++;
      if (event === undefined || event.position.commit === skipped) continue;
      page.upTo = event.position.commit;
      const recorded = readRecorded(event);
      if (recorded) page.recorded.push(recorded);
    }
    return { ...page, full: count === options.maxCount };
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
    const time = await persistently(this.connection, (client) => this.timeBefore(client, after));
    let from = commitOf(after);
    let size = filter === undefined ? Math.min(limit, PAGE) : PAGE;
    for (let first = true; events.length < limit; first = false, size = Math.min(2 * size, PAGE)) {
      const page = await persistently(this.connection, (client) =>
        first ? this.firstPage(client, after, size) : this.page(client, from, size, { skip: true }),
      );
      for (const recorded of page.recorded) events.push(...this.assemble(recorded, { assembler, time, after, filter }));
      from = page.upTo;
      if (!page.full) break;
    }
    return events.slice(0, limit);
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
    const page = await this.page(client, commitOf(after), limit, { skip: false });
    const first = page.recorded[0];
    const missing = (first?.envelope.part?.nth ?? 1) - 1;
    if (first === undefined || missing === 0) return page;
    const before = await this.stream(client, first.streamId, first.revision - BigInt(missing), missing);
    return { ...page, recorded: [...before, ...page.recorded] };
  }

  /** The running time before the filing that `after` stands in. */
  async timeBefore(client: KurrentDBClient, after: bigint): Promise<RunningTime> {
    const before = commitOf(after);
    if (before === undefined) return new RunningTime();
    const { recorded } = await this.pageBackwards(client, before, LOOK_BACK);
    return new RunningTime(Math.max(0, ...recorded.map(({ envelope }) => Date.parse(envelope.recordedAt))));
  }

  /** Chosen by the server, so that other tenants' events cost no transport. */
  filter(): ReturnType<typeof streamNameFilter> {
    return streamNameFilter({ prefixes: [this.names.prefix] });
  }

  #learn(event: StoredEvent | undefined): void {
    if (event) this.#clock.learn(event.recordedAt);
  }
}

/** Undefined: the beginning of the log. */
export function commitOf(after: bigint): bigint | undefined {
  return after === 0n ? undefined : placeOf(after).commit;
}

function at(commit: bigint | undefined): ReadPosition | undefined {
  return commit === undefined ? undefined : { commit, prepare: commit };
}
