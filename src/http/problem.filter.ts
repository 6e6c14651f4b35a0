import type { Socket } from 'node:net';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Rejection } from '../domain/rejection.js';
import { isOutage, reasonOf, textOf } from '../system-error.js';
import { ProblemError, PROBLEMS } from './problem.js';

/** Problems listed in one answer; who sends more wrong fields than that reads the first ones first. */
const MOST_ERRORS = 200;
const RETRY_AFTER_S = '1';
/** Somebody has to look after it first. */
const RETRY_PARKED_AFTER_S = '60';
const PROBLEM_JSON = 'application/problem+json; charset=utf-8';
const UNREADABLE = 'The request cannot be read as HTTP with a JSON body.';

/** Answers everything thrown as RFC 9457 problem+json. The only place that knows which status a rejection has. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Problem');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = this.problemOf(thrown);
    if (problem.code === 'internal-error') this.log.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown);
    answer(reply, problem);
  }

  private problemOf(thrown: unknown): ProblemError {
    if (thrown instanceof ProblemError) return thrown;
    if (thrown instanceof Rejection)
      return new ProblemError(thrown.code, thrown.message, { errors: thrown.errors, details: thrown.details });
    // Known by its name: the edge does not reach through to the store that throws it.
    if (textOf(thrown, 'name') === 'StoreUnavailable' || isOutage(thrown)) {
      this.log.warn(reasonOf(thrown));
      return storeUnavailable();
    }
    if (textOf(thrown, 'name') === 'ClockAstray') {
      this.log.warn(reasonOf(thrown));
      return new ProblemError('store-unavailable', reasonOf(thrown), { headers: { 'retry-after': RETRY_AFTER_S } });
    }
    return (
      readProblem(thrown) ??
      frameworkProblem(thrown) ??
      new ProblemError('internal-error', 'Something failed here, not in your request; it has been logged.')
    );
  }
}

export function storeUnavailable(): ProblemError {
  return new ProblemError(
    'store-unavailable',
    'The store cannot be reached now. What you filed may still have been stored: ask again with the same Idempotency-Key.',
    { headers: { 'retry-after': RETRY_AFTER_S } },
  );
}

/** What a view throws that cannot answer; known by its name, as above. */
function readProblem(thrown: unknown): ProblemError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.name === 'ViewBehind') return new ProblemError('view-behind', thrown.message, { headers: { 'retry-after': RETRY_AFTER_S } });
  if (thrown.name === 'RecordParked' || thrown.name === 'RecordUnreadable')
    return new ProblemError('record-parked', thrown.message, { headers: { 'retry-after': RETRY_PARKED_AFTER_S } });
  if (thrown.name === 'PositionUnknown') return new ProblemError('position-unknown', thrown.message);
  if (thrown.name === 'RebuildRunning') return new ProblemError('rebuild-running', thrown.message);
  if (thrown.name === 'RebuildNotRunning') return new ProblemError('rebuild-not-running', thrown.message);
  if (thrown.name === 'CursorUnreadable') return new ProblemError('parameter-invalid', thrown.message);
  return undefined;
}

/** What Fastify and Nest throw before a controller is reached; Nest hands on no more of it than the status. */
function frameworkProblem(thrown: unknown): ProblemError | undefined {
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown }).statusCode;
  if (status === 413) return new ProblemError('body-too-large', 'A body has at most 1 MB; file in smaller parts.');
  if (status === 415) return new ProblemError('media-type-unsupported', 'Send JSON, with the header Content-Type: application/json.');
  if (status === 404 || status === 405 || status === 414) return nothingHere();
  if (status === 503) return storeUnavailable();
  if (typeof status === 'number' && status >= 400 && status < 500) return new ProblemError('body-unreadable', UNREADABLE);
  return undefined;
}

export function nothingHere(): ProblemError {
  return new ProblemError('not-found', 'There is nothing at this address; /api/docs lists every call.');
}

export function answer(reply: FastifyReply, problem: ProblemError): void {
  const { headers = {} } = problem.options;
  const { status, text } = written(problem);
  // Nothing that a controller has begun to say about success stays.
  reply.removeHeader('etag').removeHeader('location');
  void reply.status(status).headers(headers).type(PROBLEM_JSON).send(text);
}

/** What is no HTTP never becomes a request: it is answered on the bare connection, which then ends. */
export function answerNonsense(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { text } = written(new ProblemError('body-unreadable', UNREADABLE));
  const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: ${PROBLEM_JSON}\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + text);
}

function written({ code, message, options }: ProblemError): { status: number; text: string } {
  const [usual, title] = PROBLEMS[code];
  const { status = usual, errors, details } = options;
  const listed = errors
    ?.slice(0, MOST_ERRORS)
    .map(({ pointer, code: reason, message: words }) => ({ pointer, code: reason, message: words }));
  const problem = { type: `/problems/${code}`, title, status, detail: message, code, ...details, ...(listed && { errors: listed }) };
  return { status, text: JSON.stringify(problem) };
}
