import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { NOTHING_PARKED, type Batch, type NewBelief } from './batch.js';
import type { FilledTable } from './columns.js';
import { copyInto, copyRows, type Copied } from './copy.js';
import { isFaultOfAnEvent } from './faults.js';
import { tableIn } from './generation.js';
import { inTransaction } from './in-transaction.js';
import { ENDING } from './next-tables.js';
import { loadBatch, type OnFile } from './on-file.js';
import { readParking } from './parking.js';
import { RecentlyOnFile } from './recently-on-file.js';
import type { Row } from './row.js';
import { beliefRow, recordedRows, rowsOf, rowsOfEvents, unknownRows } from './rows.js';

/**
 * Events that are folded together: few, so that what is made of them is gone before the collector comes; and events that are written in one
 * transaction: many, for each takes some two dozen round trips.
 */
const FOLDED = 200;
const WRITTEN = 4_000;
/** What is done between two turns of the loop, in which what was made before goes on its way to the database. */
const SLICE = 100;

/**
 * Fills the next generation from the log, as fast as it can be read, folded and written: while some events are being written, the next are
 * folded, and those after them are read. They are written with their place in the log, so that it can go on after any interruption.
 */
export class Bulk {
  private written = 0n;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly moved: (position: bigint, events: number) => void,
    private readonly sizes = { folded: FOLDED, written: WRITTEN },
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
    const { folded } = this.sizes;
    const { dropped } = await readParking(this.pool, 'filling');
    const onFile = await RecentlyOnFile.open(this.pool);
    let load = new Load();
    let writing: Promise<void> = Promise.resolve();
    let reading = heeded(this.store.readAll(after, folded));
    try {
      for (let events = await reading; events.length > 0 && !signal.aborted; events = await reading) {
        reading = heeded(this.store.readAll(events.at(-1)!.position, folded));
        const batch = await fold(onFile, events, dropped);
        const believed = await inSlices(batch.newBeliefs, (slice) => slice.map(beliefRow));
        load.add(events, onFile.add(events, batch, believed), await copiesOf(batch, believed, events, dropped));
        if (load.events < this.sizes.written) continue;
        await writing;
        writing = heeded(this.write(load));
        load = new Load();
      }
    } finally {
      await writing;
      await this.write(load);
    }
  }

  private async write({ copies, last, events, written }: Load): Promise<void> {
    if (last === undefined) return;
    const { position, id, recordedAt } = last;
    await inTransaction(this.pool, async (client) => {
      await client.query('set local synchronous_commit = off');
      for (const [target, parts] of copies) await copyInto(client, target, parts);
      const sql = `update ${tableIn('filling', 'checkpoint')} set position = $1, event = $2, recorded_at = $3 where position = $4`;
      const { rowCount } = await client.query(sql, [position, id, recordedAt, this.written]);
      if (rowCount !== 1) throw new Error('another has filled the next views meanwhile');
    });
    this.written = position;
    for (const tell of written) tell();
    this.moved(position, events);
  }
}

/** What is to be written in one transaction. */
class Load {
  readonly copies = new Map<string, Buffer[]>();
  readonly written: (() => void)[] = [];
  events = 0;
  last: StoredEvent | undefined;

  /** `written` is to be called when it is. */
  add(events: readonly StoredEvent[], written: () => void, copies: readonly Copied[]): void {
    this.events += events.length;
    this.last = events.at(-1);
    this.written.push(written);
    for (const { target, text } of copies) {
      if (text === '') continue;
      const parts = this.copies.get(target);
      if (parts === undefined) this.copies.set(target, [Buffer.from(text)]);
      else parts.push(Buffer.from(text));
    }
  }
}

async function fold(onFile: OnFile, events: readonly StoredEvent[], dropped: ReadonlySet<bigint>): Promise<Batch> {
  const batch = await loadBatch(onFile, events, { ...NOTHING_PARKED, dropped });
  await inSlices(events, (slice) => slice.map((event) => batch.apply(event)));
  return batch;
}

/** What these events add to the tables. */
async function copiesOf(
  { newBeliefs, newLeans }: Batch,
  believed: readonly Row[],
  events: readonly StoredEvent[],
  dropped: ReadonlySet<bigint>,
): Promise<Copied[]> {
  const taken = events.filter(({ position }) => !dropped.has(position));
  const copy = ([table, rows]: [string, Row[]]): Copied => copyRows(tableIn('filling', table as FilledTable), table as FilledTable, rows);
  const once = { recorded: recordedRows(events), unknown: unknownRows(events), ...rowsOfEvents(newLeans, taken) };
  return [
    ...Object.entries(once).map(copy),
    ...(await inSlices(believed, (slice) => [copy(['record_belief', slice])])),
    ...(await inSlices(newBeliefs, (slice) => Object.entries(rowsOf(slice)).map(copy))),
    endingsIn(newBeliefs),
  ];
}

/** Stored beliefs whose place others have taken. */
function endingsIn(beliefs: readonly NewBelief[]): Copied {
  const lines = beliefs.flatMap(({ replaces, from }) =>
    replaces === undefined ? [] : [`${replaces.belief.record.id}\t${replaces.from}\t${from}\n`],
  );
  return { target: `${ENDING} (record, known_from, known_to)`, text: lines.join('') };
}

/** What is made of each slice, all together; with a turn of the loop after each. */
async function inSlices<T, R>(of: readonly T[], make: (slice: T[]) => R[]): Promise<R[]> {
  const made: R[] = [];
  for (let from = 0; from < of.length; from += SLICE) {
    for (const each of make(of.slice(from, from + SLICE))) made.push(each);
    await turnOfTheLoop();
  }
  return made;
}

/** A failure is told to whoever waits for it, later; until then nobody need be alarmed. */
function heeded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
