import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { mayDo } from '../access/roles.js';
import { goodId } from '../domain/good-id.js';
import { reject } from '../domain/rejection.js';
import { HistoryQuery } from '../read-models/history.query.js';
import { ImpactQuery } from '../read-models/impact.query.js';
import { RecordQuery } from '../read-models/record.query.js';
import { sendAt } from './answers.js';
import { callerOf, TheExchange, type Exchange } from './exchange.js';
import { RECORD_ID } from './filings.js';
import { AT, atOf, readParameters, Reads } from './parameters.js';

/** One record as known, how it came to be so, and what hangs on it. Editors' remarks are for those who file. */
@ApiTags('Records')
@Controller('records')
export class RecordViewController {
  constructor(private readonly queries: QueryBus) {}

  @Reads(':id', 'One record as known, with its status, life, links, sources and moves', AT, 'Record')
  async record(@Param('id') id: string, @TheExchange() { request, reply }: Exchange) {
    const at = atOf(readParameters(request, AT));
    const record = RECORD_ID.test(id) ? await this.queries.execute(new RecordQuery(id, at, seesNotes(request))) : undefined;
    if (record === undefined) return notOnFile(id);
    reply.header('etag', `"${record.version}"`);
    return sendAt(record, reply);
  }

  @Reads(':id/history', 'Every event of a record as it was filed, with who, when and why', AT, 'History')
  async history(@Param('id') id: string, @TheExchange() { request, reply }: Exchange) {
    const at = atOf(readParameters(request, AT));
    const history = RECORD_ID.test(id) ? await this.queries.execute(new HistoryQuery(id, at, seesNotes(request))) : undefined;
    return history === undefined ? notOnFile(id) : sendAt(history, reply);
  }

  @Reads(':id/impact', 'What would change if the record fell, before anybody retracts it', AT, 'Impact')
  async impact(@Param('id') id: string, @TheExchange() { request, reply }: Exchange) {
    const at = atOf(readParameters(request, AT));
    const impact = RECORD_ID.test(id) ? await this.queries.execute(new ImpactQuery(id, at)) : undefined;
    return impact === undefined ? notOnFile(id) : sendAt(impact, reply);
  }
}

/** Whether the reader is one of those who file, and so may see the remarks of editors. */
export function seesNotes(request: FastifyRequest): boolean {
  return mayDo(callerOf(request).role, 'reporter');
}

function notOnFile(id: string): never {
  return reject('record-unknown', `nothing was on file under "${id}" at that time; ask for a record by its id, such as ${goodId()}`);
}
