import { STATES } from '../read-models/projector-standing.js';
import { REBUILD_STATES } from '../read-models/rebuild.query.js';
import {
  COUNT,
  NUMBER,
  NUMBER_OR_NONE,
  INSTANT,
  NEXT,
  POSITION,
  RECORD_ID,
  TEXT,
  TEXT_OR_NONE,
  answer,
  list,
  oneOrNone,
  type Schema,
} from './openapi.parts.js';

const INSTANT_OR_NONE = { type: ['string', 'null'], format: 'date-time' };
const POSITION_OR_NONE = { type: ['string', 'null'], pattern: '^\\d+$', examples: ['118'] };

/** What operators are told. */
export const OPERATION_VIEWS: Record<string, Schema> = {
  Ready: answer({
    status: { type: 'string', enum: ['ok', 'failing'] },
    projector: answer(
      {
        state: {
          type: 'string',
          enum: [...STATES],
          description:
            '`behind`: what is missing is older than 2 s, and is being projected; `stuck`: something is missing, and nothing was projected for 4 s; `dead`: the views are of another log, or nobody projects',
        },
        lag: answer(
          {
            events: { type: ['integer', 'null'], description: 'Null where positions are no numbers (KurrentDB)' },
            seconds: NUMBER_OR_NONE,
          },
          'What is in the log and not yet in the views: how much, and how old the oldest of it is',
        ),
        rate: { ...NUMBER, description: 'Events projected in a second, over the last minute' },
        owner: { ...TEXT_OR_NONE, description: 'The instance that projects: host, process, and a random part' },
        parked: { ...COUNT, description: 'Events that the views could not take in, and those that wait for them' },
        unknown: { ...COUNT, description: 'Events of types that this version does not know, which it passed over' },
        problem: TEXT_OR_NONE,
      },
      'How the views follow the log; the same whichever instance is asked',
    ),
  }),
  Parked: answer({
    items: list(
      answer({
        position: POSITION,
        record: RECORD_ID,
        version: COUNT,
        type: { ...TEXT, examples: ['RecordCorrected'] },
        why: { ...TEXT, description: '`failed`, or `behind <position>`: it waits for the event there', examples: ['failed', 'behind 118'] },
        error: { ...TEXT_OR_NONE, description: 'Why it failed; null where it waits for another' },
        attempts: { ...COUNT, description: 'How often it was tried' },
        since: INSTANT,
        relationships: {
          type: ['array', 'null'],
          items: TEXT,
          description:
            'Where it is missing, beside where a source is missing that others cite; null: it cannot be told, so it may be everywhere',
        },
        dropped: { ...oneOrNone(answer({ at: INSTANT, by: TEXT, reason: TEXT })), description: 'Given up: it is passed over for good' },
      }),
    ),
    next: NEXT,
    unknown: list(answer({ type: TEXT, events: COUNT }), 'Types that this version does not know; their events are kept, and passed over'),
  }),
  Retried: answer({ projected: COUNT, parked: COUNT }),
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
