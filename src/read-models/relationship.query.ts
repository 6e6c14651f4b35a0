import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ROLES } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { happenedBy, happeningOf } from '../domain/relationship/listing.js';
import { relationshipState, tensionAt, type Known, type RelationshipState } from '../domain/relationship/state.js';
import { timelineItems, type TimelineItem } from '../domain/relationship/timeline.js';
import { addDays, type Day, type Occurred } from '../domain/time.js';
import { Beliefs, newestFirst } from './beliefs.js';
import { pageOf, pinned, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

const STATE_ROLES = ['primary', 'affected'];

/** What is known of a relationship at a moment; everything its state and series are computed from. */
async function knownOf(key: string, beliefs: Beliefs, { position }: Moment): Promise<Known> {
  const known = beliefs.at(position);
  const own = await known.ofRelationship(key, STATE_ROLES);
  return { key, beliefs: own, disputedBy: await known.disputing(own), cite: known.cite };
}

/** How things stand between two parties. */
export class RelationshipStateQuery extends Query<RelationshipState & Moment> {
  constructor(
    readonly key: string,
    readonly at: At,
    readonly parts: number,
  ) {
    super();
  }
}

@QueryHandler(RelationshipStateQuery)
export class RelationshipStateHandler implements IQueryHandler<RelationshipStateQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
  ) {}

  async execute({ key, at, parts }: RelationshipStateQuery): Promise<RelationshipState & Moment> {
    const moment = await this.views.moment(at);
    const { key: _, ...state } = relationshipState(await knownOf(key, this.beliefs, moment), moment.asOf, parts);
    return { key, ...moment, ...state };
  }
}

export interface TimelineFilter {
  from?: Day;
  to?: Day;
  kind?: string;
  topic?: string;
  party?: string;
  speechAct?: string;
  role?: string;
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

@QueryHandler(TimelineQuery)
export class TimelineHandler implements IQueryHandler<TimelineQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
  ) {}

  async execute({ key, at, filter, paging }: TimelineQuery): Promise<Page<TimelineItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const known = this.beliefs.at(moment.position);
    const beliefs = await known.ofRelationship(key, ROLES);
    const items = beliefs
      .flatMap((belief) => timelineItems(belief, key, moment.asOf, known.cite))
      .filter((item) => matches(item, filter))
      .toSorted(inWorldOrder);
    return { ...moment, ...pageOf(filter.order === 'desc' ? items.toReversed() : items, paging, moment) };
  }
}

/** An uncertain date matches a period that it can lie in. */
function matches(item: TimelineItem, { from, to, kind, topic, party, speechAct, role }: TimelineFilter): boolean {
  const { earliest, latest } = item.occurred;
  return (
    (from === undefined || (latest ?? from) >= from) &&
    (to === undefined || (earliest ?? latest ?? to) <= to) &&
    (kind === undefined || item.kind === kind) &&
    (topic === undefined || item.topics.includes(topic)) &&
    (party === undefined || [...item.who, ...item.toWhom].some((actor) => actor.party === party)) &&
    (speechAct === undefined || item.what === speechAct) &&
    (role === undefined || item.role === role)
  );
}

function inWorldOrder(a: TimelineItem, b: TimelineItem): number {
  return (
    compare(a.occurred.latest, b.occurred.latest) ||
    compare(a.occurred.earliest, b.occurred.earliest) ||
    Number(BigInt(a.position) - BigInt(b.position))
  );
}

function compare(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}

export type SeriesStep = 'day' | 'week' | 'month';

export interface SeriesItem {
  asOf: Day;
  tension: number | null;
  conflict: number;
  cooperation: number;
}

/** C, P and T over time, as known at one moment. */
export class TensionSeriesQuery extends Query<{ items: SeriesItem[] } & Moment> {
  constructor(
    readonly key: string,
    readonly at: At,
    readonly from: Day | undefined,
    readonly to: Day | undefined,
    readonly step: SeriesStep,
  ) {
    super();
  }
}

const DEFAULT_SERIES_DAYS = 90;

