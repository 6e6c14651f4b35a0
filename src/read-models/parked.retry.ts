import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { EventStore } from '../event-store/event-store.js';
import { retry, type Retried } from '../projection/retry.js';

/**
 * Tries again what is parked: of the record of the event at a position and of all that hangs together with it, or everything. Undefined where
 * no event is parked at the position.
 */
export class RetryParked extends Command<Retried | undefined> {
  constructor(readonly position: bigint | 'all') {
    super();
  }
}

/** Gives up an event that failed, and tries what waits for it. Undefined where no event that failed itself is parked at the position. */
export class DropParked extends Command<Retried | undefined> {
  constructor(
    readonly position: bigint,
    readonly by: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(RetryParked)
export class RetryParkedHandler implements ICommandHandler<RetryParked> {
  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
  ) {}

  async execute({ position }: RetryParked): Promise<Retried | undefined> {
    return position === 'all' ? this.retryAll() : retry(this.pool, this.store, position);
  }

  /** Each in its turn, but for what was tried with another. */
  private async retryAll(): Promise<Retried> {
    const all: Retried = { projected: 0, parked: 0 };
    for (let next = await this.nextAfter(-1n); next !== undefined; next = await this.nextAfter(next)) {
      const { projected = 0, parked = 0 } = (await retry(this.pool, this.store, next)) ?? {};
      all.projected += projected;
      all.parked += parked;
    }
    return all;
  }

  /** What waits for another is tried with that. */
  private async nextAfter(position: bigint): Promise<bigint | undefined> {
    const sql = 'select min(position) as next from view.parked where behind is null and dropped_at is null and position > $1';
    const { rows } = await this.pool.query<{ next: bigint | null }>(sql, [position]);
    return rows[0]!.next ?? undefined;
  }
}

@CommandHandler(DropParked)
export class DropParkedHandler implements ICommandHandler<DropParked> {
  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
  ) {}

  execute({ position, by, reason }: DropParked): Promise<Retried | undefined> {
    return retry(this.pool, this.store, position, { by, reason });
  }
}
