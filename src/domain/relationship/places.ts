import { lifeAt } from '../life.js';
import type { RecordOnFile } from '../record.js';
import { dayOf, type Day } from '../time.js';
import type { Held } from './belief.js';
import { opposing, takesPosition } from './dispute.js';
import * as listing from './listing.js';
import { overTime, type Spanned } from './spans.js';

export const LISTS = [
  'sanctionsInForce',
  'standingActions',
  'upcomingMeetings',
  'overdueMeetings',
  'openStatements',
  'assessments',
  'quantities',
  'openQueries',
] as const;
export type ListName = (typeof LISTS)[number];

/** A place of a record in one of the lists of a state; among the contacts, of which the last is told; or among those who take a position. */
export interface Place {
  list: ListName | 'contacts' | 'positions';
  /** How many items of the list it makes. */
  items: number;
  /** What the list is in the order of, the newest first: a day, and of one day the position of the event. */
  on: Day;
  position: string;
  /** The statements against which a position is taken. */
  against?: string[];
}

/** The places of a record, each for the days of the world on which it has it. A retracted record has none. */
export function placesOf(held: Held): Spanned<Place>[] {
  if (held.status.retracted) return [];
  return overTime(held.record, (day) => placesAt(held, day));
}

function placesAt(held: Held, day: Day): Place[] {
  const { record, entries } = held;
  const on = listing.happeningOf(record)!.data.occurred.latest!;
  const { position } = entries[0]!;
  const places: Place[] = [];
  const add = (list: Place['list'], items: number): void => void (items > 0 && places.push({ list, items, on, position }));
  addCounts(record, day, add);
  add('quantities', listing.countQuantities(record, day));
  for (const { since, version } of listing.unanswered(held))
    places.push({ list: 'openQueries', items: 1, on: dayOf(since), position: entries[version - 1]!.position });
  const holding = record.kind === 'meeting' ? listing.holdingOf(record, day) : undefined;
  if (holding !== undefined)
    places.push({ list: 'contacts', items: 1, on: holding.on.latest!, position: entries[holding.version - 1]!.position });
  const against = opposing(held);
  if (against.length > 0 && takesPosition(held, day)) places.push({ list: 'positions', items: 1, on, position, against });
  return places;
}

/** Tells how many items a record makes of each of the lists for its kind. */
function addCounts(record: RecordOnFile, day: Day, add: (list: ListName, items: number) => void): void {
  switch (record.kind) {
    case 'source':
      return;
    case 'statement':
      add('openStatements', Number(listing.isOpen(lifeAt(record, day))));
      add('assessments', Number(listing.assesses(record.filed)));
      return;
    case 'sanction':
      return add('sanctionsInForce', listing.countInForce(record, day));
    case 'meeting': {
      const status = listing.announcedAs(lifeAt(record, day), day);
      add('upcomingMeetings', Number(status === 'upcoming'));
      return add('overdueMeetings', Number(status === 'overdue'));
    }
    case 'action':
      return add('standingActions', Number(listing.isStanding(lifeAt(record, day))));
  }
}
