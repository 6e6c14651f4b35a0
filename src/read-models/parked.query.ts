import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { pageFrom, placeIn, type Page, type Paging } from './page.js';
import { Views } from './views.js';

/** An event that the views could not take in. */
export interface ParkedItem {
  position: string;
  record: string;
  version: number;
  type: string;
  /** `failed`, or `behind <position>`: it waits for that one. */
  why: string;
  /** Of one that failed. */
  error: string | null;
  /** How often it was tried. */
  attempts: number;
  since: string;
  /** Where it is missing; null: nobody knows, so every state says that it is incomplete. */
  relationships: string[] | null;
  /** It was given up. */
  dropped: { at: string; by: string; reason: string } | null;
}

/** Types of events that this version passes over, and how many there were of each. */
export interface UnknownType {
  type: string;
  events: number;
}

/** What the views have not taken in, in the order of the log: what is parked, what was dropped, and what nobody here knows. */
export class ParkedQuery extends Query<Page<ParkedItem> & { unknown: UnknownType[] }> {
  constructor(readonly paging: Paging) {
    super();
  }
}

interface Row extends Omit<ParkedItem, 'position' | 'since' | 'dropped'> {
  position: bigint;
  since: Date;
  droppedAt: Date | null;
  droppedBy: string;
  reason: string;
}

@QueryHandler(ParkedQuery)
export class ParkedHandler implements IQueryHandler<ParkedQuery> {
  constructor(
    private readonly views: Views,
    private readonly pool: Pool,
  ) {}

  async execute({ paging }: ParkedQuery): Promise<Page<ParkedItem> & { unknown: UnknownType[] }> {
    const sql = `
      select position, record, version, type, case when behind is null then 'failed' else 'behind ' || behind end as why, error, attempts, since,
        relationships, dropped_at as "droppedAt", dropped_by as "droppedBy", reason
      from view.parked where position > $1 order by position limit $2`;
    const after = placeIn(paging, ['number'] as const)?.[0] ?? '0';
    const [{ rows }, unknown, moment] = await Promise.all([
      this.pool.query<Row>(sql, [after, paging.limit + 1]),
      this.pool.query<UnknownType>('select type, events::int from view.unknown order by type'),
      this.views.moment({}),
    ]);
    const items = rows.slice(0, paging.limit).map(toldOf);
    return { ...pageFrom(items, rows.length > paging.limit ? [items.at(-1)!.position] : undefined, moment), unknown: unknown.rows };
  }
}

function toldOf({ position, since, droppedAt, droppedBy, reason, ...row }: Row): ParkedItem {
  return {
    ...row,
    position: position.toString(),
    since: since.toISOString(),
    dropped: droppedAt && { at: droppedAt.toISOString(), by: droppedBy, reason },
  };
}
