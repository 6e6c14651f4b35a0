import { COUNT, INSTANT, NEXT, POSITION, RECORD_ID, TEXT, TEXT_OR_NONE, answer, list, oneOrNone, type Schema } from './openapi.parts.js';

/** What operators are told. */
export const OPERATION_VIEWS: Record<string, Schema> = {
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
};
