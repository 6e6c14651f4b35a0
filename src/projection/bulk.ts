import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import type { Batch, NewBelief } from './batch.js';
import { COLUMNS, type FilledTable } from './columns.js';
import { copyInto, copyRows, type Copied } from './copy.js';
import { tableIn } from './generation.js';
import { ENDING, inTransaction } from './next-tables.js';
import { loadBatch } from './on-file.js';
import { RecentlyOnFile } from './recently-on-file.js';
import { rowsAfter } from './rows.js';
import { moveCheckpoint } from './tables.js';

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

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly moved: (position: bigint, events: number) => void,
    private readonly page = PAGE,
  ) {
    this.onFile = new RecentlyOnFile(pool);
  }

  /** From after a position to the end of the log, or until the signal aborts; answers how far it came. */
  async fill(after: bigint, signal: AbortSignal): Promise<bigint> {
    let position = after;
    let reading = heeded(this.store.readAll(position, this.page));
    let writing: Promise<void> = Promise.resolve();
    for (let events = await reading; events.length > 0 && !signal.aborted; events = await reading) {
      const last = events.at(-1)!.position;
      reading = heeded(this.store.readAll(last, this.page));
      const batch = await this.fold(events);
      const written = this.onFile.add(batch);
      const copies = await copiesOf(batch, events);
      await writing;
      writing = heeded(this.write(copies, events, position).then(written));
      position = last;
    }
    await writing;
    return position;
  }

  private async fold(events: readonly StoredEvent[]): Promise<Batch> {
    const batch = await loadBatch(this.onFile, events);
    for (const slice of slices(events)) {
      for (const event of slice) batch.apply(event);
      await turnOfTheLoop();
    }
    return batch;
  }

  private async write(copies: readonly Copied[], events: readonly StoredEvent[], after: bigint): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('set local synchronous_commit = off');
      for (const copied of copies) await copyInto(client, copied);
      await moveCheckpoint(client, events, after, 'filling');
    });
    this.moved(events.at(-1)!.position, events.length);
  }
}

/** What is to be added to the tables after a page of events. */
async function copiesOf({ newBeliefs, newLeans }: Batch, events: readonly StoredEvent[]): Promise<Copied[]> {
  const texts = new Map<string, string[]>();
  const add = ({ target, text }: Copied): void => {
    if (text === '') return;
    const before = texts.get(target);
    if (before === undefined) texts.set(target, [text]);
    else before.push(text);
  };
  const addAll = (rows: ReturnType<typeof rowsAfter>): void => {
    for (const table of Object.keys(COLUMNS) as FilledTable[]) add(copyRows(tableIn('filling', table), table, rows[table]));
  };
  addAll(rowsAfter({ newBeliefs: [], newLeans }, events));
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
