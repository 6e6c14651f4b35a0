import { ACTOR_KINDS } from '../domain/actor.js';
import { MODALITIES, SPEECH_ACTS } from '../domain/statement/statement.events.js';
import { FORMATS } from '../domain/meeting/meeting.events.js';
import { ACTS } from '../domain/action/action.events.js';
import { CORRECTIONS, KINDS, ROLES } from '../domain/record.js';
import { PHASES } from '../domain/relationship/tension.js';
import { BASES, PRECISIONS } from '../domain/time.js';

export type Schema = Record<string, unknown>;

/** An object of which every property is always there; fields may be added to what is answered. */
export function answer(properties: Schema, description?: string): Schema {
  return { type: 'object', properties, required: Object.keys(properties), ...(description !== undefined && { description }) };
}

function optional(properties: Schema, description?: string): Schema {
  return { type: 'object', properties, ...(description !== undefined && { description }) };
}

/** An object of which some properties are always there and others may be. */
function optionalBeside(always: Schema, sometimes: Schema): Schema {
  return { ...optional({ ...always, ...sometimes }), required: Object.keys(always) };
}

function list(items: Schema, description?: string): Schema {
  return { type: 'array', items, ...(description !== undefined && { description }) };
}

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function oneOrNone(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

const TEXT = { type: 'string' };
const TEXT_OR_NONE = { type: ['string', 'null'] };
const NUMBER = { type: 'number' };
const NUMBER_OR_NONE = { type: ['number', 'null'] };
const COUNT = { type: 'integer', minimum: 0 };
const FLAG = { type: 'boolean' };
const DAY = { type: 'string', format: 'date', examples: ['2026-02-04'] };
const DAY_OR_NONE = { type: ['string', 'null'], format: 'date' };
const INSTANT = { type: 'string', format: 'date-time' };
const ROLE = { type: 'string', enum: [...ROLES] };
const RECORD_ID = { type: 'string', examples: ['statement-0190c0de-0000-7000-8000-000000000001'] };
const POSITION = {
  type: 'string',
  pattern: '^\\d+$',
  examples: ['118'],
  description: 'Position in the log named in the header `Entente-Log`',
};
const KEY = { type: 'string', examples: ['COL-USA'] };

const MOMENT = {
  asOf: { ...DAY, description: 'The day in the world' },
  knownAt: { ...TEXT, description: 'What the newsroom knew: an instant, or `position:<n>`', examples: ['2026-02-05T09:00:00Z'] },
  position: POSITION,
};
const NEXT = { ...TEXT_OR_NONE, description: '`cursor` of the next page; null on the last one' };
const CITATIONS = list(ref('CitedSource'));
const ITEM = { record: RECORD_ID, role: ROLE, summary: TEXT, citations: CITATIONS };
const BELONGINGS = list(answer({ key: KEY, role: ROLE }));
const RECORD = { id: RECORD_ID, kind: { type: 'string', enum: [...KINDS] }, version: COUNT, ...MOMENT, status: ref('Status') };
const RETRACTION = { reason: TEXT, version: COUNT, recordedAt: INSTANT, by: TEXT };
const CHANGES = list(
  optionalBeside({ pointer: { ...TEXT, examples: ['/occurred'] } }, { before: {}, after: {} }),
  'Field by field, by JSON Pointer; `before` or `after` is absent where the field is',
);
/** What becomes of the tension of each relationship. */
export const EFFECTS = list(
  answer({ relationship: KEY, before: NUMBER_OR_NONE, after: NUMBER_OR_NONE, delta: NUMBER }),
  'The relationships whose tension, or what it is made of, would change, or that would gain or lose a record; the largest change first. Tension is 0 to 100, and null (counted as 0) where nothing that counts is on file',
);
const PHASE = answer({ name: { type: 'string', enum: [...PHASES] }, direction: { type: 'string', enum: ['rising', 'easing', 'steady'] } });
const PARTIES = list(answer({ code: TEXT, name: TEXT }));
const COVERAGE = answer({
  records: COUNT,
  sources: COUNT,
  daysSinceLastRecord: { type: ['integer', 'null'] },
  topSourceShare: NUMBER_OR_NONE,
});
const MOVE = {
  move: { ...TEXT, examples: ['sanction-imposed'] },
  on: DAY,
  from: TEXT_OR_NONE,
  to: TEXT_OR_NONE,
  score: { ...NUMBER, description: 'Points of the profile: below 0 conflict, above 0 cooperation' },
};
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

/** The answers of the calls that read, as API.md of the contract shows them. */
export const VIEWS: Record<string, Schema> = {
  Health: answer({ status: { const: 'ok' } }),
  Occurred: {
    ...optional(
      {
        statedAs: TEXT,
        edtf: TEXT,
        earliest: DAY_OR_NONE,
        latest: DAY_OR_NONE,
        precision: { type: 'string', enum: [...PRECISIONS] },
        basis: { type: 'string', enum: [...BASES] },
        latestBasis: { type: 'string', enum: ['stated', 'published', 'recorded'] },
        relativeTo: ref('RelativeTo'),
      },
      'When it happened, with both bounds (null where nothing is stated)',
    ),
    required: ['earliest', 'latest', 'precision', 'basis'],
  },
  CitedSource: {
    ...optional({
      source: TEXT,
      locator: TEXT,
      attribution: TEXT,
      anonymity: TEXT,
      statedAs: TEXT,
      publisher: TEXT,
      title: TEXT,
      url: TEXT,
      publishedAt: TEXT,
    }),
    required: ['source'],
  },
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
    incomplete: { ...FLAG, description: 'Whether a parked record is missing from it' },
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
  }),
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
  TensionSeries: answer({ ...MOMENT, items: list(answer({ asOf: DAY, tension: NUMBER_OR_NONE, conflict: NUMBER, cooperation: NUMBER })) }),
  Listing: answer({
    ...MOMENT,
    items: list(answer({ record: RECORD_ID, life: TEXT, relationships: BELONGINGS }, 'As in the state of a relationship')),
    next: NEXT,
  }),
  Disputes: answer({
    ...MOMENT,
    items: list(
      answer({ open: FLAG, about: TEXT_OR_NONE, since: ref('Occurred'), positions: list({ type: 'object' }), relationships: BELONGINGS }),
    ),
    next: NEXT,
  }),
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
  }),
  Parties: answer({
    ...MOMENT,
    items: list(
      answer({
        code: TEXT,
        name: TEXT,
        kind: { type: 'string', enum: ['country', 'organisation', 'territory', 'armed-group'] },
        aliases: list(TEXT, 'What else it is called'),
        members: list(TEXT, 'Codes of its members, where the membership is settled'),
      }),
    ),
    next: NEXT,
  }),
  Actors: answer({
    ...MOMENT,
    items: list(
      answer({
        party: TEXT_OR_NONE,
        name: TEXT_OR_NONE,
        kind: { type: 'string', enum: [...ACTOR_KINDS] },
        roles: list(TEXT, 'Every role and style under which they are on file'),
        records: COUNT,
      }),
    ),
    next: NEXT,
  }),
  Topics: answer({ ...MOMENT, items: list(answer({ topic: TEXT, records: COUNT })), next: NEXT }),
};
