import { addDays, daysBetween, type Day } from '../src/domain/time.js';
import { BIG } from './beats.js';
import type { Answer, Caller } from './caller.js';
import type { Dice } from './dice.js';
import { FIRST_DAY, WIRE } from './generate.js';

/** A service with a filled log, and what may be asked about it. */
export interface Subject {
  caller: Caller;
  dice: Dice;
  /** Position of the last event that was generated. */
  head: number;
  /** The day on which it was recorded. */
  until: Day;
  /** Ids of records in the big relationship, picked at random. */
  records: string[];
  /** Pages far into the timeline, as the pages before them named them. */
  deepPages: string[];
}

/** One row of the table: what is asked again and again, and how fast it should be answered. */
export interface Question {
  name: string;
  /** Milliseconds for 99 in 100; absent where none was set. */
  target?: number;
  /** How often, at most. */
  times: number;
  ask: (subject: Subject) => Promise<Answer>;
}

const STATE = `/relationships/${BIG}`;
const TIMELINE = `${STATE}/timeline`;

export const QUESTIONS: readonly Question[] = [
  { name: "today's state", target: 5, times: 500, ask: ({ caller }) => caller.get(STATE) },
  { name: "today's state, after a filing", target: 5, times: 40, ask: afterFiling },
  { name: 'filed until in the state', times: 40, ask: filedUntilSeen },
  {
    name: 'state at (asOf, position)',
    target: 100,
    times: 200,
    ask: (s) => s.caller.get(`${STATE}?asOf=${dayIn(s)}&knownAt=${positionIn(s)}`),
  },
  {
    name: 'state at (asOf, instant)',
    target: 100,
    times: 200,
    ask: (s) => s.caller.get(`${STATE}?asOf=${dayIn(s)}&knownAt=${dayIn(s)}T12:00:00Z`),
  },
  { name: 'state on a day, as known now', target: 100, times: 200, ask: (s) => s.caller.get(`${STATE}?asOf=${dayIn(s)}`) },
  { name: 'timeline, first page', target: 20, times: 200, ask: ({ caller }) => caller.get(TIMELINE) },
  { name: 'timeline, latest first', target: 20, times: 200, ask: ({ caller }) => caller.get(`${TIMELINE}?order=desc`) },
  { name: 'timeline, from a day', target: 20, times: 200, ask: (s) => s.caller.get(`${TIMELINE}?from=${dayIn(s)}`) },
  { name: 'timeline, deep page', target: 20, times: 200, ask: ({ caller, dice, deepPages }) => caller.get(dice.pick(deepPages)) },
  { name: 'timeline, filtered', target: 20, times: 200, ask: (s) => s.caller.get(`${TIMELINE}?from=${dayIn(s)}&${s.dice.pick(FILTERS)}`) },
  {
    name: 'timeline at (asOf, position)',
    target: 20,
    times: 200,
    ask: (s) => s.caller.get(`${TIMELINE}?from=${dayIn(s)}&knownAt=${positionIn(s)}`),
  },
  { name: 'impact of a record', target: 250, times: 100, ask: (s) => s.caller.get(`/records/${s.dice.pick(s.records)}/impact`) },
  { name: 'impact of the wire source', target: 250, times: 10, ask: ({ caller }) => caller.get(`/records/${WIRE}/impact`) },
  { name: 'a record', times: 200, ask: (s) => s.caller.get(`/records/${s.dice.pick(s.records)}`) },
  { name: 'its history', times: 100, ask: (s) => s.caller.get(`/records/${s.dice.pick(s.records)}/history`) },
  { name: 'the wire source, what rests on it', times: 20, ask: ({ caller }) => caller.get(`/sources/${WIRE}`) },
  { name: 'tension, 90 days', times: 100, ask: ({ caller }) => caller.get(`${STATE}/tension`) },
  {
    name: 'tension, 5 years by month',
    times: 50,
    ask: (s) => s.caller.get(`${STATE}/tension?from=${addDays(s.until, -1_826)}&step=month`),
  },
  {
    name: 'changes in a week',
    times: 50,
    ask: ({ caller, until }) => caller.get(`${STATE}/changes?since=${addDays(until, -7)}T00:00:00Z`),
  },
  { name: 'list of relationships', times: 50, ask: ({ caller }) => caller.get('/relationships') },
  { name: 'open disputes', times: 50, ask: ({ caller }) => caller.get(`/disputes?relationship=${BIG}`) },
  { name: 'corrections', times: 50, ask: ({ caller }) => caller.get('/corrections') },
  { name: 'a grade of the wire source, until seen', target: 5_000, times: 4, ask: gradedUntilSeen },
];

const FILTERS = ['kind=sanction', 'kind=meeting', 'topic=coca-substitution', 'party=COL', 'speechAct=threaten', 'order=desc'];

function dayIn({ dice, until }: Subject): Day {
  return addDays(FIRST_DAY, dice.whole(0, daysBetween(FIRST_DAY, until)));
}

function positionIn({ dice, head }: Subject): string {
  return `position:${dice.whole(1, head)}`;
}

/** Only the reading is timed, once the views have what was filed. */
async function afterFiling(subject: Subject): Promise<Answer> {
  const filed = await file(subject);
  if (filed.status !== 201) return filed;
  const { id, position } = filed.body as { id: string; position: string };
  await subject.caller.get(`/records/${id}?at-least=${position}`);
  return subject.caller.get(STATE);
}

/** From the answer to the filing until the state that has it. */
async function filedUntilSeen(subject: Subject): Promise<Answer> {
  const filed = await file(subject);
  if (filed.status !== 201) return filed;
  return subject.caller.get(`${STATE}?at-least=${String(filed.body['position'])}`);
}

function file({ caller, until }: Subject): Promise<Answer> {
  return caller.post('/statements', {
    summary: 'The US president says the two countries will talk',
    occurred: until,
    speechAct: 'praise',
    speakers: [{ party: 'USA', role: 'President', kind: 'person' }],
    addressees: [{ party: 'COL', kind: 'government' }],
    citations: [{ source: WIRE }],
  });
}

/** A lead only, then trusted again, by turns: from the answer to the grade until the state that shows it. */
async function gradedUntilSeen(subject: Subject): Promise<Answer> {
  const graded = await gradeWire(subject, (await wireHasFallen(subject)) ? TRUSTED : LEAD_ONLY);
  if (graded.status !== 200) return graded;
  return subject.caller.get(`${STATE}?at-least=${String(graded.body['position'])}`);
}

const TRUSTED = { reliability: 'B', credibility: 2 };
const LEAD_ONLY = { reliability: 'F', credibility: 6 };

/** A run that was broken off may have left the source fallen. */
export async function standWire(subject: Subject): Promise<void> {
  if (await wireHasFallen(subject)) await gradeWire(subject, TRUSTED);
}

async function wireHasFallen({ caller }: Subject): Promise<boolean> {
  const { body } = await caller.get(`/records/${WIRE}`);
  return (body['grades'] as { reliability: string }[] | undefined)?.at(-1)?.reliability === LEAD_ONLY.reliability;
}

function gradeWire({ caller }: Subject, grade: object): Promise<Answer> {
  return caller.post(`/sources/${WIRE}/grade`, { ...grade, reason: 'weighed against other reports' });
}