@QueryHandler(TensionSeriesQuery)
export class TensionSeriesHandler implements IQueryHandler<TensionSeriesQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
  ) {}

  async execute({ key, at, from, to, step }: TensionSeriesQuery): Promise<{ items: SeriesItem[] } & Moment> {
    const moment = await this.views.moment(at);
    const beliefs = await this.beliefs.at(moment.position).ofRelationship(key, STATE_ROLES);
    const last = to ?? moment.asOf;
    const items = daysOf(from ?? addDays(last, -DEFAULT_SERIES_DAYS), last, step).map((asOf) => {
      const { value, conflict, cooperation } = tensionAt({ key, beliefs }, asOf);
      return { asOf, tension: value, conflict, cooperation };
    });
    return { ...moment, items };
  }
}

/** From the first day on, by day, week or month (the same day of the month, or its last). */
export function daysOf(from: Day, to: Day, step: SeriesStep): Day[] {
  const days: Day[] = [];
  for (let n = 0, day = from; day <= to; n += 1, day = stepDay(from, n, step)) days.push(day);
  return days;
}

function stepDay(from: Day, n: number, step: SeriesStep): Day {
  if (step !== 'month') return addDays(from, step === 'day' ? n : 7 * n);
  const [year, month, day] = from.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month + n, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + n, Math.min(day, lastOfMonth))).toISOString().slice(0, 10);
}

export interface RelationshipsFilter {
  party?: string;
  phase?: string;
  sort: 'tension' | 'recent';
  includeTopic: boolean;
}

export interface RelationshipItem extends Pick<RelationshipState, 'key' | 'parties' | 'phase' | 'coverage'> {
  tension: number | null;
  change30Days: number;
  lastRecord: { record: string; on: Occurred; summary: string } | null;
}

/** Every relationship on file. */
export class RelationshipsQuery extends Query<Page<RelationshipItem> & Moment> {
  constructor(
    readonly at: At,
    readonly filter: RelationshipsFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

@QueryHandler(RelationshipsQuery)
export class RelationshipsHandler implements IQueryHandler<RelationshipsQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
  ) {}

  async execute({ at, filter, paging }: RelationshipsQuery): Promise<Page<RelationshipItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const roles = filter.includeTopic ? ROLES : STATE_ROLES;
    const keys = (await this.beliefs.at(moment.position).relationships(roles)).filter(
      (key) => filter.party === undefined || key.split('-').includes(filter.party),
    );
    const items: RelationshipItem[] = [];
    for (const key of keys) {
      const item = await this.item(key, moment);
      if (filter.phase === undefined || item.phase.name === filter.phase) items.push(item);
    }
    return { ...moment, ...pageOf(items.toSorted(filter.sort === 'tension' ? tensestFirst : latestFirst), paging, moment) };
  }

  private async item(key: string, { position, asOf }: Moment): Promise<RelationshipItem> {
    const beliefs = await this.beliefs.at(position).ofRelationship(key, STATE_ROLES);
    const known: Known = { key, beliefs, disputedBy: [], cite: (citations) => [...citations] };
    const { parties, phase, tension, coverage } = relationshipState(known, asOf, 0);
    const before = tensionAt(known, addDays(asOf, -30)).value ?? 0;
    const [last] = beliefs.filter((belief) => happenedBy(belief, asOf)).toSorted(newestFirst);
    const lastRecord = last === undefined ? null : headlineOf(last);
    return { key, parties, phase, tension: tension.value, change30Days: (tension.value ?? 0) - before, lastRecord, coverage };
  }
}

function headlineOf({ record }: Belief): RelationshipItem['lastRecord'] {
  const { occurred, summary } = happeningOf(record)!.data;
  return { record: record.id, on: occurred, summary };
}

function tensestFirst(a: RelationshipItem, b: RelationshipItem): number {
  return (b.tension ?? -1) - (a.tension ?? -1) || compare(a.key, b.key);
}

function latestFirst(a: RelationshipItem, b: RelationshipItem): number {
  return compare(b.lastRecord?.on.latest ?? null, a.lastRecord?.on.latest ?? null) || compare(a.key, b.key);
}
