import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import type { Append, AppendOutcome, EventFilter, Head, StoredEvent } from '../../src/event-store/event-store.js';

/** Bytes that an event takes, as it were. */
const STEP = 1000n;

/** The log in memory with gaps between its positions, as a log has where they are offsets in a file. */
export class SparseStore extends MemoryEventStore {
  override readonly gapless = false;

  override async append(filing: Append): Promise<AppendOutcome> {
    const outcome = await super.append(filing);
    return outcome.outcome === 'stored' ? { ...outcome, events: outcome.events.map(spread) } : outcome;
  }

  override async readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    const found = await super.readStreams(streams);
    return new Map([...found].map(([stream, events]) => [stream, events.map(spread)]));
  }

  override async readAll(after: bigint, limit: number, filter?: EventFilter): Promise<StoredEvent[]> {
    return (await super.readAll(after / STEP, limit, filter)).map(spread);
  }

  override async head(): Promise<Head> {
    const head = await super.head();
    return { ...head, position: head.position * STEP };
  }
}

function spread(event: StoredEvent): StoredEvent {
  return { ...event, position: event.position * STEP };
}
