import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { EndAction, TakeAction } from '../domain/action/action.decide.js';
import { ACTS, CONSENTS, ENDINGS, type Act, type Ending } from '../domain/action/action.events.js';
import { TheExchange, type Exchange } from './exchange.js';
import { Choice, Example, Flag, Many, Text } from './fields.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { ActorBody, ChosenId, FiledBody, StepBody } from './record.body.js';
import type { Sent } from './sent.js';

@Example({
  summary: 'US forces are deployed off the Venezuelan coast',
  occurred: '2025-09',
  act: 'deployment',
  actors: [{ party: 'USA', kind: 'military' }],
  targets: [{ party: 'VEN', kind: 'government' }],
  citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }],
})
export class TakeActionBody extends FiledBody implements Sent<TakeAction> {
  @ChosenId('action')
  id?: string;
  @Choice(ACTS, { required: true })
  act!: Act;
  @Many(() => ActorBody, { required: true })
  actors!: ActorBody[];
  @Many(() => ActorBody, { max: 1_000, description: 'Against or towards whom; where it happened is `place`' })
  targets?: ActorBody[];
  @Flag({ description: 'Whether it goes on until it ends; by default as the act says' })
  standing?: boolean;
  @Choice(CONSENTS)
  consent?: TakeAction['consent'];
  @Text({ max: 500, example: 'warships' })
  means?: string;
}

@Example({ on: '2026-02-01', outcome: 'completed', citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }] })
export class EndActionBody extends StepBody implements Sent<EndAction> {
  @Choice(ENDINGS, { description: 'Default completed' })
  outcome?: Ending;
}

@ApiTags('Actions')
@Controller('actions')
export class ActionController {
  constructor(private readonly filings: Filings) {}

  @Files('TakeAction')
  take(@Body() body: TakeActionBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'TakeAction', ...body }, exchange);
  }

  @Files('EndAction', ':id/end')
  end(@Param('id') record: string, @Body() body: EndActionBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'EndAction', record, ...body }, exchange);
  }
}
