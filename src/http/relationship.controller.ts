import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { KINDS, ROLES } from '../domain/record.js';
import { PHASES } from '../domain/relationship/tension.js';
import { SPEECH_ACTS } from '../domain/statement/statement.events.js';
import { addDays, daysBetween } from '../domain/time.js';
import { RelationshipsQuery, RelationshipStateQuery, TensionSeriesQuery } from '../read-models/relationship.query.js';
import { STATUSES, TimelineQuery } from '../read-models/timeline.query.js';
import { sendAt, sendJsonAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import {
  AT,
  atOf,
  day,
  PAGING,
  pagingOf,
  party,
  readParameters,
  Reads,
  relationshipIn,
  text,
  todayUtc,
  whole,
  word,
} from './parameters.js';
import { ProblemError } from './problem.js';

const LIST = {
  ...AT,
  ...PAGING,
  party: party('Only relationships of this party'),
  phase: word(PHASES, 'Only relationships in this phase'),
  sort: word(['tension', 'recent'], 'The tensest first (default), or the one with the latest record'),
  include: word(['topic'], 'Also relationships that are only a topic of some record'),
};
const STATE = { ...AT, parts: whole(0, 1000, 'How many parts of the tension to name, default 50', '50') };
const TIMELINE = {
  ...AT,
  ...PAGING,
  from: day('What can have happened on this day or later'),
  to: day('What can have happened on this day or earlier'),
  kind: word(KINDS.slice(1), 'Only records of this kind'),
  topic: text('Only records with this topic', 'drug-trafficking'),
  party: party('Only what this party did, said or was the target of'),
  speechAct: word(SPEECH_ACTS, 'Only statements of this sort'),
  role: word(ROLES, 'Only records in this role'),
  status: word(STATUSES, 'Only records with this status; retracted ones are told only where asked for'),
  order: word(['asc', 'desc'], 'Oldest first (default) or newest first'),
};
const SERIES = {
  ...AT,
  from: day('First day, default 90 days before the last'),
  to: day('Last day, default asOf'),
  step: word(['day', 'week', 'month'], 'Default day'),
};
const DEFAULT_PARTS = 50;
const LONGEST_SERIES_DAYS = 36_525;

@ApiTags('Relationships')
@Controller('relationships')
export class RelationshipController {
  constructor(private readonly queries: QueryBus) {}

  @Reads('', 'Every relationship that has a record', LIST, 'Relationships')
  async list(@TheExchange() { request, reply }: Exchange) {
    const { party: of, phase, sort = 'tension', include, ...rest } = readParameters(request, LIST);
    const filter = { party: of, phase, sort, includeTopic: include === 'topic' };
    return sendAt(await this.queries.execute(new RelationshipsQuery(atOf(rest), filter, pagingOf(rest))), reply);
  }

  @Reads(':key', 'How things stand between two parties, with every part of the numbers', STATE, 'RelationshipState')
  async state(@Param('key') key: string, @TheExchange() exchange: Exchange) {
    const sorted = sortedOrMoved(key, '', exchange);
    if (sorted === undefined) return undefined;
    const { parts = DEFAULT_PARTS, ...at } = readParameters(exchange.request, STATE);
    const { state, ...moment } = await this.queries.execute(new RelationshipStateQuery(sorted, atOf(at), parts));
    return sendJsonAt(moment, state, exchange.reply);
  }

  @Reads(':key/timeline', 'What happened, in the order of the world, with sources', TIMELINE, 'Timeline')
  async timeline(@Param('key') key: string, @TheExchange() exchange: Exchange) {
    const sorted = sortedOrMoved(key, '/timeline', exchange);
    if (sorted === undefined) return undefined;
    const { asOf, knownAt, 'at-least': atLeast, limit, cursor, order = 'asc', ...filter } = readParameters(exchange.request, TIMELINE);
    const query = new TimelineQuery(
      sorted,
      atOf({ asOf, knownAt, 'at-least': atLeast }),
      { ...filter, order },
      pagingOf({ limit, cursor }),
    );
    return sendAt(await this.queries.execute(query), exchange.reply);
  }

  @Reads(':key/tension', 'Conflict, cooperation and tension over time', SERIES, 'TensionSeries')
  async tension(@Param('key') key: string, @TheExchange() exchange: Exchange) {
    const sorted = sortedOrMoved(key, '/tension', exchange);
    if (sorted === undefined) return undefined;
    const { from, to, step = 'day', ...at } = readParameters(exchange.request, SERIES);
    const last = to ?? at.asOf ?? todayUtc();
    const first = from ?? addDays(last, -90);
    if (first > last || daysBetween(first, last) > (step === 'day' ? LONGEST_SERIES_DAYS / 10 : LONGEST_SERIES_DAYS))
      throw new ProblemError(
        'parameter-invalid',
        'A series runs from an earlier day to a later one, at most 10 years by day or 100 by week or month.',
      );
    return sendAt(await this.queries.execute(new TensionSeriesQuery(sorted, atOf(at), first, last, step)), exchange.reply);
  }
}

/** The key with its parties in order; with them the other way round the reader is sent there (308). */
export function sortedOrMoved(sent: string, rest: string, { request, reply }: Exchange): string | undefined {
  const key = relationshipIn(sent);
  if (key === sent) return key;
  const query = request.url.indexOf('?');
  void reply.status(308).header('location', `/api/v1/relationships/${key}${rest}${query === -1 ? '' : request.url.slice(query)}`);
  return undefined;
}
