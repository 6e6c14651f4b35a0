import type { Pool, PoolClient } from 'pg';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { isOf, OTHER_LOG } from './checkpoint.js';
import { sendAll } from '../postgres/send-all.js';
import type { Parking } from './batch.js';
import { BELIEVED } from './columns.js';
import { inPieces } from './faults.js';
import { tableIn, type Generation } from './generation.js';
import { inTransaction } from './in-transaction.js';
import { kinOf } from './kin.js';
import { namesIn, parkingOf, readParking } from './parking.js';
import { BEGIN } from './project.js';
import { takeIn } from './take-in.js';

const PAGE = 500;

/** What became of what was parked. */
export interface Retried {
  /** Events that the views have taken in now. */
  projected: number;
  /** Events that are parked still, or again. */
  parked: number;
}

interface ProjectedAnew extends Retried {
  /** How many of the parked were in the views before; their ties to other records and to relationships are still there. */
  takenBack: number;
}

/** Why an event is given up, and by whom. */
export interface Dropping {
  by: string;
  reason: string;
}

/** An event that is parked, or was. */
interface At {
  record: string;
  position: bigint;
}

/** What the views of a generation are put right with. */
export interface Mending {
  client: PoolClient;
  store: EventStore;
  generation: Generation;
  /** Where it aborts, nothing is changed. */
  signal?: AbortSignal;
}

/**
 * Tries again what is parked of the record of an event, and of everything that hangs together with it; undefined where nothing is parked at
 * the position. With `dropping`, the event is passed over from now on; only one that failed itself can be, else the answer is undefined too.
 */
export function retry(pool: Pool, store: EventStore, position: bigint, dropping?: Dropping): Promise<Retried | undefined> {
  return inTransaction(
    pool,
    async (client) => {
      const mending: Mending = { client, store, generation: 'live' };
      const end = await lock(mending);
      const record = await recordAt(client, position, dropping);
      if (record === undefined) return undefined;
      const { projected, parked } = await projectAnew(mending, { record, position }, end);
      // Whatever instances keep in memory is of no use any more, and views that are being built have to do the same (carry-over.ts).
      await client.query('update view.checkpoint set edition = edition + 1');
      return { projected, parked };
    },
    BEGIN,
  );
}

/**
 * All that was believed of the kin of a record from its first parked event on is taken back and projected anew, in the order of the log and
 * each at its own position: so the views are as if nothing had ever been parked. No other record depends on them (kin.ts).
 */
export async function projectAnew(mending: Mending, at: At, end: bigint): Promise<ProjectedAnew> {
  const { client, generation } = mending;
  const { kin, from } = await gather(mending, at, end);
  const before = await takeBack(mending, kin, from);
  const parked = { current: await readParking(client, generation) };
  for await (const events of eventsOf(mending, kin, from, end))
    await inPieces(events, (piece, fault) => inSavepoint(client, () => takeInOrPark(mending, piece, fault, parked)));
  return settle(mending, kin, before);
}

/** Nobody else writes to the views until the end of the transaction. Answers how far they have come. */
export async function lock({ client, store, generation }: Mending): Promise<bigint> {
  const sql = `select log, position, event from ${tableIn(generation, 'checkpoint')} for update`;
  const { rows } = await client.query<{ log: string; position: bigint; event: string | null }>(sql);
  const [viewed] = rows;
  if (viewed === undefined) return 0n;
  if (!(await isOf(store, (await store.head()).log, viewed))) throw new Error(OTHER_LOG);
  return viewed.position;
}

async function recordAt(client: PoolClient, position: bigint, dropping: Dropping | undefined): Promise<string | undefined> {
  const parked = 'position = $1 and dropped_at is null';
  const [sql, values] =
    dropping === undefined
      ? [`select record from view.parked where ${parked}`, [position]]
      : [
          `update view.parked set dropped_at = clock_timestamp(), dropped_by = $2, reason = $3 where ${parked} and behind is null returning record`,
          [position, dropping.by, dropping.reason],
        ];
  const { rows } = await client.query<{ record: string }>(sql, values);
  return rows[0]?.record;
}

interface Gathered {
  kin: ReadonlySet<string>;
  /** Position of the first of their events that is not in the views. */
  from: bigint;
}

