import type { Pool, PoolClient } from 'pg';
import { leansOn, type Held } from '../domain/relationship/belief.js';
import { happeningOf } from '../domain/relationship/listing.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { int4Array, int8Array, textArray } from '../postgres/binary-array.js';
import { knownAt } from './known.js';
import { rowsOf, type Row } from './rows.js';
import { Batch, changesAll, namedBy, NOTHING_PARKED, type BelievedFrom, type Lean, type NewBelief, type Parking } from './batch.js';

type Reader = Pick<Pool | PoolClient, 'query'>;

/**
 * The beliefs of all records that these events can change, and of what surrounds each of them: what it leans on, and who links to it; as
 * they are now, or were at a position.
 */
export async function loadBatch(
  client: Reader,
  events: readonly StoredEvent[],
  { at, parking = NOTHING_PARKED }: { at?: bigint; parking?: Parking } = {},
): Promise<Batch> {
  const begun = new Set(events.flatMap(({ stream, version }) => (version === 1 ? [stream] : [])));
  const beliefs = new Map<string, BelievedFrom>();
  const read = async (ids: Iterable<string>): Promise<void> => {
    const missing = [...new Set(ids)].filter((id) => !begun.has(id) && !beliefs.has(id));
    for (const [id, belief] of await readBeliefs(client, missing, at)) beliefs.set(id, belief);
  };
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const named = events.flatMap(namedBy);
  const leaners = await readLeaners(client, streams);
  const changed = new Set([...streams, ...named, ...leaners.map(({ record }) => record)]);
  await read(changed);
  for (const id of rippling(events, leaners)) for (const { to } of beliefs.get(id)?.belief.record.links ?? []) changed.add(to);
  await read(changed);
  const linking = changed.size === streams.length ? [] : await readLeaners(client, [...changed]);
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

/**
 * Who leans on these records, or on those whose dates move with theirs. A wire may be cited very often, so that is passed over; and each is
 * looked up by itself (`offset 0`), for the planner, seeing many at once, would rather read the whole table.
 */
async function readLeaners(client: Reader, on: readonly string[]): Promise<Lean[]> {
  const leaning = (why: string): string =>
    `cross join lateral (select record, leans_on as "on", why from view.leans where leans_on = id and ${why} offset 0) l`;
  const sql = `
    with recursive moved (id) as (select unnest($1::text[]) union select l.record from moved ${leaning("why = 'date'")})
    select l.* from moved ${leaning("why < 'cites'")} union all select l.* from moved ${leaning("why > 'cites'")}`;
  const { rows } = await client.query<Lean>(sql, [textArray(on)]);
  return rows;
}

async function readBeliefs(client: Reader, ids: readonly string[], at: bigint | undefined): Promise<Map<string, BelievedFrom>> {
  if (ids.length === 0) return new Map();
  const known = at === undefined ? 'known_to is null' : knownAt('$2');
  const sql = `select record, known_from as "from", body from view.record_belief where ${known} and record = any($1)`;
  const values = at === undefined ? [textArray(ids)] : [textArray(ids), at];
  const { rows } = await client.query<{ record: string; from: bigint; body: string }>(sql, values);
  return new Map(rows.map(({ record, from, body }) => [record, { from, belief: JSON.parse(body) as Held }]));
}

/** Closes what each new belief takes the place of, then adds them, what follows from them, and what they lean on. */
export async function writeBatch(client: PoolClient, { newBeliefs, newLeans }: Batch): Promise<void> {
  await close(
    client,
    newBeliefs.filter(({ replaces }) => replaces !== undefined),
  );
  await insert(client, 'record_belief', BELIEF, newBeliefs.map(beliefRow));
  const { happening, move, place, source, resting, contested, question } = rowsOf(newBeliefs);
  await insert(client, 'happening', HAPPENING, happening);
  await insert(client, 'move', MOVE, move);
  await insert(client, 'place', PLACE, place);
  await insert(client, 'source', SOURCE, source);
  await insert(client, 'resting', RESTING, resting, 'on conflict do nothing');
  await insert(client, 'contested', CONTESTED, contested);
  await insert(client, 'question', QUESTION, question);
  await insert(
    client,
    'leans',
    LEAN,
    newLeans.map(({ record, on, why }) => ({ leans_on: on, record, why })),
    'on conflict do nothing',
  );
}

const KNOWN = { record: 'text', known_from: 'bigint', known_to: 'bigint' } as const;
const BELIEF = { ...KNOWN, kind: 'text', latest: 'date', body: 'text' } as const;
const HAPPENING = {
  ...KNOWN,
  relationship: 'text',
  version: 'int',
  position: 'bigint',
  role: 'text',
  kind: 'text',
  earliest: 'date',
  latest: 'date',
  begins: 'date',
  retracted: 'boolean',
  what: 'text',
  parties: 'text[]',
  topics: 'text[]',
  actors: 'text[]',
  sources: 'text[]',
} as const;
const MOVE = {
  ...KNOWN,
  relationship: 'text',
  filed: 'bigint',
  position: 'bigint',
  on_day: 'date',
  from_party: 'text',
  tenths: 'int',
  base: 'date',
  since: 'date',
  until: 'date',
  sources: 'text[]',
} as const;
const PLACE = {
  ...KNOWN,
  relationship: 'text',
  list: 'text',
  role: 'text',
  items: 'int',
  on_day: 'date',
  position: 'bigint',
  since: 'date',
  until: 'date',
  against: 'text[]',
} as const;
const SOURCE = { source: 'text', known_from: 'bigint', known_to: 'bigint', stands: 'boolean', witness_group: 'text' } as const;
const RESTING = { source: 'text', relationship: 'text' } as const;
const CONTESTED = {
  ...KNOWN,
  on_day: 'date',
  position: 'bigint',
  withdrawn: 'date',
  against: 'text[]',
  relationships: 'text[]',
} as const;
const QUESTION = { ...KNOWN, n: 'int', position: 'bigint', open: 'boolean', since: 'date', relationships: 'text[]' } as const;
const LEAN = { leans_on: 'text', record: 'text', why: 'text' } as const;

type Columns = Readonly<Record<string, 'text' | 'bigint' | 'int' | 'date' | 'boolean' | 'text[]'>>;

/** Adds rows in one statement, a column at a time. */
async function insert(client: PoolClient, table: string, columns: Columns, rows: readonly Row[], otherwise = ''): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const sent = types.map((type, i) => `$${i + 1}::${type === 'bigint' || type === 'int' ? type : 'text'}[]`);
  const read = names.map((name, i) => (types[i] === 'text' ? name : `${name}::${types[i]}`));
  await client.query({
    name: `insert_${table}`,
    text: `insert into view.${table} (${names.join(', ')}) select ${read.join(', ')} from unnest(${sent.join(', ')}) r (${names.join(', ')}) ${otherwise}`,
    values: names.map((name, i) =>
      array(
        types[i]!,
        rows.map((row) => row[name] ?? null),
      ),
    ),
  });
}

