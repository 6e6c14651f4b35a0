import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import type { EventType, Kind } from '../domain/record.js';
import { happeningOf } from '../domain/relationship/listing.js';
import type { Occurred } from '../domain/time.js';
import { EventStore } from '../event-store/event-store.js';
import { Beliefs, newestFirst, type BeliefsAt } from './beliefs.js';
import { Gaps } from './gaps.js';
import { LookAlikes } from './look-alikes.js';
import { viewOf } from './record.query.js';
import { Views, type At, type Moment } from './views.js';
import { WhatIfs, type Changed } from './what-if.js';

/** An event that was decided and not stored; `version` is the one that its record would have. */
export interface TriedEvent {
  record: string;
  kind: Kind;
  version: number;
  type: EventType;
  data: object;
  metadata: object;
}

/** The tension of a relationship, as it is and as it would be; null counts as 0. */
export interface Effect {
  relationship: string;
  before: number | null;
  after: number | null;
  delta: number;
}

/** What a filing would change, had it been stored. */
export interface WhatIf {
  /** The relationships in which something would change: the tension, what it is made of, or which records there are. */
  effects: Effect[];
  /** Records of the same parties and type on overlapping days: it may be on file already. */
  lookAlikes: { record: string; summary: string; occurred: Occurred }[];
  /** Each record that it touches, as it would be known, and then others that change with them. */
  records: ({ id: string; kind: Kind; version: number } & Record<string, unknown>)[];
}

/** Asks what events would change that are not stored. */
export class WhatIfQuery extends Query<WhatIf> {
  constructor(
    readonly events: readonly TriedEvent[],
    readonly at: At,
  ) {
    super();
  }
}

const MOST_OTHERS = 50;

@QueryHandler(WhatIfQuery)
export class WhatIfHandler implements IQueryHandler<WhatIfQuery> {
  private readonly alike: LookAlikes;
  private readonly gaps: Gaps;

  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly store: EventStore,
    private readonly whatIfs: WhatIfs,
    pool: Pool,
  ) {
    this.alike = new LookAlikes(pool);
    this.gaps = new Gaps(pool);
  }

  async execute({ events, at }: WhatIfQuery): Promise<WhatIf> {
    if (events.length === 0) return { effects: [], lookAlikes: [], records: [] };
    // It was decided on all that is in the log.
    const { position: atLeast } = await this.store.head();
    const moment = await this.views.moment({ atLeast, ...at });
    await this.gaps.refuse(
      events.map(({ record }) => record),
      moment.position,
    );
    const changes = await this.whatIfs.changes(events, moment.position);
    const known = this.beliefs.at(moment.position);
    const [effects, lookAlikes, records] = await Promise.all([
      this.whatIfs.effects(changes, moment),
      this.lookAlikes(changes, known, moment),
      this.records(changes, new Set(events.map(({ record }) => record)), known, moment),
    ]);
    return { effects, lookAlikes, records };
  }

  private async lookAlikes(changes: readonly Changed[], known: BeliefsAt, { position }: Moment): Promise<WhatIf['lookAlikes']> {
    const filed = changes.flatMap(({ before, after }) => (before === undefined ? [after.record] : []));
    const beliefs = await known.ofRecords(await this.alike.of(filed, position));
    return beliefs.toSorted(newestFirst).map(({ record }) => {
      const { summary, occurred } = happeningOf(record)!.data;
      return { record: record.id, summary, occurred };
    });
  }

  private async records(
    changes: readonly Changed[],
    touched: ReadonlySet<string>,
    known: BeliefsAt,
    { asOf }: Moment,
  ): Promise<WhatIf['records']> {
    const held = changes.map(({ after }) => after);
    const sources = held.flatMap(({ record }) => (record.kind === 'source' ? [record] : []));
    const beliefs = await known.supporting(held, sources);
    const own = beliefs.filter(({ record }) => touched.has(record.id));
    const others = beliefs.filter(({ record }) => !touched.has(record.id)).toSorted(newestFirst);
    // Whoever may file may see the remarks of editors.
    return [...own, ...others.slice(0, MOST_OTHERS)].map((belief) => viewOf(belief, asOf, known.cite, true));
  }
}
