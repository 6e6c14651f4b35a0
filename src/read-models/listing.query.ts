import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { lifeName } from '../domain/life.js';
import { belongingsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { Beliefs } from './beliefs.js';
import { matching, rowsFor, type ListFilter } from './listing-items.js';
import { Gaps, type Incomplete } from './gaps.js';
import { pageFrom, pinned, placeIn, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

/** What is asked across relationships; each filter is optional. */
export type ListingFilter = { relationship?: string } & ListFilter;

/** Items as in the state of a relationship, with the relationships of their record; the latest first. */
export type ListingItem = Listed & Record<string, unknown>;

/** What every item says of its record. */
export interface Listed {
  record: string;
  life: string;
  relationships: { key: string; role: string }[];
}

export class ListingQuery extends Query<Page<ListingItem> & Incomplete & Moment> {
  constructor(
    readonly at: At,
    readonly filter: ListingFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** The record of an item, and how many of its items come before: a cursor leads to the first that was not told. */
type Place = [on: Day, position: string, before: string];

interface Found {
  record: string;
  on: Day;
  position: string;
}

/** A filter that finds little is not asked for ever: the answer then has fewer items and a cursor that goes on. */
const MOST_LOOKED_AT = 5_000;
const MOST_AT_ONCE = 1_000;

@QueryHandler(ListingQuery)
export class ListingHandler implements IQueryHandler<ListingQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly pool: Pool,
  ) {}

  async execute({ at, filter, paging }: ListingQuery): Promise<Page<ListingItem> & Incomplete & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const incomplete = await new Gaps(this.pool).isIncomplete(moment.position, filter.relationship);
    const { limit } = paging;
    const items: { item: ListingItem; place: Place }[] = [];
    let from = placeIn(paging, ['day', 'number', 'number'] as const);
    let looked = 0;
    for (let size = limit + 1; items.length <= limit && looked < MOST_LOOKED_AT; size = Math.min(2 * size, MOST_AT_ONCE)) {
      const found = await this.find(filter, moment, from, size + 1);
      const [, position, before] = from ?? [];
      const told = await this.itemsOf(found.slice(0, size), filter, moment);
      items.push(...told.filter(({ place }) => place[1] !== position || Number(place[2]) >= Number(before)));
      looked += size;
      const beyond = found[size];
      from = beyond && [beyond.on, beyond.position, '0'];
      if (from === undefined) break;
    }
    const page = items.slice(0, limit).map(({ item }) => item);
    return { ...moment, ...pageFrom(page, items[limit]?.place ?? from, moment), incomplete };
  }

  private async itemsOf(
    found: readonly Found[],
    filter: ListFilter,
    { position, asOf }: Moment,
  ): Promise<{ item: ListingItem; place: Place }[]> {
    const known = this.beliefs.at(position);
    const beliefs = new Map((await known.ofRecords(found.map(({ record }) => record))).map((belief) => [belief.record.id, belief]));
    return found.flatMap(({ record, on, position: filed }) => {
      const belief = beliefs.get(record)!;
      const shared = listed(belief, asOf);
      return matching(belief, filter, asOf, known.cite).map((item, i) => ({
        item: { ...item, ...shared },
        place: [on, filed, `${i}`] satisfies Place,
      }));
    });
  }

  /** The records that may have items in the list, from a place on, the newest first. */
  private async find(filter: ListingFilter, { position, asOf }: Moment, from: Place | undefined, most: number): Promise<Found[]> {
    const { table, on, where, equal, party } = rowsFor(filter);
    const values: unknown[] = [position, asOf];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const conditions = [where, knownAt('$1')];
    for (const [column, value] of Object.entries({ ...equal, relationship: filter.relationship }))
      if (value !== undefined) conditions.push(`${column} = ${place(value)}`);
    if (party !== undefined) conditions.push(`parties @> array[${place(party)}]`);
    if (from !== undefined) conditions.push(`(${on}, position) <= (${place(from[0])}::date, ${place(from[1])}::bigint)`);
    const { rows } = await this.pool.query<Found>(
      `select record, ${on}::text as "on", position::text from view.${table} where ${conditions.join(' and ')}
       group by record, ${table}.${on}, ${table}.position order by ${table}.${on} desc, ${table}.position desc limit ${place(most)}`,
      values,
    );
    return rows;
  }
}

/** What every item says of its record. */
export function listed({ record }: Belief, asOf: Day): Listed {
  const relationships = belongingsOf(record).map(({ key, role }) => ({ key, role }));
  return { record: record.id, life: lifeName(record, asOf), relationships };
}
