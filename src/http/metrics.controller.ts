import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Metrics } from '../telemetry/metrics.js';
import { Open } from './access.guard.js';
import { TheExchange, type Exchange } from './exchange.js';

@ApiTags('Health')
@Controller('metrics')
@Open()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiOperation({ summary: 'How the service does, for Prometheus' })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'All metrics in the text format of Prometheus', schema: { type: 'string' } })
  async read(@TheExchange() { reply }: Exchange): Promise<string> {
    reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
