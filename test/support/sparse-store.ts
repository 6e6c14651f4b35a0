import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import type { Append, AppendOutcome, EventFilter, Head, StoredEvent } from '../../src/event-store/event-store.js';

/** The log in memory with gaps between its positions, as a log has where they are offsets in a file. */
export class SparseStore extends MemoryEventStore {
  override readonly gapless = false;

  /** `step`: bytes that an event takes, as it were. */
  constructor(private readonly step = 1000n) {
    super();
  }

  override async append(filing: Append): Promise<AppendOutcome> {
    const outcome = await super.append(filing);
    return outcome.outcome === 'stored' ? { ...outcome, events: this.spread(outcome.events) } : outcome;
  }

  override async readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    const found = await super.readStreams(streams);
    return new Map([...found].map(([stream, events]) => [stream, this.spread(events)]));
  }

  override async readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]> {
    return this.spread(await super.readAll(after / this.step, limit, filter));
  }

  override async head(): Promise<Head> {
    const head = await super.head();
    return { ...head, position: head.position * this.step };
  }

  private spread(events: readonly StoredEvent[]): StoredEvent[] {
    return events.map((event) => ({ ...event, position: event.position * this.step }));
  }
}
