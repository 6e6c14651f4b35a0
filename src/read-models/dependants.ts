import type { Pool } from 'pg';
import { compare } from '../domain/compare.js';
import { knownAt } from '../projection/known.js';
import { Foremost } from './foremost.js';
import { isKnown, KeptRelationships, type KeptRelationship } from './kept-relationships.js';
import { NEVER } from './kept-tables.js';

/** A page of records, and how many there are in all. */
export interface Citing {
  records: string[];
  count: number;
}

/** When a record last did anything, in the world and in the log. */
interface Latest {
  record: string;
  day: number;
  position: number;
}

/** A source under more relationships than this is looked for in the table: to keep all of them would drive others out of memory. */
const MOST_WALKED = 20;

/** Finds the records that lean on another one. */
export class Dependants {
  constructor(
    private readonly pool: Pool,
    private readonly kept: KeptRelationships,
    private readonly mostWalked = MOST_WALKED,
  ) {}

  /** The records that have, or once had, a date that follows that of another. */
  async datedBy(id: string): Promise<string[]> {
    const sql = `select record from view.leans where leans_on = $1 and why = 'date'`;
    const { rows } = await this.pool.query<{ record: string }>(sql, [id]);
    return rows.map(({ record }) => record);
  }

  /** The records that cite a source and are not retracted: the newest of them, after an offset, and how many there are. */
  async citing(source: string, position: bigint, limit: number, offset = 0): Promise<Citing> {
    const sql = 'select relationship from view.resting where source = $1 limit $2';
    const { rows } = await this.pool.query<{ relationship: string }>(sql, [source, this.mostWalked + 1]);
    if (rows.length > this.mostWalked) return this.citingInTable(source, position, limit, offset);
    const kept: KeptRelationship[] = [];
    for (const { relationship } of rows) kept.push(await this.kept.upTo(relationship, position));
    return citingIn(kept, source, Number(position), limit, offset);
  }

  /**
   * Looks through the relationships of such records as they lie in the table, which for a source under very many of them is far less work
   * than finding each by its id.
   */
  private async citingInTable(source: string, position: bigint, limit: number, offset: number): Promise<Citing> {
    const { rows } = await this.pool.query<Citing>(
      `with citing as materialized (
         select record, max(latest) as latest, max(position) as position from view.happening
         where relationship = any(array(select relationship from view.resting where source = $1)) and sources @> array[$1]
           and not retracted and ${knownAt('$2')}
         group by record
       )
       select (select count(*)::int from citing) as count,
         array(select record from citing order by latest desc, position desc limit $3 offset $4) as records`,
      [source, position, limit, offset],
    );
    return rows[0]!;
  }
}

/** Walks through the rows of relationships. A record may be in several, and is counted in the first of them. */
function citingIn(relationships: readonly KeptRelationship[], source: string, at: number, limit: number, offset: number): Citing {
  const newest = new Foremost(offset + limit, newestFirst);
  const walked: Walked[] = [];
  let count = 0;
  for (const kept of relationships) {
    const { days, positions } = walk(kept, source, at);
    for (const [number, day] of days.entries()) {
      if (day === NEVER) continue;
      const record = kept.records.valueOf(number);
      if (walked.some((other) => (other.days[other.kept.records.find(record)] ?? NEVER) !== NEVER)) continue;
      count += 1;
      newest.offer({ record, day, position: positions[number]! });
    }
    walked.push({ kept, days });
  }
  return {
    records: newest
      .all()
      .slice(offset)
      .map(({ record }) => record),
    count,
  };
}

interface Walked {
  kept: KeptRelationship;
  /** For each record the last day on which it cites the source; NEVER where it does not. */
  days: Int32Array;
}

function walk(kept: KeptRelationship, source: string, at: number): Walked & { positions: Float64Array } {
  const { length, of } = kept.happenings;
  const cites = kept.sources.marks((sources) => sources.includes(source));
  const days = new Int32Array(kept.records.size).fill(NEVER);
  const positions = new Float64Array(kept.records.size);
  for (let n = 0; n < length; n += 1) {
    if (cites[of.sources[n]!] === 0 || of.retracted[n] === 1 || !isKnown(of, n, at)) continue;
    const record = of.record[n]!;
    // In the order of their days.
    days[record] = of.latest[n]!;
    positions[record] = Math.max(positions[record]!, of.position[n]!);
  }
  return { kept, days, positions };
}

function newestFirst(a: Latest, b: Latest): number {
  return b.day - a.day || b.position - a.position || compare(a.record, b.record);
}
