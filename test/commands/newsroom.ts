import { DecideAndAppend } from '../../src/commands/decide-and-append.js';
import { FileArticleHandler } from '../../src/commands/file-article.handler.js';
import { FileCommandHandler } from '../../src/commands/file-command.handler.js';
import { FileArticle, FileCommand, TryArticle, TryCommand } from '../../src/commands/messages.js';
import type { Article, ArticleFiled, Filed, FilingRequest, Tried } from '../../src/commands/messages.js';
import { RecordCache } from '../../src/commands/record-cache.js';
import type { Shapes } from '../../src/commands/shapes.js';
import { TryArticleHandler, TryCommandHandler } from '../../src/commands/try.handlers.js';
import type { Command } from '../../src/domain/decider.js';
import { Rejection } from '../../src/domain/rejection.js';
import type { Append, AppendOutcome, StoredEvent } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';

/** A log in which others can act at the worst moment. */
export class BusyStore extends MemoryEventStore {
  /** What others do just before the next appends, one for each. */
  readonly beforeAppend: (() => Promise<unknown>)[] = [];
  /** What others do after the next reads were made and before they are answered, one for each. */
  readonly whileReading: (() => Promise<unknown>)[] = [];
  /** Streams that were read, in order. */
  readonly read: string[] = [];
  /** How often any were read. */
  reads = 0;

  override async append(filing: Append): Promise<AppendOutcome> {
    await this.beforeAppend.shift()?.();
    return super.append(filing);
  }

  override async readStreams(streams: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    this.read.push(...streams);
    this.reads += 1;
    const events = await super.readStreams(streams);
    await this.whileReading.shift()?.();
    return events;
  }

  everything(): Promise<StoredEvent[]> {
    return this.readAll(0n, 10_000);
  }
}

export interface Asked extends Partial<Pick<FilingRequest, 'by' | 'path' | 'key'>> {
  ifVersion?: number;
}

const TODAY = new Date('2026-02-05T09:00:00Z');

/** One instance of the service, as far as it files. */
export class Newsroom {
  readonly cache: RecordCache;
  private readonly commands: FileCommandHandler;
  private readonly articles: FileArticleHandler;
  private readonly tried: TryCommandHandler;
  private readonly triedArticles: TryArticleHandler;

  constructor(
    readonly store: BusyStore = new BusyStore(),
    private readonly shapes: Shapes = { problems: () => [] },
  ) {
    this.cache = new RecordCache(store);
    const desk = new DecideAndAppend(store, this.cache, shapes, () => TODAY);
    this.commands = new FileCommandHandler(desk);
    this.articles = new FileArticleHandler(desk);
    this.tried = new TryCommandHandler(desk);
    this.triedArticles = new TryArticleHandler(desk);
  }

  /** Another instance over the same log, which has read nothing yet. */
  elsewhere(): Newsroom {
    return new Newsroom(this.store, this.shapes);
  }

  file(command: Command, { ifVersion, ...asked }: Asked = {}): Promise<Filed> {
    return this.commands.execute(new FileCommand(command, requestOf(command, asked), ifVersion));
  }

  fileArticle(article: Article, asked: Asked = {}): Promise<ArticleFiled> {
    return this.articles.execute(new FileArticle(article, requestOf(article, asked)));
  }

  try(command: Command, { ifVersion, ...asked }: Asked = {}): Promise<Tried> {
    return this.tried.execute(new TryCommand(command, requestOf(command, asked), ifVersion));
  }

  tryArticle(article: Article, asked: Asked = {}): Promise<Tried> {
    return this.triedArticles.execute(new TryArticle(article, requestOf(article, asked)));
  }
}

function requestOf(body: unknown, { by = 'desk', path = '/api/v1/statements', key }: Asked): FilingRequest {
  return { by, method: 'POST', path, body, ...(key !== undefined && { key }) };
}

/** What a filing is refused for. */
export async function refusalOf(filing: Promise<unknown>): Promise<Rejection> {
  try {
    await filing;
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
  throw new Error('this was filed, and should have been refused');
}
