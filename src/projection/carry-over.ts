import type { Pool, PoolClient } from 'pg';
import type { EventStore } from '../event-store/event-store.js';
import { tableIn } from './generation.js';
import { inTransaction } from './in-transaction.js';
import { BEGIN } from './project.js';
import { lock, projectAnew } from './retry.js';

const [LIVE, NEXT] = [tableIn('live', 'parked'), tableIn('next', 'parked')];

/** An event of which the next views do not know what was decided about it. */
interface Decided {
  record: string;
  position: bigint;
  /** The next views have taken it in, though it was given up; or passed over it, though that was undone. */
  tooLate: boolean;
}

/**
 * Whether the next views know all that was decided of parked events: the edition in their checkpoint is that of the views that answer when
 * they were last told. Views of another log decide nothing. Who holds those that answer knows that it stays so.
 */
export async function isCarriedOver(client: Pick<Pool | PoolClient, 'query'>, log: string): Promise<boolean> {
  const { rowCount } = await client.query(`select ${OTHER_EDITION}`, [log]);
  return rowCount === 0;
}

const OTHER_EDITION = `
  live.edition from ${tableIn('live', 'checkpoint')} live, ${tableIn('next', 'checkpoint')} next
  where live.log = $1 and live.edition <> next.edition`;

/**
 * Brings into the next views what was dropped, or tried again, of those that answer since the next ones were begun: they are then as if they
 * had been begun only now. False where something of what they have taken in would be left behind: then they have to be begun again.
 */
export async function carryOver(pool: Pool, store: EventStore, log: string, signal: AbortSignal): Promise<boolean> {
  const { rows } = await pool.query<{ edition: bigint }>(`select ${OTHER_EDITION}`, [log]);
  const [live] = rows;
  if (live === undefined) return true;
  const decided = await readDecided(pool);
  if (decided.some(({ tooLate }) => tooLate)) return false;
  for (const one of decided) if (!(await decide(pool, store, one, signal))) return false;
  // What was decided since the edition was read is of a later one.
  await pool.query(`update ${tableIn('next', 'checkpoint')} set edition = $1`, [live.edition]);
  return true;
}

/** What was dropped in one alone, and what failed in the next ones alone, as far as those that answer have come. */
async function readDecided(pool: Pool): Promise<Decided[]> {
  const { rows } = await pool.query<Decided>(`
    select position, coalesce(live.record, next.record) as record,
      next.dropped_at is not null or next.record is null and position <= reached.next as "tooLate"
    from ${LIVE} live full join ${NEXT} next using (position), (
      select live.position as live, next.position as next from ${tableIn('live', 'checkpoint')} live, ${tableIn('next', 'checkpoint')} next
    ) reached
    where (live.dropped_at is null) <> (next.dropped_at is null)
      or live.record is null and next.behind is null and next.dropped_at is null and position <= reached.live
    order by position`);
  return rows;
}

/** Answers whether nothing was taken back that had been taken in. */
function decide(pool: Pool, store: EventStore, one: Decided, signal: AbortSignal): Promise<boolean> {
  return inTransaction(
    pool,
    async (client) => {
      const mending = { client, store, generation: 'next', signal } as const;
      const end = await lock(mending);
      const dropped = `select * from ${LIVE} where position = $1 and dropped_at is not null`;
      await client.query(`delete from ${NEXT} where position = $1 and exists (${dropped})`, [one.position]);
      await client.query(`insert into ${NEXT} ${dropped}`, [one.position]);
      const { rowCount } = await client.query(`select from ${NEXT} where position = $1`, [one.position]);
      // What is not there any more was tried with another of its kin.
      return rowCount === 0 || (await projectAnew(mending, one, end)).takenBack === 0;
    },
    BEGIN,
  );
}
