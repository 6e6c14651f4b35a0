import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AssessStatement, MakeStatement, SettleStatement } from '../domain/statement/statement.decide.js';
import {
  ASPECTS,
  DIRECTIONS,
  MODALITIES,
  OUTCOMES,
  SPEECH_ACTS,
  VERDICTS,
  type Allegation,
  type Assessment,
  type Modality,
  type Outcome,
  type SpeechAct,
  type Verdict,
} from '../domain/statement/statement.events.js';
import type { OccurredInput } from '../domain/time.js';
import { TheExchange, type Exchange } from './exchange.js';
import { Choice, Example, Many, One, Text } from './fields.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { ActorBody, ChosenId, FiledBody, Reason, StepBody, NewsBody } from './record.body.js';
import type { Sent } from './sent.js';
import { When } from './when.body.js';

@Example({ subject: { party: 'COL', kind: 'government' }, conduct: 'lets drugs pass' })
export class AllegationBody implements Allegation {
  @One(() => ActorBody, { required: true })
  subject!: ActorBody;
  @Text({ max: 2_000, required: true, example: 'lets drugs pass' })
  conduct!: string;
}

@Example({ level: 'tense', direction: 'easing' })
export class AssessmentBody implements Assessment {
  @Text({ max: 300, example: 'tense' })
  level?: string;
  @Choice(DIRECTIONS)
  direction?: Assessment['direction'];
  @Text({ max: 300, example: 'for months' })
  duration?: string;
}

@Example({
  summary: 'The US president says military action against Colombia would be possible',
  occurred: '2026-01-05',
  channel: 'press',
  speechAct: 'threaten',
  modality: 'hypothetical',
  speakers: [{ party: 'USA', name: 'Donald Trump', role: 'President', kind: 'person' }],
  addressees: [{ party: 'COL', kind: 'government' }],
  citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002', locator: 'paragraph 2' }],
})
export class MakeStatementBody extends FiledBody implements Sent<MakeStatement> {
  @ChosenId('statement')
  id?: string;
  @Many(() => ActorBody, { required: true })
  speakers!: ActorBody[];
  @Many(() => ActorBody)
  addressees?: ActorBody[];
  @Choice(SPEECH_ACTS, { required: true, example: 'threaten' })
  speechAct!: SpeechAct;
  @Choice(MODALITIES, { description: 'Default actual' })
  modality?: Modality;
  @Text({ max: 2_000, example: 'if the shipments go on' })
  condition?: string;
  @Text({ max: 5_000, example: 'a visit to Washington', description: 'What is promised, asked or offered' })
  content?: string;
  @When({ example: '2026-02', description: 'By when' })
  due?: OccurredInput;
  @Text({ max: 2_000, example: 'subject to approval by the Senate' })
  reservation?: string;
  @One(() => AllegationBody)
  allegation?: AllegationBody;
  @Choice(ASPECTS, { description: 'What of the record it is linked `about` it speaks of' })
  aspect?: MakeStatement['aspect'];
  @One(() => AssessmentBody, { description: 'How the speaker says things stand' })
  assessment?: AssessmentBody;
}

@Example({ verdict: 'unsubstantiated', reason: 'no evidence was presented', by: [{ kind: 'outlet' }] })
export class AssessStatementBody extends NewsBody implements Sent<AssessStatement> {
  @Choice(VERDICTS, { required: true })
  verdict!: Verdict;
  @Many(() => ActorBody, { description: 'Default: the newsroom itself' })
  by?: ActorBody[];
  @Reason('by-rule')
  override reason?: string;
}

@Example({
  outcome: 'granted',
  on: '2026-02-03',
  by: [{ party: 'USA', kind: 'government' }],
  citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }],
})
export class SettleStatementBody extends StepBody implements Sent<SettleStatement> {
  @Choice(OUTCOMES, { required: true, description: '`partly` leaves it open' })
  outcome!: Outcome;
  @Many(() => ActorBody)
  by?: ActorBody[];
}

@ApiTags('Statements')
@Controller('statements')
export class StatementController {
  constructor(private readonly filings: Filings) {}

  @Files('MakeStatement')
  make(@Body() body: MakeStatementBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'MakeStatement', ...body }, exchange);
  }

  @Files('AssessStatement', ':id/assess')
  assess(@Param('id') record: string, @Body() body: AssessStatementBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'AssessStatement', record, ...body }, exchange);
  }

  @Files('SettleStatement', ':id/settle')
  settle(@Param('id') record: string, @Body() body: SettleStatementBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'SettleStatement', record, ...body }, exchange);
  }
}
