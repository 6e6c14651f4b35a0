import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { goodId } from '../domain/good-id.js';
import { reject } from '../domain/rejection.js';
import { SourceQuery } from '../read-models/source.query.js';
import { sendAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import { RECORD_ID } from './filings.js';
import { AT, atOf, PAGING, pagingOf, readParameters, Reads } from './parameters.js';
import { seesNotes } from './record-view.controller.js';

const SOURCE = { ...AT, ...PAGING };

/** A source, and what rests on it. */
@ApiTags('Sources')
@Controller('sources')
export class SourceViewController {
  constructor(private readonly queries: QueryBus) {}

  @Reads(':id', 'A source with its grade, and the records that rest on it, the newest first', SOURCE, 'Source')
  async source(@Param('id') id: string, @TheExchange() { request, reply }: Exchange) {
    const asked = readParameters(request, SOURCE);
    const query = new SourceQuery(id, atOf(asked), pagingOf(asked), seesNotes(request));
    const source = RECORD_ID.test(id) ? await this.queries.execute(query) : undefined;
    if (source === undefined)
      return reject(
        'record-unknown',
        `no source was on file under "${id}" at that time; ask for one by its id, such as ${goodId('source')}`,
      );
    reply.header('etag', `"${source.version}"`);
    return sendAt(source, reply);
  }
}
