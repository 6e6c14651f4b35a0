import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { belongingsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { happeningOf } from '../domain/relationship/listing.js';
import type { EventStore, StoredEvent } from '../event-store/event-store.js';
import { Batch, namedBy, type BelievedFrom, type Lean } from './batch.js';

const BATCH = 500;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** A stream and the version it has come to. */
export type Head = readonly [stream: string, version: number];

export interface ProjectorEvents {
  /** The views now include this position; `heads` are the streams of the events just projected, with their versions. */
  moved(position: bigint, heads: readonly Head[]): void;
  /** A batch could not be projected; it is tried again after a pause. */
  failed(error: unknown): void;
}

/** Keeps the views true: reads the log after the checkpoint and writes rows and checkpoint in one transaction. */
export class Projector {
  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
    private readonly events: ProjectorEvents,
  ) {}

  /** Runs until the signal aborts. After a failure the same batch is read again: effectively once, whatever crashes where. */
  async run(signal: AbortSignal): Promise<void> {
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const after = await this.begin();
        this.events.moved(after, []);
        for await (const batch of this.store.subscribe(after, { signal, batchSize: BATCH })) {
          await this.project(batch);
          this.events.moved(batch.at(-1)!.position, headsOf(batch));
          pause = FIRST_PAUSE;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.events.failed(error);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** The position to go on after. Throws where the views were built from another log. */
  private async begin(): Promise<bigint> {
    const { log } = await this.store.head();
    const sql = `insert into view.checkpoint (log, position) values ($1, 0) on conflict (only_row) do update set only_row = true returning log, position, event`;
    const { rows } = await this.pool.query<{ log: string; position: bigint; event: string | null }>(sql, [log]);
    const { log: viewed, position, event } = rows[0]!;
    if (viewed !== log || !(await this.holds(position, event))) throw new Error('this is not the log these views were built from');
    return position;
  }

  private async holds(position: bigint, event: string | null): Promise<boolean> {
    if (position === 0n) return true;
    const [last] = await this.store.readAll(position - 1n, 1);
    return last?.position === position && last.id === event;
  }

  private async project(events: readonly StoredEvent[]): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const batch = await load(client, events);
      for (const event of events) batch.apply(event);
      await writeBeliefs(client, batch.beliefs);
      await writeLeans(client, batch.newLeans);
      await moveCheckpoint(client, events);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

function headsOf(events: readonly StoredEvent[]): Head[] {
  return [...new Map(events.map(({ stream, version }) => [stream, version]))];
}

/** The beliefs of all records that these events can change, and of what surrounds each of them: what it leans on, and who links to it. */
async function load(client: PoolClient, events: readonly StoredEvent[]): Promise<Batch> {
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
  const sql = 'select record, body from view.record_belief where known_to is null and record = any($1)';
  const { rows } = await client.query<{ record: string; body: Belief }>(sql, [ids]);
  return new Batch(new Map(rows.map(({ record, body }) => [record, body])), leans);
}

async function readLeans(client: PoolClient, where: string, ids: readonly string[]): Promise<Lean[]> {
  const { rows } = await client.query<Lean>(`select record, leans_on as "on", why from view.leans where ${where}`, [ids]);
  return rows;
}

/** Closes what each new belief takes the place of, then adds them. */
async function writeBeliefs(client: PoolClient, beliefs: readonly BelievedFrom[]): Promise<void> {
  if (beliefs.length === 0) return;
  const until = successors(beliefs);
  const first = new Map<string, bigint>();
  for (const { belief, from } of beliefs) if (!first.has(belief.record.id)) first.set(belief.record.id, from);
  const closing = [[...first.keys()], [...first.values()]];
  await client.query(
    `update view.record_belief b set known_to = n.at from unnest($1::text[], $2::bigint[]) n(record, at)
     where b.record = n.record and b.known_to is null`,
    closing,
  );
  await client.query(
    `update view.belonging b set known_to = n.at from unnest($1::text[], $2::bigint[]) n(record, at)
     where b.record = n.record and b.known_to is null`,
    closing,
  );
  await client.query(
    `insert into view.record_belief (record, known_from, known_to, kind, latest, body)
     select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::date[], $6::json[])`,
    columns(
      beliefs.map(({ belief, from }, i) => [
        belief.record.id,
        from,
        until[i],
        belief.record.kind,
        latestOf(belief),
        JSON.stringify(belief),
      ]),
      6,
    ),
  );
  const belongings = beliefs.flatMap(({ belief, from }, i) =>
    belongingsOf(belief.record).map(({ key, role }) => [key, belief.record.id, from, until[i], role, latestOf(belief)]),
  );
  await client.query(
    `insert into view.belonging (relationship, record, known_from, known_to, role, latest)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::date[])`,
    columns(belongings, 6),
  );
}

/** For each belief the position at which a later one of the same record in the same batch takes its place, or null. */
function successors(beliefs: readonly BelievedFrom[]): (bigint | null)[] {
  const next = new Map<string, bigint>();
  const latestFirst = beliefs.toReversed().map(({ belief, from }) => {
    const until = next.get(belief.record.id) ?? null;
    next.set(belief.record.id, from);
    return until;
  });
  return latestFirst.reverse();
}

function latestOf({ record }: Belief): string | null {
  return happeningOf(record)?.data.occurred.latest ?? null;
}

/** Rows turned into columns, for `unnest`. */
function columns(rows: readonly (readonly unknown[])[], count: number): unknown[][] {
  return Array.from({ length: count }, (_, i) => rows.map((row) => row[i]));
}

async function writeLeans(client: PoolClient, leans: readonly Lean[]): Promise<void> {
  if (leans.length === 0) return;
  await client.query(
    `insert into view.leans (leans_on, record, why) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing`,
    columns(
      leans.map(({ on, record, why }) => [on, record, why]),
      3,
    ),
  );
}

async function moveCheckpoint(client: PoolClient, events: readonly StoredEvent[]): Promise<void> {
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
