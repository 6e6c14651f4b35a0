import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Kind, RecordOnFile } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { happeningOf } from '../domain/relationship/listing.js';
import type { Occurred } from '../domain/time.js';
import { Beliefs } from './beliefs.js';
import { Dependants } from './dependants.js';
import { Gaps } from './gaps.js';
import { pageFrom, pinned, placeIn, type Paging } from './page.js';
import { fieldsOf, retractionOf, type Retraction } from './record.query.js';
import { Views, type At, type Moment } from './views.js';

/** A record that cites a source, and was not retracted. */
export interface Resting {
  record: string;
  kind: Kind;
  summary: string;
  occurred: Occurred;
  /** Whether no other source that stands is cited for it: if this one falls, nothing supports it. */
  onlySource: boolean;
}

/** A source as known, with a page of what rests on it, the newest first. */
export interface SourceView extends Moment {
  id: string;
  version: number;
  /** Absent once the source was retracted, as on every record. */
  fields?: Record<string, unknown>;
  grade: { reliability: string; credibility: number } | null;
  withdrawn: boolean;
  retracted: Retraction | null;
  restsOnIt: Resting[];
  restsOnItCount: number;
  next: string | null;
}

/** A source and what rests on it; undefined where no source was on file under the id. `asOf` moves nothing in it. */
export class SourceQuery extends Query<SourceView | undefined> {
  constructor(
    readonly id: string,
    readonly at: At,
    readonly paging: Paging,
    /** Whether the reader may see the editor's private remark. */
    readonly withNote: boolean,
  ) {
    super();
  }
}

@QueryHandler(SourceQuery)
export class SourceHandler implements IQueryHandler<SourceQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly dependants: Dependants,
    private readonly gaps: Gaps,
  ) {}

  async execute({ id, at, paging, withNote }: SourceQuery): Promise<SourceView | undefined> {
    const moment = await this.views.moment(pinned(at, paging));
    const known = this.beliefs.at(moment.position);
    const [[source]] = await Promise.all([known.ofRecords([id]), this.gaps.refuse([id], moment.position)]);
    if (source?.record.kind !== 'source') return undefined;
    const { record } = source;
    const retracted = retractionOf(source);
    const offset = Number(placeIn(paging, ['number'])?.[0] ?? 0);
    const end = offset + paging.limit;
    const { records, count } = await this.dependants.citing(id, moment.position, paging.limit, offset);
    const beliefs = new Map((await known.ofRecords(records)).map((belief) => [belief.record.id, belief]));
    const resting = records.map((each) => restingOf(beliefs.get(each)!, id));
    const { items, next } = pageFrom(resting, end < count ? [`${end}`] : undefined, moment);
    return {
      id,
      version: record.version,
      ...moment,
      ...(retracted === null && { fields: fieldsOf(record, known.cite, withNote) }),
      grade: gradeOf(record),
      withdrawn: record.withdrawn !== undefined,
      retracted,
      restsOnIt: items,
      restsOnItCount: count,
      next,
    };
  }
}

function gradeOf({ graded }: RecordOnFile): SourceView['grade'] {
  const last = graded.at(-1)?.data;
  return last === undefined ? null : { reliability: last.reliability, credibility: last.credibility };
}

function restingOf({ record, sources }: Belief, id: string): Resting {
  const { summary, occurred } = happeningOf(record)!.data;
  return { record: record.id, kind: record.kind, summary, occurred, onlySource: sources.every(({ source }) => source === id) };
}
