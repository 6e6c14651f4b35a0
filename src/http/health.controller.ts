import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Following } from '../read-models/projector-standing.js';
import { ReadyQuery } from '../read-models/ready.query.js';
import { Open } from './access.guard.js';
import { TheExchange, type Exchange } from './exchange.js';

const HEALTH = { schema: { $ref: '#/components/schemas/Health' } } as object;
const READY = { schema: { $ref: '#/components/schemas/Ready' } } as object;
const NOT_READY = {
  content: {
    'application/json': { ...READY },
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  },
} as object;

interface Ready {
  status: 'ok' | 'failing';
  projector: Following;
}

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
  @ApiOperation({ summary: 'Whether the service can serve: log and views answer; and how the views follow the log' })
  @ApiResponse({ status: 200, description: 'It can serve: also where views are behind or stuck, for filing goes on', ...READY })
  @ApiResponse({ status: 503, description: 'It cannot: log or views do not answer, or the views are dead', ...NOT_READY })
  async ready(@TheExchange() { reply }: Exchange): Promise<Ready> {
    const projector = await this.queries.execute(new ReadyQuery());
    const failing = projector.state === 'dead';
    void reply.status(failing ? 503 : 200);
    return { status: failing ? 'failing' : 'ok', projector };
  }
}
