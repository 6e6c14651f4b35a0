import type { Pool } from 'pg';
import { StoreUnavailable, type AppendOutcome, type StoredEvent } from '../event-store.js';
import { appendCall, outcomes, type AppendCall, type AppendRow, type PreparedFiling, type Refusal } from './append-call.js';
import { EVENT_COLUMNS, readEvents } from './event-row.js';
import type { Waiting } from './group-commit.js';
import type { Hints } from './hints.js';
import { ask, isStatementLost, persist } from './interruption.js';

type Batch = readonly Waiting<PreparedFiling, AppendOutcome>[];

/** Brings a batch of filings into the database, whatever happens on the way, and finds an outcome for each. */
export class Appender {
  readonly #pool: Pool;
  readonly #hints: Hints;
  /** A named statement saves parsing and planning the call, but not every pooler in transaction mode keeps it. */
  #named = true;

  constructor(pool: Pool, hints: Hints) {
    this.#pool = pool;
    this.#hints = hints;
  }

  /** Answers how to settle the batch. After an error that is the database's own answer each filing is tried alone: only the bad one fails. */
  async commit(batch: Batch): Promise<() => void> {
    try {
      const results = await this.#append(batch);
      this.#hints.appended();
      return () => batch.forEach(({ resolve }, filing) => resolve(results[filing]!));
    } catch (error) {
      if (error instanceof StoreUnavailable || batch.length === 1) return () => batch.forEach(({ reject }) => reject(error));
      const settled: (() => void)[] = [];
      for (const waiting of batch) settled.push(await this.commit([waiting]));
      return () => settled.forEach((settle) => settle());
    }
  }

  async #append(batch: Batch): Promise<AppendOutcome[]> {
    const filings = batch.map(({ filing }) => filing);
    const call = appendCall(filings);
    const deadline = Math.min(...batch.map((waiting) => waiting.deadline));
    const { row, known } = await persist(deadline, async (attempt, milliseconds) => {
      const answer = await this.#call(call, milliseconds);
      return { row: answer, known: await this.#findStored(filings, answer.refusals ?? [], attempt > 1) };
    });
    return outcomes(filings, row, known);
  }

  async #call(call: AppendCall, milliseconds: number): Promise<AppendRow> {
    try {
      const name = this.#named ? call.name : undefined;
      return (await ask<AppendRow>(this.#pool, call.sql, call.values, { milliseconds, name }))[0]!;
    } catch (error) {
      if (!this.#named || !isStatementLost(error)) throw error;
      this.#named = false;
      return this.#call(call, milliseconds);
    }
  }

  /**
   * Events of refused filings that are in the log already: the same filing was stored earlier, or, without a key, by an
   * attempt whose answer was lost; then its stream has moved on, and the filing's own ids are found in it.
   */
  #findStored(filings: readonly PreparedFiling[], refusals: readonly Refusal[], again: boolean): Promise<StoredEvent[]> {
    const keys = new Set<string>();
    const ids: string[] = [];
    for (const { filing, outcome } of refusals) {
      const { append, prepared } = filings[filing]!;
      if (outcome === 'replayed' && append.key) keys.add(append.key.id);
      if (outcome === 'conflict' && again) ids.push(...prepared.map(({ event }) => event.id));
    }
    if (keys.size === 0 && ids.length === 0) return Promise.resolve([]);
    const sql = `select ${EVENT_COLUMNS} from log.event where key = any ($1::uuid[]) or id = any ($2::uuid[]) order by position`;
    return readEvents(this.#pool, sql, [[...keys], ids]);
  }
}
