import type { StoredEvent } from '../event-store.js';
import { toStored, type Recorded } from './envelope.js';
import type { Names } from './names.js';
import { positionOf } from './position.js';

/** Puts filings together from the events of the server's log: whole, in their own order, at the position of their carrier. */
export class Assembler {
  readonly #names: Names;
  #parts: Recorded[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  /** The filing that is complete with this event; nothing for a part of one, or for a copy. */
  take(recorded: Recorded): StoredEvent[] {
    const { part, copyOf } = recorded.envelope;
    if (copyOf !== undefined) return [];
    if (part === undefined) return [this.#stored(recorded, recorded.commit, 1)];
    this.#parts.push(recorded);
    if (part.nth < part.of) return [];
    const parts = this.#parts;
    this.#parts = [];
    const own = parts.map((each) => this.#stored(each, recorded.commit, each.envelope.part!.place));
    return [...own, ...carriedBy(recorded)].toSorted((a, b) => (a.position < b.position ? -1 : 1));
  }

  /** What the stream of a record holds, copies too, each event at its position in the log. */
  stream(recorded: readonly Recorded[]): StoredEvent[] {
    return recorded.flatMap((each) => {
      const { copyOf } = each.envelope;
      const stream = this.#names.idOf(each.streamId);
      if (copyOf !== undefined) return [toStored(each, stream, BigInt(copyOf))];
      return this.take(each).filter((event) => event.stream === stream);
    });
  }

  #stored(recorded: Recorded, commit: bigint, place: number): StoredEvent {
    return toStored(recorded, this.#names.idOf(recorded.streamId), positionOf(commit, place));
  }
}

/** The events that a carrier brings into the log for other streams. */
export function carriedBy({ envelope: { carries = [], recordedAt, key }, commit }: Recorded): StoredEvent[] {
  return carries.map(({ place, ...event }) => ({
    ...event,
    position: positionOf(commit, place),
    recordedAt: new Date(recordedAt),
    ...(key && { key }),
  }));
}
