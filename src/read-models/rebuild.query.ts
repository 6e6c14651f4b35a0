import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Difference } from '../projection/compare.js';
import { ENDS, RebuildOrder, type RebuildStatus } from '../projection/rebuild-order.js';
import { RebuildWatch } from '../projection/rebuild-watch.js';

/** `none`: it was never asked for. */
export const REBUILD_STATES = ['none', 'running', ...ENDS] as const;

/** How it stands with the views that are being built anew, or were last. */
export interface RebuildAnswer {
  state: (typeof REBUILD_STATES)[number];
  phase: RebuildStatus['phase'];
  what: string | null;
  position: string | null;
  head: string | null;
  rate: number | null;
  etaSeconds: number | null;
  startedAt: string | null;
  updatedAt: string | null;
  differences: Difference[] | null;
  error: string | null;
}

/** The views are being built anew already. */
export class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
}

/** No views are being built anew. */
export class RebuildNotRunning extends Error {
  override readonly name = 'RebuildNotRunning';
}

export class RebuildQuery extends Query<RebuildAnswer> {}

/** Has the views built anew; `accept`: they take their place also where they tell something else. */
export class StartRebuild extends Command<RebuildAnswer> {
  constructor(readonly accept: boolean) {
    super();
  }
}

/** Ends it, and takes the half-built views away. */
export class CancelRebuild extends Command<RebuildAnswer> {}

const LOOK_AGAIN = 100;
const PATIENCE_MS = 5_000;

@QueryHandler(RebuildQuery)
export class RebuildHandler implements IQueryHandler<RebuildQuery> {
  constructor(private readonly order: RebuildOrder) {}

  async execute(): Promise<RebuildAnswer> {
    return rebuildAnswer(await this.order.status());
  }
}

@CommandHandler(StartRebuild)
export class StartRebuildHandler implements ICommandHandler<StartRebuild> {
  constructor(
    private readonly order: RebuildOrder,
    private readonly watch: RebuildWatch,
  ) {}

  async execute({ accept }: StartRebuild): Promise<RebuildAnswer> {
    const status = await this.order.ask(accept);
    if (status === undefined)
      throw new RebuildRunning('The views are being built anew already; GET /api/v1/admin/rebuild tells how far it is.');
    this.watch.wake();
    return rebuildAnswer(status);
  }
}

@CommandHandler(CancelRebuild)
export class CancelRebuildHandler implements ICommandHandler<CancelRebuild> {
  constructor(
    private readonly order: RebuildOrder,
    private readonly watch: RebuildWatch,
  ) {}

  /** Waits until it has ended, wherever it runs. */
  async execute(): Promise<RebuildAnswer> {
    if (!(await this.order.cancel())) throw new RebuildNotRunning('No views are being built anew, so there is nothing to cancel.');
    this.watch.wake();
    const deadline = Date.now() + PATIENCE_MS;
    let status = await this.order.status();
    while (status?.state === 'running' && Date.now() < deadline) {
      await sleep(LOOK_AGAIN);
      status = await this.order.status();
    }
    return rebuildAnswer(status);
  }
}

/** As it is told to whoever asks. */
function rebuildAnswer(status: RebuildStatus | undefined): RebuildAnswer {
  if (status === undefined) return NEVER;
  const { position, head, rate, etaSeconds, startedAt, updatedAt, ...rest } = status;
  return {
    ...rest,
    position: position?.toString() ?? null,
    head: head?.toString() ?? null,
    rate: rate && Math.round(rate),
    etaSeconds: etaSeconds && Math.round(etaSeconds),
    startedAt: startedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

const NEVER: RebuildAnswer = {
  state: 'none',
  phase: null,
  what: null,
  position: null,
  head: null,
  rate: null,
  etaSeconds: null,
  startedAt: null,
  updatedAt: null,
  differences: null,
  error: null,
};
