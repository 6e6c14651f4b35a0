import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { NOTHING_PARKED, type Batch, type NewBelief } from './batch.js';
import type { Copied } from './copy.js';
import { isFaultOfAnEvent } from './faults.js';
import { ENDING } from './next-tables.js';
import { loadBatch, type OnFile } from './on-file.js';
import { readParking } from './parking.js';
import { RecentlyOnFile } from './recently-on-file.js';
import { copiesInto, type Folded, type RowWriter, type Written } from './row-writer.js';
import { recordedRows, rowsOfEvents, unknownRows } from './rows.js';

/** Events that are folded together: few, so that what is made of them is gone before the collector comes. */
const FOLDED = 500;
/** What is done between two turns of the loop, in which others have their turn. */
const SLICE = 100;

/** Opens a writer for tables that have come to a position. */
export type OpenWriter = (position: bigint, written: Written) => RowWriter;

/**
 * Fills the next generation from the log, as fast as it can be read, folded and written: while some events are being written, the next are
 * folded, and those after them are read. They are written with their place in the log, so that it can go on after any interruption.
 */
export class Bulk {
  private written = 0n;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly openWriter: OpenWriter,
    private readonly moved: Written,
    private readonly folded = FOLDED,
  ) {}

  /**
   * From after a position to the end of the log, to an event that cannot be projected (which is parked when the tables are there), or until
   * the signal aborts; answers how far it came.
   */
  async fill(after: bigint, signal: AbortSignal): Promise<bigint> {
    this.written = after;
    try {
      await this.fillOn(after, signal);
    } catch (error) {
      if (!isFaultOfAnEvent(error)) throw error;
    }
    return this.written;
  }

  private async fillOn(after: bigint, signal: AbortSignal): Promise<void> {
    const { dropped } = await readParking(this.pool, 'filling');
    const onFile = await RecentlyOnFile.open(this.pool);
    const writer = this.openWriter(after, (position, events) => {
      onFile.writtenUpTo(position);
      this.written = position;
      this.moved(position, events);
    });
    let reading = heeded(this.store.readAll(after, this.folded));
    try {
      for (let events = await reading; events.length > 0 && !signal.aborted; events = await reading) {
        reading = heeded(this.store.readAll(events.at(-1)!.position, this.folded));
        const batch = await fold(onFile, events, dropped);
        const folded = handedOn(batch, events, dropped);
        onFile.add(events, batch, folded.beliefs);
        await writer.add(folded);
      }
    } finally {
      await writer.flush();
    }
  }
}

async function fold(onFile: OnFile, events: readonly StoredEvent[], dropped: ReadonlySet<bigint>): Promise<Batch> {
  const batch = await loadBatch(onFile, events, { ...NOTHING_PARKED, dropped });
  for (const [n, event] of events.entries()) {
    batch.apply(event);
    if (n % SLICE === 0) await turnOfTheLoop();
  }
  return batch;
}

function handedOn({ newBeliefs, newLeans }: Batch, events: readonly StoredEvent[], dropped: ReadonlySet<bigint>): Folded {
  const { position, id, recordedAt } = events.at(-1)!;
  const taken = events.filter((event) => !dropped.has(event.position));
  const rows = { recorded: recordedRows(events), unknown: unknownRows(events), ...rowsOfEvents(newLeans, taken) };
  return {
    beliefs: newBeliefs.map(({ belief, from, until }) => ({
      record: belief.record.id,
      known_from: from,
      known_to: until,
      body: JSON.stringify(belief),
    })),
    copies: [...copiesInto(rows), endingsIn(newBeliefs)],
    events: events.length,
    last: { position, id, recordedAt },
  };
}

/** Stored beliefs whose place others have taken. */
function endingsIn(beliefs: readonly NewBelief[]): Copied {
  const lines = beliefs.flatMap(({ replaces, from }) =>
    replaces === undefined ? [] : [`${replaces.belief.record.id}\t${replaces.from}\t${from}\n`],
  );
  return { target: `${ENDING} (record, known_from, known_to)`, text: lines.join('') };
}

/** A failure is told to whoever waits for it, later; until then nobody need be alarmed. */
function heeded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
