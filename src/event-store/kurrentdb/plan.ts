import type { EventData } from '@kurrent/kurrentdb-client';
import { seal } from '../event-hash.js';
import type { Append, StoredEvent, StreamAppend } from '../event-store.js';
import { toEventData, type Carried, type Part } from './envelope.js';
import { MOST_EVENTS } from './position.js';

/** An event with all that is stored of it, but for when and where. */
type Sealed = Omit<StoredEvent, 'position' | 'recordedAt'> & {
  /** Place in the filing, from 1. */
  place: number;
};

/** How a filing goes into the log: one append to the carrier's stream brings all of it, and the other streams get copies. */
export interface Plan {
  filing: Append;
  carrier: StreamAppend;
  /** In the order of the filing. */
  events: readonly Sealed[];
}

/** The plan, or the streams of which only one can be in a filing: those that may exist, for one append guards one stream's version. */
export function planOf(filing: Append): Plan | string[] {
  const guarded = filing.streams.filter(({ expectedVersion, chosen }) => expectedVersion > 0 || chosen);
  if (guarded.length > 1) return guarded.map(({ stream }) => stream);
  const events = filing.streams.flatMap((append) => sealedEvents(append, filing)).map((event, index) => ({ ...event, place: index + 1 }));
  if (events.length > MOST_EVENTS) {
    throw new TypeError(`The log cannot store this: a filing has ${events.length} events, and may have ${MOST_EVENTS}.`);
  }
  return { filing, carrier: guarded[0] ?? filing.streams[0]!, events };
}

function sealedEvents({ stream, expectedVersion, events }: StreamAppend, { key }: Append): Omit<Sealed, 'place'>[] {
  return events.map((event, index) => {
    const version = expectedVersion + 1 + index;
    const sealed = seal(event, stream, version, key);
    const { id, type, schema } = event;
    const json: Pick<StoredEvent, 'data' | 'metadata'> = { data: JSON.parse(sealed.data), metadata: JSON.parse(sealed.metadata) };
    return { id, type, schema, ...json, stream, version, hash: sealed.hash, ...(key && { key }) };
  });
}

/** What goes to the carrier's stream in one append. */
export function carrierEvents({ carrier, events }: Plan, recordedAt: Date, attempt: string): EventData[] {
  const own = events.filter(({ stream }) => stream === carrier.stream);
  const carries = events.filter(({ stream }) => stream !== carrier.stream).map(toCarried);
  return own.map(({ place, ...event }, index) => {
    const part: Part = { place, nth: index + 1, of: own.length };
    const isLast = part.nth === part.of;
    return toEventData(
      { ...event, recordedAt },
      { attempt, ...(events.length > 1 && { part }), ...(isLast && carries.length > 0 && { carries }) },
    );
  });
}

function toCarried({ key: _key, ...event }: Sealed): Carried {
  return event;
}
