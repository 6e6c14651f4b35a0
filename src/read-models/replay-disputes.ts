import type { Pool } from 'pg';
import { joined } from '../domain/relationship/dispute.js';
import type { Day } from '../domain/time.js';
import type { Stretch } from './replay-rows.js';

/** A statement that takes a position, for as long as it was believed to. */
interface Taken {
  record: string;
  from: bigint;
  to: bigint | null;
  against: string[];
  /** Whether it is taken in the relationship itself, rather than elsewhere. */
  own: boolean;
}

/** How many disputes of a relationship are open at the positions of a stretch, asked for in their order. */
export class ReplayDisputes {
  private open = 0;
  /** The next position at which a position is taken or left; null where there is none. */
  private next: bigint | null = 0n;

  private constructor(
    private readonly taken: readonly Taken[],
    /** The last position of the stretch. */
    readonly upTo: bigint,
  ) {}

  /** Reads every position that is taken in a stretch, and those elsewhere that are joined to them, however far the chain leads. */
  static async in(pool: Pool, key: string, asOf: Day, stretch: Stretch): Promise<ReplayDisputes> {
    const taken: Taken[] = [];
    const seen = new Set<string>();
    for (let edge = await ownIn(pool, key, asOf, stretch); edge.length > 0;) {
      for (const record of edge) seen.add(record);
      const found = await takenBy(pool, key, asOf, stretch, edge);
      taken.push(...found);
      edge = [...new Set(found.flatMap(({ against }) => against))].filter((record) => !seen.has(record));
    }
    return new ReplayDisputes(taken, stretch.upTo);
  }

  at(position: bigint): number {
    if (this.next === null || position < this.next) return this.open;
    const now = this.taken.filter(({ from, to }) => from <= position && (to === null || to > position));
    const own = new Set(now.flatMap((one) => (one.own ? [one.record] : [])));
    this.open = joined(now).filter((set) => set.some((record) => own.has(record))).length;
    const turns = this.taken.flatMap(({ from, to }) => [from, ...(to === null ? [] : [to])]).filter((turn) => turn > position);
    this.next = turns.reduce<bigint | null>((first, turn) => (first === null || turn < first ? turn : first), null);
    return this.open;
  }
}

const ON_DAY = `since <= $2 and (until is null or until > $2)`;
const KNOWN_IN = `known_from <= $4 and (known_to is null or known_to > $3)`;

async function ownIn(pool: Pool, key: string, asOf: Day, { after, upTo }: Stretch): Promise<string[]> {
  const { rows } = await pool.query<{ record: string }>(
    `select distinct record from view.place where relationship = $1 and list = 'positions' and role <> 'topic' and ${ON_DAY} and ${KNOWN_IN}`,
    [key, asOf, after, upTo],
  );
  return rows.map(({ record }) => record);
}

/** One row for each time that a record takes a position, be it in one relationship or several. */
async function takenBy(pool: Pool, key: string, asOf: Day, { after, upTo }: Stretch, records: readonly string[]): Promise<Taken[]> {
  const { rows } = await pool.query<Taken>(
    `select record, known_from as from, known_to as to, against, bool_or(relationship = $1 and role <> 'topic') as own
     from view.place where record = any($5) and list = 'positions' and ${ON_DAY} and ${KNOWN_IN}
     group by record, known_from, known_to, against`,
    [key, asOf, after, upTo, records],
  );
  return rows;
}
