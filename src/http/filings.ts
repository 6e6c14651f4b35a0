import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { FileArticle, FileCommand, type Article, type ArticleFiled, type Filed } from '../commands/messages.js';
import { recordOf, type Command } from '../domain/decider.js';
import { reject } from '../domain/rejection.js';
import { filingRequest, ifVersion, type Exchange } from './exchange.js';
import { ProblemError } from './problem.js';

export type FiledAnswer = Pick<Filed, 'id' | 'kind' | 'version' | 'position' | 'events'>;
export type ArticleAnswer = Omit<ArticleFiled, 'replayed'>;

/** What can be the id of a record; nothing is on file under anything else. */
export const RECORD_ID = /^[\x21-\x7e]{1,100}$/;
const KEY_OR_ID = 'an Idempotency-Key makes the id itself: send the key or an id of your own choosing, not both';

/** Hands what was sent to the newsroom, and says in the answer's status and headers what became of it. */
@Injectable()
export class Filings {
  constructor(private readonly bus: CommandBus) {}

  async file(command: Command, { request, reply }: Exchange): Promise<FiledAnswer> {
    const asked = filingRequest(request);
    const expected = ifVersion(request);
    const record = recordOf(command);
    if (record === undefined && expected !== undefined)
      throw new ProblemError('parameter-invalid', 'The header If-Match goes with a step in the life of a record, not with a new one.');
    if (record !== undefined && !RECORD_ID.test(record)) reject('record-unknown', 'Nothing is on file under this id.');
    if (asked.key !== undefined && 'id' in command && command.id !== undefined) reject('field-invalid', KEY_OR_ID, '/id');
    const { id, kind, version, position, events, created, replayed } = await this.bus.execute(new FileCommand(command, asked, expected));
    reply
      .status(created ? 201 : 200)
      .header('location', `/api/v1/records/${id}`)
      .header('etag', `"${version}"`);
    stamp(reply, position, replayed);
    return { id, kind, version, position, events };
  }

  async fileArticle(article: Article, { request, reply }: Exchange): Promise<ArticleAnswer> {
    const asked = filingRequest(request);
    if (ifVersion(request) !== undefined)
      throw new ProblemError('parameter-invalid', 'An article has no version: say "ifVersion" in the entry that it goes with.');
    const chosen = asked.key === undefined ? undefined : chosenIdIn(article);
    if (chosen !== undefined) reject('field-invalid', KEY_OR_ID, chosen);
    const { replayed, ...filed } = await this.bus.execute(new FileArticle(article, asked));
    reply.status(201).header('location', `/api/v1/records/${filed.source}`);
    stamp(reply, filed.position, replayed);
    return filed;
  }
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
