import type { Pool } from 'pg';
import { dayOfNumber } from '../domain/day.js';
import { COVERAGE_DAYS, type Coverage } from '../domain/relationship/state.js';
import { knownAt } from '../projection/known.js';
import { daysOf, type Keeping, type KeptRow } from './kept-rows.js';
import { listOf, numberOf } from './source-lists.js';

/** Something that happened to a primary record of a relationship. */
export interface NewsRow extends KeptRow {
  day: number;
  /** The day by which the record itself had happened. */
  begins: number;
  version: number;
  /** The number of the list of sources that the record cites by then. */
  sources: number;
}

type Cells = [day: number, begins: number, version: number, sources: readonly string[]];

/** The latest first. */
export const NEWS: Keeping<NewsRow, Cells> = {
  table: 'happening',
  only: `role = 'primary' and not retracted`,
  cells: `${daysOf('latest')}, ${daysOf('begins')}, version, sources`,
  read: (row, [day, begins, version, sources]) => ({ ...row, day, begins, version, sources: numberOf(sources) }),
  compare: (a, b) => b.day - a.day || b.version - a.version,
};

/** The records of which there was news in the last days by asOf, each with the sources that it cited by then; and the last day of any. */
export function recentNews(news: readonly NewsRow[], asOf: number): { cited: (readonly string[])[]; last: Coverage['last'] } {
  const recent = new Map<string, number>();
  let last: number | null = null;
  for (const { record, day, begins, sources } of news) {
    if (day > asOf || begins > asOf) continue;
    last ??= day;
    if (day <= asOf - COVERAGE_DAYS) break;
    if (!recent.has(record)) recent.set(record, sources);
  }
  return { cited: [...recent.values()].map(listOf), last: last === null ? null : dayOfNumber(last) };
}

/** `groups`: of the sources that stand, the group within which each is no second witness. */
export function coverageOf(cited: readonly (readonly string[])[], last: Coverage['last'], groups: ReadonlyMap<string, string>): Coverage {
  const behind = new Map<string, number>();
  for (const sources of cited)
    for (const group of new Set(sources.flatMap((source) => groups.get(source) ?? []))) behind.set(group, (behind.get(group) ?? 0) + 1);
  return { records: cited.length, sources: behind.size, topSource: Math.max(0, ...behind.values()), last };
}

/** Of these sources, those that stand at a position, each with its group. */
export async function standingGroups(pool: Pool, sources: readonly string[], position: bigint): Promise<Map<string, string>> {
  const sql = `select source, witness_group as group from view.source where source = any($2) and stands and ${knownAt('$1')}`;
  const { rows } = await pool.query<{ source: string; group: string }>(sql, [position, sources]);
  return new Map(rows.map(({ source, group }) => [source, group]));
}
