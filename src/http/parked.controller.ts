import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { reject } from '../domain/rejection.js';
import { ParkedQuery } from '../read-models/parked.query.js';
import { DropParked, RetryParked } from '../read-models/parked.retry.js';
import { Needs } from './access.guard.js';
import { callerOf, refuseParameters, TheExchange, type Exchange } from './exchange.js';
import { Example } from './fields.js';
import { Accepts, PAGING, pagingOf, readParameters } from './parameters.js';
import { ProblemError } from './problem.js';
import { Reason } from './record.body.js';

@Example({ reason: 'it was filed by a broken program, and filed again since' })
export class DropParkedBody {
  @Reason('by-rule')
  reason?: string;
}

const POSITION = /^\d{1,18}$/;
const RETRIED = { schema: { $ref: '#/components/schemas/Retried' } } as object;
const TRIED = 'How many events the views have taken in now, and how many of those that were tried are parked still';
const ONE = 'Needs the role `admin`. Everything that hangs together with its record is tried with it, in the order of the log.';

/** What the views could not take in, for an operator to look after. */
@ApiTags('Operation')
@Controller('admin/parked')
@Needs('admin')
export class ParkedController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @Accepts(PAGING)
  @ApiOperation({ summary: 'Events that the views could not take in, and what became of them', description: 'Needs the role `admin`.' })
  @ApiResponse({ status: 200, description: 'In the order of the log', schema: { $ref: '#/components/schemas/Parked' } })
  list(@TheExchange() { request }: Exchange) {
    return this.queries.execute(new ParkedQuery(pagingOf(readParameters(request, PAGING))));
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tries everything that is parked again', description: 'Needs the role `admin`.' })
  @ApiResponse({ status: 200, description: TRIED, ...RETRIED })
  retryAll(@TheExchange() { request }: Exchange) {
    refuseParameters(request, []);
    return this.commands.execute(new RetryParked('all'));
  }

  @Post(':position/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tries an event that is parked again', description: ONE })
  @ApiResponse({ status: 200, description: TRIED, ...RETRIED })
  async retry(@Param('position') position: string, @TheExchange() { request }: Exchange) {
    refuseParameters(request, []);
    const retried = POSITION.test(position) ? await this.commands.execute(new RetryParked(BigInt(position))) : undefined;
    return retried ?? notParked('No event is parked at this position');
  }

  @Post(':position/drop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives up an event that failed: the views pass over it, and tell on without it', description: ONE })
  @ApiResponse({ status: 200, description: TRIED, ...RETRIED })
  async drop(@Param('position') position: string, @Body() { reason = '' }: DropParkedBody, @TheExchange() { request }: Exchange) {
    refuseParameters(request, []);
    if (reason.trim() === '') reject('reason-missing', 'say why, for example "it was filed by a broken program"', '/reason');
    const dropping = POSITION.test(position) && new DropParked(BigInt(position), callerOf(request).name, reason);
    return (dropping && (await this.commands.execute(dropping))) || notParked('No event that failed itself is parked at this position');
  }
}

function notParked(what: string): never {
  throw new ProblemError('event-not-parked', `${what}; GET /api/v1/admin/parked lists them.`);
}
