import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ReadyQuery } from '../read-models/ready.query.js';
import { Open } from './access.guard.js';

const HEALTH = { schema: { $ref: '#/components/schemas/Health' } } as object;

@ApiTags('Health')
@Controller('health')
@Open()
export class HealthController {
  constructor(private readonly queries: QueryBus) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the service runs' })
  @ApiResponse({ status: 200, description: 'It runs', ...HEALTH })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether the service can serve: log and views answer' })
  @ApiResponse({ status: 200, description: 'It can serve', ...HEALTH })
  async ready(): Promise<{ status: 'ok' }> {
    await this.queries.execute(new ReadyQuery());
    return { status: 'ok' };
  }
}
