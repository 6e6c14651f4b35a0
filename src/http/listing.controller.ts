import { Controller } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { ACTS } from '../domain/action/action.events.js';
import { ListingQuery, type ListingFilter } from '../read-models/listing.query.js';
import { sendAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import { AT, atOf, flag, PAGING, pagingOf, party, readParameters, Reads, relationship, word } from './parameters.js';

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

  private async answer(filter: ListingFilter, rest: Parameters<typeof atOf>[0] & Parameters<typeof pagingOf>[0], { reply }: Exchange) {
    return sendAt(await this.queries.execute(new ListingQuery(atOf(rest), filter, pagingOf(rest))), reply);
  }
}
