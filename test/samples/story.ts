import type { Command } from '../../src/domain/decider.js';
import type { DomainEvent, EventType } from '../../src/domain/record.js';
import { BodyShapes } from '../../src/http/shapes.js';
import { BusyStore, Newsroom } from '../commands/newsroom.js';

const WIRE = 'source-0190c0de-0000-7000-8000-000000000001';
const LETTER = 'source-0190c0de-0000-7000-8000-000000000002';
const THREAT = 'statement-0190c0de-0000-7000-8000-000000000003';
const REQUEST = 'statement-0190c0de-0000-7000-8000-000000000004';
const SANCTION = 'sanction-0190c0de-0000-7000-8000-000000000005';
const MEETING = 'meeting-0190c0de-0000-7000-8000-000000000006';
const CALL = 'meeting-0190c0de-0000-7000-8000-000000000007';
const DEPLOYMENT = 'action-0190c0de-0000-7000-8000-000000000008';

const CITED = [{ source: WIRE, locator: 'paragraph 2', attribution: 'according to the White House' }];
const TRUMP = { party: 'USA', name: 'Donald Trump', role: 'President', asStyled: 'the US leader', kind: 'person' } as const;
const PETRO = { party: 'COL', name: 'Gustavo Petro', role: 'President', kind: 'person' } as const;
const WHITE_HOUSE = { statedAs: 'the White House', party: 'USA' };

