import { ACTS } from '../domain/action/action.events.js';
import { FORMATS } from '../domain/meeting/meeting.events.js';
import { KINDS } from '../domain/record.js';
import { MODALITIES, SPEECH_ACTS } from '../domain/statement/statement.events.js';
import {
  INCOMPLETE,
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
  PHASE,
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

const ITEM = { record: RECORD_ID, role: ROLE, summary: TEXT, citations: CITATIONS };
const PARTIES = list(answer({ code: TEXT, name: TEXT }));
const COVERAGE = answer({
  records: COUNT,
  sources: COUNT,
  daysSinceLastRecord: { type: ['integer', 'null'] },
  topSourceShare: NUMBER_OR_NONE,
});
const MEETING = answer({
  ...ITEM,
  format: { type: 'string', enum: [...FORMATS] },
  participants: list(ref('Participant')),
  window: ref('Occurred'),
  place: oneOrNone(ref('Place')),
  firmness: TEXT_OR_NONE,
});
const TENSION = answer({
  value: { ...NUMBER_OR_NONE, description: 'T, 0 to 100; null where nothing that counts is on file' },
  conflict: { ...NUMBER, description: 'C, in points' },
  conflictStanding: NUMBER,
  conflictRecent: NUMBER,
  cooperation: { ...NUMBER, description: 'P, in points' },
  rank: { ...NUMBER_OR_NONE, description: 'Share of past days that were calmer; null with less than a year of data' },
  profile: TEXT,
  parts: list(answer({ record: RECORD_ID, ...MOVE, weight: NUMBER, share: NUMBER, summary: TEXT }), 'The largest by share'),
  partsRest: answer({ count: COUNT, conflict: NUMBER, cooperation: NUMBER }),
});

/** How things stand between two parties, and what happened. */
export const RELATIONSHIP_VIEWS: Record<string, Schema> = {
  Relationships: answer({
    ...MOMENT,
    items: list(
      answer({
        key: KEY,
        parties: PARTIES,
        phase: PHASE,
        tension: NUMBER_OR_NONE,
        change30Days: NUMBER,
        lastRecord: oneOrNone(answer({ record: RECORD_ID, on: ref('Occurred'), summary: TEXT })),
        coverage: COVERAGE,
        incomplete: INCOMPLETE,
      }),
    ),
    next: NEXT,
  }),
  RelationshipState: answer({
    key: KEY,
    ...MOMENT,
    parties: PARTIES,
    phase: PHASE,
    tension: TENSION,
    coverage: COVERAGE,
    sanctionsInForce: list(
      answer({
        ...ITEM,
        target: ref('Target'),
        authority: ref('Actor'),
        since: ref('Occurred'),
        measures: list(TEXT),
        grounds: oneOrNone(ref('Grounds')),
        stale: FLAG,
        safeWording: TEXT,
      }),
    ),
    standingActions: list(
      answer({ ...ITEM, act: { type: 'string', enum: [...ACTS] }, actors: list(ref('Actor')), since: ref('Occurred') }),
    ),
    upcomingMeetings: list(MEETING),
    overdueMeetings: list(MEETING),
    lastContact: oneOrNone(answer({ record: RECORD_ID, format: TEXT, on: ref('Occurred'), confirmedBy: list(TEXT), citations: CITATIONS })),
    openDisputes: list(
      answer({
        about: TEXT_OR_NONE,
        since: ref('Occurred'),
        positions: list(answer({ record: RECORD_ID, by: list(ref('Actor')), summary: TEXT, citations: CITATIONS })),
      }),
    ),
    openStatements: list(
      answer({
        ...ITEM,
        speechAct: { type: 'string', enum: [...SPEECH_ACTS] },
        modality: { type: 'string', enum: [...MODALITIES] },
        by: list(ref('Actor')),
        to: list(ref('Actor')),
        on: ref('Occurred'),
        due: oneOrNone(ref('Occurred')),
      }),
    ),
    assessments: list(
      answer({
        record: RECORD_ID,
        by: list(ref('Actor')),
        ofParty: TEXT_OR_NONE,
        direction: TEXT_OR_NONE,
        on: ref('Occurred'),
        summary: TEXT,
        citations: CITATIONS,
      }),
    ),
    latestMoves: { type: 'object', additionalProperties: { type: 'array', items: { type: 'object' } }, description: 'By party' },
    quantities: list(
      answer({
        record: RECORD_ID,
        measure: TEXT,
        min: NUMBER_OR_NONE,
        max: NUMBER_OR_NONE,
        wording: TEXT,
        scope: oneOrNone(ref('Scope')),
        countedBy: TEXT,
        citations: CITATIONS,
      }),
    ),
    openQueries: list(answer({ record: RECORD_ID, n: COUNT, question: TEXT, since: INSTANT })),
    counts: { type: 'object', additionalProperties: COUNT },
    incomplete: INCOMPLETE,
  }),
  Timeline: answer({
    ...MOMENT,
    items: list(
      answer({
        record: RECORD_ID,
        version: COUNT,
        kind: { type: 'string', enum: KINDS.slice(1) },
        type: { ...TEXT, examples: ['MeetingHeld'] },
        role: ROLE,
        occurred: ref('Occurred'),
        who: list({ type: 'object' }),
        toWhom: list({ type: 'object' }),
        what: TEXT,
        modality: TEXT_OR_NONE,
        place: oneOrNone(ref('Place')),
        summary: TEXT,
        quotes: list(ref('Quote')),
        status: ref('Status'),
        score: NUMBER,
        counts: FLAG,
        links: list({ type: 'object' }),
        openQueries: COUNT,
        citations: CITATIONS,
      }),
    ),
    next: NEXT,
    incomplete: INCOMPLETE,
  }),
};
