import { REBUILD_STATES } from '../read-models/rebuild.query.js';
import { COUNT, NUMBER_OR_NONE, TEXT, TEXT_OR_NONE, answer, list, oneOrNone, type Schema } from './openapi.parts.js';

const INSTANT_OR_NONE = { type: ['string', 'null'], format: 'date-time' };
const POSITION_OR_NONE = { type: ['string', 'null'], pattern: '^\\d+$', examples: ['118'] };

/** What operators are told. */
export const OPERATION_VIEWS: Record<string, Schema> = {
  Health: answer({ status: { const: 'ok' } }),
  Rebuild: answer({
    state: { type: 'string', enum: [...REBUILD_STATES], description: '`none`: it was never asked for' },
    phase: { ...TEXT_OR_NONE, examples: ['reading'], description: 'What is being done' },
    what: { ...TEXT_OR_NONE, description: 'What of it' },
    position: { ...POSITION_OR_NONE, description: 'How far the new views have come in the log' },
    head: { ...POSITION_OR_NONE, description: 'Where the log ended a moment ago' },
    rate: { ...NUMBER_OR_NONE, description: 'Events in a second' },
    etaSeconds: { ...NUMBER_OR_NONE, description: 'Until the log is read; null where that cannot be told' },
    startedAt: INSTANT_OR_NONE,
    updatedAt: { ...INSTANT_OR_NONE, description: 'When it was heard of last' },
    differences: oneOrNone(
      list(
        answer({
          of: { ...TEXT, examples: ['COL-USA'], description: 'The relationship, else the kind of record or the table' },
          table: TEXT,
          live: { ...COUNT, description: 'Rows of the views that answer' },
          next: { ...COUNT, description: 'Rows of the new ones' },
          records: list(TEXT, 'Some of those that differ'),
        }),
        'What the new views do not tell as those that answer; at most 100',
      ),
    ),
    error: { ...TEXT_OR_NONE, description: 'Why it failed, in one sentence' },
  }),
};
