import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { Citation } from '../domain/citation.js';
import { citationsOf, type RecordOnFile } from '../domain/record.js';
import { supported, type Belief, type Held } from '../domain/relationship/belief.js';
import { byRecency, happeningOf, type Cite, type CitedSource } from '../domain/relationship/listing.js';
import { knownAt } from '../projection/known.js';
import type { Memory } from './views.js';

const KNOWN = knownAt('$1');

/** What was believed about a record from a position on. */
export interface Version {
  record: string;
  knownFrom: number;
}

/** How much JSON the beliefs were made from that are kept, in characters; in memory they take about four times as much. */
const MOST_CHARACTERS = 6_000_000;

/**
 * Reads what the newsroom believed. What it believed from a position on never changes while the views are of one edition, so what was read is
 * kept for the next question.
 */
export class Beliefs implements Memory {
  private kept = nothingKept();

  constructor(private readonly pool: Pool) {}

  at(position: bigint): BeliefsAt {
    return new BeliefsAt(this, position);
  }

  forget(): void {
    // What is being read just now goes where nobody looks any more.
    this.kept = nothingKept();
  }

  /** What was believed of records at a position; of each that was on file then. */
  async versions(ids: readonly string[], position: bigint): Promise<Version[]> {
    const sql = `select record, known_from as "knownFrom" from view.record_belief where ${KNOWN} and record = any($2)`;
    const { rows } = await this.pool.query<{ record: string; knownFrom: bigint }>(sql, [position, ids]);
    return rows.map(({ record, knownFrom }) => ({ record, knownFrom: Number(knownFrom) }));
  }

  async of(versions: readonly Version[]): Promise<Held[]> {
    const { kept } = this;
    const wanted = new Map(versions.map((version) => [nameOf(version), version]));
    const held = new Map<string, Held>();
    for (const name of wanted.keys()) {
      const belief = kept.get(name);
      if (belief !== undefined) held.set(name, belief);
    }
    const missing = [...wanted].flatMap(([name, version]) => (held.has(name) ? [] : [version]));
    for (const { body, ...version } of await this.read(missing)) {
      const belief = JSON.parse(body) as Held;
      kept.set(nameOf(version), belief, { size: body.length });
      held.set(nameOf(version), belief);
    }
    return [...held.values()];
  }

  private async read(versions: readonly Version[]): Promise<(Version & { body: string })[]> {
    if (versions.length === 0) return [];
    const sql = `
      select record, known_from as "knownFrom", body from view.record_belief
      join unnest($1::text[], $2::bigint[]) wanted (record, known_from) using (record, known_from)`;
    const values = [versions.map(({ record }) => record), versions.map(({ knownFrom }) => knownFrom)];
    const { rows } = await this.pool.query<{ record: string; knownFrom: bigint; body: string }>(sql, values);
    return rows.map(({ knownFrom, ...row }) => ({ ...row, knownFrom: Number(knownFrom) }));
  }
}

function nothingKept(): LRUCache<string, Held> {
  return new LRUCache({ maxSize: MOST_CHARACTERS });
}

function nameOf({ record, knownFrom }: Version): string {
  return `${record} ${knownFrom}`;
}

/** What the newsroom believed at one position; each source is read once. */
export class BeliefsAt {
  private readonly sources = new Map<string, RecordOnFile | undefined>();

  constructor(
    private readonly beliefs: Beliefs,
    private readonly position: bigint,
  ) {}

  async ofRecords(ids: readonly string[]): Promise<Belief[]> {
    return this.ofVersions(await this.beliefs.versions([...new Set(ids)], this.position));
  }

  /** What was believed from positions on that are known, of records. */
  async ofVersions(versions: readonly Version[]): Promise<Belief[]> {
    return this.supporting(await this.beliefs.of(versions));
  }

  /** Puts publisher, title, url and day beside each citation of the records read so far. */
  readonly cite: Cite = (citations: readonly Citation[]): CitedSource[] =>
    citations.map((citation) => {
      const filed = this.sources.get(citation.source)?.filed;
      if (filed?.type !== 'SourceRegistered') return citation;
      const { publisher, title, url, publishedAt } = filed.data;
      return { ...citation, publisher, title, url, publishedAt };
    });

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
    const found = await this.beliefs.of(await this.beliefs.versions(missing, this.position));
    for (const id of missing) this.sources.set(id, undefined);
    for (const { record } of found) this.sources.set(record.id, record);
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
