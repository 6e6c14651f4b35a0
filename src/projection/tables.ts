import type { PoolClient } from 'pg';
import { belongingsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { happeningOf } from '../domain/relationship/listing.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { Batch, namedBy, type BelievedFrom, type Lean, type NewBelief } from './batch.js';

/** The beliefs of all records that these events can change, and of what surrounds each of them: what it leans on, and who links to it. */
export async function loadBatch(client: PoolClient, events: readonly StoredEvent[]): Promise<Batch> {
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const { named, linked } = namedBy(events);
  const leaners = await readLeans(client, 'leans_on = any($1)', streams);
  const affected = [...new Set([...streams, ...linked, ...leaners.map(({ record }) => record)])];
  const around = await readLeans(
    client,
    `record = any($1) union select record, leans_on, why from view.leans where leans_on = any($1) and why <> 'cites'`,
    affected,
  );
  const leans = [...leaners, ...around];
  const ids = [...new Set([...affected, ...named, ...leans.flatMap(({ record, on }) => [record, on])])];
  return new Batch(await readBeliefs(client, ids), leans);
}

async function readLeans(client: PoolClient, where: string, ids: readonly string[]): Promise<Lean[]> {
  const { rows } = await client.query<Lean>(`select record, leans_on as "on", why from view.leans where ${where}`, [ids]);
  return rows;
}

async function readBeliefs(client: PoolClient, ids: readonly string[]): Promise<Map<string, BelievedFrom>> {
  const sql = `select record, known_from as "from", body from view.record_belief where known_to is null and record = any($1)`;
  const { rows } = await client.query<{ record: string; from: bigint; body: string }>(sql, [ids]);
  return new Map(rows.map(({ record, from, body }) => [record, { from, belief: JSON.parse(body) as Belief }]));
}

/** Closes what each new belief takes the place of, then adds them, and what they lean on. */
export async function writeBatch(client: PoolClient, { newBeliefs, newLeans }: Batch): Promise<void> {
  await close(
    client,
    newBeliefs.filter(({ replaces }) => replaces !== undefined),
  );
  await insert(client, 'view.record_belief (record, known_from, known_to, kind, latest, body)', BELIEF_TYPES, newBeliefs.map(beliefRow));
  await insert(
    client,
    'view.belonging (relationship, record, known_from, known_to, role, latest)',
    BELONGING_TYPES,
    newBeliefs.flatMap(belongingRows),
  );
  await insert(
    client,
    'view.leans (leans_on, record, why)',
    LEAN_TYPES,
    newLeans.map(({ on, record, why }) => [on, record, why]),
    'on conflict do nothing',
  );
}

const BELIEF_TYPES = ['text', 'bigint', 'bigint', 'text', 'date', 'text'];
const BELONGING_TYPES = ['text', 'text', 'bigint', 'bigint', 'text', 'date'];
const LEAN_TYPES = ['text', 'text', 'text'];

async function close(client: PoolClient, beliefs: readonly NewBelief[]): Promise<void> {
  if (beliefs.length === 0) return;
  const rows = beliefs.map(({ belief, from, replaces }) => [belief.record.id, replaces!.from, from]);
  await client.query(
    `update view.record_belief b set known_to = n.at from unnest($1::text[], $2::bigint[], $3::bigint[]) n(record, since, at)
     where b.record = n.record and b.known_from = n.since`,
    columns(rows, 3),
  );
  const belongings = beliefs.flatMap(({ belief, from, replaces }) =>
    belongingsOf(replaces!.belief.record).map(({ key }) => [key, belief.record.id, replaces!.from, from]),
  );
  await client.query(
    `update view.belonging b set known_to = n.at from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) n(relationship, record, since, at)
     where b.relationship = n.relationship and b.record = n.record and b.known_from = n.since`,
    columns(belongings, 4),
  );
}

function beliefRow({ belief, from, until }: NewBelief): unknown[] {
  return [belief.record.id, from, until, belief.record.kind, latestOf(belief), JSON.stringify(belief)];
}

function belongingRows({ belief, from, until }: NewBelief): unknown[][] {
  return belongingsOf(belief.record).map(({ key, role }) => [key, belief.record.id, from, until, role, latestOf(belief)]);
}

function latestOf({ record }: Belief): string | null {
  return happeningOf(record)?.data.occurred.latest ?? null;
}

async function insert(
  client: PoolClient,
  into: string,
  types: readonly string[],
  rows: readonly (readonly unknown[])[],
  last = '',
): Promise<void> {
  if (rows.length === 0) return;
  const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
  await client.query(`insert into ${into} select * from unnest(${arrays}) ${last}`, columns(rows, types.length));
}

/** Rows turned into columns, for `unnest`. */
function columns(rows: readonly (readonly unknown[])[], count: number): unknown[][] {
  return Array.from({ length: count }, (_, i) => rows.map((row) => row[i]));
}

/** Moves the checkpoint past these events, in the transaction of their rows; fails where another projector was quicker. */
export async function moveCheckpoint(client: PoolClient, events: readonly StoredEvent[]): Promise<void> {
  const last = events.at(-1)!;
  const recorded = new Map(events.map(({ recordedAt, position }) => [recordedAt.toISOString(), position]));
  await client.query(
    `insert into view.recorded (recorded_at, position) select * from unnest($1::timestamptz[], $2::bigint[])
     on conflict (recorded_at) do update set position = excluded.position`,
    [[...recorded.keys()], [...recorded.values()]],
  );
  const { rowCount } = await client.query(`update view.checkpoint set position = $1, event = $2, recorded_at = $3 where position = $4`, [
    last.position,
    last.id,
    last.recordedAt,
    events[0]!.position - 1n,
  ]);
  if (rowCount !== 1) throw new Error('another projector moved the checkpoint');
}
