import type { Pool } from 'pg';
import { compare } from '../domain/compare.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import type { Moment } from './views.js';

/** A statement that denies or contradicts others, or is denied or contradicted, and had been made by the day that is asked for. */
export interface Contested {
  record: string;
  /** When it was said, and the position of its first event: by these they are in order, the newest first. */
  on: Day;
  position: string;
  /** Whether its speaker stood by it on that day. */
  stands: boolean;
  against: string[];
  relationships: string[];
}

/** Which of them to begin with: those of a relationship, those that were withdrawn, or so many of the newest from a place on. */
export interface Beginning {
  relationship?: string;
  withdrawn?: boolean;
  from?: readonly [on: Day, position: string, ...string[]];
  most?: number;
}

const STANDS = '(withdrawn is null or withdrawn > $2)';

/** Statements in disputes on a day, as known at a position: all of them, or only those whose speakers stood by them. */
export class ContestedOn {
  constructor(
    private readonly pool: Pool,
    private readonly moment: Moment,
    private readonly only: 'all' | 'standing',
  ) {}

  /** The newest first. */
  async begin({ relationship, withdrawn, from, most }: Beginning): Promise<Contested[]> {
    const conditions = `($3::text is null or relationships @> array[$3]) and ($4::boolean is null or withdrawn <= $2)
      and ($5::date is null or (on_day, position) <= ($5, $6::bigint))`;
    return this.rows(`${conditions} order by on_day desc, contested.position desc limit $7`, [
      relationship,
      withdrawn,
      from?.[0],
      from?.[1],
      most,
    ]);
  }

  /** These and all that are joined to them, however far the chain leads; the newest first. */
  async joinedTo(some: readonly Contested[]): Promise<Contested[]> {
    const found = new Map(some.map((one) => [one.record, one]));
    const seen = new Set(found.keys());
    for (let edge = some; edge.length > 0;) {
      const next = [...new Set(edge.flatMap(({ against }) => against))].filter((id) => !seen.has(id));
      for (const id of next) seen.add(id);
      edge = next.length === 0 ? [] : await this.rows('record = any($3)', [next]);
      for (const one of edge) found.set(one.record, one);
    }
    return [...found.values()].toSorted(newestFirst);
  }

  private async rows(where: string, values: readonly unknown[]): Promise<Contested[]> {
    const { rows } = await this.pool.query<Contested>(
      `select record, on_day::text as "on", position::text, ${STANDS} as stands, against, relationships from view.contested
       where ${knownAt('$1')} and on_day <= $2 and ${this.only === 'all' ? 'true' : STANDS} and ${where}`,
      [this.moment.position, this.moment.asOf, ...values],
    );
    return rows;
  }
}

/** What was said last comes first; of one day, what was filed last. */
export function newestFirst(a: Pick<Contested, 'on' | 'position'>, b: Pick<Contested, 'on' | 'position'>): number {
  return compare(b.on, a.on) || Number(b.position) - Number(a.position);
}