/** All records that hang together with this one: also by what only the log knows so far. */
async function gather(mending: Mending, { record, position }: At, end: bigint): Promise<Gathered> {
  const { client, generation } = mending;
  let kin = await kinOf(client, [record], generation);
  for (;;) {
    const sql = `
      select min(position) as from from ${tableIn(generation, 'parked')} where record = any($1) and (dropped_at is null or position = $2)`;
    const { rows } = await client.query<{ from: bigint }>(sql, [[...kin], position]);
    const { from } = rows[0]!;
    const strangers = new Set<string>();
    for await (const events of eventsOf(mending, kin, from, end))
      for (const name of events.flatMap(namesIn)) if (!kin.has(name)) strangers.add(name);
    if (strangers.size === 0) return { kin, from };
    kin = await kinOf(client, [...kin, ...strangers], generation);
  }
}

/** The events of these records from a position on, up to another, in the order of the log. */
async function* eventsOf(
  { client, store, signal }: Mending,
  kin: ReadonlySet<string>,
  from: bigint,
  end: bigint,
): AsyncGenerator<StoredEvent[]> {
  for (let after = from - 1n; after < end;) {
    signal?.throwIfAborted();
    const page = await store.readAll(after, PAGE);
    // The server breaks off a transaction that asks nothing for some seconds (BEGIN).
    await client.query('select');
    const events = page.filter(({ stream, position }) => position <= end && kin.has(stream));
    if (events.length > 0) yield events;
    after = page.at(-1)?.position ?? end;
  }
}

interface ParkedBefore {
  position: bigint;
  attempts: number;
  since: Date;
}

/** Leaves the views as they were before the position, as far as they tell of these records. Answers what was parked of them. */
async function takeBack({ client, generation }: Mending, kin: ReadonlySet<string>, from: bigint): Promise<ParkedBefore[]> {
  const values = [[...kin], from];
  for (const [table, id] of BELIEVED) {
    await client.query(`delete from ${tableIn(generation, table)} where ${id} = any($1) and known_from >= $2`, values);
    await client.query(`update ${tableIn(generation, table)} set known_to = null where ${id} = any($1) and known_to >= $2`, values);
  }
  await client.query(`delete from ${tableIn(generation, 'correction')} where record = any($1) and position >= $2`, values);
  const sql = `
    delete from ${tableIn(generation, 'parked')} where record = any($1) and dropped_at is null returning position, attempts, since`;
  return (await client.query<ParkedBefore>(sql, [[...kin]])).rows;
}

async function takeInOrPark(
  { client, generation }: Mending,
  events: readonly StoredEvent[],
  fault: unknown,
  parked: { current: Parking },
): Promise<void> {
  const taking =
    fault === undefined ? await takeIn(client, events, parked.current, generation) : [parkingOf(events[0]!, { fault }, generation)];
  await sendAll(client, taking);
  parked.current = await readParking(client, generation);
}

/** What it has done is undone where it fails, and nothing else is. */
async function inSavepoint(client: PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('savepoint piece');
  try {
    await work();
    await client.query('release savepoint piece');
  } catch (error) {
    await client.query('rollback to savepoint piece');
    throw error;
  }
}

/** What is parked again remembers how often it was tried, and since when it waits. */
async function settle({ client, generation }: Mending, kin: ReadonlySet<string>, before: readonly ParkedBefore[]): Promise<ProjectedAnew> {
  const table = tableIn(generation, 'parked');
  await client.query(
    `update ${table} p set attempts = p.attempts + b.attempts, since = b.since
     from unnest($1::bigint[], $2::int[], $3::timestamptz[]) b (position, attempts, since) where p.position = b.position`,
    [before.map(({ position }) => position), before.map(({ attempts }) => attempts), before.map(({ since }) => since)],
  );
  const { rows } = await client.query<{ position: bigint }>(`select position from ${table} where record = any($1) and dropped_at is null`, [
    [...kin],
  ]);
  const parked = new Set(rows.map(({ position }) => position));
  const again = before.filter(({ position }) => parked.has(position)).length;
  return { projected: before.length - again, parked: parked.size, takenBack: parked.size - again };
}
