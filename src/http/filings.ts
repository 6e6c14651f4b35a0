import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  FileArticle,
  FileCommand,
  TryArticle,
  TryCommand,
  type Article,
  type ArticleFiled,
  type Filed,
  type Tried,
} from '../commands/messages.js';
import { kindOf, recordOf, type Command } from '../domain/decider.js';
import { goodId } from '../domain/good-id.js';
import { reject } from '../domain/rejection.js';
import { WhatIfQuery, type WhatIf } from '../read-models/what-if.query.js';
import { filingRequest, ifVersion, type Exchange } from './exchange.js';
import { FILING_PARAMETERS } from './files.decorator.js';
import { readParameters } from './parameters.js';
import { ProblemError } from './problem.js';

/** What is answered to a dry run. */
export type TriedAnswer = { dryRun: true; wouldStore: Omit<Tried['events'][number], 'metadata'>[] } & WhatIf;
export type FiledAnswer = Pick<Filed, 'id' | 'kind' | 'version' | 'position' | 'events'> | TriedAnswer;
export type ArticleAnswer = Omit<ArticleFiled, 'replayed'> | TriedAnswer;

/** What can be the id of a record; nothing is on file under anything else. */
export const RECORD_ID = /^[\x21-\x7e]{1,100}$/;
const KEY_OR_ID = 'an Idempotency-Key makes the id itself: send the key or an id of your own choosing, not both';

/** Hands what was sent to the newsroom, and says in the answer's status and headers what became of it. */
@Injectable()
export class Filings {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async file(command: Command, { request, reply }: Exchange): Promise<FiledAnswer> {
    const { 'dry-run': dryRun } = readParameters(request, FILING_PARAMETERS);
    const asked = filingRequest(request);
    const expected = ifVersion(request);
    const record = recordOf(command);
    if (record === undefined && expected !== undefined)
      throw new ProblemError('parameter-invalid', 'The header If-Match goes with a step in the life of a record, not with a new one.');
    if (record !== undefined && !RECORD_ID.test(record))
      reject('record-unknown', `Nothing is on file under this id; name a record by its id, such as ${goodId(kindOf(command.command))}.`);
    if (asked.key !== undefined && 'id' in command && command.id !== undefined) reject('field-invalid', KEY_OR_ID, '/id');
    if (dryRun) return this.answerTried(await this.commands.execute(new TryCommand(command, asked, expected)), reply);
    const filed = await this.commands.execute(new FileCommand(command, asked, expected));
    return answerFiled(filed, reply);
  }

  async fileArticle(article: Article, { request, reply }: Exchange): Promise<ArticleAnswer> {
    const { 'dry-run': dryRun } = readParameters(request, FILING_PARAMETERS);
    const asked = filingRequest(request);
    if (ifVersion(request) !== undefined)
      throw new ProblemError('parameter-invalid', 'An article has no version: say "ifVersion" in the entry that it goes with.');
    const chosen = asked.key === undefined ? undefined : chosenIdIn(article);
    if (chosen !== undefined) reject('field-invalid', KEY_OR_ID, chosen);
    if (dryRun) return this.answerTried(await this.commands.execute(new TryArticle(article, asked)), reply);
    const { replayed, ...filed } = await this.commands.execute(new FileArticle(article, asked));
    reply.status(201).header('location', `/api/v1/records/${filed.source}`);
    stamp(reply, filed.position, replayed);
    return filed;
  }

  /** Nothing was stored: the answer says what would be, and what that would change. */
  private async answerTried({ events }: Tried, reply: FastifyReply): Promise<TriedAnswer> {
    const whatIf = await this.queries.execute(new WhatIfQuery(events, {}));
    reply.status(200);
    return { dryRun: true, wouldStore: events.map(({ metadata: _, ...event }) => event), ...whatIf };
  }
}

function answerFiled({ id, kind, version, position, events, created, replayed }: Filed, reply: FastifyReply): FiledAnswer {
  reply
    .status(created ? 201 : 200)
    .header('location', `/api/v1/records/${id}`)
    .header('etag', `"${version}"`);
  stamp(reply, position, replayed);
  return { id, kind, version, position, events };
}

function stamp(reply: FastifyReply, position: string, replayed: boolean): void {
  reply.header('entente-position', position);
  if (replayed) reply.header('idempotency-replayed', 'true');
}

/** Where an article gives an id of the client's own choosing. */
function chosenIdIn({ source, entries }: Article): string | undefined {
  if (typeof source === 'object' && 'id' in source && source.id !== undefined) return '/source/id';
  const place = entries.findIndex((entry) => 'command' in entry && 'id' in entry.command && entry.command.id !== undefined);
  return place === -1 ? undefined : `/entries/${place}/id`;
}
