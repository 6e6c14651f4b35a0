import { Body, Controller, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Needs } from './access.guard.js';
import { readArticle } from './article.js';
import { callerOf, TheExchange, type Exchange } from './exchange.js';
import { DryRunParameter, FILING_HEADERS, IdempotencyKeyHeader } from './files.decorator.js';
import { Filings, type ArticleAnswer } from './filings.js';

/** Bytes of an article: one append to any store holds at most 1 MiB. */
const LARGEST_ARTICLE = 900_000;

@ApiTags('Articles')
@Controller('articles')
export class ArticleController {
  constructor(private readonly filings: Filings) {}

  @Post()
  @Needs('reporter')
  @RouteConfig({ largestBody: LARGEST_ARTICLE })
  @IdempotencyKeyHeader()
  @DryRunParameter()
  @ApiOperation({
    summary: 'Files one article with all its entries, all or nothing',
    description:
      "Needs the role `reporter`, and each entry its command's role. Entries are decided in their order, each seeing the earlier ones.",
  })
  @ApiBody({ schema: { $ref: '#/components/schemas/Article' } })
  @ApiResponse({
    status: 201,
    description: 'All of it is on file',
    schema: { $ref: '#/components/schemas/ArticleFiled' },
    headers: FILING_HEADERS,
  })
  @ApiResponse({ status: 200, description: 'It was only tried', schema: { $ref: '#/components/schemas/DryRun' } })
  file(@Body() body: unknown, @TheExchange() exchange: Exchange): Promise<ArticleAnswer> {
    return this.filings.fileArticle(readArticle(body, callerOf(exchange.request)), exchange);
  }
}
