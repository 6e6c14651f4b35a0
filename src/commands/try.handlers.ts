import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DecideAndAppend } from './decide-and-append.js';
import { agendaOf } from './file-command.handler.js';
import { idempotencyKey } from './filing-key.js';
import { TryArticle, TryCommand, type Tried } from './messages.js';
import { PreparedArticle } from './prepared-article.js';
import { inSpan } from '../telemetry/span.js';

/** Decides one command as it would be filed, and stores nothing. */
@CommandHandler(TryCommand)
export class TryCommandHandler implements ICommandHandler<TryCommand> {
  constructor(private readonly desk: DecideAndAppend) {}

  execute(tried: TryCommand): Promise<Tried> {
    return inSpan(`try ${tried.command.command}`, {}, () => this.desk.try(agendaOf(tried), tried.request));
  }
}

/** Decides one article with all its entries as it would be filed, and stores nothing. */
@CommandHandler(TryArticle)
export class TryArticleHandler implements ICommandHandler<TryArticle> {
  constructor(private readonly desk: DecideAndAppend) {}

  execute({ article, request }: TryArticle): Promise<Tried> {
    const tried = () => this.desk.try(new PreparedArticle(article, idempotencyKey(request)), request);
    return inSpan('try article', { 'entente.entries': article.entries.length }, tried);
  }
}
