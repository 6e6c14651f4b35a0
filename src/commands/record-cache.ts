import { LRUCache } from 'lru-cache';
import type { RecordOnFile } from '../domain/record.js';
import { evolve, fold } from '../domain/fold.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { isReadable, lift } from '../event-store/upcast.js';
import { reasonOf } from '../system-error.js';
import type { Loaded } from './agenda.js';

const MOST_RECORDS = 20_000;

/** Nothing can be decided on a record of which this version of the service cannot read an event. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
}

/**
 * Records as last read, so that a filing needs no read of what it cites or links to. Kept true by this service's own appends, and by
 * being told of everybody's; a step decided on a stale record meets a version conflict and reads again.
 */
export class RecordCache {
  private readonly records = new LRUCache<string, Loaded>({ max: MOST_RECORDS });
  /** Streams being read now; an event that arrives meanwhile makes the read unfit to keep. */
  private readonly reading = new Map<string, number>();
  private readonly overtaken = new Set<string>();

  constructor(private readonly store: EventStore) {}

  /** What is on file under these ids; nothing for ids that are not. */
  async load(ids: Iterable<string>): Promise<Map<string, Loaded>> {
    const found = new Map<string, Loaded>();
    const missing: string[] = [];
    for (const id of new Set(ids)) {
      const known = this.records.get(id);
      if (known === undefined) missing.push(id);
      else found.set(id, known);
    }
    if (missing.length > 0) for (const [id, loaded] of await this.read(missing)) found.set(id, loaded);
    return found;
  }

  /** A record as it was last read, where it is still kept. */
  known(id: string): RecordOnFile | undefined {
    return this.records.peek(id)?.record;
  }

  /** Takes note of events that this service has just stored. */
  learn(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const { stream, version } = event;
      if (this.reading.has(stream)) this.overtaken.add(stream);
      const known = this.records.peek(stream);
      if (known === undefined || version <= known.record.version) continue;
      // After a gap, or something newer than this version of the service, the record is for the next reader to read.
      if (version > known.record.version + 1 || !isReadable(event)) this.records.delete(stream);
      else this.records.set(stream, { ...known, record: evolve(stream, known.record, lift(event)) });
    }
  }

  /** Drops what is older than these streams are known to be; told by whoever reads the log. */
  outdate(heads: Iterable<readonly [stream: string, version: number]>): void {
    for (const [stream, version] of heads) {
      if (this.reading.has(stream)) this.overtaken.add(stream);
      const known = this.records.peek(stream);
      if (known !== undefined && known.record.version < version) this.records.delete(stream);
    }
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) this.records.delete(id);
  }

  private async read(ids: readonly string[]): Promise<Map<string, Loaded>> {
    for (const id of ids) this.reading.set(id, (this.reading.get(id) ?? 0) + 1);
    try {
      const streams = await this.store.readStreams(ids);
      const found = new Map<string, Loaded>();
      for (const [id, events] of streams) {
        const loaded = loadedFrom(id, events);
        if (loaded === undefined) continue;
        found.set(id, loaded);
        if (!this.overtaken.has(id)) this.records.set(id, loaded);
      }
      return found;
    } finally {
      for (const id of ids) this.doneReading(id);
    }
  }

  private doneReading(id: string): void {
    const others = this.reading.get(id)! - 1;
    if (others > 0) {
      this.reading.set(id, others);
      return;
    }
    this.reading.delete(id);
    this.overtaken.delete(id);
  }
}

function loadedFrom(id: string, events: readonly StoredEvent[]): Loaded | undefined {
  const record = folded(id, events);
  const content = events[0]?.metadata['content'];
  return record && { record, ...(typeof content === 'string' && { content }) };
}

function folded(id: string, events: readonly StoredEvent[]): RecordOnFile | undefined {
  try {
    return fold(id, events.map(lift));
  } catch (cause) {
    const why = `${id} has an event that this version of Entente cannot read: ${reasonOf(cause)}`;
    throw new RecordUnreadable(`${why}; this version can file nothing on it, and link nothing to it`, { cause });
  }
}
