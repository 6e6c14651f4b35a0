import type { Pool } from 'pg';
import type { Citation } from '../domain/citation.js';
import { citationsOf, type Kind, type RecordOnFile } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { opposing } from '../domain/relationship/dispute.js';
import { byRecency, happeningOf, type Cite, type CitedSource } from '../domain/relationship/listing.js';

const KNOWN = 'known_from <= $1 and (known_to is null or known_to > $1)';

/** Reads what the newsroom believed at a position. */
export class Beliefs {
  constructor(private readonly pool: Pool) {}

  async ofRecords(ids: readonly string[], position: bigint): Promise<Belief[]> {
    if (ids.length === 0) return [];
    const sql = `select body from view.record_belief where ${KNOWN} and record = any($2)`;
    return this.read(sql, [position, [...new Set(ids)]]);
  }

  /** Records of a relationship in any of these roles. */
  async ofRelationship(key: string, roles: readonly string[], position: bigint): Promise<Belief[]> {
    const sql = `select b.body from view.belonging r join view.record_belief b on b.record = r.record and b.known_from = r.known_from
      where r.relationship = $2 and r.role = any($3) and r.known_from <= $1 and (r.known_to is null or r.known_to > $1)`;
    return this.read(sql, [position, key, roles]);
  }

  /** Every record of these kinds, or those of one relationship. */
  async ofKind(kind: Kind, relationship: string | undefined, position: bigint): Promise<Belief[]> {
    if (relationship !== undefined) {
      const beliefs = await this.ofRelationship(relationship, ['primary', 'affected', 'topic'], position);
      return beliefs.filter(({ record }) => record.kind === kind);
    }
    return this.read(`select body from view.record_belief where ${KNOWN} and kind = $2`, [position, kind]);
  }

  /** The keys of all relationships that have a record in one of these roles. */
  async relationships(roles: readonly string[], position: bigint): Promise<string[]> {
    const sql = `select distinct relationship from view.belonging where ${KNOWN} and role = any($2) order by relationship`;
    const { rows } = await this.pool.query<{ relationship: string }>(sql, [position, roles]);
    return rows.map(({ relationship }) => relationship);
  }

  /** The statements elsewhere that are joined to these by disputes, however far the chain leads. */
  async disputing(beliefs: readonly Belief[], position: bigint): Promise<Belief[]> {
    const seen = new Set(beliefs.map(({ record }) => record.id));
    const found: Belief[] = [];
    for (let edge = beliefs; edge.length > 0;) {
      const next = [...new Set(edge.flatMap(opposing))].filter((id) => !seen.has(id));
      for (const id of next) seen.add(id);
      edge = await this.ofRecords(next, position);
      found.push(...edge);
    }
    return found;
  }

  /** Puts publisher, title, url and day beside each citation of these records. */
  async citing(beliefs: readonly Belief[], position: bigint): Promise<Cite> {
    const ids = beliefs.flatMap(({ record }) => [...citationsOf(record), ...goneBy(record)].map(({ source }) => source));
    const sources = new Map((await this.ofRecords(ids, position)).map(({ record }) => [record.id, record]));
    return (citations: readonly Citation[]): CitedSource[] =>
      citations.map((citation) => {
        const filed = sources.get(citation.source)?.filed;
        if (filed?.type !== 'SourceRegistered') return citation;
        const { publisher, title, url, publishedAt } = filed.data;
        return { ...citation, publisher, title, url, publishedAt };
      });
  }

  private async read(sql: string, values: unknown[]): Promise<Belief[]> {
    const { rows } = await this.pool.query<{ body: string }>(sql, values);
    return rows.map(({ body }) => JSON.parse(body) as Belief);
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
