import { KINDS } from '../domain/record.js';
import {
  CITATIONS,
  COUNT,
  DAY,
  FLAG,
  INCOMPLETE,
  INSTANT,
  KEY,
  MOMENT,
  MOVE,
  NUMBER,
  NUMBER_OR_NONE,
  PHASE,
  POSITION,
  RECORD_ID,
  ROLE,
  TEXT,
  TEXT_OR_NONE,
  answer,
  list,
  oneOrNone,
  ref,
  type Schema,
} from './openapi.parts.js';

const END = answer({ asOf: DAY, knownAt: TEXT, position: POSITION, tension: NUMBER_OR_NONE });
const NAMED = {
  record: RECORD_ID,
  kind: { type: 'string', enum: KINDS.slice(1) },
  role: ROLE,
  summary: { ...TEXT_OR_NONE, description: 'Null, as the day, where the record is retracted by now' },
  on: oneOrNone(ref('Occurred')),
  citations: CITATIONS,
};
const POINTS = answer({ conflict: NUMBER, cooperation: NUMBER }, 'Points on the later day');

/** How things stood before, and why they are not as they were. */
export const CHANGE_VIEWS: Record<string, Schema> = {
  Changes: answer(
    {
      key: KEY,
      ...MOMENT,
      from: END,
      to: END,
      delta: { ...NUMBER, description: 'faded + corrected + new; a tension of null counts as 0' },
      faded: answer(
        {
          delta: NUMBER,
          parts: list(
            answer({
              record: RECORD_ID,
              ...MOVE,
              before: { ...NUMBER, description: 'Its share on the earlier day, in points' },
              after: { ...NUMBER, description: 'Its share on the later day' },
              summary: TEXT,
            }),
            'Those whose share changed most, at most 50',
          ),
        },
        'What was on file then weighs less, or more, on the later day',
      ),
      corrected: answer(
        {
          delta: NUMBER,
          records: list(
            answer({
              ...NAMED,
              why: {
                ...TEXT,
                description:
                  'The weightiest reason: step filed, corrected, retracted, reinstated, linked, unlinked, source cited, assessed, query raised, query answered, source graded, source withdrawn, date follows <record>, linked from <record>, …',
              },
              also: list(TEXT, 'The other reasons'),
              before: POINTS,
              after: POINTS,
            }),
            'What changed last comes first, at most 50',
          ),
        },
        'What was on file then is seen differently now',
      ),
      new: answer(
        { delta: NUMBER, records: list(answer({ ...NAMED, score: NUMBER, counts: FLAG }), 'What was filed last comes first, at most 50') },
        'What has been filed since',
      ),
      counts: answer({ corrected: COUNT, new: COUNT }, 'How many records there are, named or not'),
      incomplete: INCOMPLETE,
    },
    'Only what had happened by the later day',
  ),
  ReplayLine: answer(
    {
      position: POSITION,
      type: { ...TEXT, examples: ['SanctionImposed'] },
      record: RECORD_ID,
      recordedAt: INSTANT,
      state: answer({
        phase: PHASE,
        tension: NUMBER_OR_NONE,
        sanctionsInForce: COUNT,
        upcomingMeetings: COUNT,
        standingActions: COUNT,
        openDisputes: COUNT,
      }),
    },
    'One line: the state on the day asked for, as known once this event was recorded',
  ),
  TensionSeries: answer({
    ...MOMENT,
    items: list(answer({ asOf: DAY, tension: NUMBER_OR_NONE, conflict: NUMBER, cooperation: NUMBER })),
    incomplete: INCOMPLETE,
  }),
};
