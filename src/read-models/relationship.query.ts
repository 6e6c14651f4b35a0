import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { compare } from '../domain/compare.js';
import type { Belief } from '../domain/relationship/belief.js';
import { figuresAt } from '../domain/relationship/ledger.js';
import { happeningOf } from '../domain/relationship/listing.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { coverageTold, DRIFT_DAYS, partiesIn, relationshipState, type RelationshipState } from '../domain/relationship/state.js';
import { phaseOf } from '../domain/relationship/tension.js';
import { addDays, type Day, type Occurred } from '../domain/time.js';
import { byId, Beliefs } from './beliefs.js';
import { Gaps, type Incomplete } from './gaps.js';
import { Overview, type Outline } from './overview.js';
import { pageOf, pinned, type Page, type Paging } from './page.js';
import { Selection } from './selection.js';
import { StateCache } from './state-cache.js';
import { Views, type At, type Moment } from './views.js';

/** How things stand between two parties; `state` is its JSON in UTF-8. */
export class RelationshipStateQuery extends Query<Moment & { state: Buffer }> {
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
    private readonly selection: Selection,
    private readonly cache: StateCache,
  ) {}

  async execute({ key, at, parts }: RelationshipStateQuery): Promise<Moment & { state: Buffer }> {
    const moment = await this.views.moment(at);
    const { asOf, position } = moment;
    const state = await this.cache.at(key, `${asOf} ${parts}`, position, async () => {
      const known = await this.selection.known({ key, asOf, position }, this.beliefs.at(position), parts);
      return relationshipState(known, asOf, parts);
    });
    return { ...moment, state };
  }
}

export type SeriesStep = 'day' | 'week' | 'month';

export interface SeriesItem {
  asOf: Day;
  tension: number | null;
  conflict: number;
  cooperation: number;
}

/** C, P and T over time, as known at one moment. */
export class TensionSeriesQuery extends Query<{ items: SeriesItem[] } & Incomplete & Moment> {
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
    private readonly selection: Selection,
    private readonly gaps: Gaps,
  ) {}

  async execute({ key, at, from, to, step }: TensionSeriesQuery): Promise<{ items: SeriesItem[] } & Incomplete & Moment> {
    const moment = await this.views.moment(at);
    const sums = await this.selection.sums(key, moment.position, await this.selection.fallen(moment.position));
    const last = to ?? moment.asOf;
    const items = daysOf(from ?? addDays(last, -DEFAULT_SERIES_DAYS), last, step).map((asOf) => {
      const { value, conflict, cooperation } = figuresAt(sums, asOf, ENTENTE_1);
      return { asOf, tension: value, conflict, cooperation };
    });
    return { ...moment, items, incomplete: await this.gaps.isIncomplete(moment.position, key) };
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

export interface RelationshipItem extends Pick<RelationshipState, 'key' | 'parties' | 'phase' | 'coverage' | 'incomplete'> {
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
  private readonly overview: Overview;
  private readonly gaps: Gaps;

  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly selection: Selection,
    pool: Pool,
  ) {
    this.overview = new Overview(pool);
    this.gaps = new Gaps(pool);
  }

  /** All are compared by their outlines; those on the page are told in full. */
  async execute({ at, filter, paging }: RelationshipsQuery): Promise<Page<RelationshipItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const fallen = await this.selection.fallen(moment.position);
    const outlines = await this.overview.outlines(moment, filter.includeTopic, fallen);
    const chosen = outlines.filter(
      ({ key, phase }) =>
        (filter.party === undefined || key.split('-').includes(filter.party)) && (filter.phase === undefined || phase === filter.phase),
    );
    const page = pageOf(chosen.toSorted(filter.sort === 'tension' ? tensestFirst : latestFirst), paging, moment);
    return { ...moment, items: await this.items(page.items, moment, fallen), next: page.next };
  }

  private async items(outlines: readonly Outline[], moment: Moment, fallen: readonly string[]): Promise<RelationshipItem[]> {
    const keys = outlines.map(({ key }) => key);
    const before = { ...moment, asOf: addDays(moment.asOf, -DRIFT_DAYS) };
    const [now, then, coverage, incomplete, records] = await Promise.all([
      this.overview.figures(keys, moment, fallen),
      this.overview.figures(keys, before, fallen),
      this.overview.coverage(keys, moment),
      this.gaps.incomplete(moment.position, keys),
      this.beliefs.at(moment.position).ofRecords(outlines.flatMap(({ last }) => last?.record ?? [])),
    ]);
    const read = byId(records);
    return outlines.map(({ key, last, quiet }) => {
      const figures = now.get(key)!;
      const earlier = then.get(key)!.value;
      return {
        key,
        parties: partiesIn(key),
        phase: phaseOf(figures, earlier, quiet, ENTENTE_1),
        tension: figures.value,
        change30Days: (figures.value ?? 0) - (earlier ?? 0),
        lastRecord: last === null ? null : headline(read.get(last.record)!),
        coverage: coverageTold(coverage.get(key)!, moment.asOf),
        incomplete: incomplete.has(key),
      };
    });
  }
}

function headline({ record }: Belief): RelationshipItem['lastRecord'] {
  const { occurred, summary } = happeningOf(record)!.data;
  return { record: record.id, on: occurred, summary };
}

function tensestFirst(a: Outline, b: Outline): number {
  return (b.tension ?? -1) - (a.tension ?? -1) || compare(a.key, b.key);
}

function latestFirst(a: Outline, b: Outline): number {
  return compare(b.last?.on ?? '', a.last?.on ?? '') || compare(a.key, b.key);
}
