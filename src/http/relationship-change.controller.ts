import { Controller, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { dayOf } from '../domain/time.js';
import { ChangesQuery } from '../read-models/changes.query.js';
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
  } satisfies Parameter<Date>,
};

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
}

const ONE_WAY = '"since" is short for "fromAsOf" and "fromKnownAt": give the one, for example since=2026-01-08T09:00:00Z, or the others.';
const TURNED_ROUND =
  'Changes run from an earlier moment to a later one: "fromAsOf" is not after "asOf", nor "fromKnownAt" after "knownAt"; for example fromAsOf=2026-01-08&asOf=2026-02-04.';

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
