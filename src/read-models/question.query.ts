import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { belongingsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { happenedBy } from '../domain/relationship/listing.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { Beliefs } from './beliefs.js';
import { listed, type Listed } from './listing.query.js';
import { pageOf, pinned, type Page, type Paging } from './page.js';
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
export class QuestionsQuery extends Query<Page<QuestionItem> & Moment> {
  constructor(
    readonly at: At,
    readonly filter: QuestionFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

@QueryHandler(QuestionsQuery)
export class QuestionsHandler implements IQueryHandler<QuestionsQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly pool: Pool,
  ) {}

  async execute({ at, filter, paging }: QuestionsQuery): Promise<Page<QuestionItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const beliefs = await this.beliefs.at(moment.position).ofRecords(await this.asked(moment));
    const items = beliefs
      .filter((belief) => isListed(belief, filter, moment.asOf))
      .flatMap((belief) => questionsOf(belief, moment.asOf))
      .filter(({ item: { open } }) => filter.open === undefined || open === filter.open)
      .toSorted((a, b) => Number(b.position - a.position))
      .map(({ item }) => item);
    return { ...moment, ...pageOf(items, paging, moment) };
  }

  /** The records about which something was asked. */
  private async asked({ position }: Moment): Promise<string[]> {
    const { rows } = await this.pool.query<{ record: string }>(
      `select record from view.record_belief where body like '%"queries":[{%' and ${knownAt('$1')}`,
      [position],
    );
    return rows.map(({ record }) => record);
  }
}

/** Not about what was retracted, nor about what had not happened yet; a source happens on no day. */
function isListed(belief: Belief, { relationship }: QuestionFilter, asOf: Day): boolean {
  const { record, status } = belief;
  const there = record.kind === 'source' || happenedBy(belief, asOf);
  return there && !status.retracted && (relationship === undefined || belongingsOf(record).some(({ key }) => key === relationship));
}

function questionsOf(belief: Belief, asOf: Day): { item: QuestionItem; position: bigint }[] {
  const shared = listed(belief, asOf);
  return belief.record.queries.map(({ n, version, question, answer }) => {
    const { recordedAt: since, position } = belief.entries[version - 1]!;
    return {
      item: { ...shared, n, question, since, open: answer === undefined, answer: answer?.text ?? null },
      position: BigInt(position),
    };
  });
}
