import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Held } from '../domain/relationship/belief.js';
import type { FilledTable } from './columns.js';
import { copyInto, copyRows, type Copied } from './copy.js';
import { tableIn } from './generation.js';
import { inTransaction } from './in-transaction.js';
import type { BeliefRow } from './on-file.js';
import type { Row } from './row.js';
import { beliefRow, rowsOf } from './rows.js';

/** A belief as JSON (domain/relationship/belief.ts), and until which position it is held: null where that is not known yet. */
export interface BelievedUntil extends BeliefRow {
  known_to: bigint | null;
}

/** Some events that were folded, as the threads of a rebuild hand it on. */
export interface Folded {
  /** What is believed after them. */
  beliefs: BelievedUntil[];
  /** What follows from the events themselves. */
  copies: Copied[];
  events: number;
  last: { position: bigint; id: string; recordedAt: Date };
}

/** Tells of events that are in the tables, and how far these have come. */
export type Written = (position: bigint, events: number) => void;

/** Writes what was folded into the next tables. */
export interface RowWriter {
  /** Resolves when there is room for more; rejects where something could not be written. */
  add(folded: Folded): Promise<void>;
  /** Resolves when all of it is written. */
  flush(): Promise<void>;
}

/** Events that are written in one transaction: many, for each takes some two dozen round trips. */
const WRITTEN = 4_000;
/** What is done between two turns of the loop, in which what was made before goes on its way to the database. */
const SLICE = 100;

/** While some events are being written, rows are made of the next. They are written with their place in the log. */
export class RowsHere implements RowWriter {
  private load = new Load();
  private writing: Promise<void> = Promise.resolve();

  /** `position`: how far the tables have come. */
  constructor(
    private readonly pool: Pool,
    private position: bigint,
    private readonly written: Written,
    private readonly size = WRITTEN,
  ) {}

  async add({ beliefs, copies, events, last }: Folded): Promise<void> {
    this.load.take(copies, events, last);
    for (let from = 0; from < beliefs.length; from += SLICE) {
      this.load.copy(copiesOf(beliefs.slice(from, from + SLICE)));
      await turnOfTheLoop();
    }
    if (this.load.events < this.size) return;
    const load = this.load;
    this.load = new Load();
    await this.writing;
    this.writing = this.write(load);
    // Told to whoever adds next.
    this.writing.catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.writing;
    await this.write(this.load);
    this.load = new Load();
  }

  private async write({ copies, last, events }: Load): Promise<void> {
    if (last === undefined) return;
    const { position, id, recordedAt } = last;
    await inTransaction(this.pool, async (client) => {
      await client.query('set local synchronous_commit = off');
      for (const [target, parts] of copies) await copyInto(client, target, parts);
      const sql = `update ${tableIn('filling', 'checkpoint')} set position = $1, event = $2, recorded_at = $3 where position = $4`;
      const { rowCount } = await client.query(sql, [position, id, recordedAt, this.position]);
      if (rowCount !== 1) throw new Error('another has filled the next views meanwhile');
    });
    this.position = position;
    this.written(position, events);
  }
}

/** What is to be written in one transaction. */
class Load {
  readonly copies = new Map<string, Buffer[]>();
  events = 0;
  last: Folded['last'] | undefined;

  take(copies: readonly Copied[], events: number, last: Folded['last']): void {
    this.copy(copies);
    this.events += events;
    this.last = last;
  }

  copy(copies: readonly Copied[]): void {
    for (const { target, text } of copies) {
      if (text === '') continue;
      const parts = this.copies.get(target);
      if (parts === undefined) this.copies.set(target, [Buffer.from(text)]);
      else parts.push(Buffer.from(text));
    }
  }
}

function copiesOf(believed: readonly BelievedUntil[]): Copied[] {
  const beliefs = believed.map(({ body, known_from: from, known_to: until }) => ({ belief: JSON.parse(body) as Held, body, from, until }));
  return copiesInto({ record_belief: beliefs.map((belief) => beliefRow(belief, belief.body)), ...rowsOf(beliefs) });
}

/** The rows of each table as they are added to what is filled. */
export function copiesInto(rows: Partial<Record<FilledTable, Row[]>>): Copied[] {
  return Object.entries(rows).map(([table, added]) => copyRows(tableIn('filling', table as FilledTable), table as FilledTable, added));
}
