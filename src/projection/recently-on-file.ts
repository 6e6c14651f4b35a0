import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { textArray } from '../postgres/binary-array.js';
import type { Batch, BelievedFrom, Lean } from './batch.js';
import { beliefsIn, type BeliefRow, type OnFile, TablesOnFile } from './on-file.js';

/** How many beliefs are kept; a belief is some 5 kB in memory. */
const MOST_KEPT = 10_000;

/** What a batch left behind that is not in the tables yet. */
interface Unwritten {
  beliefs: Map<string, BelievedFrom>;
  leans: Lean[];
}

/**
 * What was filled, of which the last batches may still be on their way into its tables. There a belief is ended only when all are there:
 * the last of a record is the one that holds.
 */
export class RecentlyOnFile implements OnFile {
  private readonly kept = new LRUCache<string, BelievedFrom>({ max: MOST_KEPT });
  private readonly unwritten = new Set<Unwritten>();
  private readonly tables: TablesOnFile;

  constructor(private readonly pool: Pool) {
    this.tables = new TablesOnFile(pool, 'filling');
  }

  /** What was folded is on file from now on; answers what is to be called when it is in the tables. */
  add({ newBeliefs, newLeans }: Batch): () => void {
    const beliefs = new Map(newBeliefs.map(({ belief, from }) => [belief.record.id, { belief, from }]));
    for (const [id, belief] of beliefs) this.kept.set(id, belief);
    const added = { beliefs, leans: newLeans.filter(({ why }) => why !== 'cites') };
    this.unwritten.add(added);
    return () => void this.unwritten.delete(added);
  }

  async beliefs(ids: readonly string[]): Promise<Map<string, BelievedFrom>> {
    const found = new Map<string, BelievedFrom>();
    for (const id of ids) {
      const belief = [...this.unwritten].findLast(({ beliefs }) => beliefs.has(id))?.beliefs.get(id) ?? this.kept.get(id);
      if (belief !== undefined) found.set(id, belief);
    }
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return found;
    const sql = `
      select last.* from unnest($1::text[]) id cross join lateral (
        select record, known_from as "from", body from view.filling_record_belief where record = id order by known_from desc limit 1) last`;
    for (const [id, belief] of beliefsIn((await this.pool.query<BeliefRow>(sql, [textArray(missing)])).rows)) {
      this.kept.set(id, belief);
      found.set(id, belief);
    }
    return found;
  }

  async leaners(on: readonly string[]): Promise<Lean[]> {
    const found = new Map<string, Lean>();
    const moved = new Set(on);
    for (let edge = [...on]; edge.length > 0;) {
      // Looked at first: what is written while the tables are asked would be found in neither.
      const unwritten = this.unwrittenLeans(new Set(edge));
      const leans = [...unwritten, ...(await this.tables.leaners(edge))];
      for (const lean of leans) found.set(`${lean.record} ${lean.why} ${lean.on}`, lean);
      edge = [...new Set(leans.flatMap(({ record, why }) => (why === 'date' && !moved.has(record) ? [record] : [])))];
      for (const id of edge) moved.add(id);
    }
    return [...found.values()];
  }

  private unwrittenLeans(on: ReadonlySet<string>): Lean[] {
    return [...this.unwritten].flatMap(({ leans }) => leans.filter((lean) => on.has(lean.on)));
  }
}
