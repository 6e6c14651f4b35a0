import { jest } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { TABLES, tableIn } from '../../src/projection/generation.js';
import { Bulk } from '../../src/projection/bulk.js';
import { finishNext, openNext } from '../../src/projection/next-tables.js';
import { Rebuild, type Doing, type Outcome } from '../../src/projection/rebuild.js';
import { retry } from '../../src/projection/retry.js';
import { seededRandom } from '../contracts/filings.js';
import { newer, randomHistory } from './history.js';
import { ProjectedLog, type Views } from './projected-log.js';

const NEVER = new AbortController().signal;
jest.setTimeout(30_000);

describe('views that are built anew beside those that answer', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  let views: Views;
  let structure: object[];
  const others: ProjectedLog[] = [];
  beforeAll(async () => {
    events = await randomHistory(random, 400);
    log = await ProjectedLog.open(events);
    await log.project();
    views = await log.views();
    structure = await tables();
  });
  // Whatever is done to them ends with views that are what they were.
  afterEach(async () => {
    for (const other of others.splice(0)) await other.drop();
    expect(await log.views()).toEqual(views);
    expect(await tables()).toEqual(structure);
  });
  afterAll(() => log.drop());

  const open = async (filed: readonly StoredEvent[]): Promise<ProjectedLog> => {
    const other = await ProjectedLog.open(filed);
    others.push(other);
    await other.project();
    return other;
  };
  const rebuild = (told: (doing: Doing) => void = () => undefined, of = log) => new Rebuild(of.store, of.database.pool, told);
  const run = (accept = false, of = log): Promise<Outcome> => rebuild(undefined, of).run({ accept, signal: NEVER });
  const head = (): bigint => events.at(-1)!.position;

  it('are the same, row by row, and stand in their place with all their indexes', async () => {
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('are the same however many events are folded at a time, and wherever that was cut off', async () => {
    const { pool } = log.database;
    const { log: id } = await log.store.head();
    for (let position = 0n; position < head();) {
      expect(await openNext(pool, log.store, id)).toMatchObject({ position, filled: false });
      const stopping = new AbortController();
      let pages = 1 + Math.floor(random() * 4);
      const moved = (): void => void (--pages === 0 && stopping.abort());
      const sizes = { folded: 1 + Math.floor(random() * 40), written: 1 + Math.floor(random() * 80) };
      position = await new Bulk(log.store, pool, moved, sizes).fill(position, stopping.signal);
    }
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('go on where making their indexes was cut off', async () => {
    const stopping = new AbortController();
    let indexes = 0;
    const told = ({ phase }: Doing): void => void (phase === 'indexing' && ++indexes === 6 && stopping.abort());
    expect(await rebuild(told).run({ accept: false, signal: stopping.signal })).toEqual({ outcome: 'cut off' });
    expect(await log.views()).toEqual(views);
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('are begun again where a crash of the server has emptied what was read', async () => {
    const { pool } = log.database;
    const stopping = new AbortController();
    const { log: id } = await openNext(pool, log.store, (await log.store.head()).log);
    await new Bulk(log.store, pool, () => stopping.abort(), { folded: 100, written: 100 }).fill(0n, stopping.signal);
    await pool.query(`truncate ${TABLES.map((name) => tableIn('filling', name)).join(', ')}`);
    expect(await openNext(pool, log.store, id)).toEqual({ log: id, position: 0n, filled: false });
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('are projected on as the others were', async () => {
    const begun = await open(events.slice(0, 200));
    expect(await run(false, begun)).toMatchObject({ outcome: 'exchanged', position: 200n });
    await begun.store.restore(events.slice(200));
    await begun.project();
    expect(await begun.views()).toEqual(views);
  });

  it('have what was filed meanwhile, and what was projected meanwhile as well', async () => {
    const begun = await open(events.slice(0, 150));
    let filed = false;
    const file = async (): Promise<void> => {
      await begun.store.restore(events.slice(150));
      await begun.project();
    };
    let filing: Promise<void> | undefined;
    const told = ({ phase }: Doing): void => {
      if (phase === 'comparing' && !filed) {
        filed = true;
        filing = file();
      }
    };
    const outcome = await rebuild(told, begun).run({ accept: false, signal: NEVER });
    await filing;
    await begun.project();
    expect(outcome.outcome).toBe('exchanged');
    expect(await begun.views()).toEqual(views);
  });

  it('are not put in the place of others that tell something else, before somebody accepts it', async () => {
    const { pool } = log.database;
    const { rows } = await pool.query<{ relationship: string; record: string }>(
      `update view.move set tenths = tenths - 1 where (relationship, record) = (select relationship, record from view.move order by record limit 1)
       returning relationship, record`,
    );
    const { relationship, record } = rows[0]!;
    const wrong = await log.views();
    const outcome = await run();
    expect(outcome).toMatchObject({ outcome: 'differs', differences: [{ of: relationship, table: 'move', records: [record] }] });
    expect(await log.views()).toEqual(wrong);
    expect(await run()).toEqual(outcome);
    expect(await run(true)).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('are compared in all that was ever believed: what is missing, what is too much, and when it ended', async () => {
    const { pool } = log.database;
    await pool.query('delete from view.happening where ctid = (select min(ctid) from view.happening)');
    await pool.query(
      `update view.record_belief set known_to = known_to + 1 where ctid = (select min(ctid) from view.record_belief where known_to is not null)`,
    );
    await pool.query(`update view.source set stands = not stands where ctid = (select min(ctid) from view.source)`);
    const outcome = await run();
    const differences = outcome.outcome === 'differs' ? outcome.differences : [];
    expect(differences.map(({ table }) => table)).toEqual(['record_belief', 'happening', 'source']);
    expect(differences[1]!.live).toBe(differences[1]!.next - 1);
    expect(await run(true)).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('are begun again where they were begun over another log', async () => {
    const { pool } = log.database;
    await openNext(pool, log.store, '0190a3e0-0000-7000-8000-000000000000');
    await finishNext(pool, NEVER, () => undefined);
    expect(await run()).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('park what cannot be projected as the others did, and pass over what was given up', async () => {
    const broken = new Set([40, 150, 260].map((n) => events[n]!.position));
    const spoiled = await open(events.map((event) => (broken.has(event.position) ? newer(event) : event)));
    const [first] = await parkedIn(spoiled);
    await retry(spoiled.database.pool, spoiled.store, first!.position, { by: 'boss', reason: 'it was filed by a broken program' });
    const [told, waiting] = [await spoiled.views(), await parkedIn(spoiled)];
    expect(waiting.filter(({ behind }) => behind === null).length).toBeGreaterThan(1);
    expect(await run(false, spoiled)).toEqual({ outcome: 'exchanged', position: head() });
    expect([await spoiled.views(), await parkedIn(spoiled)]).toEqual([told, waiting]);
  });

  it('wait for whoever reads on and on, and let others read meanwhile', async () => {
    const { pool } = log.database;
    const reader = await pool.connect();
    await reader.query('begin; select from view.move limit 1');
    const running = run();
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    expect(await pool.query('select count(*) from view.move')).toBeDefined();
    await reader.query('commit');
    reader.release();
    expect(await running).toEqual({ outcome: 'exchanged', position: head() });
  });

  it('never come between a question that has one table and the next that it asks for', async () => {
    const { pool } = log.database;
    const [reader, questioner] = [await pool.connect(), await pool.connect()];
    await reader.query('begin; select from view.move limit 1');
    const running = run();
    // They have what comes before the moves, and wait for these.
    await waitingFor('move');
    await questioner.query('begin; select from view.place limit 1');
    const asked = questioner.query('select from view.happening limit 1');
    await waitingFor('happening');
    await reader.query('commit');
    expect((await asked).rowCount).toBe(1);
    await questioner.query('commit');
    for (const client of [reader, questioner]) client.release();
    expect(await running).toEqual({ outcome: 'exchanged', position: head() });
  });

  /** Until somebody waits for a table. */
  async function waitingFor(table: string): Promise<void> {
    const sql = `select from pg_locks join pg_class c on c.oid = relation where relnamespace = 'view'::regnamespace and relname = $1 and not granted`;
    while ((await log.database.pool.query(sql, [table])).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async function parkedIn({ database }: ProjectedLog): Promise<{ position: bigint; behind: bigint | null }[]> {
    const sql = `select position, record, version, type, behind, error, names, relationships, dropped_at is not null as dropped, reason
      from view.parked order by position`;
    return (await database.pool.query<{ position: bigint; behind: bigint | null }>(sql)).rows;
  }

  /** Tables, columns, indexes, keys and settings. */
  async function tables(): Promise<object[]> {
    const { rows } = await log.database.pool.query<object>(`
      select relname, relkind, reloptions, array_to_json(array(
        select array[attname::text, format_type(atttypid, atttypmod), attnotnull::text] from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped order by attnum)) as columns,
        pg_get_indexdef(oid) as definition, array_to_json(array(select pg_get_constraintdef(oid) from pg_constraint where conrelid = c.oid order by 1)) as constraints
      from pg_class c where relnamespace = 'view'::regnamespace and relkind in ('r', 'i') order by relname`);
    return rows;
  }
});
