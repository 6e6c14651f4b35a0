import { FIRST_DAY, LAST_DAY } from '../domain/day.js';
import { distinct } from '../domain/distinct.js';
import { belongingsOf, citationsOf, type RecordOnFile } from '../domain/record.js';
import { groupOf, stands, type Held } from '../domain/relationship/belief.js';
import { opposing } from '../domain/relationship/dispute.js';
import { entriesOf } from '../domain/relationship/ledger.js';
import { citedBy, happeningOf } from '../domain/relationship/listing.js';
import { placesOf, type Place } from '../domain/relationship/places.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { Spanned } from '../domain/relationship/spans.js';
import { happenedTo, type Happened } from '../domain/relationship/timeline.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { isKnownType } from '../event-store/upcast.js';
import type { Batch, Lean, NewBelief } from './batch.js';
import type { FilledTable } from './columns.js';
import { correctionRows } from './corrections.js';
import type { BeliefRow } from './on-file.js';
import type { Row } from './row.js';

/** What follows from a batch of events, table by table. `events`: those that were taken in. */
export function rowsAfter(
  { newBeliefs, newLeans }: Batch,
  events: readonly StoredEvent[],
): Record<Exclude<FilledTable, 'recorded' | 'unknown'>, Row[]> {
  return { record_belief: newBeliefs.map(beliefRow), ...rowsOf(newBeliefs), ...rowsOfEvents(newLeans, events) };
}

/** What follows from events beside what is believed after them. */
export function rowsOfEvents(leans: readonly Lean[], events: readonly StoredEvent[]): Record<'leans' | 'correction', Row[]> {
  return { leans: leans.map(({ record, on, why }) => ({ leans_on: on, record, why })), correction: correctionRows(events) };
}

/** The tables of what follows from beliefs. */
export type Table = 'happening' | 'move' | 'place' | 'source' | 'resting' | 'contested' | 'question';

const NOBODY: readonly string[] = [];

/** Of which record a row is, and from which position on, up to which other, it is so. */
interface Known {
  record: string;
  known_from: bigint;
  known_to: bigint | null;
}

/** What follows from beliefs, for the tables from which the views are selected; see read-models/migrations. */
export function rowsOf(beliefs: readonly NewBelief[]): Record<Table, Row[]> {
  const rows: Record<Table, Row[]> = {
    happening: [],
    move: [],
    place: [],
    source: [],
    resting: restingRows(beliefs),
    contested: [],
    question: [],
  };
  for (const { belief, from: known_from, until: known_to } of beliefs) {
    const known = { record: belief.record.id, known_from, known_to };
    rows.question.push(...questionRows(belief, known));
    if (belief.record.kind === 'source') {
      rows.source.push(sourceRow(belief, known));
      continue;
    }
    const places = placesOf(belief);
    rows.happening.push(...happeningRows(belief, known));
    rows.move.push(...moveRows(belief, known));
    rows.place.push(...placeRows(belief, places, known));
    rows.contested.push(...contestedRows(belief, places, known));
  }
  return rows;
}

export function beliefRow({ belief, from, until }: NewBelief): Row & BeliefRow {
  const { record } = belief;
  const latest = happeningOf(record)?.data.occurred.latest ?? null;
  return { record: record.id, known_from: from, known_to: until, kind: record.kind, latest, body: JSON.stringify(belief) };
}

/** The last position recorded by each instant. */
export function recordedRows(events: readonly StoredEvent[]): Row[] {
  const last = new Map(events.map(({ recordedAt, position }) => [recordedAt.toISOString(), position]));
  return [...last].map(([recorded_at, position]) => ({ recorded_at, position }));
}

/** How many there are of each type that this version of the service does not know, and passed over. */
export function unknownRows(events: readonly StoredEvent[]): Row[] {
  const unknown = Map.groupBy(
    events.filter(({ type }) => !isKnownType(type)),
    ({ type }) => type,
  );
  return [...unknown].map(([type, { length }]) => ({ type, events: BigInt(length) }));
}

