import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import { textArray } from '../postgres/binary-array.js';
import { AS_LONG_AS_IT_TAKES } from '../postgres/pool.js';
import type { Batch, BelievedFrom, Lean } from './batch.js';
import { beliefsIn, type BeliefRow, type OnFile, TablesOnFile } from './on-file.js';

/** How many records are kept in memory: some 1.5 kB of each. */
const MOST_KEPT = 20_000;

interface Kept {
  /** As text: the collector need not look into it. */
  belief?: BeliefRow;
  /** All that lean on it, but for those who only cite it. */
  leaning?: Lean[];
}

/** What a batch left behind that is not in the tables yet. */
interface Unwritten {
  beliefs: Map<string, BeliefRow>;
  leans: Lean[];
}

/**
 * What was filled, of which the last batches may still be on their way into its tables. There a belief is ended only when all are there:
 * the last of a record is the one that holds.
 */
export class RecentlyOnFile implements OnFile {
  private readonly kept = new LRUCache<string, Kept>({ max: MOST_KEPT });
  /** All that lean on records that have not begun: those of one filing may name each other before. */
  private readonly awaiting = new Map<string, Lean[]>();
  private readonly unwritten = new Set<Unwritten>();
  private readonly tables: TablesOnFile;

  private constructor(private readonly pool: Pool) {
    this.tables = new TablesOnFile(pool, 'filling');
  }

  /** To go on from what is in the tables. */
  static async open(pool: Pool): Promise<RecentlyOnFile> {
    const onFile = new RecentlyOnFile(pool);
    const sql = `
      select leans_on as "on", record, why from view.filling_leans
      where why <> 'cites' and not exists (select from view.filling_record_belief where record = leans_on)`;
    for (const lean of (await pool.query<Lean>({ ...AS_LONG_AS_IT_TAKES, text: sql })).rows) onFile.await(lean);
    return onFile;
  }

  /** What was folded is on file from now on; answers what is to be called when it is in the tables. */
  add(events: readonly StoredEvent[], batch: Batch, rows: readonly BeliefRow[]): () => void {
    const added: Unwritten = { beliefs: new Map(), leans: batch.newLeans.filter(({ why }) => why !== 'cites') };
    for (const row of rows) {
      this.keep(row.record).belief = row;
      added.beliefs.set(row.record, row);
    }
    for (const { stream, version } of events) if (version === 1) this.begin(stream);
    for (const lean of added.leans)
      if (batch.isOnFile(lean.on)) this.kept.get(lean.on)?.leaning?.push(lean);
      else this.await(lean);
    this.unwritten.add(added);
    return () => void this.unwritten.delete(added);
  }

  async beliefs(ids: readonly string[]): Promise<Map<string, BelievedFrom>> {
    const found: BeliefRow[] = [];
    const missing: string[] = [];
    for (const id of ids) {
      const row = this.kept.get(id)?.belief ?? this.beliefUnwritten(id);
      if (row === undefined) missing.push(id);
      else found.push(row);
    }
    if (missing.length > 0) found.push(...(await this.readBeliefs(missing)));
    return beliefsIn(found);
  }

  async leaners(on: readonly string[], begun: ReadonlySet<string>): Promise<Lean[]> {
    const found = new Map<string, Lean>();
    const moved = new Set(on);
    for (let edge = [...on]; edge.length > 0;) {
      const leans = await this.leanersOnEach(edge, begun);
      for (const lean of leans) found.set(nameOf(lean), lean);
      edge = [...new Set(leans.flatMap(({ record, why }) => (why === 'date' && !moved.has(record) ? [record] : [])))];
      for (const id of edge) moved.add(id);
    }
    return [...found.values()];
  }

  private keep(id: string): Kept {
    const before = this.kept.get(id);
    if (before !== undefined) return before;
    const kept = {};
    this.kept.set(id, kept);
    return kept;
  }

  private begin(id: string): void {
    this.keep(id).leaning = this.awaiting.get(id) ?? [];
    this.awaiting.delete(id);
  }

  private await(lean: Lean): void {
    const others = this.awaiting.get(lean.on);
    if (others === undefined) this.awaiting.set(lean.on, [lean]);
    else others.push(lean);
  }

  private beliefUnwritten(id: string): BeliefRow | undefined {
    return [...this.unwritten].findLast(({ beliefs }) => beliefs.has(id))?.beliefs.get(id);
  }

  private async readBeliefs(ids: readonly string[]): Promise<BeliefRow[]> {
    const sql = `
      select last.* from unnest($1::text[]) id cross join lateral (
        select record, known_from, body from view.filling_record_belief where record = id order by known_from desc limit 1) last`;
    const { rows } = await this.pool.query<BeliefRow>(sql, [textArray(ids)]);
    for (const row of rows) this.keep(row.record).belief = row;
    return rows;
  }

  private async leanersOnEach(ids: readonly string[], begun: ReadonlySet<string>): Promise<Lean[]> {
    const leans: Lean[] = [];
    const missing: string[] = [];
    for (const id of ids) {
      const known = begun.has(id) ? (this.awaiting.get(id) ?? []) : this.kept.get(id)?.leaning;
      if (known === undefined) missing.push(id);
      else leans.push(...known);
    }
    return missing.length === 0 ? leans : [...leans, ...(await this.readLeaners(missing))];
  }

  private async readLeaners(on: readonly string[]): Promise<Lean[]> {
    // Looked at first: what is written while the tables are asked would be found in neither.
    const unwritten = [...this.unwritten].flatMap(({ leans }) => leans);
    const leans = new Map([...unwritten, ...(await this.tables.leaners(on))].map((lean) => [nameOf(lean), lean]));
    const byRecord = Map.groupBy(leans.values(), (lean) => lean.on);
    for (const id of on) this.keep(id).leaning = byRecord.get(id) ?? [];
    return on.flatMap((id) => byRecord.get(id) ?? []);
  }
}

function nameOf({ record, on, why }: Lean): string {
  return `${record} ${why} ${on}`;
}
