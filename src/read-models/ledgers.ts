import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { inOrder, type Sum } from '../domain/relationship/ledger.js';

/** A sum, with how many moves it is of. */
export type MoveSum = Sum & { moves: number };

/** A move that counts while its record's sources stand; as believed from one position up to, and without, another. */
interface Entry extends Sum {
  record: string;
  knownFrom: number;
  knownTo: number | null;
  filed: number;
  sources: readonly string[];
}

/** All moves of a relationship that were ever believed, by the day from which they fade; complete up to a position. */
interface Ledger {
  upTo: bigint;
  entries: Entry[];
}

/** Entries kept over all relationships; one takes about 150 bytes. */
const MOST_ENTRIES = 250_000;

/** The moves of relationships, read once and kept up to date by what changed since, so that any moment is a walk through memory. */
export class Ledgers {
  private readonly kept = new LRUCache<string, Ledger>({ maxSize: MOST_ENTRIES, sizeCalculation: ({ entries }) => entries.length + 1 });
  private readonly reading = new Map<string, Promise<Ledger>>();

  constructor(private readonly pool: Pool) {}

  /** The moves of a relationship as known, but for those resting on fallen sources alone, added up; `filedBy`: of records on file then. */
  async sums(key: string, position: bigint, fallen: readonly string[], filedBy = position): Promise<MoveSum[]> {
    const { entries } = await this.ledger(key, position);
    const at = Number(position);
    const by = Number(filedBy);
    const fell = new Set(fallen);
    const stands = ({ sources }: Entry): boolean => fell.size === 0 || !sources.every((source) => fell.has(source));
    const sums: MoveSum[] = [];
    let last: MoveSum | undefined;
    for (const entry of entries) {
      if (entry.knownFrom > at || (entry.knownTo !== null && entry.knownTo <= at) || entry.filed > by || !stands(entry)) continue;
      const { since, until, base, tenths } = entry;
      if (last?.base === base && last.since === since && last.until === until && last.tenths < 0 === tenths < 0) {
        last.tenths += tenths;
        last.moves += 1;
      } else sums.push((last = { since, until, base, tenths, moves: 1 }));
    }
    return sums;
  }

  /** Complete up to the position at least. Whoever asks meanwhile waits for the same reading. */
  private async ledger(key: string, position: bigint): Promise<Ledger> {
    for (;;) {
      const kept = this.kept.get(key);
      if (kept !== undefined && kept.upTo >= position) return kept;
      let reading = this.reading.get(key);
      if (reading === undefined) {
        reading = this.read(key, kept, position).finally(() => this.reading.delete(key));
        this.reading.set(key, reading);
      }
      const ledger = await reading;
      if (ledger.upTo >= position) return ledger;
    }
  }

  private async read(key: string, before: Ledger | undefined, position: bigint): Promise<Ledger> {
    const ledger = before === undefined ? await this.readAll(key, position) : await this.readSince(key, before, position);
    this.kept.set(key, ledger);
    return ledger;
  }

  private async readAll(key: string, upTo: bigint): Promise<Ledger> {
    return { upTo, entries: ordered(await this.entries('relationship = $1', [key])) };
  }

  private async readSince(key: string, { upTo, entries }: Ledger, position: bigint): Promise<Ledger> {
    const sql = `
      select record from view.happening where relationship = $1 and version = 1 and known_from > $2
      union select record from view.happening where relationship = $1 and version = 1 and known_to is not null and known_to > $2`;
    const { rows } = await this.pool.query<{ record: string }>(sql, [key, upTo]);
    if (rows.length === 0) return { upTo: position, entries };
    const changed = new Set(rows.map(({ record }) => record));
    const anew = await this.entries('relationship = $1 and record = any($2)', [key, [...changed]]);
    return { upTo: position, entries: ordered([...entries.filter(({ record }) => !changed.has(record)), ...anew]) };
  }

  /** Many small rows are read faster as one text. */
  private async entries(where: string, values: unknown[]): Promise<Entry[]> {
    const day = (column: string): string => `${column} - date '1970-01-01'`;
    const sql = `
      select coalesce(json_agg(json_build_array(
        record, known_from, known_to, filed, ${day('since')}, ${day('until')}, ${day('base')}, tenths, sources)), '[]')::text as rows
      from view.move where ${where}`;
    const { rows } = await this.pool.query<{ rows: string }>(sql, values);
    const seen = new Map<string, readonly string[]>();
    return (JSON.parse(rows[0]!.rows) as Row[]).map(([record, knownFrom, knownTo, filed, since, until, base, tenths, sources]) => {
      const name = sources.join(' ');
      if (!seen.has(name)) seen.set(name, sources);
      return { record, knownFrom, knownTo, filed, since, until, base, tenths, sources: seen.get(name)! };
    });
  }
}

type Row = [
  record: string,
  knownFrom: number,
  knownTo: number | null,
  filed: number,
  since: number,
  until: number | null,
  base: number | null,
  tenths: number,
  sources: readonly string[],
];

/** By the day from which they fade, those of one side and the same days together. */
function ordered(entries: readonly Entry[]): Entry[] {
  const side = ({ tenths }: Entry): number => Math.sign(tenths);
  return inOrder(entries.toSorted((a, b) => a.since - b.since || (a.until ?? 0) - (b.until ?? 0) || side(a) - side(b)));
}
