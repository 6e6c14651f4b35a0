import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { FIRST_DAY } from '../domain/day.js';
import { timelineItems, type TimelineItem } from '../domain/relationship/timeline.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { Beliefs } from './beliefs.js';
import { pinned, placeIn, pageFrom, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

export const STATUSES = ['none', 'onRecord', 'corroborated', 'confirmed', 'disputed', 'questioned', 'retracted'] as const;

export interface TimelineFilter {
  from?: Day;
  to?: Day;
  kind?: string;
  topic?: string;
  party?: string;
  speechAct?: string;
  role?: string;
  /** Retracted records are told only where they are asked for. */
  status?: (typeof STATUSES)[number];
  order: 'asc' | 'desc';
}

/** What happened, in the order of the world; every role, no newsroom steps. */
export class TimelineQuery extends Query<Page<TimelineItem> & Moment> {
  constructor(
    readonly key: string,
    readonly at: At,
    readonly filter: TimelineFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** Where an item stands: a cursor leads to what comes after it. */
type Place = [latest: Day, earliest: Day, position: string];

interface Found {
  record: string;
  version: number;
  place: Place;
}

/** A filter that finds little is not asked for ever: the answer then has fewer items and a cursor that goes on. */
const MOST_LOOKED_AT = 5_000;

@QueryHandler(TimelineQuery)
export class TimelineHandler implements IQueryHandler<TimelineQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly pool: Pool,
  ) {}

  async execute({ key, at, filter, paging }: TimelineQuery): Promise<Page<TimelineItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const known = this.beliefs.at(moment.position);
    const items: { item: TimelineItem; place: Place }[] = [];
    let after = placeIn(paging, ['day', 'day', 'number'] as const);
    let more = true;
    for (let looked = 0; more && items.length <= paging.limit && looked < MOST_LOOKED_AT; looked += paging.limit + 1) {
      const found = await this.find(key, moment, filter, after, paging.limit + 1);
      const beliefs = new Map((await known.ofRecords(found.map(({ record }) => record))).map((belief) => [belief.record.id, belief]));
      for (const { record, version, place } of found) {
        const told = timelineItems(beliefs.get(record)!, key, moment.asOf, known.cite).find((item) => item.version === version);
        if (told !== undefined && hasStatus(told, filter)) items.push({ item: told, place });
      }
      after = found.at(-1)?.place ?? after;
      more = found.length > paging.limit;
    }
    const page = items.slice(0, paging.limit);
    const next = items.length > paging.limit ? page.at(-1)!.place : more ? after : undefined;
    return {
      ...moment,
      ...pageFrom(
        page.map(({ item }) => item),
        next,
        moment,
      ),
    };
  }

  private async find(
    key: string,
    { asOf, position }: Moment,
    { from, to, kind, topic, party, speechAct, role, status, order }: TimelineFilter,
    after: Place | undefined,
    most: number,
  ): Promise<Found[]> {
    const values: unknown[] = [key, position, asOf, status === 'retracted'];
    const where = [`relationship = $1 and ${knownAt('$2')} and latest <= $3 and begins <= $3 and retracted = $4`];
    const narrow = (condition: (place: string) => string, value: unknown): void => {
      if (value !== undefined) where.push(condition(`$${values.push(value)}`));
    };
    // An uncertain date matches a period that it can lie in.
    narrow((place) => `latest >= ${place}`, from);
    narrow((place) => `(case when earliest = '${FIRST_DAY}' then latest else earliest end) <= ${place}`, to);
    narrow((place) => `kind = ${place}`, kind);
    narrow((place) => `topics @> array[${place}]`, topic);
    narrow((place) => `parties @> array[${place}]`, party);
    narrow((place) => `what = ${place}`, speechAct);
    narrow((place) => `role = ${place}`, role);
    const [beyond, direction] = order === 'desc' ? ['<', 'desc'] : ['>', 'asc'];
    if (after !== undefined) {
      const [latest, earliest, at] = after.map((value) => `$${values.push(value)}`);
      where.push(`(latest, earliest, position) ${beyond} (${latest}::date, ${earliest}::date, ${at}::bigint)`);
    }
    const { rows } = await this.pool.query<{ record: string; version: number; latest: Day; earliest: Day; position: bigint }>(
      `select record, version, latest::text, earliest::text, position from view.happening where ${where.join(' and ')}
       order by happening.latest ${direction}, happening.earliest ${direction}, position ${direction} limit $${values.push(most)}`,
      values,
    );
    return rows.map(({ record, version, latest, earliest, position: at }) => ({
      record,
      version,
      place: [latest, earliest, at.toString()],
    }));
  }
}

function hasStatus({ status: has }: TimelineItem, { status }: TimelineFilter): boolean {
  switch (status) {
    case undefined:
    case 'retracted':
      return true;
    case 'disputed':
      return has.disputed;
    case 'questioned':
      return has.questioned;
    case 'none':
    case 'onRecord':
    case 'corroborated':
    case 'confirmed':
      return has.support === status;
  }
}
