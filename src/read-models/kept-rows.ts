import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { rowsAsJson } from './rows-as-json.js';

/** A row that follows from a belief: so from one position of the log up to, and without, another. */
export interface KeptRow {
  record: string;
  knownFrom: number;
  knownTo: number | null;
}

/** How the rows of a table are kept: which of its columns, as SQL expressions; what is made of them; and in which order. */
export interface Keeping<R extends KeptRow, Cells extends unknown[]> {
  table: 'move' | 'place' | 'happening';
  /** Which rows, in SQL; default all. */
  only?: string;
  cells: string;
  read: (row: KeptRow, cells: Cells) => R;
  /** In which order they are kept. */
  compare: (a: R, b: R) => number;
}

interface Kept<R> {
  /** Complete up to this position. */
  upTo: bigint;
  rows: readonly R[];
  /** Those that were asked for last: most questions are about now. */
  last?: { position: bigint; rows: readonly R[] };
}

/** Rows kept over all relationships, but for one that has more by itself; one takes 150 to 200 bytes. */
const MOST_ROWS = 250_000;

/**
 * All rows of a relationship that were ever so, read once and brought up to date by what changed since: any moment is a walk through memory,
 * however many moments there are.
 */
export class KeptRows<R extends KeptRow, Cells extends unknown[]> {
  private readonly kept = new LRUCache<string, Kept<R>>({
    maxSize: MOST_ROWS,
    sizeCalculation: ({ rows }) => Math.min(rows.length + 1, MOST_ROWS),
  });
  private readonly reading = new Map<string, Promise<Kept<R>>>();

  constructor(
    private readonly pool: Pool,
    private readonly keeping: Keeping<R, Cells>,
  ) {}

  /** Those of a relationship that are so at a position, in the order of the keeping. */
  async at(key: string, position: bigint): Promise<readonly R[]> {
    const kept = await this.upTo(key, position);
    if (kept.last?.position !== position) {
      const at = Number(position);
      kept.last = { position, rows: kept.rows.filter(({ knownFrom, knownTo }) => knownFrom <= at && (knownTo === null || knownTo > at)) };
    }
    return kept.last.rows;
  }

  /** Complete up to the position at least, to which the views have come. Whoever asks meanwhile waits for the same reading. */
  private async upTo(key: string, position: bigint): Promise<Kept<R>> {
    const kept = this.kept.get(key);
    if (kept !== undefined && kept.upTo >= position) return kept;
    const begun = this.reading.get(key);
    if (begun !== undefined) {
      const read = await begun;
      if (read.upTo >= position) return read;
    }
    return this.reading.get(key) ?? this.begin(key);
  }

  private begin(key: string): Promise<Kept<R>> {
    const reading = this.read(key, this.kept.get(key)).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    return reading;
  }

  private async read(key: string, before: Kept<R> | undefined): Promise<Kept<R>> {
    // Asked first: whatever is committed by then is among the rows that are read next.
    const upTo = await this.checkpoint();
    const rows = before === undefined ? await this.readAll(key) : await this.renewed(key, before);
    const kept = { upTo, rows };
    this.kept.set(key, kept);
    return kept;
  }

  private async checkpoint(): Promise<bigint> {
    const { rows } = await this.pool.query<{ position: bigint }>('select position from view.checkpoint');
    return rows[0]?.position ?? 0n;
  }

  private async readAll(key: string): Promise<R[]> {
    return sideBySide((await this.rows('relationship = $1', [key])).toSorted(this.keeping.compare));
  }

  private async renewed(key: string, { upTo, rows }: Kept<R>): Promise<readonly R[]> {
    const changed = await this.changedSince(key, upTo);
    if (changed.size === 0) return rows;
    const { compare } = this.keeping;
    const anew = (await this.rows('relationship = $1 and record = any($2)', [key, [...changed]])).toSorted(compare);
    const others = rows.filter(({ record }) => !changed.has(record));
    return merged(others, anew, compare);
  }

  /** The records of the relationship that were believed something else after a position. */
  private async changedSince(key: string, position: bigint): Promise<Set<string>> {
    const sql = `
      select record from view.happening where relationship = $1 and version = 1 and known_from > $2
      union select record from view.happening where relationship = $1 and version = 1 and known_to is not null and known_to > $2`;
    const { rows } = await this.pool.query<{ record: string }>(sql, [key, position]);
    return new Set(rows.map(({ record }) => record));
  }

  private async rows(where: string, values: unknown[]): Promise<R[]> {
    const { table, only = 'true', cells, read } = this.keeping;
    const row = `json_build_array(record, known_from, known_to, json_build_array(${cells})) as row`;
    type Row = [record: string, knownFrom: number, knownTo: number | null, cells: Cells];
    const rows = await rowsAsJson<Row>(this.pool, `select ${row} from view.${table} where ${where} and ${only}`, values);
    return rows.map(([record, knownFrom, knownTo, own]) => read({ record, knownFrom, knownTo }, own));
  }
}

/** Two lists in order as one. */
function merged<R>(many: readonly R[], few: readonly R[], compare: (a: R, b: R) => number): R[] {
  const all: R[] = [];
  let next = 0;
  for (const row of many) {
    while (next < few.length && compare(few[next]!, row) < 0) all.push(few[next++]!);
    all.push(row);
  }
  return [...all, ...few.slice(next)];
}

/** Copies that lie in memory in the order in which they are walked through: looking for each where it happened to be made takes longer. */
function sideBySide<R extends object>(rows: readonly R[]): R[] {
  return rows.map((row) => ({ ...row }));
}

/** A day as the number of days since 1970-01-01. */
export function daysOf(column: string): string {
  return `${column} - date '1970-01-01'`;
}
