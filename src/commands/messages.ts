import { Command as Message } from '@nestjs/cqrs';
import type { Command } from '../domain/decider.js';
import type { SourceFields } from '../domain/source/source.events.js';
import type { EventType, Kind } from '../domain/record.js';
import type { Problem } from '../domain/rejection.js';

/** Who asks, and how the request is known again. */
export interface FilingRequest {
  /** Name of the API key. */
  by: string;
  method: string;
  path: string;
  /** The Idempotency-Key header. */
  key?: string;
  /** The JSON body, as sent: its hash tells a repeated request from another one under the same key. */
  body: unknown;
}

/** What a filing of one command answers. */
export interface Filed {
  id: string;
  kind: Kind;
  version: number;
  position: string;
  /** Types of the events stored; empty where it was already so. */
  events: EventType[];
  /** Whether the record is new. */
  created: boolean;
  /** Whether this was answered from an earlier filing under the same idempotency key. */
  replayed: boolean;
}

/** One command: a new record, or a step in the life of one on file. `ifVersion` refuses a stale step (If-Match). */
export class FileCommand extends Message<Filed> {
  constructor(
    readonly command: Command,
    readonly request: FilingRequest,
    readonly ifVersion?: number,
  ) {
    super();
  }
}

/** An event that was decided and not stored; `version` is the one that its record would have. */
export interface TriedEvent {
  record: string;
  kind: Kind;
  version: number;
  type: EventType;
  data: object;
  metadata: object;
  /** The entry of the article that it belongs to. */
  pointer?: string;
}

/** What a filing would store; empty where everything is so already. */
export interface Tried {
  events: TriedEvent[];
}

/** As FileCommand, but nothing is stored and no key is remembered. Refused for what that would be refused for. */
export class TryCommand extends Message<Tried> {
  constructor(
    readonly command: Command,
    readonly request: FilingRequest,
    readonly ifVersion?: number,
  ) {
    super();
  }
}

/** An entry of an article as it could be read; `problems` (pointers from the entry) where its shape is wrong, so that one answer names all. */
export type ArticleEntry = { ref?: string; ifVersion?: number; command: Command } | { ref?: string; problems: Problem[] };

/** One article with all its entries, all or nothing. `source` is a new one or the id of one on file. */
export interface Article {
  source: (SourceFields & { id?: string }) | string | { problems: Problem[] };
  entries: ArticleEntry[];
}

export interface ArticleFiled {
  source: string;
  results: { ref: string | null; id: string; version: number; position: string }[];
  position: string;
  replayed: boolean;
}

export class FileArticle extends Message<ArticleFiled> {
  constructor(
    readonly article: Article,
    readonly request: FilingRequest,
  ) {
    super();
  }
}

/** As FileArticle, but nothing is stored and no key is remembered. */
export class TryArticle extends Message<Tried> {
  constructor(
    readonly article: Article,
    readonly request: FilingRequest,
  ) {
    super();
  }
}
