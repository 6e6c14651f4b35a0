import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AnswerQuery, RaiseQuery } from '../domain/record.decide.js';
import { TheExchange, type Exchange } from './exchange.js';
import { Example, Many, Text } from './fields.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { numberOf } from './parameters.js';
import { CitationBody, LinkBody, NewsBody, Reason } from './record.body.js';
import type { Sent } from './sent.js';

@Example({ question: 'Who are the two men?' })
export class RaiseQueryBody extends NewsBody implements Sent<RaiseQuery> {
  @Text({ max: 2_000, required: true, example: 'Who are the two men?' })
  question!: string;
}

@Example({ answer: 'The two foreign ministers' })
export class AnswerQueryBody extends NewsBody implements Omit<Sent<AnswerQuery>, 'n'> {
  @Text({ max: 5_000, required: true, example: 'The two foreign ministers' })
  answer!: string;
}

@Example({ source: 'source-0190c0de-0000-7000-8000-000000000002', locator: 'paragraph 2' })
export class CiteSourceBody extends CitationBody {
  @Reason(false)
  reason?: string;
}

@Example({ rel: 'denies', to: 'statement-0190c0de-0000-7000-8000-000000000001' })
export class LinkRecordsBody extends LinkBody {
  @Many(() => CitationBody)
  citations?: CitationBody[];
  @Reason(false)
  reason?: string;
}

/** What any record can take. */
@ApiTags('Records')
@Controller('records')
export class RecordController {
  constructor(private readonly filings: Filings) {}

  @Files('CiteSource', ':id/citations')
  cite(@Param('id') record: string, @Body() body: CiteSourceBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'CiteSource', record, ...body }, exchange);
  }

  @Files('LinkRecords', ':id/links')
  link(@Param('id') record: string, @Body() body: LinkRecordsBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'LinkRecords', record, ...body }, exchange);
  }

  @Files('RaiseQuery', ':id/queries')
  raise(@Param('id') record: string, @Body() body: RaiseQueryBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'RaiseQuery', record, ...body }, exchange);
  }

  @Files('AnswerQuery', ':id/queries/:n/answer')
  answer(
    @Param('id') record: string,
    @Param('n') n: string,
    @Body() body: AnswerQueryBody,
    @TheExchange() exchange: Exchange,
  ): Promise<FiledAnswer> {
    return this.filings.file(
      { command: 'AnswerQuery', record, n: numberOf('query', n, `/records/${record}/queries/1/answer`), ...body },
      exchange,
    );
  }
}
