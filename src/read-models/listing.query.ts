import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { lifeName } from '../domain/life.js';
import { belongingsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import * as listing from '../domain/relationship/listing.js';
import type { Cite } from '../domain/relationship/listing.js';
import type { Day } from '../domain/time.js';
import { Beliefs, newestFirst } from './beliefs.js';
import { pageOf, pinned, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

/** What is asked across relationships; each filter is optional. */
export type ListingFilter = { relationship?: string } & (
  | { list: 'sanctions'; inForce?: boolean; authority?: string; target?: string }
  | { list: 'meetings'; status?: 'upcoming' | 'overdue' | 'held' | 'cancelled' }
  | { list: 'actions'; standing?: boolean; act?: string }
);

/** Items as in the state of a relationship, with the relationships of their record; the latest first. */
export type ListingItem = { record: string; life: string; relationships: { key: string; role: string }[] } & Record<string, unknown>;

export class ListingQuery extends Query<Page<ListingItem> & Moment> {
  constructor(
    readonly at: At,
    readonly filter: ListingFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

@QueryHandler(ListingQuery)
export class ListingHandler implements IQueryHandler<ListingQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
  ) {}

  async execute({ at, filter, paging }: ListingQuery): Promise<Page<ListingItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const kind = ({ sanctions: 'sanction', meetings: 'meeting', actions: 'action' } as const)[filter.list];
    const known = this.beliefs.at(moment.position);
    const beliefs = await known.ofKind(kind, filter.relationship);
    const items = beliefs
      .filter((belief) => !belief.status.retracted && listing.happenedBy(belief, moment.asOf))
      .toSorted(newestFirst)
      .flatMap((belief) => itemsOf(belief, filter, moment.asOf, known.cite));
    return { ...moment, ...pageOf(items, paging, moment) };
  }
}

function itemsOf(belief: Belief, filter: ListingFilter, asOf: Day, cite: Cite): ListingItem[] {
  const { record } = belief;
  const shared = {
    record: record.id,
    life: lifeName(record, asOf),
    relationships: belongingsOf(record).map(({ key, role }) => ({ key, role })),
  };
  return matching(belief, filter, asOf, cite).map((item) => ({ ...item, ...shared }));
}

function matching(belief: Belief, filter: ListingFilter, asOf: Day, cite: Cite): object[] {
  switch (filter.list) {
    case 'sanctions':
      return sanctionItems(belief, filter, asOf, cite);
    case 'meetings':
      return meetingItems(belief, filter.status, asOf, cite);
    case 'actions':
      return actionItems(belief, filter, asOf, cite);
  }
}

function sanctionItems(
  belief: Belief,
  { inForce, authority, target }: Extract<ListingFilter, { list: 'sanctions' }>,
  asOf: Day,
  cite: Cite,
): object[] {
  return listing
    .sanctionItems(belief, asOf, cite)
    .filter(
      (item) =>
        (inForce === undefined || item.inForce === inForce) &&
        (authority === undefined || item.authority.party === authority) &&
        (target === undefined || item.target.party === target),
    );
}

function meetingItems(belief: Belief, status: string | undefined, asOf: Day, cite: Cite): object[] {
  const items = [...listing.heldMeetings(belief, asOf, cite), ...listing.announcedMeetings(belief, asOf, cite)];
  return items.filter((item) => status === undefined || item.status === status);
}

function actionItems(belief: Belief, { standing, act }: Extract<ListingFilter, { list: 'actions' }>, asOf: Day, cite: Cite): object[] {
  return listing
    .actionItems(belief, asOf, cite)
    .filter((item) => (standing === undefined || item.standing === standing) && (act === undefined || item.act === act));
}
