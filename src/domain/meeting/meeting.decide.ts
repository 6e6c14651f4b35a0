import { partiesNamed, readActors, readSomebody, type Actor } from '../actor.js';
import { takeStep, type Decision } from '../step.js';
import type { Desk } from '../desk.js';
import {
  compact,
  fileCommon,
  fileStep,
  isNone,
  readDate,
  readDetails,
  Reading,
  readOptionalParty,
  type FiledInput,
  type WorldStepInput,
} from '../filing.js';
import { relationshipKey, readParty } from '../party.js';
import type { Place, RecordOnFile } from '../record.js';
import { reject } from '../rejection.js';
import type { BelongingInput, Sides } from '../relationships.js';
import type { OccurredInput } from '../time.js';
import type { Contact, Course, Firmness, MeetingFiling, MeetingStep, Participant } from './meeting.events.js';

export interface ScheduleMeeting extends FiledInput, Contact {
  command: 'ScheduleMeeting';
  window?: OccurredInput;
  agreedBy?: Actor[];
  firmness?: Firmness;
}

export interface RescheduleMeeting extends WorldStepInput {
  command: 'RescheduleMeeting';
  record: string;
  window?: OccurredInput;
  firmness?: Firmness;
  place?: Place;
}

/** With `record` the holding of a scheduled meeting (what is not given is as scheduled), without it a contact that nobody announced. */
export interface HoldMeeting extends FiledInput, WorldStepInput, Partial<Contact>, Course {
  command: 'HoldMeeting';
  record?: string;
}

export interface CancelMeeting extends WorldStepInput {
  command: 'CancelMeeting';
  record: string;
  by?: Actor[];
}

export function scheduleMeeting(command: ScheduleMeeting, id: string, desk: Desk, reading = new Reading()): MeetingFiling {
  const own = {
    format: command.format,
    participants: reading.field(() => readSomebody(command.participants, '/participants', 'is to meet')),
    ...readContact(reading, command),
    window: reading.field(() => readWindow(command.window, desk)),
    agreedBy: command.agreedBy && reading.field(() => readActors(command.agreedBy!, '/agreedBy')),
    firmness: command.firmness,
  };
  const common = fileCommon(reading, command, id, desk, () => sidesOf(own.participants, command.relationships));
  reading.done();
  return { type: 'MeetingScheduled', data: compact({ ...common, ...own }) };
}

/** A contact that nobody announced. */
export function fileHeldMeeting(command: HoldMeeting, id: string, desk: Desk, reading = new Reading()): MeetingFiling {
  const { format, participants } = command;
  if (format === undefined) reading.field(() => reject('field-invalid', 'say how they met, for example "phone"', '/format'));
  for (const name of ['on', 'reason'] as const)
    if (command[name] !== undefined)
      reading.field(() =>
        reject(
          'field-unknown',
          `"${name}" goes with "record"; a meeting that nobody announced tells it in "occurred" and "summary"`,
          `/${name}`,
        ),
      );
  const contact = {
    format: format ?? 'in-person',
    participants: reading.field(() => readSomebody(participants, '/participants', 'met')),
    ...readContact(reading, command),
  };
  const common = fileCommon(reading, command, id, desk, () => sidesOf(contact.participants, command.relationships));
  reading.done();
  return { type: 'MeetingHeld', data: compact({ ...common, ...contact, ...courseOf(command) }) };
}

export function holdMeeting(command: HoldMeeting, meeting: RecordOnFile, desk: Desk): Decision {
  return takeStep(meeting, readHolding(command, desk));
}

export function readHolding(command: HoldMeeting, desk: Desk, reading = new Reading()): MeetingStep {
  for (const name of ['id', 'occurred', 'relationships', 'links'] as const)
    if (!isNone(command[name]))
      reading.field(() => reject('field-unknown', `the holding of a meeting on file takes no "${name}"`, `/${name}`));
  const step = fileStep(reading, command, desk);
  const { format, participants } = command;
  const contact = {
    format,
    participants: participants && reading.field(() => readActors(participants, '/participants')),
    ...readContact(reading, command),
  };
  const details = readDetails(reading, command);
  reading.done();
  return { type: 'MeetingHeld', data: compact({ ...step, ...contact, ...courseOf(command), ...details }) };
}

export function rescheduleMeeting(command: RescheduleMeeting, meeting: RecordOnFile, desk: Desk): Decision {
  return takeStep(meeting, readRescheduling(command, desk));
}

export function readRescheduling(command: RescheduleMeeting, desk: Desk, reading = new Reading()): MeetingStep {
  const step = fileStep(reading, command, desk);
  const { firmness, place } = command;
  const moved = {
    window: reading.field(() => readWindow(command.window, desk)),
    firmness,
    place: place && reading.field(() => ({ ...place, ...readOptionalParty(place.party, '/place/party') })),
  };
  reading.done();
  return { type: 'MeetingRescheduled', data: compact({ ...step, ...moved }) };
}

export function cancelMeeting(command: CancelMeeting, meeting: RecordOnFile, desk: Desk): Decision {
  return takeStep(meeting, readCancellation(command, desk));
}

export function readCancellation(command: CancelMeeting, desk: Desk, reading = new Reading()): MeetingStep {
  const step = fileStep(reading, command, desk);
  const by = command.by && reading.field(() => readActors(command.by!, '/by'));
  reading.done();
  return { type: 'MeetingCancelled', data: compact({ ...step, by }) };
}

/** What scheduling, filing and holding a meeting read alike. */
function readContact(reading: Reading, contact: Partial<Contact>): Pick<Contact, 'level' | 'host' | 'initiator' | 'agenda'> {
  const { level, host, initiator, agenda } = contact;
  return {
    level,
    host: host && reading.field(() => readParty(host, '/host')),
    initiator: initiator && reading.field(() => readParty(initiator, '/initiator')),
    agenda,
  };
}

function courseOf({ durationMinutes, contentDisclosed, topicsDiscussed, outcomes }: Course): Course {
  return { durationMinutes, contentDisclosed, topicsDiscussed, outcomes };
}

function readWindow(window: OccurredInput | undefined, desk: Desk): ReturnType<typeof readDate> {
  if (window === undefined)
    reject(
      'date-unreadable',
      '"window" says when it is to be, for example {"statedAs": "in the coming weeks", "earliest": "2026-01-08"} or "unknown"',
      '/window',
    );
  return readDate(window, '/window', desk);
}

/** The two parties of a meeting; mediators and observers make affected relationships with each of them. */
function sidesOf(participants: readonly Participant[], given: readonly BelongingInput[] = []): Sides {
  const parties = partiesNamed(participants.filter(({ part }) => (part ?? 'side') === 'side'));
  if (parties.length > 2 && given.length === 0)
    reject(
      'relationship-unclear',
      `${parties.length} parties meet (${parties.join(', ')}): name the relationships, for example [{"key": "COL-USA", "role": "primary"}]`,
      '/relationships',
    );
  const others = partiesNamed(participants).filter((party) => !parties.includes(party));
  const affected = others.flatMap((other) => parties.map((party) => relationshipKey(other, party)));
  return parties.length > 2 ? { from: [], to: [], affected } : { from: parties, to: [], affected };
}
