import type { PoolClient } from 'pg';
import { RELS } from '../domain/link.js';
import { belongingsOf, type Belonging } from '../domain/record.js';
import { leansOn, type Held } from '../domain/relationship/belief.js';
import { happeningOf } from '../domain/relationship/listing.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { int8Array, textArray } from '../postgres/binary-array.js';
import { Batch, changesAll, namedBy, type BelievedFrom, type Lean, type NewBelief } from './batch.js';

/** Whys by which one record changes another; what a source supports is looked at only when it is read. */
const CHANGING = ['date', ...RELS];

/** The beliefs of all records that these events can change, and of what surrounds each of them: what it leans on, and who links to it. */
export async function loadBatch(client: PoolClient, events: readonly StoredEvent[]): Promise<Batch> {
  const begun = new Set(events.flatMap(({ stream, version }) => (version === 1 ? [stream] : [])));
  const beliefs = new Map<string, BelievedFrom>();
  const read = async (ids: Iterable<string>): Promise<void> => {
    const missing = [...new Set(ids)].filter((id) => !begun.has(id) && !beliefs.has(id));
    for (const [id, belief] of await readBeliefs(client, missing)) beliefs.set(id, belief);
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
  return new Batch(beliefs, [...leaners, ...linking]);
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

/** Who leans on these records, or on those whose dates move with theirs. */
async function readLeaners(client: PoolClient, on: readonly string[]): Promise<Lean[]> {
  const sql = `
    with recursive moved (id) as (
      select unnest($1::text[]) union select l.record from view.leans l join moved on l.leans_on = moved.id and l.why = 'date'
    )
    select l.record, l.leans_on as "on", l.why from moved join view.leans l on l.leans_on = moved.id and l.why = any($2)`;
  const { rows } = await client.query<Lean>(sql, [textArray(on), textArray(CHANGING)]);
  return rows;
}

async function readBeliefs(client: PoolClient, ids: readonly string[]): Promise<Map<string, BelievedFrom>> {
  if (ids.length === 0) return new Map();
  const sql = `select record, known_from as "from", body from view.record_belief where known_to is null and record = any($1)`;
  const { rows } = await client.query<{ record: string; from: bigint; body: string }>(sql, [textArray(ids)]);
  return new Map(rows.map(({ record, from, body }) => [record, { from, belief: JSON.parse(body) as Held }]));
}

/** Closes what each new belief takes the place of, then adds them, and what they lean on. */
export async function writeBatch(client: PoolClient, { newBeliefs, newLeans }: Batch): Promise<void> {
  await close(
    client,
    newBeliefs.flatMap(({ belief, from, replaces }) =>
      replaces === undefined ? [] : [{ belief: replaces.belief, since: replaces.from, at: from, id: belief.record.id }],
    ),
  );
  await insertBeliefs(client, newBeliefs);
  await insertBelongings(
    client,
    newBeliefs.flatMap((belief) => belongingsOf(belief.belief.record).map((belonging) => ({ ...belief, ...belonging }))),
  );
  await insertLeans(client, newLeans);
}

interface Closing {
  /** The stored belief that ends. */
  belief: Held;
  id: string;
  since: bigint;
  at: bigint;
}

async function close(client: PoolClient, closings: readonly Closing[]): Promise<void> {
  if (closings.length === 0) return;
  await client.query(
    `update view.record_belief b set known_to = n.at from unnest($1::text[], $2::bigint[], $3::bigint[]) n (record, since, at)
     where b.record = n.record and b.known_from = n.since`,
    [textArray(closings.map(({ id }) => id)), int8Array(closings.map(({ since }) => since)), int8Array(closings.map(({ at }) => at))],
  );
  const belongings = closings.flatMap((closing) => belongingsOf(closing.belief.record).map(({ key }) => ({ ...closing, key })));
  await client.query(
    `update view.belonging b set known_to = n.at from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) n (relationship, record, since, at)
     where b.relationship = n.relationship and b.record = n.record and b.known_from = n.since`,
    [
      textArray(belongings.map(({ key }) => key)),
      textArray(belongings.map(({ id }) => id)),
      int8Array(belongings.map(({ since }) => since)),
      int8Array(belongings.map(({ at }) => at)),
    ],
  );
}

async function insertBeliefs(client: PoolClient, beliefs: readonly NewBelief[]): Promise<void> {
  if (beliefs.length === 0) return;
  await client.query(
    `insert into view.record_belief (record, known_from, known_to, kind, latest, body)
     select record, known_from, known_to, kind, latest::date, body
       from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) b (record, known_from, known_to, kind, latest, body)`,
    [
      textArray(beliefs.map(({ belief }) => belief.record.id)),
      int8Array(beliefs.map(({ from }) => from)),
      int8Array(beliefs.map(({ until }) => until)),
      textArray(beliefs.map(({ belief }) => belief.record.kind)),
      textArray(beliefs.map(({ belief }) => latestOf(belief))),
      textArray(beliefs.map(({ belief }) => JSON.stringify(belief))),
    ],
  );
}

async function insertBelongings(client: PoolClient, belongings: readonly (NewBelief & Belonging)[]): Promise<void> {
  if (belongings.length === 0) return;
  await client.query(
    `insert into view.belonging (relationship, record, known_from, known_to, role, latest)
     select relationship, record, known_from, known_to, role, latest::date
       from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[]) b (relationship, record, known_from, known_to, role, latest)`,
    [
      textArray(belongings.map(({ key }) => key)),
      textArray(belongings.map(({ belief }) => belief.record.id)),
      int8Array(belongings.map(({ from }) => from)),
      int8Array(belongings.map(({ until }) => until)),
      textArray(belongings.map(({ role }) => role)),
      textArray(belongings.map(({ belief }) => latestOf(belief))),
    ],
  );
}

async function insertLeans(client: PoolClient, leans: readonly Lean[]): Promise<void> {
  if (leans.length === 0) return;
  await client.query(
    `insert into view.leans (leans_on, record, why) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing`,
    [textArray(leans.map(({ on }) => on)), textArray(leans.map(({ record }) => record)), textArray(leans.map(({ why }) => why))],
  );
}

function latestOf({ record }: Held): string | null {
  return happeningOf(record)?.data.occurred.latest ?? null;
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
