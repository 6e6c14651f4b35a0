import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Moment } from '../read-models/views.js';

/** An answer as sent: the moment it was computed at, with its position as text; the log goes into a header. */
export type Sent<T extends Moment> = Omit<T, 'log' | 'position'> & { position: string };

export function sendAt<T extends Moment>({ log, ...answer }: T, reply: FastifyReply): Sent<T> {
  reply.header('entente-log', log);
  return { ...answer, position: answer.position.toString() } as unknown as Sent<T>;
}

/** The same for an answer whose own part is JSON already, in UTF-8: it is sent as it is kept, without a copy. */
export function sendJsonAt({ log, ...moment }: Moment, json: Buffer, reply: FastifyReply): StreamableFile {
  reply.header('entente-log', log);
  const at = Buffer.from(`${JSON.stringify({ ...moment, position: moment.position.toString() }).slice(0, -1)},`);
  const type = 'application/json; charset=utf-8';
  return new StreamableFile(Readable.from([at, json.subarray(1)]), { type, length: at.length + json.length - 1 });
}
