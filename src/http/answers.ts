import type { FastifyReply } from 'fastify';
import type { Moment } from '../read-models/views.js';

/** An answer as sent: the moment it was computed at, with its position as text; the log goes into a header. */
export type Sent<T extends Moment> = Omit<T, 'log' | 'position'> & { position: string };

export function sendAt<T extends Moment>({ log, ...answer }: T, reply: FastifyReply): Sent<T> {
  reply.header('entente-log', log);
  return { ...answer, position: answer.position.toString() } as unknown as Sent<T>;
}
