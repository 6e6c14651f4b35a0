import type { Pool, PoolClient } from 'pg';
import { leansOn } from '../domain/relationship/belief.js';
import type { Held } from '../domain/relationship/belief.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { textArray } from '../postgres/binary-array.js';
import { Batch, changesAll, namedBy, NOTHING_PARKED, type BelievedFrom, type Lean, type Parking } from './batch.js';
import { tableIn, type Generation } from './generation.js';
import { knownAt } from './known.js';

/** What was believed before events are folded. */
export interface OnFile {
  /** What is believed of records; of those that are on file. */
  beliefs(ids: readonly string[]): Promise<Map<string, BelievedFrom>>;
  /**
   * Who leans on these records, or on those whose dates move with theirs; but for those who only cite them. `begun`: records that had no
   * event before these.
   */
  leaners(on: readonly string[], begun: ReadonlySet<string>): Promise<Lean[]>;
}

/** The beliefs of all records that these events can change, and of what surrounds each of them: what it leans on, and who links to it. */
export async function loadBatch(onFile: OnFile, events: readonly StoredEvent[], parking: Parking = NOTHING_PARKED): Promise<Batch> {
  const begun = new Set(events.flatMap(({ stream, version }) => (version === 1 ? [stream] : [])));
  const beliefs = new Map<string, BelievedFrom>();
  const read = async (ids: Iterable<string>): Promise<void> => {
    const missing = [...new Set(ids)].filter((id) => !begun.has(id) && !beliefs.has(id));
    if (missing.length === 0) return;
    for (const [id, belief] of await onFile.beliefs(missing)) beliefs.set(id, belief);
  };
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const named = events.flatMap(namedBy);
  const leaners = await onFile.leaners(streams, begun);
  const changed = new Set([...streams, ...named, ...leaners.map(({ record }) => record)]);
  await read(changed);
  for (const id of rippling(events, leaners)) for (const { to } of beliefs.get(id)?.belief.record.links ?? []) changed.add(to);
  await read(changed);
  const linking = changed.size === streams.length ? [] : await onFile.leaners([...changed], begun);
  await read([...linking.map(({ record }) => record), ...[...changed].flatMap((id) => surroundings(beliefs.get(id)))]);
  return new Batch(beliefs, [...leaners, ...linking], parking);
}

/** The records whose links may all have to be weighed anew. */
function rippling(events: readonly StoredEvent[], leaners: readonly Lean[]): string[] {
  const changed = events.flatMap(({ stream, type }) => (changesAll(type) ? [stream] : []));
  return [...changed, ...leaners.flatMap(({ record, why }) => (why === 'date' ? [record] : []))];
}

function surroundings(stored: BelievedFrom | undefined): string[] {
  if (stored === undefined) return [];
  return leansOn(stored.belief.record).flatMap(({ on, why }) => (why === 'cites' ? [] : [on]));
}

/** What the tables say: as it is now, or was at a position. */
export class TablesOnFile implements OnFile {
  constructor(
    private readonly client: Pick<Pool | PoolClient, 'query'>,
    private readonly generation: Generation = 'live',
    private readonly at?: bigint,
  ) {}

  async beliefs(ids: readonly string[]): Promise<Map<string, BelievedFrom>> {
    const known = this.at === undefined ? 'known_to is null' : knownAt('$2');
    const sql = `select record, known_from, body from ${tableIn(this.generation, 'record_belief')} where ${known} and record = any($1)`;
    const values = this.at === undefined ? [textArray(ids)] : [textArray(ids), this.at];
    const { rows } = await this.client.query<BeliefRow>(sql, values);
    return beliefsIn(rows);
  }

  /**
   * A wire may be cited very often, so that is passed over; and each is looked up by itself (`offset 0`), for the planner, seeing many at
   * once, would rather read the whole table.
   */
  async leaners(on: readonly string[]): Promise<Lean[]> {
    const leaning = (why: string): string =>
      `cross join lateral (select record, leans_on as "on", why from ${tableIn(this.generation, 'leans')} where leans_on = id and ${why} offset 0) l`;
    const sql = `
      with recursive moved (id) as (select unnest($1::text[]) union select l.record from moved ${leaning("why = 'date'")})
      select l.* from moved ${leaning("why < 'cites'")} union all select l.* from moved ${leaning("why > 'cites'")}`;
    const { rows } = await this.client.query<Lean>(sql, [textArray(on)]);
    return rows;
  }
}

export interface BeliefRow {
  record: string;
  known_from: bigint;
  body: string;
}

export function beliefsIn(rows: readonly BeliefRow[]): Map<string, BelievedFrom> {
  return new Map(rows.map(({ record, known_from: from, body }) => [record, { from, belief: JSON.parse(body) as Held }]));
}
