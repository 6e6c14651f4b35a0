import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { dayNumber, dayOfNumber } from '../domain/day.js';
import { timelineItems, type TimelineItem } from '../domain/relationship/timeline.js';
import { byId, Beliefs } from './beliefs.js';
import { Gaps, type Incomplete } from './gaps.js';
import { happeningsIn, type HappeningFilter, type Place } from './happenings.js';
import { KeptRelationships } from './kept-relationships.js';
import { pinned, placeIn, pageFrom, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

export const STATUSES = ['none', 'onRecord', 'corroborated', 'confirmed', 'disputed', 'questioned', 'retracted'] as const;

export interface TimelineFilter extends Omit<HappeningFilter, 'retracted'> {
  /** Retracted records are told only where they are asked for. */
  status?: (typeof STATUSES)[number];
}

/** What happened, in the order of the world; every role, no newsroom steps. */
export class TimelineQuery extends Query<Page<TimelineItem> & Incomplete & Moment> {
  constructor(
    readonly key: string,
    readonly at: At,
    readonly filter: TimelineFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** A filter that finds little is not asked for ever: the answer then has fewer items and a cursor that goes on. */
const MOST_LOOKED_AT = 5_000;

@QueryHandler(TimelineQuery)
export class TimelineHandler implements IQueryHandler<TimelineQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly kept: KeptRelationships,
    private readonly gaps: Gaps,
  ) {}

  async execute({ key, at, filter, paging }: TimelineQuery): Promise<Page<TimelineItem> & Incomplete & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const kept = await this.kept.upTo(key, moment.position);
    const known = this.beliefs.at(moment.position);
    const wanted = { ...filter, retracted: filter.status === 'retracted' };
    const items: { item: TimelineItem; place: Place }[] = [];
    let after = placeOf(paging);
    let more = true;
    for (let looked = 0; more && items.length <= paging.limit && looked < MOST_LOOKED_AT; looked += paging.limit + 1) {
      const found = happeningsIn(kept, moment, wanted, after, paging.limit + 1);
      const beliefs = byId(await known.ofVersions(found));
      for (const { record, version, place } of found) {
        const told = timelineItems(beliefs.get(record)!, key, moment.asOf, known.cite).find((item) => item.version === version);
        if (told !== undefined && hasStatus(told, filter)) items.push({ item: told, place });
      }
      after = found.at(-1)?.place ?? after;
      more = found.length > paging.limit;
    }
    const page = items.slice(0, paging.limit).map(({ item }) => item);
    const next = items.length > paging.limit ? items[paging.limit - 1]!.place : more ? after : undefined;
    const incomplete = await this.gaps.isIncomplete(moment.position, key);
    return { ...moment, ...pageFrom(page, next && written(next), moment), incomplete };
  }
}

/** A cursor leads to what comes after it. */
function placeOf(paging: Paging): Place | undefined {
  const place = placeIn(paging, ['day', 'day', 'number'] as const);
  return place && [dayNumber(place[0]), dayNumber(place[1]), Number(place[2])];
}

function written([latest, earliest, position]: Place): string[] {
  return [dayOfNumber(latest), dayOfNumber(earliest), String(position)];
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
