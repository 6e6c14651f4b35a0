import { Controller } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { ACTS } from '../domain/action/action.events.js';
import { MODALITIES, SPEECH_ACTS } from '../domain/statement/statement.events.js';
import { DisputesQuery } from '../read-models/dispute.query.js';
import { ListingQuery, type ListingFilter } from '../read-models/listing.query.js';
import { QuestionsQuery } from '../read-models/question.query.js';
import { sendAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import { AT, atOf, flag, PAGING, pagingOf, party, readParameters, Reads, relationship, text, word } from './parameters.js';

const EVERYWHERE = { ...AT, ...PAGING, relationship: relationship('Only records of this relationship, in any role') };
const SANCTIONS = {
  ...EVERYWHERE,
  inForce: flag('Only targets under the sanction on that day, or only those that no longer are'),
  authority: party('Only sanctions imposed by this party'),
  target: party('Only targets of this party'),
};
const MEETINGS = { ...EVERYWHERE, status: word(['upcoming', 'overdue', 'held', 'cancelled'], 'Only meetings in this state') };
const ACTIONS = {
  ...EVERYWHERE,
  standing: flag('Only what still stands, or only what does not'),
  act: word(ACTS, 'Only acts of this kind'),
};
const STATEMENTS = {
  ...EVERYWHERE,
  open: flag('Only what was asked, offered, promised or threatened and is not settled, or only what is not open'),
  speechAct: word(SPEECH_ACTS, 'Only statements of this sort'),
  speaker: party('Only what somebody of this party said'),
  modality: word(MODALITIES, 'Only statements in this modality'),
};
const DISPUTES = {
  ...EVERYWHERE,
  open: flag('Only disputes in which positions stand against each other, or only those that fell apart when speakers withdrew theirs'),
};
const QUANTITIES = { ...EVERYWHERE, measure: text('Only numbers of this', 'killed') };
const QUERIES = { ...EVERYWHERE, open: flag('Only questions without an answer, or only those with one') };

@ApiTags('Across relationships')
@Controller()
export class ListingController {
  constructor(private readonly queries: QueryBus) {}

  @Reads('sanctions', 'Sanctions, one item for each target', SANCTIONS, 'Listing')
  sanctions(@TheExchange() exchange: Exchange) {
    const { relationship: key, inForce, authority, target, ...rest } = readParameters(exchange.request, SANCTIONS);
    return this.answer({ list: 'sanctions', relationship: key, inForce, authority, target }, rest, exchange);
  }

  @Reads('meetings', 'Meetings, planned and held', MEETINGS, 'Listing')
  meetings(@TheExchange() exchange: Exchange) {
    const { relationship: key, status, ...rest } = readParameters(exchange.request, MEETINGS);
    return this.answer({ list: 'meetings', relationship: key, status }, rest, exchange);
  }

  @Reads('actions', 'What was done, and what of it still stands', ACTIONS, 'Listing')
  actions(@TheExchange() exchange: Exchange) {
    const { relationship: key, standing, act, ...rest } = readParameters(exchange.request, ACTIONS);
    return this.answer({ list: 'actions', relationship: key, standing, act }, rest, exchange);
  }

  @Reads('statements', 'What was said, by whom to whom, and whether it is still open', STATEMENTS, 'Listing')
  statements(@TheExchange() exchange: Exchange) {
    const { relationship: key, open, speechAct, speaker, modality, ...rest } = readParameters(exchange.request, STATEMENTS);
    return this.answer({ list: 'statements', relationship: key, open, speechAct, speaker, modality }, rest, exchange);
  }

  @Reads('disputes', 'Statements that deny or contradict each other, with all their positions', DISPUTES, 'Disputes')
  async disputes(@TheExchange() { request, reply }: Exchange) {
    const { relationship: key, open, ...rest } = readParameters(request, DISPUTES);
    return sendAt(await this.queries.execute(new DisputesQuery(atOf(rest), { relationship: key, open }, pagingOf(rest))), reply);
  }

  @Reads('quantities', 'Numbers, each with its wording, its scope, and who counted', QUANTITIES, 'Listing')
  quantities(@TheExchange() exchange: Exchange) {
    const { relationship: key, measure, ...rest } = readParameters(exchange.request, QUANTITIES);
    return this.answer({ list: 'quantities', relationship: key, measure }, rest, exchange);
  }

  @Reads('queries', 'What editors asked about records, and what they were answered, the one asked last first', QUERIES, 'Listing')
  async questions(@TheExchange() { request, reply }: Exchange) {
    const { relationship: key, open, ...rest } = readParameters(request, QUERIES);
    return sendAt(await this.queries.execute(new QuestionsQuery(atOf(rest), { relationship: key, open }, pagingOf(rest))), reply);
  }

  private async answer(filter: ListingFilter, rest: Parameters<typeof atOf>[0] & Parameters<typeof pagingOf>[0], { reply }: Exchange) {
    return sendAt(await this.queries.execute(new ListingQuery(atOf(rest), filter, pagingOf(rest))), reply);
  }
}
