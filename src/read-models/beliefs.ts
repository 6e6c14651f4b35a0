import type { Pool } from 'pg';
import type { Citation } from '../domain/citation.js';
import { citationsOf, type RecordOnFile } from '../domain/record.js';
import { supported, type Belief, type Held } from '../domain/relationship/belief.js';
import { byRecency, happeningOf, type Cite, type CitedSource } from '../domain/relationship/listing.js';
import { knownAt } from '../projection/known.js';

const KNOWN = knownAt('$1');

/** Reads what the newsroom believed at a position. */
export class Beliefs {
  constructor(private readonly pool: Pool) {}

  at(position: bigint): BeliefsAt {
    return new BeliefsAt(this.pool, position);
  }
}

/** What the newsroom believed at one position; each source is read once. */
export class BeliefsAt {
  private readonly sources = new Map<string, RecordOnFile | undefined>();

  constructor(
    private readonly pool: Pool,
    private readonly position: bigint,
  ) {}

  async ofRecords(ids: readonly string[]): Promise<Belief[]> {
    if (ids.length === 0) return [];
    return this.read(`select body from view.record_belief where ${KNOWN} and record = any($2)`, [[...new Set(ids)]]);
  }

  /** Puts publisher, title, url and day beside each citation of the records read so far. */
  readonly cite: Cite = (citations: readonly Citation[]): CitedSource[] =>
    citations.map((citation) => {
      const filed = this.sources.get(citation.source)?.filed;
      if (filed?.type !== 'SourceRegistered') return citation;
      const { publisher, title, url, publishedAt } = filed.data;
      return { ...citation, publisher, title, url, publishedAt };
    });

  /** `sql` takes the position as its first value. */
  private async read(sql: string, values: unknown[]): Promise<Belief[]> {
    return this.supporting(await this.bodies(sql, values));
  }

  /** Beliefs with the sources that they cite; `supposed`: sources that are to be taken to be so. */
  async supporting(held: readonly Held[], supposed: readonly RecordOnFile[] = []): Promise<Belief[]> {
    for (const source of supposed) this.sources.set(source.id, source);
    await this.readSources(held.flatMap(({ record }) => [...citationsOf(record), ...goneBy(record)].map(({ source }) => source)));
    return held.map((each) => supported(each, (id) => this.sources.get(id)));
  }

  /** Reads these sources, so that they can be cited. */
  async readSources(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.sources.has(id));
    if (missing.length === 0) return;
    const found = await this.bodies(`select body from view.record_belief where ${KNOWN} and record = any($2)`, [missing]);
    for (const id of missing) this.sources.set(id, undefined);
    for (const { record } of found) this.sources.set(record.id, record);
  }

  private async bodies(sql: string, values: unknown[]): Promise<Held[]> {
    const { rows } = await this.pool.query<{ body: string }>(sql, [this.position, ...values]);
    return rows.map(({ body }) => JSON.parse(body) as Held);
  }
}

/** The sources that the newsroom's own steps go by. */
function goneBy({ assessed, graded, withdrawn }: RecordOnFile): Citation[] {
  return [...assessed, ...graded, ...(withdrawn === undefined ? [] : [withdrawn])].flatMap(({ data }) => data.citations ?? []);
}

/** What happened last comes first; of one day, what was filed last. */
export function newestFirst(a: Belief, b: Belief): number {
  const recency = ({ record, entries }: Belief) => ({
    latest: happeningOf(record)?.data.occurred.latest ?? null,
    position: entries[0]!.position,
  });
  return byRecency(recency(a), recency(b));
}

/** Beliefs by the ids of their records. */
export function byId(beliefs: readonly Belief[]): Map<string, Belief> {
  return new Map(beliefs.map((belief) => [belief.record.id, belief]));
}
