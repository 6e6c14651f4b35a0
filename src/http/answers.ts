import type { FastifyReply } from 'fastify';
import type { Moment } from '../read-models/views.js';

/** An answer as sent: the moment it was computed at, with its position as text; the log goes into a header. */
export type Sent<T extends Moment> = Omit<T, 'log' | 'position'> & { position: string };

export function sendAt<T extends Moment>({ log, ...answer }: T, reply: FastifyReply): Sent<T> {
  reply.header('entente-log', log);
  return { ...answer, position: answer.position.toString() } as unknown as Sent<T>;
}

/** The same for an answer whose own part is JSON already. */
export function sendTextAt({ log, ...moment }: Moment, json: string, reply: FastifyReply): string {
  reply.header('entente-log', log).type('application/json; charset=utf-8');
  const at = JSON.stringify({ ...moment, position: moment.position.toString() });
  return `${at.slice(0, -1)},${json.slice(1)}`;
}