/** One filing of every type of event, each with what it can hold. */
const STORY: readonly Command[] = [
  {
    command: 'RegisterSource',
    id: WIRE,
    publisher: 'Example Wire',
    title: 'A call between two presidents',
    url: 'https://wire.example/2026/01/08',
    publishedAt: '2026-01-08',
    language: 'en',
    independenceGroup: 'example-wire',
    topics: ['sanctions'],
  },
  { command: 'RegisterSource', id: LETTER, title: 'A letter' },
  { command: 'GradeSource', record: WIRE, reliability: 'B', credibility: 2, reason: 'usually right about this' },
  { command: 'WithdrawSource', record: LETTER, reason: 'its publisher took it back' },
  {
    command: 'HoldMeeting',
    id: CALL,
    summary: 'The two presidents speak by phone',
    occurred: '2026-01-07',
    citations: CITED,
    format: 'phone',
    level: 'leaders',
    participants: [TRUMP, PETRO],
    initiator: 'COL',
    durationMinutes: 55,
    contentDisclosed: 'partly',
    topicsDiscussed: [{ topic: 'drug-trafficking', attributedTo: 'Gustavo Petro' }],
    outcomes: { agreed: ['to meet'], unresolved: ['the sanctions'] },
  },
  {
    command: 'MakeStatement',
    id: THREAT,
    summary: 'Trump says an operation in Colombia sounds good to him',
    occurred: { statedAs: 'two days before the call', relativeTo: { record: CALL, minDays: -2, maxDays: -2 } },
    place: { statedAs: 'aboard Air Force One' },
    channel: 'press',
    quotes: [{ text: 'sounds good to me', language: 'en' }],
    topics: ['drug-trafficking'],
    citations: CITED,
    quantities: [{ measure: 'killed', min: 83, wording: 'at least 83', scope: { text: 'in strikes on boats', ambiguous: true } }],
    mentions: [{ text: 'Venezuela', party: 'VEN' }],
    links: [{ rel: 'context', to: CALL, certainty: 'likely', note: 'said on the way back' }],
    note: 'the wording differs in the second edition',
    speakers: [TRUMP],
    addressees: [{ party: 'COL', kind: 'government' }],
    speechAct: 'threaten',
    modality: 'hypothetical',
    allegation: { subject: PETRO, conduct: 'making cocaine' },
  },
  { command: 'AssessStatement', record: THREAT, verdict: 'unsubstantiated', by: [{ kind: 'outlet' }], reason: 'no evidence was presented' },
  {
    command: 'MakeStatement',
    id: REQUEST,
    summary: 'Petro asks for direct talks between the two governments',
    occurred: '2026-01-07',
    citations: CITED,
    speakers: [PETRO],
    addressees: [TRUMP],
    speechAct: 'request',
    due: '2026-02',
  },
  { command: 'SettleStatement', record: REQUEST, outcome: 'granted', on: '2026-02-03', by: [TRUMP], citations: CITED, summary: 'They met' },
  {
    command: 'ImposeSanction',
    id: SANCTION,
    summary: 'The US Treasury sanctions Petro, his wife and his son',
    occurred: '2025-10',
    citations: CITED,
    authority: { party: 'USA', name: 'US Treasury', kind: 'institution' },
    targets: [
      { party: 'COL', name: 'Gustavo Petro', kind: 'person' },
      { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' },
    ],
    measures: ['asset-freeze'],
    grounds: { text: 'a role in the global drug trade' },
    program: 'counter-narcotics',
    expiresOn: '2027-10-24',
  },
  {
    command: 'AmendSanction',
    record: SANCTION,
    on: '2025-12-01',
    citations: CITED,
    reason: 'one more in the family',
    addTargets: [{ id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' }],
    addMeasures: ['travel-ban'],
  },
  { command: 'LiftSanction', record: SANCTION, on: '2026-02-04', citations: CITED, targets: ['wife'] },
  {
    command: 'ScheduleMeeting',
    id: MEETING,
    summary: 'The two presidents agree to meet at the White House',
    occurred: '2026-01-07',
    place: WHITE_HOUSE,
    citations: CITED,
    format: 'in-person',
    level: 'leaders',
    participants: [TRUMP, PETRO],
    host: 'USA',
    window: { statedAs: 'in the coming weeks', earliest: '2026-01-08' },
    agreedBy: [TRUMP, PETRO],
    firmness: 'eos3',
  },
  { command: 'CancelMeeting', record: MEETING, on: '2026-01-20', citations: CITED, by: [PETRO], summary: 'It is called off' },
  { command: 'RescheduleMeeting', record: MEETING, on: '2026-01-25', citations: CITED, window: '2026-02', place: WHITE_HOUSE },
  {
    command: 'TakeAction',
    id: DEPLOYMENT,
    summary: 'The United States builds up forces in the Caribbean',
    occurred: 'unknown',
    citations: CITED,
    act: 'deployment',
    actors: [{ party: 'USA', kind: 'military' }],
    targets: [{ party: 'VEN', kind: 'government' }],
    means: 'warships',
  },
  { command: 'EndAction', record: DEPLOYMENT, on: '2026-02-01', outcome: 'completed', citations: CITED },
  { command: 'CiteSource', record: DEPLOYMENT, source: WIRE, locator: 'headline', statedAs: 'a show of force', reason: 'another wording' },
  { command: 'LinkRecords', record: REQUEST, rel: 'fulfils', to: MEETING, degree: 'partly', note: 'asked for talks' },
  { command: 'UnlinkRecords', record: REQUEST, n: 1, reason: 'the meeting fulfils the request, not the other way round' },
  { command: 'RaiseQuery', record: THREAT, question: 'to whom was it said?' },
  { command: 'AnswerQuery', record: THREAT, n: 1, answer: 'to reporters', citations: CITED },
  {
    command: 'CorrectRecord',
    record: SANCTION,
    patch: { occurred: '2025-10-24', authority: { name: 'US Treasury Department' }, program: null },
    kind: 'clarification',
    reason: 'the US Treasury gives the day',
    approvedBy: 'the editor on duty',
  },
  { command: 'RetractRecord', record: MEETING, step: 2, reason: 'it was never called off', citations: CITED },
  { command: 'ReinstateRecord', record: MEETING, step: 2, reason: 'a second source says it was' },
];

/** An event as it is stored, without what the log adds. */
export interface Sample {
  type: EventType;
  schema: number;
  data: DomainEvent['data'];
  metadata: object;
}

/** What is stored today for every type of event: the first of each in the story. */
export async function storedToday(): Promise<Map<string, Sample>> {
  const newsroom = new Newsroom(new BusyStore(), new BodyShapes());
  for (const command of STORY) await newsroom.file(command, { by: 'an editor' });
  const samples = new Map<string, Sample>();
  for (const { type, schema, data, metadata } of await newsroom.store.everything())
    if (!samples.has(type)) samples.set(type, { type, schema, data, metadata } as Sample);
  return samples;
}
