import { LISTS, type ListName, type Place } from '../domain/relationship/places.js';
import { MOST_ITEMS, type Listed } from '../domain/relationship/state.js';
import { daysOf, type Keeping, type KeptRow } from './kept-rows.js';

/** A place of a record in a list, for some days of the world. */
export interface PlaceRow extends KeptRow {
  list: Place['list'];
  primary: boolean;
  items: number;
  on: number;
  position: number;
  since: number;
  until: number | null;
  against: readonly string[];
}

type Cells = [
  list: Place['list'],
  primary: boolean,
  items: number,
  on: number,
  position: number,
  since: number,
  until: number | null,
  against: string[],
];

const NONE: readonly string[] = [];

/** The newest first; a topic has no place. */
export const PLACES: Keeping<PlaceRow, Cells> = {
  table: 'place',
  only: `role <> 'topic'`,
  cells: `list, role = 'primary', items, ${daysOf('on_day')}, position, ${daysOf('since')}, ${daysOf('until')}, against`,
  read: (row, [list, primary, items, on, position, since, until, against]) => ({
    ...row,
    list,
    primary,
    items,
    on,
    position,
    since,
    until,
    against: against.length === 0 ? NONE : against,
  }),
  compare: (a, b) => b.on - a.on || b.position - a.position,
};

/** For each list the records of its newest items, and how many items there are. */
export function listedIn(places: readonly PlaceRow[]): Record<ListName, Listed> {
  const byList = Map.groupBy(places, ({ list }) => list);
  const listed = (list: ListName): Listed => {
    const own = byList.get(list) ?? [];
    const count = (rows: readonly PlaceRow[]): number => rows.reduce((sum, { items }) => sum + items, 0);
    return {
      records: [...new Set(own.slice(0, MOST_ITEMS).map(({ record }) => record))],
      items: count(own),
      primary: count(own.filter(({ primary }) => primary)),
    };
  };
  return Object.fromEntries(LISTS.map((list) => [list, listed(list)])) as Record<ListName, Listed>;
}

/** The record of the last contact between the two themselves. */
export function lastContact(places: readonly PlaceRow[]): string | null {
  return places.find(({ list, primary }) => list === 'contacts' && primary)?.record ?? null;
}
