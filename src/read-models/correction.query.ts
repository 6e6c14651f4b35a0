import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import type { Change } from '../domain/record.js';
import { knownAt } from '../projection/known.js';
import { Gaps, type Incomplete } from './gaps.js';
import { pageFrom, pinned, placeIn, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

/** One time that the newsroom took back, or said otherwise, what it had filed; remarks of editors are never in it. */
export interface Correction {
  record: string;
  type: string;
  /** The step that it is about; the record itself where absent. */
  step?: number;
  kind?: string;
  reason: string | null;
  approvedBy?: string;
  changes?: Change[];
  by: string;
  recordedAt: string;
  position: string;
}

export interface CorrectionFilter {
  /** Recorded then or later. */
  since?: Date;
  /** Only of records of this relationship, in any role, and of the sources that they cite, or cited when it was recorded. */
  relationship?: string;
  record?: string;
}

/** The public log of corrections, the newest first. It is about what the newsroom knew: `asOf` moves nothing in it. */
export class CorrectionsQuery extends Query<Page<Correction> & Incomplete & Moment> {
  constructor(
    readonly at: At,
    readonly filter: CorrectionFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

@QueryHandler(CorrectionsQuery)
export class CorrectionsHandler implements IQueryHandler<CorrectionsQuery> {
  constructor(
    private readonly views: Views,
    private readonly pool: Pool,
  ) {}

  async execute({ at, filter, paging }: CorrectionsQuery): Promise<Page<Correction> & Incomplete & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const found = await this.before(placeIn(paging, ['number'])?.[0], moment, filter, paging.limit + 1);
    const items = found.slice(0, paging.limit);
    const incomplete = await new Gaps(this.pool).isIncomplete(moment.position, filter.relationship);
    return { ...moment, ...pageFrom(items, found.length > paging.limit ? [items.at(-1)!.position] : undefined, moment), incomplete };
  }

  /**
   * Those recorded before one (the last of the page before), the newest first. What the records of a relationship cite is looked up among
   * the few sources that were gone back on, all at once.
   */
  private async before(
    last: string | undefined,
    { position }: Moment,
    { since, relationship, record }: CorrectionFilter,
    most: number,
  ): Promise<Correction[]> {
    const { rows } = await this.pool.query<{ position: bigint; body: string }>(
      `with cited as materialized (
         select source, max(coalesce(known_to, $1::bigint + 1)) as cited_to
         from view.happening, unnest(sources) source
         where relationship = $5 and known_from <= $1 and source in (select record from view.correction where record like 'source-%')
         group by source
       )
       select c.position, c.body from view.correction c
       where c.position <= $1
         and ($2::bigint is null or c.position < $2)
         and ($3::timestamptz is null or c.recorded_at >= $3)
         and ($4::text is null or c.record = $4)
         and ($5::text is null
           or exists (select from view.happening h
             where h.relationship = $5 and h.record = c.record and ${knownAt('$1', 'h')})
           or c.record like 'source-%' and exists (select from cited where source = c.record and cited_to > c.position))
       order by c.position desc limit $6`,
      [position, last ?? null, since ?? null, record ?? null, relationship ?? null, most],
    );
    return rows.map(({ position: at, body }) => ({ ...(JSON.parse(body) as Omit<Correction, 'position'>), position: at.toString() }));
  }
}
