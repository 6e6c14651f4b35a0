import { CORRECTIONS, KINDS } from '../domain/record.js';
import {
  INCOMPLETE,
  BELONGINGS,
  CHANGES,
  CITATIONS,
  COUNT,
  FLAG,
  INSTANT,
  KEY,
  MOMENT,
  MOVE,
  NEXT,
  NUMBER,
  NUMBER_OR_NONE,
  POSITION,
  RECORD_ID,
  TEXT,
  TEXT_OR_NONE,
  answer,
  list,
  oneOrNone,
  optional,
  optionalBeside,
  ref,
  type Schema,
} from './openapi.parts.js';

const RECORD = {
  id: RECORD_ID,
  kind: { type: 'string', enum: [...KINDS] },
  version: COUNT,
  ...MOMENT,
  incomplete: INCOMPLETE,
  status: ref('Status'),
};
const RETRACTION = { reason: TEXT, version: COUNT, recordedAt: INSTANT, by: TEXT };
/** What becomes of the tension of each relationship. */
export const EFFECTS = list(
  answer({ relationship: KEY, before: NUMBER_OR_NONE, after: NUMBER_OR_NONE, delta: NUMBER }),
  'The relationships whose tension, or what it is made of, would change, or that would gain or lose a record; the largest change first. Tension is 0 to 100, and null (counted as 0) where nothing that counts is on file',
);

/** One record or source: as known, how it came to be so, what hangs on it, and what was taken back. */
export const RECORD_VIEWS: Record<string, Schema> = {
  Status: {
    ...optional({
      support: { type: 'string', enum: ['none', 'onRecord', 'corroborated', 'confirmed'] },
      disputed: FLAG,
      questioned: FLAG,
      verdict: TEXT,
      retracted: FLAG,
    }),
    required: ['support', 'disputed', 'questioned', 'retracted'],
  },
  Record: { oneOf: [ref('StandingRecord'), ref('RetractedRecord')] },
  RetractedRecord: answer(
    { ...RECORD, retracted: answer(RETRACTION), relationships: BELONGINGS },
    'Taken out: nothing is told of what it said, but to who asks what was known before',
  ),
  StandingRecord: answer({
    ...RECORD,
    life: { ...TEXT_OR_NONE, examples: ['in-force'] },
    fields: { type: 'object', description: 'As filed and since corrected; each later step under its name with its version' },
    relationships: BELONGINGS,
    links: list({ type: 'object' }),
    linkedFrom: list({ type: 'object' }),
    citations: CITATIONS,
    assessments: list({ type: 'object' }),
    queries: list(answer({ n: COUNT, question: TEXT, answer: TEXT_OR_NONE })),
    moves: list(answer({ ...MOVE, counts: FLAG, why: TEXT_OR_NONE })),
  }),
  History: answer({
    ...MOMENT,
    items: list(
      optionalBeside(
        {
          version: COUNT,
          position: POSITION,
          type: { ...TEXT, examples: ['RecordCorrected'] },
          recordedAt: INSTANT,
          by: { ...TEXT, description: 'The API key that filed it' },
          data: {
            type: 'object',
            description: 'As filed: reason, sources, `step` where it is about a later step, and the fields of its type',
          },
        },
        { changes: CHANGES },
      ),
    ),
  }),
  Impact: answer({
    record: RECORD_ID,
    ...MOMENT,
    effects: EFFECTS,
    alsoAffected: list(
      answer({ record: RECORD_ID, why: { ...TEXT, examples: ['date follows', 'denies it', 'rests on it'] }, summary: TEXT_OR_NONE }),
      'Other records that would change, or that lean on it: the newest 50',
    ),
    alsoAffectedCount: { ...COUNT, description: 'How many of them there are' },
  }),
  Source: optionalBeside(
    {
      id: RECORD_ID,
      version: COUNT,
      ...MOMENT,
      grade: oneOrNone(answer({ reliability: TEXT, credibility: NUMBER })),
      withdrawn: FLAG,
      retracted: oneOrNone(answer(RETRACTION)),
      restsOnIt: list(
        answer({
          record: RECORD_ID,
          kind: { type: 'string', enum: KINDS.slice(1) },
          summary: TEXT,
          occurred: ref('Occurred'),
          onlySource: { ...FLAG, description: 'Whether no other source that stands is cited for it' },
        }),
      ),
      restsOnItCount: { ...COUNT, description: 'How many records rest on it, on every page' },
      next: NEXT,
    },
    { fields: { type: 'object', description: 'As filed and since corrected; absent once it was retracted' } },
  ),
  Corrections: answer({
    ...MOMENT,
    items: list(
      optionalBeside(
        {
          record: RECORD_ID,
          type: { type: 'string', enum: ['RecordCorrected', 'RecordRetracted', 'RecordReinstated', 'RecordsUnlinked', 'SourceWithdrawn'] },
          reason: TEXT_OR_NONE,
          by: TEXT,
          recordedAt: INSTANT,
          position: POSITION,
        },
        {
          step: { ...COUNT, description: 'Version of the step that it is about; the record itself where absent' },
          kind: { type: 'string', enum: [...CORRECTIONS] },
          approvedBy: TEXT,
          changes: CHANGES,
          n: { ...COUNT, description: 'Number of the link that was removed' },
          rel: TEXT,
          to: RECORD_ID,
        },
      ),
    ),
    next: NEXT,
    incomplete: INCOMPLETE,
  }),
};
