import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import Cursor from 'pg-cursor';
import type { Columns } from './columns.js';
import { Dictionary } from './dictionary.js';
import { Edition } from './edition.js';
import { HAPPENINGS, MOVES, PLACES, type Dictionaries, type KeptTable } from './kept-tables.js';

const TABLES = { moves: MOVES, places: PLACES, happenings: HAPPENINGS } as const;
type Rows = Record<keyof typeof TABLES, number[][]>;

/** Rows kept over all relationships, but for one that has more by itself; one takes about 80 bytes. */
const MOST_ROWS = 1_000_000;
/** The position before the first event. */
const NOTHING = 0n;
/** Read at once: between one such part and the next others are served. */
const ROWS_A_PART = 5_000;

/** All rows of a relationship that were ever so. */
export class KeptRelationship implements Dictionaries {
  readonly records = new Dictionary<string>((id) => id);
  readonly texts = new Dictionary<string>((text) => text);
  readonly sources = new Dictionary<readonly string[]>((ids) => ids.join(' '));
  readonly lists = new Dictionary<readonly string[]>((list) => list.join(' '));
  readonly moves = MOVES.empty();
  readonly places = PLACES.empty();
  readonly happenings = HAPPENINGS.empty();
  /** Complete up to this position. */
  upTo = NOTHING;

  get rows(): number {
    return this.moves.length + this.places.length + this.happenings.length;
  }

  /** `ends`: since when something else is believed of records that were on file. */
  bringTo(position: bigint, ends: ReadonlyMap<string, number>, added: Rows): void {
    const endOf = new Float64Array(this.records.size);
    for (const [record, end] of ends) endOf[this.records.numberOf(record)] = end;
    for (const name of Object.keys(TABLES) as (keyof typeof TABLES)[]) {
      const { length, of } = this[name];
      for (let n = 0; ends.size > 0 && n < length; n += 1)
        if (of.knownTo[n] === Infinity && endOf[of.record[n]!]! > 0) of.knownTo[n] = endOf[of.record[n]!]!;
      this[name].add(added[name]);
    }
    this.upTo = position;
  }
}

/** Whether a row is of what was known at a position. */
export function isKnown({ knownFrom, knownTo }: Columns<'knownFrom' | 'knownTo'>['of'], n: number, position: number): boolean {
  return knownFrom[n]! <= position && knownTo[n]! > position;
}

/** What became of a relationship since a position. */
interface Turns {
  /** How far the views have come. */
  position: bigint;
  /** Of which records something else is believed. */
  records: string[];
  /** Up to where what was believed at the position was believed, by record. */
  ends: ReadonlyMap<string, number>;
}

/**
 * The rows of relationships, read once and brought up to date by what changed since. In one edition of the views nothing is ever taken out of
 * them: rows only end, and others begin. So any moment is a walk through memory, however many moments there are, and goes on being so while
 * rows are added.
 */
export class KeptRelationships {
  private readonly kept = new LRUCache<string, KeptRelationship>({
    maxSize: MOST_ROWS,
    sizeCalculation: ({ rows }) => Math.min(rows + 1, MOST_ROWS),
  });
  private readonly reading = new Map<string, Promise<KeptRelationship>>();

  constructor(
    private readonly pool: Pool,
    private readonly edition = new Edition(),
  ) {}

  /** How many rows are kept. */
  get rows(): number {
    return [...this.kept.values()].reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Complete up to the position at least, to which the views have come. Whoever asks meanwhile waits for the same reading. */
  async upTo(key: string, position: bigint): Promise<KeptRelationship> {
    const name = this.edition.nameOf(key);
    const kept = this.kept.get(name);
    if (kept !== undefined && kept.upTo >= position) return kept;
    const begun = await this.reading.get(name);
    if (begun !== undefined && begun.upTo >= position) return begun;
    return this.reading.get(name) ?? this.begin(key, name);
  }

  private begin(key: string, name: string): Promise<KeptRelationship> {
    const kept = this.kept.get(name);
    const reading = (kept === undefined ? this.whole(key) : this.renewed(key, kept))
      .then((read) => {
        this.kept.delete(name);
        this.kept.set(name, read);
        return read;
      })
      .finally(() => this.reading.delete(name));
    this.reading.set(name, reading);
    return reading;
  }

  /** Read in parts, between which others are served, and of which one at a time is in memory. */
  private async whole(key: string): Promise<KeptRelationship> {
    const kept = new KeptRelationship();
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<{ position: bigint }>('select position from view.checkpoint');
      kept.upTo = rows[0]?.position ?? NOTHING;
      for (const [name, table] of Object.entries(TABLES)) {
        const sql = `
          select json_agg(cells) as part from (
            select ${table.cells} as cells, (row_number() over (order by ${table.orderBy}) - 1) / ${ROWS_A_PART} as n
            from view.${table.name} where relationship = $1 and known_from <= $2 and ${table.only}) row
          group by n order by n`;
        const cursor = client.query(new Cursor<{ part: unknown[][] }>(sql, [key, kept.upTo]));
        for (let [row] = await cursor.read(1); row !== undefined; [row] = await cursor.read(1))
          kept[name as keyof typeof TABLES].add(row.part.map((cells) => table.read(cells, kept)));
      }
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
    return kept;
  }

  private async renewed(key: string, kept: KeptRelationship): Promise<KeptRelationship> {
    const turns = await this.turns(key, kept.upTo);
    // All of them are read before any is added: a reading that fails changes nothing.
    const [moves, places, happenings] = await Promise.all([
      this.added(MOVES, kept, key, turns),
      this.added(PLACES, kept, key, turns),
      this.added(HAPPENINGS, kept, key, turns),
    ]);
    kept.bringTo(turns.position, turns.ends, { moves, places, happenings });
    return kept;
  }

  private async turns(key: string, since: bigint): Promise<Turns> {
    const sql = `
      select (select position from view.checkpoint) as position, coalesce(json_agg(json_build_array(record, ended)), '[]') as turns from (
        select record, min(ended) as ended from (
          select record, null::bigint as ended from view.happening where relationship = $1 and version = 1 and known_from > $2
          union all
          select record, known_to from view.happening
            where relationship = $1 and version = 1 and known_to is not null and known_to > $2 and known_from <= $2) turn
        group by record) turned`;
    const values = [key, since];
    const { rows } = await this.pool.query<{ position: bigint | null; turns: [record: string, ended: number | null][] }>(sql, values);
    const { position, turns } = rows[0]!;
    return {
      position: position ?? 0n,
      records: turns.map(([record]) => record),
      ends: new Map(turns.flatMap(([record, ended]) => (ended === null ? [] : [[record, ended]]))),
    };
  }

  /** The rows of a table that begin after those that are kept. */
  private async added(table: KeptTable<string>, kept: KeptRelationship, key: string, { position, records }: Turns): Promise<number[][]> {
    if (records.length === 0) return [];
    const sql = `
      select coalesce(json_agg(${table.cells}), '[]') as added from view.${table.name}
      where relationship = $1 and known_from <= $2 and known_from > $3 and record = any($4) and ${table.only}`;
    const { rows } = await this.pool.query<{ added: unknown[][] }>(sql, [key, position, kept.upTo, records]);
    return rows[0]!.added.map((cells) => table.read(cells, kept));
  }
}