function array(type: Columns[string], values: readonly Row[string][]): Buffer {
  switch (type) {
    case 'bigint':
      return int8Array(values as (bigint | null)[]);
    case 'int':
      return int4Array(values as (number | null)[]);
    case 'text':
    case 'date':
      return textArray(values as (string | null)[]);
    case 'boolean':
      return textArray(values.map((value) => (value === null ? null : String(value))));
    case 'text[]':
      return textArray(values.map((value) => arrayLiteral(value as readonly string[])));
  }
}

/** An array as PostgreSQL reads it from text. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}

function beliefRow({ belief, from, until }: NewBelief): Row {
  const { record } = belief;
  return {
    record: record.id,
    known_from: from,
    known_to: until,
    kind: record.kind,
    latest: latestOf(belief),
    body: JSON.stringify(belief),
  };
}

/** The tables of what is believed for a while, each with the column that names the record. */
export const BELIEVED = [
  ['record_belief', 'record'],
  ['happening', 'record'],
  ['move', 'record'],
  ['place', 'record'],
  ['source', 'source'],
  ['contested', 'record'],
  ['question', 'record'],
] as const;

/** Ends the stored beliefs that these take the place of, with all that follows from them. */
async function close(client: PoolClient, beliefs: readonly NewBelief[]): Promise<void> {
  if (beliefs.length === 0) return;
  const values = [textArray(beliefs.map(({ belief }) => belief.record.id)), int8Array(beliefs.map(({ from }) => from))];
  for (const [table, id] of BELIEVED)
    await client.query({
      name: `close_${table}`,
      text: `update view.${table} t set known_to = n.at from unnest($1::text[], $2::bigint[]) n (id, at) where t.${id} = n.id and t.known_to is null`,
      values,
    });
}

function latestOf({ record }: Held): string | null {
  return happeningOf(record)?.data.occurred.latest ?? null;
}

/** Moves the checkpoint from `after` past these events, in the transaction of their rows; fails where another projector was quicker. */
export async function moveCheckpoint(client: PoolClient, events: readonly StoredEvent[], after: bigint): Promise<void> {
  const last = events.at(-1)!;
  const recorded = new Map(events.map(({ recordedAt, position }) => [recordedAt.toISOString(), position]));
  await client.query(
    `insert into view.recorded (recorded_at, position) select * from unnest($1::timestamptz[], $2::bigint[])
     on conflict (recorded_at) do update set position = excluded.position`,
    [[...recorded.keys()], [...recorded.values()]],
  );
  const { rowCount } = await client.query(
    `update view.checkpoint set position = $1, event = $2, recorded_at = $3, moved_at = clock_timestamp() where position = $4`,
    [last.position, last.id, last.recordedAt, after],
  );
  if (rowCount !== 1) throw new Error('another projector moved the checkpoint');
}
