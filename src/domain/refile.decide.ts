import { readEnd, takeAction, type EndAction, type TakeAction } from './action/action.decide.js';
import type { Citation } from './citation.js';
import type { Desk } from './desk.js';
import type { Reading } from './filing.js';
import {
  fileHeldMeeting,
  readCancellation,
  readHolding,
  readRescheduling,
  scheduleMeeting,
  type CancelMeeting,
  type HoldMeeting,
  type RescheduleMeeting,
  type ScheduleMeeting,
} from './meeting/meeting.decide.js';
import type { Json } from './patch.js';
import type { Filing, RecordOnFile, Step } from './record.js';
import {
  amendedAmendment,
  imposeSanction,
  readLift,
  targetIds,
  type AmendSanction,
  type ImposeSanction,
  type LiftSanction,
} from './sanction/sanction.decide.js';
import { registerSource, type RegisterSource } from './source/source.decide.js';
import { makeStatement, readSettlement, type MakeStatement, type SettleStatement } from './statement/statement.decide.js';
import { settledDay, type Occurred } from './time.js';

/** An event that filed something in the world: the first of its record (version 1) or a later step, as it is corrected by now. */
export type Filed = { version: number } & (({ first: true } & Filing) | ({ first: false } & Step));

/** What would be stored had `input` been filed in place of this event. Throws what the command itself would be refused for. */
export function refile(filed: Filed, input: Json, record: RecordOnFile, desk: Desk, reading: Reading): Json {
  const then = deskOf(filed, desk);
  const { data } = filed.first ? refileFirst(filed, input, record, then, reading) : refileStep(filed, input, record, then, reading);
  return data as Json;
}

function refileFirst({ type }: Filing, input: Json, record: RecordOnFile, desk: Desk, reading: Reading): Filing {
  const { id } = record;
  // The shape was checked, as it is at the edge for a command.
  const body = input as unknown;
  switch (type) {
    case 'SourceRegistered':
      return registerSource(body as RegisterSource, reading);
    case 'StatementMade':
      return makeStatement(body as MakeStatement, id, desk, reading);
    case 'SanctionImposed':
      return imposeSanction(body as ImposeSanction, id, desk, reading, targetIds(record, 1));
    case 'MeetingScheduled':
      return scheduleMeeting(body as ScheduleMeeting, id, desk, reading);
    case 'MeetingHeld':
      return fileHeldMeeting(body as HoldMeeting, id, desk, reading);
    case 'ActionTaken':
      return takeAction(body as TakeAction, id, desk, reading);
  }
}

function refileStep({ type, version }: Step & { version: number }, input: Json, record: RecordOnFile, desk: Desk, reading: Reading): Step {
  const body = input as unknown;
  switch (type) {
    case 'StatementSettled':
      return readSettlement(body as SettleStatement, record, desk, reading);
    case 'SanctionAmended':
      return amendedAmendment(body as AmendSanction, record, version, desk, reading);
    case 'SanctionLifted':
      return readLift(body as LiftSanction, desk, reading);
    case 'MeetingRescheduled':
      return readRescheduling(body as RescheduleMeeting, desk, reading);
    case 'MeetingHeld':
      return readHolding(body as HoldMeeting, desk, reading);
    case 'MeetingCancelled':
      return readCancellation(body as CancelMeeting, desk, reading);
    case 'ActionEnded':
      return readEnd(body as EndAction, desk, reading);
  }
}

/** The desk at which it was filed: the sources that it cites stood, and where it was given the day of filing, that was the day. */
function deskOf({ data }: Filed, desk: Desk): Desk {
  const { citations = [], occurred, on } = data as { citations?: Citation[]; occurred?: Occurred; on?: Occurred };
  const cited = new Set(citations.map(({ source }) => source));
  const date = occurred ?? on;
  return {
    today: (date?.latestBasis === 'recorded' ? settledDay(date) : null) ?? desk.today,
    onFile: (id, pointer) => {
      const record = desk.onFile(id, pointer);
      return record !== undefined && cited.has(id) ? { ...record, withdrawn: undefined, retracted: undefined } : record;
    },
    isBeingFiled: (id) => desk.isBeingFiled(id),
    shapeProblems: (type, isFirst, body) => desk.shapeProblems(type, isFirst, body),
  };
}