// Fields are written out here and below: an object that is spread grows field by field.
function happeningRows(held: Held, { record: id, known_from, known_to }: Known): Row[] {
  const { record, status } = held;
  const topics = happeningOf(record)?.data.topics ?? [];
  const happened = happenedTo(record, LAST_DAY);
  return belongingsOf(record).flatMap(({ key: relationship, role }) =>
    happened.map((each) => ({
      record: id,
      known_from,
      known_to,
      relationship,
      version: each.version,
      position: positionOf(held, each.version),
      role,
      kind: record.kind,
      earliest: each.occurred.earliest ?? FIRST_DAY,
      latest: each.occurred.latest,
      begins: happened[0]!.occurred.latest,
      retracted: status.retracted,
      what: each.what,
      parties: partiesIn(record, each),
      topics,
      actors: each.who.map((actor) => JSON.stringify(actor)),
      sources: sourcesOf(citedBy(held, each.occurred.latest ?? LAST_DAY)),
    })),
  );
}

function partiesIn({ filed }: RecordOnFile, { who, toWhom }: Happened): string[] {
  const subject = filed.type === 'StatementMade' && filed.data.allegation !== undefined ? [filed.data.allegation.subject] : [];
  return distinct([...who, ...toWhom, ...subject].flatMap(({ party }) => party ?? []));
}

function moveRows(held: Held, { record: id, known_from, known_to }: Known): Row[] {
  const sources = sourcesOf(citationsOf(held.record));
  return entriesOf(held, ENTENTE_1).map(({ relationship, version, on, from, tenths, base, since, until }) => ({
    record: id,
    known_from,
    known_to,
    relationship,
    filed: positionOf(held, 1),
    position: positionOf(held, version),
    on_day: on,
    from_party: from,
    tenths,
    base,
    since,
    until,
    sources,
  }));
}

function placeRows({ record }: Held, places: readonly Spanned<Place>[], { record: id, known_from, known_to }: Known): Row[] {
  return belongingsOf(record).flatMap(({ key: relationship, role }) =>
    places.map(({ list, items, on: on_day, position, since, until, against = NOBODY }) => ({
      record: id,
      known_from,
      known_to,
      relationship,
      list,
      role,
      items,
      on_day,
      position: BigInt(position),
      since,
      until,
      against,
    })),
  );
}

/** A statement against which others stand, or that stands against them; what is retracted takes no part. */
function contestedRows(held: Held, places: readonly Spanned<Place>[], known: Known): Row[] {
  const { record, status } = held;
  const against = opposing(held);
  const on_day = happeningOf(record)?.data.occurred.latest;
  if (record.kind !== 'statement' || against.length === 0 || status.retracted || typeof on_day !== 'string') return [];
  const taken = places.find(({ list }) => list === 'positions');
  const withdrawn = taken === undefined ? on_day : taken.until;
  const relationships = belongingsOf(record).map(({ key }) => key);
  return [{ ...known, on_day, position: positionOf(held, 1), withdrawn, against, relationships }];
}

function questionRows(held: Held, known: Known): Row[] {
  const { record, status } = held;
  const since = record.kind === 'source' ? FIRST_DAY : (happeningOf(record)?.data.occurred.latest ?? null);
  if (status.retracted || since === null) return [];
  const relationships = belongingsOf(record).map(({ key }) => key);
  return record.queries.map(({ n, version, answer }) => ({
    ...known,
    n,
    position: positionOf(held, version),
    open: answer === undefined,
    since,
    relationships,
  }));
}

function sourceRow({ record }: Held, { record: source, known_from, known_to }: Known): Row {
  return { source, known_from, known_to, stands: stands(record), witness_group: groupOf(record) };
}

/** Each source with the relationships through which the records that cite it are found, once. */
function restingRows(beliefs: readonly NewBelief[]): Row[] {
  const pairs = beliefs.flatMap(({ belief: { record } }) =>
    findableIn(record).flatMap((relationship) => sourcesOf(citationsOf(record)).map((source) => ({ source, relationship }))),
  );
  return [...new Map(pairs.map((pair) => [`${pair.source} ${pair.relationship}`, pair])).values()];
}

/** The relationships in which it is primary; all of them, where it is in none. */
function findableIn(record: RecordOnFile): string[] {
  const all = belongingsOf(record);
  const primary = all.filter(({ role }) => role === 'primary');
  return (primary.length > 0 ? primary : all).map(({ key }) => key);
}

function positionOf({ entries }: Held, version: number): bigint {
  return BigInt(entries[version - 1]!.position);
}

function sourcesOf(citations: readonly { source: string }[]): string[] {
  return distinct(citations.map(({ source }) => source));
}
