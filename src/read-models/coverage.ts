import type { Pool } from 'pg';
import { dayOfNumber } from '../domain/day.js';
import { COVERAGE_DAYS, type Coverage } from '../domain/relationship/state.js';
import { knownAt } from '../projection/known.js';
import { isKnown, type KeptRelationship } from './kept-relationships.js';

/** The last version of a record of which there was news, the day of it, and the number of the list of sources that it cited by then. */
interface News {
  day: number;
  version: number;
  sources: number;
}

/**
 * The primary records of a relationship of which there was news in the last days by asOf, each by the sources that it cited by then; and the
 * last day of any.
 */
export function recentNews(
  kept: KeptRelationship,
  position: bigint,
  asOf: number,
): { cited: (readonly string[])[]; last: Coverage['last'] } {
  const { length, of } = kept.happenings;
  const at = Number(position);
  const primary = kept.texts.find('primary');
  const recent = new Map<number, News>();
  let last: number | null = null;
  for (let n = length - 1; n >= 0; n -= 1) {
    const day = of.latest[n]!;
    if (last !== null && day <= asOf - COVERAGE_DAYS) break;
    if (day > asOf || of.begins[n]! > asOf || of.role[n] !== primary || of.retracted[n] === 1 || !isKnown(of, n, at)) continue;
    last ??= day;
    if (day <= asOf - COVERAGE_DAYS) break;
    const record = of.record[n]!;
    const version = of.version[n]!;
    const before = recent.get(record);
    if (before === undefined || (before.day === day && before.version < version))
      recent.set(record, { day, version, sources: of.sources[n]! });
  }
  return {
    cited: [...recent.values()].map(({ sources }) => kept.sources.valueOf(sources)),
    last: last === null ? null : dayOfNumber(last),
  };
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
