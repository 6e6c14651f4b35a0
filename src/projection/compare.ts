import type { Pool, PoolClient } from 'pg';
import { AS_LONG_AS_IT_TAKES } from '../postgres/pool.js';
import { BELIEVED, COLUMNS, type FilledTable } from './columns.js';
import { inTransaction } from './in-transaction.js';
import { tableIn, type Generation } from './generation.js';

/** Something that the two generations do not tell alike. */
export interface Difference {
  /** The relationship; of what belongs to none, the kind of record or the table. */
  of: string;
  table: FilledTable;
  /** How many rows each has. */
  live: number;
  next: number;
  /** Some of the records that differ, for the first of the differences. */
  records: string[];
}

const MOST_DIFFERENCES = 100;
const MOST_LOOKED_INTO = 10;
const MOST_RECORDS = 10;

/** What rows are told apart by, beside the relationship where they have one. */
const GROUPS: Partial<Record<FilledTable, string>> = {
  record_belief: 'kind',
  happening: 'relationship',
  move: 'relationship',
  place: 'relationship',
};

/**
 * Compares all that the two generations say was ever believed up to a position: every row of every relationship goes into its sum, in whatever
 * order they lie. Nothing where they are the same.
 */
export function compareGenerations(pool: Pool, position: bigint): Promise<Difference[]> {
  return inTransaction(pool, async (client) => {
    // Half of the machine is for filings.
    await client.query('set local max_parallel_workers_per_gather = 0');
    return differencesIn(client, position);
  });
}

async function differencesIn(client: PoolClient, position: bigint): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [table, id] of BELIEVED) {
    const sums = (generation: Generation): string => `
      select ${groupOf(table)} as of, count(*)::int as rows, sum(hashtextextended(${rowOf(table)}, 0)) as sum
      from ${tableIn(generation, table)} where known_from <= $1 group by 1`;
    const { rows } = await client.query<{ of: string; live: number; next: number }>({
      ...AS_LONG_AS_IT_TAKES,
      text: `
        select of, coalesce(live.rows, 0) as live, coalesce(next.rows, 0) as next
        from (${sums('live')}) live full join (${sums('next')}) next using (of)
        where (live.rows, live.sum) is distinct from (next.rows, next.sum) order by of limit ${MOST_DIFFERENCES}`,
      values: [position],
    });
    for (const row of rows) {
      const records = differences.length < MOST_LOOKED_INTO ? await recordsIn(client, table, id, row.of, position) : [];
      differences.push({ ...row, table, records });
    }
  }
  return differences.slice(0, MOST_DIFFERENCES);
}

async function recordsIn(client: PoolClient, table: FilledTable, id: string, of: string, position: bigint): Promise<string[]> {
  const rows = (generation: Generation): string =>
    `select ${id} as record, ${rowOf(table)} as row from ${tableIn(generation, table)} where known_from <= $1 and ${groupOf(table)} = $2`;
  const { rows: found } = await client.query<{ record: string }>({
    ...AS_LONG_AS_IT_TAKES,
    text: `
      select distinct record from ((${rows('live')} except all ${rows('next')}) union all (${rows('next')} except all ${rows('live')})) differing
      order by record limit ${MOST_RECORDS}`,
    values: [position, of],
  });
  return found.map(({ record }) => record);
}

function groupOf(table: FilledTable): string {
  return GROUPS[table] ?? `'${table}'`;
}

/** A row as text, as it was when everything up to the position $1 was known. */
function rowOf(table: FilledTable): string {
  const columns = Object.keys(COLUMNS[table]).map((name) => (name === 'known_to' ? 'case when known_to <= $1 then known_to end' : name));
  return `row(${columns.join(', ')})::text`;
}
