import { partiesNamed, readActor, readActors, type Actor } from '../actor.js';
import type { Desk } from '../desk.js';
import {
  compact,
  fileCommon,
  fileStep,
  readOptionalDate,
  Reading,
  readReason,
  saysTheSame,
  type FiledInput,
  type WorldStepInput,
} from '../filing.js';
import { takeStep, type Decision } from '../step.js';
import type { RecordOnFile } from '../record.js';
import type { OccurredInput } from '../time.js';
import type { Assessed, Modality, Outcome, StatementFiling, StatementOwn, Verdict } from './statement.events.js';

export interface MakeStatement extends FiledInput, Omit<StatementOwn, 'modality' | 'due'> {
  command: 'MakeStatement';
  /** Default actual. */
  modality?: Modality;
  due?: OccurredInput;
}

export interface AssessStatement {
  command: 'AssessStatement';
  record: string;
  verdict: Verdict;
  /** Default: the newsroom itself. */
  by?: Actor[];
  reason?: string;
}

export interface SettleStatement extends WorldStepInput {
  command: 'SettleStatement';
  record: string;
  outcome: Outcome;
  by?: Actor[];
}

export function makeStatement(command: MakeStatement, id: string, desk: Desk): StatementFiling {
  const { speakers, addressees, speechAct, modality, condition, content, due, reservation, allegation, aspect, assessment } = command;
  const reading = new Reading();
  const own = {
    speakers: reading.field(() => readActors(speakers, '/speakers')),
    addressees: addressees && reading.field(() => readActors(addressees, '/addressees')),
    speechAct,
    modality: modality ?? 'actual',
    condition,
    content,
    due: readOptionalDate(reading, due, 'due', id, desk),
    reservation,
    allegation: allegation && { ...allegation, subject: reading.field(() => readActor(allegation.subject, '/allegation/subject')) },
    aspect,
    assessment,
  };
  const common = fileCommon(reading, command, id, desk, () => ({
    from: partiesNamed(speakers),
    to: partiesNamed([...(addressees ?? []), ...(allegation ? [allegation.subject] : [])]),
  }));
  reading.done();
  return { type: 'StatementMade', data: compact({ ...common, ...own }) };
}

export function assessStatement({ verdict, by, reason }: AssessStatement, statement: RecordOnFile): Decision {
  const data: Assessed = { verdict, by: by?.length ? readActors(by, '/by') : [{ kind: 'newsroom' }], reason: readReason(reason) };
  // Doubt and verdict stand side by side: each is said again only when the latest of its own sort says the same.
  const last = statement.assessed.findLast((assessed) => (assessed.data.verdict === 'questioned') === (verdict === 'questioned'));
  return last !== undefined && saysTheSame(last.data, data) ? { already: last.version } : { events: [{ type: 'StatementAssessed', data }] };
}

export function settleStatement(command: SettleStatement, statement: RecordOnFile, desk: Desk): Decision {
  const reading = new Reading();
  const step = fileStep(reading, command, statement.id, desk);
  const by = command.by && reading.field(() => readActors(command.by!, '/by'));
  reading.done();
  return takeStep(statement, { type: 'StatementSettled', data: compact({ ...step, outcome: command.outcome, by }) });
}
