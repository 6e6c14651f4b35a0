import type { Pool } from 'pg';
import { FIRST_DAY, LAST_DAY, type Day } from '../domain/day.js';
import { belongingsOf, type Kind, type RecordOnFile } from '../domain/record.js';
import { happenedTo } from '../domain/relationship/timeline.js';
import { knownAt } from '../projection/known.js';

const MOST_ALIKE = 10;

/** Finds what may be on file already. */
export class LookAlikes {
  constructor(private readonly pool: Pool) {}

  /**
   * Records that have a relationship in common with one of these, are of the same sort (speech act, act, format, or one measure at least)
   * and may have happened on the same day; the newest first.
   */
  async of(records: readonly RecordOnFile[], position: bigint): Promise<string[]> {
    const looks = records.flatMap(looksOf);
    if (looks.length === 0) return [];
    const sql = `
      select alike.record from unnest($2::text[], $3::text[], $4::text[], $5::date[], $6::date[]) look (relationship, kind, what, earliest, latest)
      cross join lateral (
        select h.record, h.latest, h.position from view.happening h
        where h.relationship = look.relationship and h.kind = look.kind and h.version = 1 and not h.retracted
          and string_to_array(h.what, ', ') && string_to_array(look.what, ', ')
          and h.latest >= look.earliest and h.earliest <= look.latest
          and ${knownAt('$1', 'h')}
        order by h.latest desc, h.position desc limit ${MOST_ALIKE}) alike
      group by alike.record order by max(alike.latest) desc, max(alike.position) desc limit ${MOST_ALIKE}`;
    const column = (name: keyof Look): string[] => looks.map((look) => look[name]);
    const values = [column('relationship'), column('kind'), column('what'), column('earliest'), column('latest')];
    const { rows } = await this.pool.query<{ record: string }>(sql, [position, ...values]);
    return rows.map(({ record }) => record);
  }
}

interface Look {
  relationship: string;
  kind: Kind;
  what: string;
  earliest: Day;
  latest: Day;
}

function looksOf(record: RecordOnFile): Look[] {
  const [first] = happenedTo(record, LAST_DAY);
  if (first === undefined) return [];
  const { what, occurred } = first;
  const look = { kind: record.kind, what, earliest: occurred.earliest ?? FIRST_DAY, latest: occurred.latest ?? LAST_DAY };
  return belongingsOf(record).map(({ key }) => ({ ...look, relationship: key }));
}
