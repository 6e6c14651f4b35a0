import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AmendSanction, ImposeSanction, LiftSanction, TargetInput } from '../domain/sanction/sanction.decide.js';
import { MEASURES, STAGES, TARGET_KINDS, type Measure, type Stage } from '../domain/sanction/sanction.events.js';
import type { OccurredInput } from '../domain/time.js';
import { TheExchange, type Exchange } from './exchange.js';
import { Choice, ChoiceList, Example, Many, One, Text, TextList } from './fields.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { ActorBody, ChosenId, FiledBody, PartyCode, StepBody } from './record.body.js';
import type { Sent } from './sent.js';
import { When } from './when.body.js';

const MOST_TARGETS = 1_000;
const TARGET_ID = { max: 100, example: 'wife' };

@Example({ id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' })
export class TargetBody implements TargetInput {
  @Text({ ...TARGET_ID, description: 'Unique in the sanction; t1, t2, … where not given' })
  id?: string;
  @PartyCode()
  party?: string;
  @Text({ max: 500, example: 'Example Shipping Ltd' })
  name?: string;
  @Text({ max: 500, example: 'his wife' })
  descriptor?: string;
  @Choice(TARGET_KINDS, { required: true })
  kind!: TargetInput['kind'];
}

@Example({ text: 'lets drug cartels flourish', alleged: true })
export class GroundsBody {
  @Text({ max: 5_000, required: true, example: 'lets drug cartels flourish' })
  text!: string;
  @Choice([true], { description: "Always so: grounds are the authority's allegation" })
  alleged?: boolean;
}

@Example({
  summary: 'The US Treasury sanctions the Colombian president and those close to him',
  occurred: '2025-10',
  authority: { party: 'USA', name: 'US Treasury', kind: 'institution' },
  targets: [{ id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' }],
  measures: ['asset-freeze'],
  citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }],
})
export class ImposeSanctionBody extends FiledBody implements Sent<ImposeSanction> {
  @ChosenId('sanction')
  id?: string;
  @One(() => ActorBody, { required: true })
  authority!: ActorBody;
  @Many(() => TargetBody, { required: true, max: MOST_TARGETS })
  targets!: TargetBody[];
  @ChoiceList(MEASURES, { example: ['asset-freeze'], description: 'None where none is stated' })
  measures?: Measure[];
  @Choice(STAGES, { description: 'Default in-force' })
  stage?: Stage;
  @One(() => GroundsBody)
  grounds?: GroundsBody;
  @Text({ max: 500, example: 'counter-narcotics' })
  program?: string;
  @Text({ max: 1_000, example: 'Executive Order 14059' })
  legalBasis?: string;
  @When({ example: '2025-10-24' })
  effectiveOn?: OccurredInput;
  @When({ example: '2026-10-24' })
  expiresOn?: OccurredInput;
}

@Example({ addMeasures: ['travel-ban'], on: '2026-03-01', citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }] })
export class AmendSanctionBody extends StepBody implements Sent<AmendSanction> {
  @Many(() => TargetBody, { max: MOST_TARGETS })
  addTargets?: TargetBody[];
  @TextList({ ...TARGET_ID, items: MOST_TARGETS, example: ['wife'] })
  removeTargets?: string[];
  @ChoiceList(MEASURES, { example: ['travel-ban'] })
  addMeasures?: Measure[];
  @ChoiceList(MEASURES, { example: ['asset-freeze'] })
  removeMeasures?: Measure[];
  @Choice(STAGES)
  stage?: Stage;
  @When({ example: '2026-10-24' })
  expiresOn?: OccurredInput;
}

@Example({ targets: ['wife'], on: '2026-05-01', citations: [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }] })
export class LiftSanctionBody extends StepBody implements Sent<LiftSanction> {
  @TextList({ ...TARGET_ID, items: MOST_TARGETS, example: ['wife'], description: 'Ids of targets; all where none is named' })
  targets?: string[];
}

@ApiTags('Sanctions')
@Controller('sanctions')
export class SanctionController {
  constructor(private readonly filings: Filings) {}

  @Files('ImposeSanction')
  impose(@Body() body: ImposeSanctionBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'ImposeSanction', ...body }, exchange);
  }

  @Files('AmendSanction', ':id/amend')
  amend(@Param('id') record: string, @Body() body: AmendSanctionBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'AmendSanction', record, ...body }, exchange);
  }

  @Files('LiftSanction', ':id/lift')
  lift(@Param('id') record: string, @Body() body: LiftSanctionBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'LiftSanction', record, ...body }, exchange);
  }
}
