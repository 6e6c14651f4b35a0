import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CREDIBILITIES, RELIABILITIES, type Grade } from '../domain/source/source.events.js';
import type { GradeSource, RegisterSource, WithdrawSource } from '../domain/source/source.decide.js';
import { TheExchange, type Exchange } from './exchange.js';
import { Choice, Example, Text } from './fields.js';
import { Files } from './files.decorator.js';
import { Filings, type FiledAnswer } from './filings.js';
import { ChosenId, Note, Reason, Topics, NewsBody } from './record.body.js';
import type { Sent } from './sent.js';

const WEB_ADDRESS = {
  words: 'a web address that begins with https:// or http://',
  test: (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text),
};
const MOMENT = { max: 40, min: 0, description: 'A day or an instant, as printed' };

@Example({ publisher: 'Example Wire', title: 'Leaders agree to meet', url: 'https://example.org/1', publishedAt: '2026-01-08' })
export class RegisterSourceBody implements Sent<RegisterSource> {
  @ChosenId('source')
  id?: string;
  @Text({ max: 300, example: 'Example Wire' })
  publisher?: string;
  @Text({ max: 1_000, example: 'Leaders agree to meet' })
  title?: string;
  @Text({ max: 2_000, form: WEB_ADDRESS, example: 'https://example.org/1' })
  url?: string;
  @Text({ ...MOMENT, example: '2026-01-08' })
  publishedAt?: string;
  @Text({ ...MOMENT, example: '2026-01-09T08:30:00Z' })
  retrievedAt?: string;
  @Text({ max: 35, example: 'en', description: 'BCP 47' })
  language?: string;
  @Text({ max: 200, example: 'example-wire', description: 'Sources of one group (wire copy) count as one when support is weighed' })
  independenceGroup?: string;
  @Topics()
  topics?: string[];
  @Note()
  note?: string;
}

@Example({ reliability: 'B', credibility: 2, reason: 'its account agrees with the transcript' })
export class GradeSourceBody extends NewsBody implements Sent<GradeSource> {
  @Choice(RELIABILITIES, { required: true })
  reliability!: Grade['reliability'];
  @Choice(CREDIBILITIES, { required: true })
  credibility!: Grade['credibility'];
  @Reason('by-rule')
  override reason?: string;
}

@Example({ reason: 'the publisher has withdrawn it' })
export class WithdrawSourceBody extends NewsBody implements Sent<WithdrawSource> {
  @Reason('by-rule')
  override reason?: string;
}

@ApiTags('Sources')
@Controller('sources')
export class SourceController {
  constructor(private readonly filings: Filings) {}

  @Files('RegisterSource')
  register(@Body() body: RegisterSourceBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'RegisterSource', ...body }, exchange);
  }

  @Files('GradeSource', ':id/grade')
  grade(@Param('id') record: string, @Body() body: GradeSourceBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'GradeSource', record, ...body }, exchange);
  }

  @Files('WithdrawSource', ':id/withdraw')
  withdraw(@Param('id') record: string, @Body() body: WithdrawSourceBody, @TheExchange() exchange: Exchange): Promise<FiledAnswer> {
    return this.filings.file({ command: 'WithdrawSource', record, ...body }, exchange);
  }
}
