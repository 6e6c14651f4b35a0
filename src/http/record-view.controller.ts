import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { mayDo } from '../access/roles.js';
import { reject } from '../domain/rejection.js';
import { RecordQuery } from '../read-models/record.query.js';
import { sendAt } from './answers.js';
import { callerOf, TheExchange, type Exchange } from './exchange.js';
import { RECORD_ID } from './filings.js';
import { AT, atOf, readParameters, Reads } from './parameters.js';

/** One record as known. Editors' remarks are for those who file. */
@ApiTags('Records')
@Controller('records')
export class RecordViewController {
  constructor(private readonly queries: QueryBus) {}

  @Reads(':id', 'One record as known, with its status, life, links, sources and moves', AT, 'Record')
  async record(@Param('id') id: string, @TheExchange() { request, reply }: Exchange) {
    const at = atOf(readParameters(request, AT));
    const withNote = mayDo(callerOf(request).role, 'reporter');
    const record = RECORD_ID.test(id) ? await this.queries.execute(new RecordQuery(id, at, withNote)) : undefined;
    if (record === undefined) reject('record-unknown', `nothing was on file under "${id}" at that time`);
    reply.header('etag', `"${record.version}"`);
    return sendAt(record, reply);
  }
}
