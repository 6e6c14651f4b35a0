import type { Pool } from 'pg';

/** An event of the record is parked: nothing is told of it rather than something that is no longer so. */
export class RecordParked extends Error {
  override readonly name = 'RecordParked';
}

/** What answers say of themselves that tell of more than one record. */
export interface Incomplete {
  /** Something that was filed is missing, because it is parked. */
  incomplete: boolean;
}

/** What was parked by a position, and not given up. */
const PARKED = 'p.dropped_at is null and p.position <= $1';
/** Where a source is missing follows from who cites it. */
const MISSED_IN = `(p.relationships is null or key = any(p.relationships)
  or exists (select from view.resting r where r.source = p.record and r.relationship = key))`;

/** Finds out where something is missing from the views, because they could not take it in. */
export class Gaps {
  constructor(private readonly pool: Pool) {}

  /** Throws RecordParked where a record is not as the log has it by that position. */
  async refuse(records: readonly string[], position: bigint): Promise<void> {
    const sql = `select record, position from view.parked p where ${PARKED} and record = any($2) order by position limit 1`;
    const { rows } = await this.pool.query<{ record: string; position: bigint }>(sql, [position, records]);
    const [first] = rows;
    if (first === undefined) return;
    throw new RecordParked(
      `${first.record} cannot be told: its event at position ${first.position} is parked until an operator looks after it; its history can be read, and what was known before`,
    );
  }

  /** Whether something is missing from what is told of a relationship, or of all together. */
  async isIncomplete(position: bigint, key: string | undefined): Promise<boolean> {
    if (key !== undefined) return (await this.incomplete(position, [key])).has(key);
    const { rows } = await this.pool.query<{ any: boolean }>(`select exists (select from view.parked p where ${PARKED}) as any`, [
      position,
    ]);
    return rows[0]!.any;
  }

  /** The relationships of these from which something is missing. */
  async incomplete(position: bigint, keys: readonly string[]): Promise<Set<string>> {
    const sql = `select key from unnest($2::text[]) key where exists (select from view.parked p where ${PARKED} and ${MISSED_IN})`;
    const { rows } = await this.pool.query<{ key: string }>(sql, [position, keys]);
    return new Set(rows.map(({ key }) => key));
  }

  /** Whether something is missing from what is told of a record: a parked event names it, or it rests on a record of which one is parked. */
  async isTouched(position: bigint, record: string, leant: readonly string[]): Promise<boolean> {
    const sql = `select exists (select from view.parked p where ${PARKED} and ($2 = any(names) or record = any($3))) as touched`;
    const { rows } = await this.pool.query<{ touched: boolean }>(sql, [position, record, leant]);
    return rows[0]!.touched;
  }
}
