import type { Pool } from 'pg';
import { Counter, Gauge, type Registry } from 'prom-client';
import { STATES, type Following } from '../read-models/projector-standing.js';

/** What is looked at. */
export interface Watched {
  pool: Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'>;
  kept: { readonly rows: number };
  states: { readonly hits: number; readonly misses: number };
  /** Undefined where it cannot be told just now. */
  projector: { lately(): Promise<Following | undefined> };
}

/** What is not counted but looked at. Nothing here costs more than the one look at how the projector stands. */
export class Gauges {
  private readonly connections: Gauge<'state'>;
  private readonly waiting: Gauge;
  private readonly keptRows: Gauge;
  private readonly stateRequests: Counter<'result'>;
  private readonly lagEvents: Gauge;
  private readonly lagSeconds: Gauge;
  private readonly state: Gauge<'state'>;
  private readonly owner: Gauge<'owner'>;
  private readonly parked: Gauge;
  private readonly unknown: Gauge;

  constructor(
    private readonly watched: Watched,
    registry: Registry,
  ) {
    const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
      new Gauge({ name: `entente_${name}`, help, labelNames, registers: [registry] });
    this.connections = gauge('pool_connections', 'Connections of the service to PostgreSQL, in use or idle', 'state');
    this.waiting = gauge('pool_waiting', 'Statements that wait for a connection');
    this.keptRows = gauge('kept_rows', 'Rows of relationships that are kept in memory');
    this.stateRequests = new Counter({
      name: 'entente_state_cache_requests_total',
      help: 'Questions for the state of a relationship that were answered from memory (hit), or had to be computed (miss)',
      labelNames: ['result'],
      registers: [registry],
    });
    this.lagEvents = gauge('projector_lag_events', 'Events in the log that the views have not taken in');
    this.lagSeconds = gauge('projector_lag_seconds', 'How long ago the oldest of these events was recorded');
    this.state = gauge('projector_state', 'How the projector stands: 1 for that state, 0 for the others', 'state');
    this.owner = gauge('projector_owner_info', 'Who keeps the views', 'owner');
    this.parked = gauge('projector_parked_events', 'Events that the views could not take in, and what waits for them');
    this.unknown = gauge('projector_unknown_events', 'Events of types that this version does not know, which the views passed over');
  }

  async look(): Promise<void> {
    const { pool, kept, states, projector } = this.watched;
    const standing = await projector.lately();
    this.connections.set({ state: 'used' }, pool.totalCount - pool.idleCount);
    this.connections.set({ state: 'idle' }, pool.idleCount);
    this.waiting.set(pool.waitingCount);
    this.keptRows.set(kept.rows);
    this.stateRequests.reset();
    this.stateRequests.inc({ result: 'hit' }, states.hits);
    this.stateRequests.inc({ result: 'miss' }, states.misses);
    this.tell(standing);
  }

  /** What is not known is left out: a number would be taken for true. */
  private tell(following: Following | undefined): void {
    setOrRemove(this.lagEvents, following?.lag.events);
    setOrRemove(this.lagSeconds, following?.lag.seconds);
    setOrRemove(this.parked, following?.parked);
    setOrRemove(this.unknown, following?.unknown);
    this.state.reset();
    if (following !== undefined) for (const state of STATES) this.state.set({ state }, state === following.state ? 1 : 0);
    this.owner.reset();
    if (typeof following?.owner === 'string') this.owner.set({ owner: following.owner }, 1);
  }
}

function setOrRemove(gauge: Gauge, value: number | null | undefined): void {
  if (value === undefined || value === null) gauge.remove();
  else gauge.set(value);
}
