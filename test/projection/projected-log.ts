import type { Pool } from 'pg';
import { belongingsOf } from '../../src/domain/record.js';
import type { Belief, Held } from '../../src/domain/relationship/belief.js';
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { migrate } from '../../src/postgres/migrate.js';
import { Projector } from '../../src/projection/projector.js';
import { Beliefs, type BeliefsAt } from '../../src/read-models/beliefs.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const LOG = new URL('../../src/event-store/postgres/migrations/', import.meta.url);
const VIEWS = new URL('../../src/read-models/migrations/', import.meta.url);

/** Everything the views hold, in an order of its own, for comparing. */
export interface Views {
  beliefs: object[];
  happenings: object[];
  moves: object[];
  places: object[];
  sources: object[];
  resting: object[];
  contested: object[];
  questions: object[];
  leans: object[];
  recorded: object[];
  corrections: object[];
  checkpoint: object;
}

interface ProjectTo {
  to?: bigint;
  batchSize?: number;
}

/** Brings the views of a database up to a position of a log (default: all there is) and stops. Answers what failed on the way. */
export async function project(store: EventStore, pool: Pool, { to, batchSize }: ProjectTo = {}): Promise<unknown[]> {
  const end = to ?? (await store.head()).position;
  const failures: unknown[] = [];
  const stopping = new AbortController();
  const moved = (position: bigint): void => {
    if (position >= end) stopping.abort();
  };
  await new Projector(store, pool, { moved, failed: (error) => failures.push(error) }, { batchSize }).run(stopping.signal);
  return failures;
}

export async function viewsIn(pool: Pool): Promise<Views> {
  const all = async (sql: string): Promise<object[]> => (await pool.query<object>(sql)).rows;
  const beliefs = await all('select * from view.record_belief order by record, known_from');
  return {
    beliefs: beliefs.map((row) => ({ ...row, body: JSON.parse((row as { body: string }).body) as Held })),
    happenings: await all('select * from view.happening order by relationship, record, known_from, version'),
    moves: await all('select * from view.move order by relationship, record, known_from, position, since, tenths'),
    places: await all('select * from view.place order by relationship, record, known_from, list, since, position'),
    sources: await all('select * from view.source order by source, known_from'),
    resting: await all('select * from view.resting order by source, relationship'),
    contested: await all('select * from view.contested order by record, known_from'),
    questions: await all('select * from view.question order by position, known_from'),
    leans: await all('select * from view.leans order by leans_on, record, why'),
    recorded: await all('select * from view.recorded order by recorded_at'),
    corrections: await all('select * from view.correction order by position'),
    checkpoint: (await all('select position, event, recorded_at from view.checkpoint'))[0]!,
  };
}

/** A log in PostgreSQL with views over it, which are brought up to date when a spec says so. */
export class ProjectedLog {
  readonly store: PostgresEventStore;

  private constructor(readonly database: TestDatabase) {
    this.store = new PostgresEventStore({ pool: database.pool });
  }

  static async open(events: readonly StoredEvent[] = []): Promise<ProjectedLog> {
    const database = await createDatabase();
    await migrate(database.pool, { schema: 'log', dir: LOG });
    await migrate(database.pool, { schema: 'view', dir: VIEWS });
    const log = new ProjectedLog(database);
    if (events.length > 0) await log.store.restore(events);
    return log;
  }

  /** Projects up to a position (default: all there is) and stops. Answers what failed on the way. */
  project(how: ProjectTo = {}): Promise<unknown[]> {
    return project(this.store, this.database.pool, how);
  }

  views(): Promise<Views> {
    return viewsIn(this.database.pool);
  }

  /** What the views say was believed at a position, by record. */
  async beliefsAt(position: bigint): Promise<Map<string, Held>> {
    const sql =
      'select record, body from view.record_belief where known_from <= $1 and (known_to is null or known_to > $1) order by record';
    const { rows } = await this.database.pool.query<{ record: string; body: string }>(sql, [position]);
    return new Map(rows.map(({ record, body }) => [record, JSON.parse(body) as Held]));
  }

  /** Everything that was believed of a relationship at a position, of records in any of these roles. */
  async ofRelationship(key: string, roles: readonly string[], position: bigint): Promise<Belief[]> {
    const held = [...(await this.beliefsAt(position)).values()];
    const own = held.filter(({ record }) => belongingsOf(record).some((one) => one.key === key && roles.includes(one.role)));
    return this.read(position).supporting(own);
  }

  /** What was believed at a position, as the questions read it. */
  read(position: bigint): BeliefsAt {
    return new Beliefs(this.database.pool).at(position);
  }

  /** What was given up stays so. */
  async forgetViews(): Promise<void> {
    await this.database.pool.query(
      'truncate view.checkpoint, view.record_belief, view.happening, view.move, view.place, view.source, view.resting, view.contested, view.question, view.leans, view.recorded, view.correction, view.unknown',
    );
    await this.database.pool.query('delete from view.parked where dropped_at is null');
  }

  async drop(): Promise<void> {
    await this.store.close();
    await this.database.drop();
  }
}
