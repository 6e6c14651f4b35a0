import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import type { Belief } from '../domain/relationship/belief.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { byId, Beliefs } from './beliefs.js';
import { listed, type Listed } from './listing.query.js';
import { Gaps, type Incomplete } from './gaps.js';
import { pageFrom, pinned, placeIn, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

export interface QuestionFilter {
  relationship?: string;
  /** Only those without an answer, or only those with one. */
  open?: boolean;
}

/** What an editor asked about a record, and the answer. */
export interface QuestionItem extends Listed {
  n: number;
  question: string;
  since: string;
  open: boolean;
  answer: string | null;
}

/** The open questions of editors, and those that were answered; the one asked last first. */
export class QuestionsQuery extends Query<Page<QuestionItem> & Incomplete & Moment> {
  constructor(
    readonly at: At,
    readonly filter: QuestionFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** A question, and where it is in the list. */
interface Found {
  record: string;
  n: number;
  /** Of the event that asked. */
  position: string;
}

@QueryHandler(QuestionsQuery)
export class QuestionsHandler implements IQueryHandler<QuestionsQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly pool: Pool,
  ) {}

  async execute({ at, filter, paging }: QuestionsQuery): Promise<Page<QuestionItem> & Incomplete & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const incomplete = await new Gaps(this.pool).isIncomplete(moment.position, filter.relationship);
    const found = await this.find(filter, moment, paging);
    const told = found.slice(0, paging.limit);
    const read = byId(await this.beliefs.at(moment.position).ofRecords(told.map(({ record }) => record)));
    const items = told.map(({ record, n }) => questionOf(read.get(record)!, n, moment.asOf));
    const beyond = found[paging.limit];
    return { ...moment, ...pageFrom(items, beyond && [beyond.position], moment), incomplete };
  }

  /** Those of the page and one more. A question is known by the position at which it was asked, so that none of a later one is looked at. */
  private async find({ relationship, open }: QuestionFilter, { position, asOf }: Moment, paging: Paging): Promise<Found[]> {
    const [from = position.toString()] = placeIn(paging, ['number'] as const) ?? [];
    const { rows } = await this.pool.query<Found>(
      `select record, n, position::text from view.question
       where position <= $3 and ${knownAt('$1')} and since <= $2
         and ($4::boolean is null or open = $4) and ($5::text is null or relationships @> array[$5])
       order by question.position desc limit $6`,
      [position, asOf, from, open, relationship, paging.limit + 1],
    );
    return rows;
  }
}

function questionOf(belief: Belief, number: number, asOf: Day): QuestionItem {
  const { n, version, question, answer } = belief.record.queries.find((query) => query.n === number)!;
  const since = belief.entries[version - 1]!.recordedAt;
  return { ...listed(belief, asOf), n, question, since, open: answer === undefined, answer: answer?.text ?? null };
}
