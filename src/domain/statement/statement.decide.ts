import { partiesNamed, readActor, readActors, readSomebody, sameVoice, type Actor } from '../actor.js';
import type { Desk } from '../desk.js';
import {
  compact,
  fileCommon,
  fileNews,
  fileStep,
  readOptionalDate,
  Reading,
  readReason,
  saysTheSame,
  type FiledInput,
  type NewsStepInput,
  type WorldStepInput,
} from '../filing.js';
import { takeStep, type Decision } from '../step.js';
import type { RecordOnFile } from '../record.js';
import { reject } from '../rejection.js';
import type { OccurredInput } from '../time.js';
import type { Assessed, Modality, Outcome, StatementFiling, StatementOwn, StatementStep, Verdict } from './statement.events.js';

export interface MakeStatement extends FiledInput, Omit<StatementOwn, 'modality' | 'due'> {
  command: 'MakeStatement';
  /** Default actual. */
  modality?: Modality;
  due?: OccurredInput;
}

export interface AssessStatement extends NewsStepInput {
  command: 'AssessStatement';
  record: string;
  verdict: Verdict;
  /** Default: the newsroom itself. */
  by?: Actor[];
}

export interface SettleStatement extends WorldStepInput {
  command: 'SettleStatement';
  record: string;
  outcome: Outcome;
  by?: Actor[];
}

export function makeStatement(command: MakeStatement, id: string, desk: Desk, reading = new Reading()): StatementFiling {
  const { speakers, addressees, speechAct, modality, condition, content, due, reservation, allegation, aspect, assessment } = command;
  const own = {
    speakers: reading.field(() => readSomebody(speakers, '/speakers', 'said it')),
    addressees: addressees && reading.field(() => readActors(addressees, '/addressees')),
    speechAct,
    modality: modality ?? 'actual',
    condition,
    content,
    due: readOptionalDate(reading, due, 'due', desk),
    reservation,
    allegation: allegation && { ...allegation, subject: reading.field(() => readActor(allegation.subject, '/allegation/subject')) },
    aspect,
    assessment,
  };
  const common = fileCommon(reading, command, id, desk, () => ({
    from: partiesNamed(own.speakers),
    to: partiesNamed([...(own.addressees ?? []), ...(own.allegation ? [own.allegation.subject] : [])]),
  }));
  reading.done();
  return { type: 'StatementMade', data: compact({ ...common, ...own }) };
}

export function assessStatement(command: AssessStatement, statement: RecordOnFile, desk: Desk): Decision {
  const { verdict, by, reason } = command;
  const reading = new Reading();
  const data: Assessed = {
    ...fileNews(reading, command, desk),
    verdict,
    by: by?.length ? reading.field(() => readActors(by, '/by')) : [{ kind: 'newsroom' }],
    reason: reading.field(() => readReason(reason)),
  };
  reading.done();
  // A doubt stands beside the verdict; neither takes the place of the other.
  const last = statement.assessed.findLast((before) => (before.data.verdict === 'questioned') === (verdict === 'questioned'));
  if (last !== undefined && saysTheSame(last.data, data)) return { already: last.version };
  return { events: [{ type: 'StatementAssessed', data: compact(data) }] };
}

export function settleStatement(command: SettleStatement, statement: RecordOnFile, desk: Desk): Decision {
  return takeStep(statement, readSettlement(command, statement, desk));
}

export function readSettlement(command: SettleStatement, statement: RecordOnFile, desk: Desk, reading = new Reading()): StatementStep {
  const { outcome, by } = command;
  const step = fileStep(reading, command, desk);
  const actors = by && reading.field(() => readActors(by, '/by'));
  if (!reading.failed && outcome === 'withdrawn' && actors !== undefined) reading.field(() => mustHaveSaid(statement, actors));
  reading.done();
  return { type: 'StatementSettled', data: compact({ ...step, outcome, by: actors }) };
}

function mustHaveSaid({ filed }: RecordOnFile, actors: readonly Actor[]): void {
  const speakers = filed.type === 'StatementMade' ? filed.data.speakers : [];
  if (actors.length > 0 && !actors.some((actor) => speakers.some((speaker) => sameVoice(actor, speaker))))
    reject('statement-not-open', 'only its speaker withdraws a statement: name one of its speakers, or leave "by" out', '/by');
}
