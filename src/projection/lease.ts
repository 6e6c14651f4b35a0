import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Pool, QueryConfig, QueryResult } from 'pg';
import { codeOf } from '../system-error.js';

/** How long an owner that is not heard of any more keeps others out; longer than one frozen in its transaction can hold that up. */
const KEPT_FOR = `interval '9 seconds'`;
/** A database that hangs is not waited for: whoever is to end, ends. */
const QUICKLY = { query_timeout: 2_000 };
const GOODBYE_ATTEMPTS = 2;
/** Tells this process from an earlier one of the same number. */
const HERE = randomUUID().slice(0, 8);
let projectors = 0;

/** Another projector has taken over. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** What another than the owner sees of the lease and of what the owner has done. */
export interface Sight {
  free: boolean;
  /** How far the views have come; null before they are begun. */
  position: bigint | null;
}

/**
 * The right to keep the views, which one projector has at a time. It is a row, not a lock: nothing is kept on a connection, and time is told
 * by the database alone. Whoever gets it gets a higher token, which the last statement of each projecting transaction asks for.
 */
export class Lease {
  /** Names this projector among all that there are. */
  readonly owner = `${hostname()} ${process.pid} ${HERE}-${(projectors += 1)}`;
  private token = 0n;
  private hasLooked = false;

  constructor(private readonly pool: Pool) {}

  /** Takes it where it is free, or its owner was a process of this machine that is gone: a service that was killed need not wait for itself. */
  async acquire(): Promise<boolean> {
    const text = `
      update view.lease set owner = $1, token = token + 1, since = clock_timestamp(), rate = 0, until = clock_timestamp() + ${KEPT_FOR}
      where until <= clock_timestamp() or owner = $2 returning token`;
    const { rows } = await this.pool.query<{ token: bigint }>({ ...QUICKLY, text, values: [this.owner, await this.predecessor()] });
    this.token = rows[0]?.token ?? 0n;
    return rows.length === 1;
  }

  /** Is looked for once: two that take each other for gone must not go on taking turns. */
  private async predecessor(): Promise<string | null> {
    if (this.hasLooked) return null;
    const text = 'select owner from view.lease where owner is not null';
    const { rows } = await this.pool.query<{ owner: string }>({ ...QUICKLY, text });
    this.hasLooked = true;
    return rows.find(({ owner }) => isGone(owner))?.owner ?? null;
  }

  /** Says that the owner is there, and how many events it projects in a second; false where another has taken over. */
  async renew(rate: number): Promise<boolean> {
    const text = `update view.lease set until = clock_timestamp() + ${KEPT_FOR}, rate = $3 where token = $1 and owner = $2`;
    const { rowCount } = await this.pool.query({ ...QUICKLY, text, values: [this.token, this.owner, rate] });
    return rowCount === 1;
  }

  /** Lets the next one in at once. Where the database does not answer, that one waits until the lease has run out. */
  async release(): Promise<void> {
    const text = 'update view.lease set owner = null, until = clock_timestamp() where token = $1';
    for (let attempt = 1; attempt <= GOODBYE_ATTEMPTS; attempt += 1) {
      const said = this.pool.query({ ...QUICKLY, text, values: [this.token] });
      if (await said.then(() => true).catch(() => false)) return;
    }
  }

  /** The last statement of a projecting transaction: until that is committed, nobody takes over. */
  asking(): QueryConfig {
    return { text: 'select from view.lease where token = $1 for share', values: [this.token] };
  }

  async look(): Promise<Sight> {
    const text = 'select until <= clock_timestamp() as free, (select position from view.checkpoint) as position from view.lease';
    const { rows } = await this.pool.query<Sight>({ ...QUICKLY, text });
    return rows[0]!;
  }
}

/** Takes what the owner's question was answered. Throws LeaseLost where another has taken over. */
export function mustHold(result: QueryResult | undefined): void {
  if (result?.rowCount !== 1) throw new LeaseLost('another projector has taken over');
}

/** Whether an owner was a process of this machine that is not there any more. */
function isGone(owner: string): boolean {
  const [host, pid, where = ''] = owner.split(' ');
  if (host !== hostname()) return false;
  // In a container the first process has the same number each time.
  if (Number(pid) === process.pid) return !where.startsWith(HERE);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}
