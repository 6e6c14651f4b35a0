import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DecideAndAppend } from './decide-and-append.js';
import { idempotencyKey } from './filing-key.js';
import { FileArticle, type ArticleFiled } from './messages.js';
import { PreparedArticle } from './prepared-article.js';
import { inSpan } from '../telemetry/span.js';

/** Files one article with all its entries, all or nothing. */
@CommandHandler(FileArticle)
export class FileArticleHandler implements ICommandHandler<FileArticle> {
  constructor(private readonly desk: DecideAndAppend) {}

  async execute({ article, request }: FileArticle): Promise<ArticleFiled> {
    const prepared = new PreparedArticle(article, idempotencyKey(request));
    const { results, replayed } = await inSpan('file article', { 'entente.entries': article.entries.length }, () =>
      this.desk.file(prepared, request),
    );
    const last = results.reduce((max, { position }) => (position > max ? position : max), 0n);
    return {
      source: prepared.cited,
      results: article.entries.map(({ ref }, i) => {
        const { id, version, position } = results[prepared.places[i]!]!;
        return { ref: ref ?? null, id, version, position: position.toString() };
      }),
      position: last.toString(),
      replayed,
    };
  }
}
