import { Controller } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CorrectionsQuery } from '../read-models/correction.query.js';
import { sendAt } from './answers.js';
import { TheExchange, type Exchange } from './exchange.js';
import { AT, atOf, instantOrDay, PAGING, pagingOf, readParameters, Reads, relationship, text } from './parameters.js';

const CORRECTIONS = {
  ...AT,
  ...PAGING,
  since: instantOrDay('Only what was recorded at this instant, or from this day (UTC) on, or later'),
  relationship: relationship('Only corrections of records of this relationship, in any role, and of the sources that they cite'),
  record: text('Only corrections of this record', 'statement-0190c0de-0000-7000-8000-000000000001'),
};

/** What the newsroom took back, or said otherwise; for everybody to see. */
@ApiTags('Across relationships')
@Controller('corrections')
export class CorrectionLogController {
  constructor(private readonly queries: QueryBus) {}

  @Reads(
    '',
    'The log of corrections, retractions, reinstatements, removed links and withdrawn sources, the newest first',
    CORRECTIONS,
    'Corrections',
  )
  async corrections(@TheExchange() { request, reply }: Exchange) {
    const { since, relationship: key, record, ...rest } = readParameters(request, CORRECTIONS);
    return sendAt(
      await this.queries.execute(new CorrectionsQuery(atOf(rest), { since, relationship: key, record }, pagingOf(rest))),
      reply,
    );
  }
}
