import { lifeAt } from '../domain/life.js';
import type { Belief } from '../domain/relationship/belief.js';
import * as listing from '../domain/relationship/listing.js';
import type { Cite } from '../domain/relationship/listing.js';
import type { ListName } from '../domain/relationship/places.js';
import type { Day } from '../domain/time.js';

/** A list across relationships, and what of it is asked for. */
export type ListFilter =
  | { list: 'sanctions'; inForce?: boolean; authority?: string; target?: string }
  | { list: 'meetings'; status?: 'upcoming' | 'overdue' | 'held' | 'cancelled' }
  | { list: 'actions'; standing?: boolean; act?: string }
  | { list: 'statements'; open?: boolean; speechAct?: string; speaker?: string; modality?: string }
  | { list: 'quantities'; measure?: string };

type Filter<L extends ListFilter['list']> = Extract<ListFilter, { list: L }>;

/** Where the records are found that may have items in a list: those of one kind, or those with a place in such a list of a state. */
export function rowsFor(filter: ListFilter): Rows {
  const list = placeAsked(filter);
  if (list !== undefined) return { table: 'place', on: 'on_day', where: 'since <= $2 and (until is null or until > $2)', equal: { list } };
  const kind = KIND_IN[filter.list as keyof typeof KIND_IN];
  const { what, party } = wordsOf(filter);
  return { table: 'happening', on: 'latest', where: 'version = 1 and not retracted and latest <= $2', equal: { kind, what }, party };
}

/** Rows of a table under the views: $2 is the day. */
export interface Rows {
  table: 'happening' | 'place';
  /** The column of the day by which they are in order. */
  on: 'latest' | 'on_day';
  where: string;
  /** What columns must hold, where it is asked for. */
  equal: Record<string, string | undefined>;
  party?: string;
}

/** What can be asked of a record's first event. */
function wordsOf(filter: ListFilter): { what?: string; party?: string } {
  switch (filter.list) {
    case 'statements':
      return { what: filter.speechAct, party: filter.speaker };
    case 'actions':
      return { what: filter.act };
    case 'sanctions':
      return { party: filter.authority };
    case 'meetings':
    case 'quantities':
      return {};
  }
}

const KIND_IN = { sanctions: 'sanction', meetings: 'meeting', actions: 'action', statements: 'statement' } as const;

/** The list of a state that has all that is asked for. */
function placeAsked(filter: ListFilter): ListName | undefined {
  switch (filter.list) {
    case 'sanctions':
      return filter.inForce === true ? 'sanctionsInForce' : undefined;
    case 'meetings':
      return filter.status === 'upcoming' ? 'upcomingMeetings' : filter.status === 'overdue' ? 'overdueMeetings' : undefined;
    case 'actions':
      return filter.standing === true ? 'standingActions' : undefined;
    case 'statements':
      return filter.open === true ? 'openStatements' : undefined;
    case 'quantities':
      return 'quantities';
  }
}

/** The items that a record has in a list, as far as they are asked for. */
export function matching(belief: Belief, filter: ListFilter, asOf: Day, cite: Cite): object[] {
  switch (filter.list) {
    case 'sanctions':
      return sanctionItems(belief, filter, asOf, cite);
    case 'meetings':
      return meetingItems(belief, filter, asOf, cite);
    case 'actions':
      return actionItems(belief, filter, asOf, cite);
    case 'statements':
      return statementItems(belief, filter, asOf, cite);
    case 'quantities':
      return listing.quantities(belief, asOf, cite).filter(({ measure }) => is(filter.measure, measure));
  }
}

/** Whether a value is the one that is asked for, if any is. */
function is<T>(asked: T | undefined, value: T | undefined): boolean {
  return asked === undefined || asked === value;
}

function sanctionItems(belief: Belief, { inForce, authority, target }: Filter<'sanctions'>, asOf: Day, cite: Cite): object[] {
  return listing
    .sanctionItems(belief, asOf, cite)
    .filter((item) => is(inForce, item.inForce) && is(authority, item.authority.party) && is(target, item.target.party));
}

function meetingItems(belief: Belief, { status }: Filter<'meetings'>, asOf: Day, cite: Cite): object[] {
  const items = [...listing.heldMeetings(belief, asOf, cite), ...listing.announcedMeetings(belief, asOf, cite)];
  return items.filter((item) => is<string>(status, item.status));
}

function actionItems(belief: Belief, { standing, act }: Filter<'actions'>, asOf: Day, cite: Cite): object[] {
  return listing.actionItems(belief, asOf, cite).filter((item) => is(standing, item.standing) && is<string>(act, item.act));
}

function statementItems(belief: Belief, filter: Filter<'statements'>, asOf: Day, cite: Cite): object[] {
  const item = listing.statementItem(belief, asOf, cite);
  const life = lifeAt(belief.record, asOf);
  if (item === undefined || life.kind !== 'statement') return [];
  const open = life.state === 'open';
  const asked =
    is(filter.open, open) &&
    is<string>(filter.speechAct, item.speechAct) &&
    is<string>(filter.modality, item.modality) &&
    (filter.speaker === undefined || item.by.some(({ party }) => party === filter.speaker));
  return asked ? [{ ...item, open }] : [];
}
