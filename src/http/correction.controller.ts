import { Body, Controller, Delete, Param } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { CorrectRecord } from '../domain/correct.decide.js';
import { CORRECTIONS, type Correction } from '../domain/record.js';
import type { ReinstateRecord, RetractRecord, UnlinkRecords } from '../domain/record.decide.js';
import { TheExchange, type Exchange } from './exchange.js';
import { AnyFields, Choice, Example, Text, Whole } from './fields.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { numberOf } from './parameters.js';
import { NewsBody, Reason } from './record.body.js';
import type { Sent } from './sent.js';

const STEP = {
  min: 1,
  max: 100_000,
  example: 1,
  description: 'The step in the world that the event of this version filed; 1, or absent: the record itself',
};

/** The newsroom says why it goes back on what was filed. */
class GoingBackBody extends NewsBody {
  @Whole(STEP)
  step?: number;
  @Reason('by-rule')
  override reason?: string;
}

@Example({ patch: { occurred: '2025-10-24' }, kind: 'clarification', reason: 'the US Treasury gives the day' })
export class CorrectRecordBody extends GoingBackBody implements Sent<CorrectRecord> {
  @AnyFields({
    required: true,
    example: { occurred: '2025-10-24' },
    description: 'RFC 7396 merge patch of what was filed: what is named is replaced, null takes a field away, a list is replaced whole',
  })
  patch!: Record<string, unknown>;
  @Choice(CORRECTIONS, { required: true })
  kind!: Correction['kind'];
  @Text({ max: 300, example: 'the editor on duty', description: 'Who in the newsroom approved it: a name or a role' })
  approvedBy?: string;
}

@Example({ reason: 'it was filed twice' })
export class RetractRecordBody extends GoingBackBody implements Sent<RetractRecord> {}

@Example({ reason: 'the source stands by it' })
export class ReinstateRecordBody extends GoingBackBody implements Sent<ReinstateRecord> {}

@Example({ reason: 'the denial is of another claim' })
export class UnlinkRecordsBody extends NewsBody implements Omit<Sent<UnlinkRecords>, 'n'> {}

/** How an editor goes back on what was filed. Nothing is erased: the log keeps what it said, and why that was changed. */
@ApiTags('Records')
@Controller('records')
export class CorrectionController {
  constructor(private readonly filings: Filings) {}

  @Files('CorrectRecord', ':id/correct')
  correct(@Param('id') record: string, @Body() body: CorrectRecordBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'CorrectRecord', record, ...body }, exchange);
  }

  @Files('RetractRecord', ':id/retract')
  retract(@Param('id') record: string, @Body() body: RetractRecordBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'RetractRecord', record, ...body }, exchange);
  }

  @Files('ReinstateRecord', ':id/reinstate')
  reinstate(@Param('id') record: string, @Body() body: ReinstateRecordBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'ReinstateRecord', record, ...body }, exchange);
  }

  @Files('UnlinkRecords', ':id/links/:n', { method: Delete })
  @ApiBody({ type: UnlinkRecordsBody, required: false })
  unlink(
    @Param('id') record: string,
    @Param('n') n: string,
    @Body() body: UnlinkRecordsBody,
    @TheExchange() exchange: Exchange,
  ): Promise<FiledAnswer> {
    return this.filings.file({ command: 'UnlinkRecords', record, n: numberOf('link', n, `/records/${record}/links/1`), ...body }, exchange);
  }
}
