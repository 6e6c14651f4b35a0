import { Readable } from 'node:stream';
import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { dayOf } from '../domain/time.js';
import { ChangesQuery } from '../read-models/changes.query.js';
import { ReplayQuery, type ReplayLine } from '../read-models/replay.query.js';
import type { At } from '../read-models/views.js';
import { sendAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import { AT, atOf, day, readParameters, Reads, todayUtc, type Parameter } from './parameters.js';
import { ProblemError } from './problem.js';
import { sortedOrMoved } from './relationship.controller.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const CHANGES = {
  ...AT,
  fromAsOf: day('The earlier day in the world, default asOf'),
  fromKnownAt: { ...AT.knownAt, description: 'What the newsroom knew then: an instant or position:<n>, default knownAt' },
  since: {
    read: readSince,
    description: 'Short for fromAsOf and fromKnownAt: an instant and its day (UTC), or a day from its first moment on',
    example: '2026-01-08T09:00:00Z',
    form: 'an instant or a day that is not in the future',
  } satisfies Parameter<Date>,
};

const REPLAY = {
  ...AT,
  from: { ...AT.knownAt, description: 'The first moment, an instant or position:<n>; default the first event' },
  to: { ...AT.knownAt, description: 'The last moment, an instant or position:<n>; another name of knownAt' },
};
const NDJSON = 'application/x-ndjson';

/** Why things between two parties are not as they were. */
@ApiTags('Relationships')
@Controller('relationships')
export class RelationshipChangeController {
  constructor(private readonly queries: QueryBus) {}

  @Reads(':key/changes', 'Why the tension is not what it was: faded, corrected and new, each with its records', CHANGES, 'Changes')
  async changes(@Param('key') key: string, @TheExchange() exchange: Exchange) {
    const sorted = sortedOrMoved(key, '/changes', exchange);
    if (sorted === undefined) return undefined;
    const { fromAsOf, fromKnownAt, since, ...at } = readParameters(exchange.request, CHANGES);
    if (since !== undefined && (fromAsOf !== undefined || fromKnownAt !== undefined)) throw refused(ONE_WAY);
    const from = since === undefined ? { asOf: fromAsOf, knownAt: fromKnownAt } : momentOf(since);
    const query = new ChangesQuery(sorted, atOf(at), from);
    const changes = (from.asOf ?? '') > (at.asOf ?? todayUtc()) ? undefined : await this.queries.execute(query);
    if (changes === undefined) throw refused(TURNED_ROUND);
    return sendAt(changes, exchange.reply);
  }

  @Reads(':key/replay', 'The state after each event, in the order of the log, as known then: one JSON a line', REPLAY, 'ReplayLine')
  @ApiProduces(NDJSON)
  async replay(@Param('key') key: string, @TheExchange() exchange: Exchange) {
    const sorted = sortedOrMoved(key, '/replay', exchange);
    if (sorted === undefined) return undefined;
    const { from, to, ...at } = readParameters(exchange.request, REPLAY);
    if (to !== undefined && at.knownAt !== undefined) throw refused(ONE_END);
    const query = new ReplayQuery(sorted, atOf({ ...at, knownAt: to ?? at.knownAt }), from);
    const replay = await this.queries.execute(query);
    if (replay === undefined) throw refused(BACKWARDS);
    exchange.reply.header('entente-log', replay.log).type(NDJSON);
    // Lines are made as they are sent; who hangs up ends the work.
    return Readable.from(written(replay.lines));
  }
}

async function* written(lines: AsyncIterable<ReplayLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

const ONE_WAY = '"since" is short for "fromAsOf" and "fromKnownAt": give the one, for example since=2026-01-08T09:00:00Z, or the others.';
const TURNED_ROUND =
  'Changes run from an earlier moment to a later one: "fromAsOf" is not after "asOf", nor "fromKnownAt" after "knownAt"; for example fromAsOf=2026-01-08&asOf=2026-02-04.';
const ONE_END = '"to" is another name of "knownAt": give one of them, for example to=position:118.';
const BACKWARDS =
  'A replay runs from an earlier moment to a later one: "from" is not after "to"; for example from=position:12&to=position:118.';

function refused(message: string): ProblemError {
  return new ProblemError('parameter-invalid', message);
}

/** A day begins at its first moment; nobody can know what is still to come. */
function readSince(sent: string): Date | undefined {
  const knownAt = AT.knownAt.read(DAY.test(sent) ? `${sent}T00:00:00Z` : sent);
  return knownAt !== undefined && 'instant' in knownAt ? knownAt.instant : undefined;
}

function momentOf(instant: Date): Pick<At, 'asOf' | 'knownAt'> {
  return { asOf: dayOf(instant.toISOString()), knownAt: { instant } };
}
