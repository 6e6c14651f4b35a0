import { checkRestored } from '../check-filing.js';
import { hashOf } from '../event-hash.js';
import type { StoredEvent } from '../event-store.js';
import { appendTo } from './append-to.js';
import type { Appender } from './appender.js';
import { toEventData } from './envelope.js';
import { PATIENCE, persist, persistently } from './interruption.js';
import { lastCarrier } from './log-end.js';
import type { LogReader } from './log-reader.js';

/** Fills the log, one append after the other: after an interruption the head tells where to go on. */
export async function restore(log: LogReader, appender: Appender, events: readonly StoredEvent[]): Promise<void> {
  checkRestored(events);
  await checkLog(log, events);
  await checkVersions(log, events);
  await appender.claim(events);
  for (const event of events) {
    const deadline = performance.now() + PATIENCE;
    const { stream, version } = event;
    const given = toEventData({ ...event, hash: hashOf(event) }, { restored: true });
    await persist(log.connection, deadline, (client) =>
      appendTo(client, log.names.record(stream), { events: given, version: version - 1 }),
    );
  }
}

async function checkLog(log: LogReader, events: readonly StoredEvent[]): Promise<void> {
  const last = (await persistently(log.connection, (client) => lastCarrier(log, client)))?.envelope;
  if (last && !last.restored) throw new Error('Only an empty log can be restored, and this one has events that were appended.');
  if (last && events[0] && events[0].recordedAt < new Date(last.recordedAt)) {
    throw new Error('The events to restore are older than the last one in the log.');
  }
}

async function checkVersions(log: LogReader, events: readonly StoredEvent[]): Promise<void> {
  for (const [stream, own] of Map.groupBy(events, (event) => event.stream)) {
    const now = await persistently(log.connection, (client) => log.version(client, log.names.record(stream)));
    if (own.some((event, index) => event.version !== now + 1 + index))
      throw new Error(`The events to restore leave a gap in stream ${stream}.`);
  }
}
