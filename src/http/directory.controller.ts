import { Controller } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { ActorsQuery, PartiesQuery, TopicsQuery } from '../read-models/directory.query.js';
import { sendAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import { AT, atOf, PAGING, pagingOf, readParameters, Reads, text } from './parameters.js';

const LIST = { ...AT, ...PAGING };
const ACTORS = { ...LIST, q: text('Only actors with a name or role that has this in it; case and accents do not matter', 'petro') };

/** What can be named: who can be a party, and who and what is named on file. */
@ApiTags('Directory')
@Controller()
export class DirectoryController {
  constructor(private readonly queries: QueryBus) {}

  @Reads('parties', 'Everybody who can be one side of a relationship, by code', LIST, 'Parties')
  async parties(@TheExchange() { request, reply }: Exchange) {
    const asked = readParameters(request, LIST);
    return sendAt(await this.queries.execute(new PartiesQuery(atOf(asked), pagingOf(asked))), reply);
  }

  @Reads('actors', 'Who acts or speaks in what is on file, the one with the most records first', ACTORS, 'Actors')
  async actors(@TheExchange() { request, reply }: Exchange) {
    const { q, ...rest } = readParameters(request, ACTORS);
    return sendAt(await this.queries.execute(new ActorsQuery(atOf(rest), q, pagingOf(rest))), reply);
  }

  @Reads('topics', 'The topics of what is on file, the one with the most records first', LIST, 'Topics')
  async topics(@TheExchange() { request, reply }: Exchange) {
    const asked = readParameters(request, LIST);
    return sendAt(await this.queries.execute(new TopicsQuery(atOf(asked), pagingOf(asked))), reply);
  }
}
