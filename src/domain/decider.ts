import {
  assessStatement,
  makeStatement,
  settleStatement,
  type AssessStatement,
  type MakeStatement,
  type SettleStatement,
} from './statement/statement.decide.js';
import {
  amendSanction,
  imposeSanction,
  liftSanction,
  type AmendSanction,
  type ImposeSanction,
  type LiftSanction,
} from './sanction/sanction.decide.js';
import {
  cancelMeeting,
  fileHeldMeeting,
  holdMeeting,
  rescheduleMeeting,
  scheduleMeeting,
  type CancelMeeting,
  type HoldMeeting,
  type RescheduleMeeting,
  type ScheduleMeeting,
} from './meeting/meeting.decide.js';
import { endAction, takeAction, type EndAction, type TakeAction } from './action/action.decide.js';
import {
  gradeSource,
  registerSource,
  withdrawSource,
  type GradeSource,
  type RegisterSource,
  type WithdrawSource,
} from './source/source.decide.js';
import { correctRecord, type CorrectRecord } from './correct.decide.js';
import {
  answerQuery,
  citeSource,
  linkRecords,
  raiseQuery,
  reinstateRecord,
  retractRecord,
  unlinkRecords,
  type AnswerQuery,
  type CiteSource,
  type LinkRecords,
  type RaiseQuery,
  type ReinstateRecord,
  type RetractRecord,
  type UnlinkRecords,
} from './record.decide.js';
import type { Desk } from './desk.js';
import type { Filing, Kind, RecordOnFile } from './record.js';
import { reject } from './rejection.js';
import type { Decision } from './step.js';

/** What an editor asks for. A command on something on file names it in `record`. */
export type FilingCommand = RegisterSource | MakeStatement | ImposeSanction | ScheduleMeeting | HoldMeeting | TakeAction;
export type SourceCommand = GradeSource | WithdrawSource;
export type StatementCommand = AssessStatement | SettleStatement;
export type SanctionCommand = AmendSanction | LiftSanction;
export type MeetingCommand = RescheduleMeeting | CancelMeeting | HoldMeeting;
export type ActionCommand = EndAction;
export type GoingBackCommand = CorrectRecord | RetractRecord | ReinstateRecord | UnlinkRecords;
export type RecordCommand = CiteSource | LinkRecords | RaiseQuery | AnswerQuery | GoingBackCommand;
export type Command = FilingCommand | SourceCommand | StatementCommand | SanctionCommand | MeetingCommand | ActionCommand | RecordCommand;

/** The record that a command acts on; undefined where it files a new one. */
export function recordOf(command: Command): string | undefined {
  return 'record' in command ? command.record : undefined;
}

/** The kind of record that a command files or acts on; undefined where any kind will do. */
export function kindOf(command: Command['command']): Kind | undefined {
  switch (command) {
    case 'RegisterSource':
    case 'GradeSource':
    case 'WithdrawSource':
      return 'source';
    case 'MakeStatement':
    case 'AssessStatement':
    case 'SettleStatement':
      return 'statement';
    case 'ImposeSanction':
    case 'AmendSanction':
    case 'LiftSanction':
      return 'sanction';
    case 'ScheduleMeeting':
    case 'RescheduleMeeting':
    case 'CancelMeeting':
    case 'HoldMeeting':
      return 'meeting';
    case 'TakeAction':
    case 'EndAction':
      return 'action';
    case 'CiteSource':
    case 'LinkRecords':
    case 'RaiseQuery':
    case 'AnswerQuery':
    case 'CorrectRecord':
    case 'RetractRecord':
    case 'ReinstateRecord':
    case 'UnlinkRecords':
      return undefined;
  }
}

/** Files a new record under `id`. Pure; throws Rejection. */
export function decideFiling(command: FilingCommand, id: string, desk: Desk): Filing {
  switch (command.command) {
    case 'RegisterSource':
      return registerSource(command);
    case 'MakeStatement':
      return makeStatement(command, id, desk);
    case 'ImposeSanction':
      return imposeSanction(command, id, desk);
    case 'ScheduleMeeting':
      return scheduleMeeting(command, id, desk);
    case 'HoldMeeting':
      return fileHeldMeeting(command, id, desk);
    case 'TakeAction':
      return takeAction(command, id, desk);
  }
}

/** Acts on a record on file, of the right kind. Pure; throws Rejection. */
export function decideOnRecord(command: Exclude<Command, FilingCommand> | HoldMeeting, record: RecordOnFile, desk: Desk): Decision {
  mustStand(command, record);
  switch (command.command) {
    case 'GradeSource':
      return gradeSource(command, record, desk);
    case 'WithdrawSource':
      return withdrawSource(command, record, desk);
    case 'AssessStatement':
      return assessStatement(command, record, desk);
    case 'SettleStatement':
      return settleStatement(command, record, desk);
    case 'AmendSanction':
      return amendSanction(command, record, desk);
    case 'LiftSanction':
      return liftSanction(command, record, desk);
    case 'RescheduleMeeting':
      return rescheduleMeeting(command, record, desk);
    case 'CancelMeeting':
      return cancelMeeting(command, record, desk);
    case 'HoldMeeting':
      return holdMeeting(command, record, desk);
    case 'EndAction':
      return endAction(command, record, desk);
    case 'CiteSource':
      return citeSource(command, record, desk);
    case 'LinkRecords':
      return linkRecords(command, record, desk);
    case 'RaiseQuery':
      return raiseQuery(command, record, desk);
    case 'AnswerQuery':
      return answerQuery(command, record, desk);
    case 'CorrectRecord':
      return correctRecord(command, record, desk);
    case 'RetractRecord':
      return retractRecord(command, record, desk);
    case 'ReinstateRecord':
      return reinstateRecord(command, record, desk);
    case 'UnlinkRecords':
      return unlinkRecords(command, record, desk);
  }
}

/** A record that was retracted is put back first, whatever else is to happen to it; retracting it once more is no error. */
function mustStand(command: Parameters<typeof decideOnRecord>[0], { id, retracted }: RecordOnFile): void {
  if (retracted === undefined) return;
  const goesBack = command.command === 'RetractRecord' || command.command === 'ReinstateRecord';
  if (goesBack && (command.step ?? 1) === 1) return;
  reject('record-retracted', `${id} was retracted: ${retracted.data.reason}; reinstate it first, with POST /records/${id}/reinstate`);
}
