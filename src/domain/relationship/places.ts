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

const NONE = (): [] => [];

/** The places of a record, each for the days of the world on which it has it. A retracted record has none. */
export function placesOf(held: Held): Spanned<Place>[] {
  if (held.status.retracted) return [];
  return overTime(held.record, (day) => placesAt(held, day));
}

function placesAt(held: Held, day: Day): Place[] {
  const { record, entries } = held;
  const on = listing.happeningOf(record)!.data.occurred.latest!;
  const { position } = entries[0]!;
  const counts: [ListName, number][] = [...countsAt(held, day), ['quantities', listing.quantities(held, day, NONE).length]];
  const against = opposing(held);
  return [
    ...counts.filter(([, items]) => items > 0).map(([list, items]) => ({ list, items, on, position })),
    ...listing.unanswered(held).map(({ since, version }) => ({
      list: 'openQueries' as const,
      items: 1,
      on: dayOf(since),
      position: entries[version - 1]!.position,
    })),
    ...contactsAt(held, day),
    ...(against.length > 0 && takesPosition(held, day) ? [{ list: 'positions' as const, items: 1, on, position, against }] : []),
  ];
}

/** How many items a record makes of the lists for its kind. */
function countsAt(held: Held, day: Day): [ListName, number][] {
  switch (held.record.kind) {
    case 'source':
      return [];
    case 'statement':
      return [
        ['openStatements', listing.openStatements(held, day, NONE).length],
        ['assessments', listing.assessments(held, day, NONE, []).length],
      ];
    case 'sanction':
      return [['sanctionsInForce', listing.sanctionsInForce(held, day, NONE).length]];
    case 'meeting': {
      const announced = listing.announcedMeetings(held, day, NONE);
      return [
        ['upcomingMeetings', announced.filter(({ status }) => status === 'upcoming').length],
        ['overdueMeetings', announced.filter(({ status }) => status === 'overdue').length],
      ];
    }
    case 'action':
      return [['standingActions', listing.standingActions(held, day, NONE).length]];
  }
}

function contactsAt({ record, entries }: Held, day: Day): Place[] {
  const held = record.kind === 'meeting' ? listing.holdingOf(record, day) : undefined;
  if (held === undefined) return [];
  return [{ list: 'contacts', items: 1, on: held.on.latest!, position: entries[held.version - 1]!.position }];
}
