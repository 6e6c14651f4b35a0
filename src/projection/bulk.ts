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
import { loadBatch } from './on-file.js';
import { readParking } from './parking.js';
import { RecentlyOnFile } from './recently-on-file.js';
import type { Row } from './row.js';
import { recordedRows, rowsAfter, unknownRows } from './rows.js';

/** Events that are folded together, and written in one transaction. */
const PAGE = 2_000;
/** What is done between two turns of the loop, in which what was made before goes on its way to the database. */
const SLICE = 100;

/**
 * Fills the next generation from the log, as fast as it can be read, folded and written: while one page of events is being written, the next
 * is folded, and the one after that is read. Each page is written with its place in the log, so that it can go on after any interruption.
 */
export class Bulk {
  private readonly onFile: RecentlyOnFile;
  private written = 0n;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly moved: (position: bigint, events: number) => void,
    private readonly page = PAGE,
  ) {
    this.onFile = new RecentlyOnFile(pool);
  }

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
    let position = after;
    let reading = heeded(this.store.readAll(position, this.page));
    let writing: Promise<void> = Promise.resolve();
    try {
      for (let events = await reading; events.length > 0 && !signal.aborted; events = await reading) {
        const last = events.at(-1)!.position;
        reading = heeded(this.store.readAll(last, this.page));
        const batch = await this.fold(events, dropped);
        const written = this.onFile.add(batch);
        const copies = await copiesOf(batch, events, dropped);
        await writing;
        writing = heeded(this.write(copies, events, position).then(written));
        position = last;
      }
    } finally {
      await writing;
    }
  }

  private async fold(events: readonly StoredEvent[], dropped: ReadonlySet<bigint>): Promise<Batch> {
    const batch = await loadBatch(this.onFile, events, { ...NOTHING_PARKED, dropped });
    for (const slice of slices(events)) {
      for (const event of slice) batch.apply(event);
      await turnOfTheLoop();
    }
    return batch;
  }

  private async write(copies: readonly Copied[], events: readonly StoredEvent[], after: bigint): Promise<void> {
    const { position, id, recordedAt } = events.at(-1)!;
    await inTransaction(this.pool, async (client) => {
      await client.query('set local synchronous_commit = off');
      for (const copied of copies) await copyInto(client, copied);
      const sql = `update ${tableIn('filling', 'checkpoint')} set position = $1, event = $2, recorded_at = $3 where position = $4`;
      const { rowCount } = await client.query(sql, [position, id, recordedAt, after]);
      if (rowCount !== 1) throw new Error('another has filled the next views meanwhile');
    });
    this.written = position;
    this.moved(position, events.length);
  }
}

/** What is to be added to the tables after a page of events. */
async function copiesOf({ newBeliefs, newLeans }: Batch, events: readonly StoredEvent[], dropped: ReadonlySet<bigint>): Promise<Copied[]> {
  const texts = new Map<string, string[]>();
  const add = ({ target, text }: Copied): void => {
    if (text === '') return;
    const before = texts.get(target);
    if (before === undefined) texts.set(target, [text]);
    else before.push(text);
  };
  const addAll = (rows: Partial<Record<FilledTable, Row[]>>): void => {
    for (const [table, added] of Object.entries(rows) as [FilledTable, Row[]][]) add(copyRows(tableIn('filling', table), table, added));
  };
  addAll({ recorded: recordedRows(events), unknown: unknownRows(events) });
  const taken = events.filter(({ position }) => !dropped.has(position));
  addAll(rowsAfter({ newBeliefs: [], newLeans }, taken));
  for (const slice of slices(newBeliefs)) {
    addAll(rowsAfter({ newBeliefs: slice, newLeans: [] }, []));
    await turnOfTheLoop();
  }
  add(endingsIn(newBeliefs));
  return [...texts].map(([target, parts]) => ({ target, text: parts.join('') }));
}

/** Stored beliefs whose place others have taken. */
function endingsIn(beliefs: readonly NewBelief[]): Copied {
  const lines = beliefs.flatMap(({ replaces, from }) =>
    replaces === undefined ? [] : [`${replaces.belief.record.id}\t${replaces.from}\t${from}\n`],
  );
  return { target: `${ENDING} (record, known_from, known_to)`, text: lines.join('') };
}

function* slices<T>(of: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < of.length; from += SLICE) yield of.slice(from, from + SLICE);
}

/** A failure is told to whoever waits for it, later; until then nobody need be alarmed. */
function heeded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
