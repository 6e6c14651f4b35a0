import type { StoredEvent } from '../event-store.js';
import { appendTo } from './append-to.js';
import type { Connection } from './connection.js';
import { toEventData } from './envelope.js';
import { actualVersion, persist } from './interruption.js';
import type { Names } from './names.js';

/** Appends that are under way at a time. */
const AT_ONCE = 100;

/** Brings what a carrier carries into the streams it is for. Copies have the ids of what they copy: to write them again changes nothing. */
export async function writeCopies(
  { connection, names }: { connection: Connection; names: Names },
  carried: readonly StoredEvent[],
  deadline: number,
): Promise<void> {
  const streams = [...Map.groupBy(carried, ({ stream }) => stream)];
  for (let start = 0; start < streams.length; start += AT_ONCE) {
    await Promise.all(streams.slice(start, start + AT_ONCE).map(([stream, events]) => write(stream, events)));
  }

  async function write(stream: string, events: readonly StoredEvent[]): Promise<void> {
    const copies = events.map((event) => toEventData(event, { copyOf: String(event.position) }));
    try {
      await persist(connection, deadline, (client) => appendTo(client, names.record(stream), { events: copies, version: 0 }));
    } catch (error) {
      if (actualVersion(error) === undefined) throw error;
      throw new Error(`Stream ${stream} holds other events than the filing at position ${events[0]!.position} brought for it.`, {
        cause: error,
      });
    }
  }
}
