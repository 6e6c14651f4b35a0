import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CancelRebuild, RebuildQuery, StartRebuild, type RebuildAnswer } from '../read-models/rebuild.query.js';
import { Needs } from './access.guard.js';
import { refuseParameters, TheExchange, type Exchange } from './exchange.js';
import { flag, readParameters } from './parameters.js';

const START = { accept: flag('Whether the new views take their place also where they tell something else; default false') };
const SCHEMA = { schema: { $ref: '#/components/schemas/Rebuild' } } as object;

@ApiTags('Operation')
@Controller('admin/rebuild')
@Needs('admin')
export class RebuildController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Builds the views anew from the log, beside those that answer',
    description: 'Needs the role `admin`. Goes on where one was cut off, failed, or found differences.',
  })
  @ApiQuery({ name: 'accept', required: false, description: START.accept.description, schema: { type: 'boolean' } })
  @ApiResponse({ status: 202, description: 'It is done in the background', ...SCHEMA })
  start(@TheExchange() { request }: Exchange): Promise<RebuildAnswer> {
    const { accept = false } = readParameters(request, START);
    return this.commands.execute(new StartRebuild(accept));
  }

  @Get()
  @ApiOperation({ summary: 'How far the views are that are being built anew', description: 'Needs the role `admin`.' })
  @ApiResponse({ status: 200, description: 'As any instance sees it', ...SCHEMA })
  read(@TheExchange() { request }: Exchange): Promise<RebuildAnswer> {
    refuseParameters(request, []);
    return this.queries.execute(new RebuildQuery());
  }

  @Delete()
  @ApiOperation({
    summary: 'Ends it, and takes the half-built views away',
    description: 'Needs the role `admin`. Answers when it has ended, wherever it runs, after at most 5 seconds.',
  })
  @ApiResponse({ status: 200, description: '`cancelled`; `running` where it has not ended yet', ...SCHEMA })
  cancel(@TheExchange() { request }: Exchange): Promise<RebuildAnswer> {
    refuseParameters(request, []);
    return this.commands.execute(new CancelRebuild());
  }
}
