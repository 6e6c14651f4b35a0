import { LISTS, type ListName } from '../domain/relationship/places.js';
import { MOST_ITEMS, type Listed } from '../domain/relationship/state.js';
import { isKnown, type KeptRelationship } from './kept-relationships.js';
import type { Version } from './beliefs.js';

/** A statement that takes a position, and those against which it is taken. */
export interface Position extends Version {
  against: readonly string[];
}

/** What the places of records in a relationship tell of a day, as known at a position. */
export interface Places {
  /** For each list the records of its newest items, and how many items there are. */
  listed: Record<ListName, Listed>;
  positions: Position[];
  /** Whether a record takes a position in the relationship on whatever day: then it is known here whether it does on this one. */
  decides: (record: string) => boolean;
  /** The last contact between the two themselves. */
  contact: string | null;
  /** Everything named in the lists, and the contact. */
  named: Version[];
}

/** Looks through the places of records, from the newest on. */
export function placesOn(kept: KeptRelationship, position: bigint, day: number): Places {
  const { length, of } = kept.places;
  const at = Number(position);
  const versionOf = (n: number): Version => ({ record: kept.records.valueOf(of.record[n]!), knownFrom: of.knownFrom[n]! });
  const lists = LISTS.map((name) => ({ name, number: kept.texts.find(name), items: 0, primary: 0, rows: [] as number[] }));
  const byNumber: (undefined | (typeof lists)[number])[] = [];
  for (const list of lists) if (list.number >= 0) byNumber[list.number] = list;
  const [positionsList, contactsList] = [kept.texts.find('positions'), kept.texts.find('contacts')];
  const positions: Position[] = [];
  const deciding = new Uint8Array(kept.records.size);
  let contact: Version | undefined;
  for (let n = length - 1; n >= 0; n -= 1) {
    if (of.list[n] === positionsList && isKnown(of, n, at)) deciding[of.record[n]!] = 1;
    if (of.since[n]! > day || of.until[n]! <= day || !isKnown(of, n, at)) continue;
    const list = byNumber[of.list[n]!];
    if (list !== undefined) {
      list.items += of.items[n]!;
      if (of.primary[n] === 1) list.primary += of.items[n]!;
      if (list.rows.length < MOST_ITEMS) list.rows.push(n);
    } else if (of.list[n] === positionsList) positions.push({ ...versionOf(n), against: kept.lists.valueOf(of.against[n]!) });
    else if (of.list[n] === contactsList && of.primary[n] === 1) contact ??= versionOf(n);
  }
  const named = lists.flatMap(({ rows }) => rows.map(versionOf));
  const listed = lists.map(({ name, items, primary, rows }) => [
    name,
    { records: [...new Set(rows.map((n) => versionOf(n).record))], items, primary },
  ]);
  return {
    listed: Object.fromEntries(listed) as Places['listed'],
    positions,
    decides: (record) => deciding[kept.records.find(record)] === 1,
    contact: contact?.record ?? null,
    named: contact === undefined ? named : [...named, contact],
  };
}
