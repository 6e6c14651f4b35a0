import type { Command } from '../../../src/domain/decider.js';
import { whyChanged, whySourceTurned } from '../../../src/domain/relationship/why.js';
import { BLOG, CITED, endAction, makeStatement, takeAction, WIRE } from '../samples.js';
import { Newsroom } from './newsroom.js';

const ID = 'statement-1';
const reason = 'we looked into it';

describe('why a record is seen differently', () => {
  let newsroom: Newsroom;
  beforeEach(() => {
    newsroom = new Newsroom();
    newsroom.file(makeStatement({ id: ID, speechAct: 'accuse' }));
    newsroom.file(makeStatement({ id: 'statement-2', speechAct: 'deny', links: [{ rel: 'about', to: ID }] }));
    newsroom.file(makeStatement({ id: 'statement-9' }));
  });

  /** The reasons after these commands, for one record. */
  function why(commands: Command[], id = ID): string[] {
    const before = newsroom.belief(id);
    const since = BigInt(Math.max(...[...newsroom.records.keys()].flatMap((one) => newsroom.belief(one).entries).map((e) => +e.position)));
    for (const command of commands) newsroom.file(command);
    const cited = [...new Set([...before.sources, ...newsroom.belief(id).sources].map(({ source }) => source))];
    const ofSources = cited.flatMap((source) => whySourceTurned(newsroom.belief(source), since));
    return whyChanged(before, newsroom.belief(id), since, ofSources);
  }

  const correct = (record: string, patch: Record<string, unknown>): Command => ({
    command: 'CorrectRecord',
    record,
    patch,
    kind: 'correction',
    reason,
  });
  const retract = (record: string): Command => ({ command: 'RetractRecord', record, reason });
  const reinstate = (record: string): Command => ({ command: 'ReinstateRecord', record, reason });
  const link = (record: string, rel: 'denies' | 'repeats', to: string): Command => ({ command: 'LinkRecords', record, rel, to });
  const unlink = (record: string, n: number): Command => ({ command: 'UnlinkRecords', record, n, reason });

  it.each<[string, Command]>([
    ['corrected', correct(ID, { summary: 'They accused each other' })],
    ['retracted', retract(ID)],
    ['linked', link(ID, 'denies', 'statement-9')],
    ['source cited', { command: 'CiteSource', record: ID, source: BLOG }],
    ['assessed', { command: 'AssessStatement', record: ID, verdict: 'questioned', reason }],
    ['query raised', { command: 'RaiseQuery', record: ID, question: 'Who says so?' }],
    ['source graded', { command: 'GradeSource', record: WIRE, reliability: 'F', credibility: 6, reason }],
    ['source withdrawn', { command: 'WithdrawSource', record: WIRE, reason }],
    ['source retracted', retract(WIRE)],
  ])('%s', (word, command) => expect(why([command])).toEqual([word]));

  it('reinstated, unlinked, query answered: what was undone since', () => {
    newsroom.file(link(ID, 'denies', 'statement-9'));
    newsroom.file({ command: 'RaiseQuery', record: ID, question: 'Who says so?' });
    newsroom.file(retract(ID));
    expect(why([reinstate(ID)])).toEqual(['reinstated']);
    expect(why([unlink(ID, 1)])).toEqual(['unlinked']);
    expect(why([{ command: 'AnswerQuery', record: ID, n: 1, answer: 'The wire does' }])).toEqual(['query answered']);
  });

  it('step filed, for whatever happened next in the world', () => {
    newsroom.file(takeAction({ id: 'action-1', act: 'deployment' }));
    expect(why([endAction({ record: 'action-1' })], 'action-1')).toEqual(['step filed']);
  });

  it('date follows the record on which its date leans, and not what it says itself', () => {
    newsroom.file(makeStatement({ id: 'statement-3', occurred: { relativeTo: { record: ID, minDays: 1, maxDays: 1 } } }));
    newsroom.file(makeStatement({ id: 'statement-4', occurred: { relativeTo: { record: 'statement-3', minDays: 1, maxDays: 1 } } }));
    const redated = correct(ID, { occurred: '2026-01-02' });
    expect(why([redated], 'statement-4')).toEqual(['date follows statement-3']);
    expect(why([correct(ID, { occurred: '2026-01-03' })], 'statement-3')).toEqual([`date follows ${ID}`]);
    expect(why([correct('statement-3', { occurred: '2026-01-02' })], 'statement-3')).toEqual(['corrected']);
  });

  it('linked from another record, or no longer: told only where nothing was done to it', () => {
    expect(why([link('statement-2', 'denies', ID)])).toEqual(['linked from statement-2']);
    expect(why([unlink('statement-2', 2)])).toEqual(['unlinked from statement-2']);
    expect(why([retract('statement-2')])).toEqual(['unlinked from statement-2']);
    const others = ['statement-5', 'statement-6'].map((id) => makeStatement({ id, links: [{ rel: 'denies', to: ID }] }));
    expect(why(others)).toEqual(['linked from 2 records']);
    expect(why([link('statement-5', 'repeats', ID), { command: 'CiteSource', record: ID, source: BLOG }])).toEqual(['source cited']);
  });

  it('what its links lead to: what it repeats, or disputes, is there or not', () => {
    newsroom.file(makeStatement({ id: 'statement-7', links: [{ rel: 'repeats', to: ID }] }));
    newsroom.file(makeStatement({ id: 'statement-8', links: [{ rel: 'denies', to: ID }] }));
    newsroom.file(retract(ID));
    expect(why([reinstate(ID)], 'statement-7')).toEqual([`counts no more: repeats ${ID}`]);
    expect(why([retract(ID)], 'statement-7')).toEqual([`counts again: no longer repeats ${ID}`]);
    expect(why([reinstate(ID)], 'statement-8')).toEqual(['disputed']);
    expect(why([retract(ID)], 'statement-8')).toEqual(['no longer disputed']);
  });

  it('the weightiest first, each once', () => {
    const cite = { command: 'CiteSource', record: ID, source: BLOG } satisfies Command;
    const grade = { command: 'GradeSource', record: WIRE, reliability: 'F', credibility: 6, reason } satisfies Command;
    const told = why([cite, grade, correct(ID, { summary: 'a' }), correct(ID, { summary: 'b', citations: CITED }), retract(ID)]);
    expect(told).toEqual(['retracted', 'corrected', 'source graded', 'source cited']);
  });

  it('nothing where only what nobody sees is different', () => {
    const opposition = { speakers: [{ party: 'COL', kind: 'opposition' }] };
    expect(why([correct('statement-2', opposition)])).toEqual([]);
  });
});
