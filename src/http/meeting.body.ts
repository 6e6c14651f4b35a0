import type { CancelMeeting, HoldMeeting, RescheduleMeeting, ScheduleMeeting } from '../domain/meeting/meeting.decide.js';
import {
  DISCLOSURES,
  FIRMNESSES,
  FORMATS,
  LEVELS,
  PARTS,
  type Contact,
  type Course,
  type Firmness,
  type Format,
  type Participant,
} from '../domain/meeting/meeting.events.js';
import type { OccurredInput } from '../domain/time.js';
import { Choice, Example, Many, One, Text, TextList, Whole } from './fields.js';
import { ActorBody, ChosenId, DetailsBody, FiledBody, PartyCode, PlaceBody, Reason, StepBody } from './record.body.js';
import type { Sent } from './sent.js';
import { When } from './when.body.js';

const SIDES = [
  { party: 'USA', name: 'Donald Trump', role: 'President', kind: 'person' },
  { party: 'COL', name: 'Gustavo Petro', role: 'President', kind: 'person' },
];
const CITATIONS = [{ source: 'source-0190c0de-0000-7000-8000-000000000002' }];

@Example(SIDES[0]!)
export class ParticipantBody extends ActorBody implements Participant {
  @Choice(PARTS, { description: 'A side where absent' })
  part?: Participant['part'];
}

@Example({ topic: 'drug trafficking', attributedTo: 'the Colombian president' })
export class TopicDiscussedBody {
  @Text({ max: 300, required: true, example: 'drug trafficking' })
  topic!: string;
  @Text({ max: 300, example: 'the Colombian president' })
  attributedTo?: string;
}

@Example({ agreed: ['to talk again'], unresolved: ['the sanctions'] })
export class OutcomesBody {
  @TextList({ max: 2_000, example: ['to talk again'] })
  agreed?: string[];
  @TextList({ max: 2_000, example: ['the sanctions'] })
  unresolved?: string[];
}

const HOST = { example: 'USA', description: 'Code of the party that receives' };
const INITIATOR = { example: 'COL', description: 'Code of the party that asked for it' };
const AGENDA = { max: 500, items: 50, example: ['drug trafficking'] };
const WINDOW = {
  required: 'by-rule',
  example: { statedAs: 'in the coming weeks', earliest: '2026-01-08' },
  description: 'When it is to be',
} as const;
const DURATION = { min: 0, max: 100_000, example: 120 };

/** A new meeting, planned or held. */
export class ContactBody extends FiledBody implements Contact {
  @ChosenId('meeting')
  id?: string;
  @Choice(FORMATS, { required: true })
  format!: Format;
  @Choice(LEVELS)
  level?: Contact['level'];
  @Many(() => ParticipantBody, { required: true })
  participants!: ParticipantBody[];
  @PartyCode(HOST)
  host?: string;
  @PartyCode(INITIATOR)
  initiator?: string;
  @TextList(AGENDA)
  agenda?: string[];
}

@Example({
  summary: 'The two presidents agree to meet at the White House',
  occurred: '2026-01-07',
  format: 'in-person',
  level: 'leaders',
  window: WINDOW.example,
  participants: SIDES,
  host: 'USA',
  place: { statedAs: 'the White House', party: 'USA' },
  citations: CITATIONS,
})
export class ScheduleMeetingBody extends ContactBody implements Sent<ScheduleMeeting> {
  @When(WINDOW)
  window?: OccurredInput;
  @Many(() => ActorBody)
  agreedBy?: ActorBody[];
  @Choice(FIRMNESSES, { description: 'IPTC eventoccurstatus' })
  firmness?: Firmness;
}

@Example({
  summary: 'The two presidents speak by phone',
  occurred: '2026-01-07',
  format: 'phone',
  participants: SIDES,
  citations: CITATIONS,
})
export class MeetingHeldBody extends ContactBody implements Omit<Sent<HoldMeeting>, 'on' | 'reason'> {
  @Whole(DURATION)
  durationMinutes?: number;
  @Choice(DISCLOSURES)
  contentDisclosed?: Course['contentDisclosed'];
  @Many(() => TopicDiscussedBody)
  topicsDiscussed?: TopicDiscussedBody[];
  @One(() => OutcomesBody)
  outcomes?: OutcomesBody;
}

@Example({ on: '2026-02-03', durationMinutes: 120, outcomes: { agreed: [], unresolved: ['the sanctions'] }, citations: CITATIONS })
export class HoldMeetingBody extends DetailsBody implements Omit<Sent<HoldMeeting>, 'id' | 'occurred' | 'relationships' | 'links'> {
  @When({ required: 'by-rule', example: '2026-02-03' })
  on?: OccurredInput;
  @Text({ max: 2_000, example: 'The two presidents meet at the White House' })
  summary?: string;
  @Reason(false)
  reason?: string;
  @Choice(FORMATS, { description: 'As scheduled where not given, and so with what follows' })
  format?: Format;
  @Choice(LEVELS)
  level?: Contact['level'];
  @Many(() => ParticipantBody)
  participants?: ParticipantBody[];
  @PartyCode(HOST)
  host?: string;
  @PartyCode(INITIATOR)
  initiator?: string;
  @TextList(AGENDA)
  agenda?: string[];
  @Whole(DURATION)
  durationMinutes?: number;
  @Choice(DISCLOSURES)
  contentDisclosed?: Course['contentDisclosed'];
  @Many(() => TopicDiscussedBody)
  topicsDiscussed?: TopicDiscussedBody[];
  @One(() => OutcomesBody)
  outcomes?: OutcomesBody;
}

@Example({ window: '2026-03', on: '2026-01-20', citations: CITATIONS })
export class RescheduleMeetingBody extends StepBody implements Sent<RescheduleMeeting> {
  @When(WINDOW)
  window?: OccurredInput;
  @Choice(FIRMNESSES, { description: 'IPTC eventoccurstatus' })
  firmness?: Firmness;
  @One(() => PlaceBody)
  place?: PlaceBody;
}

@Example({ on: '2026-01-20', by: [{ party: 'COL', kind: 'government' }], citations: CITATIONS })
export class CancelMeetingBody extends StepBody implements Sent<CancelMeeting> {
  @Many(() => ActorBody)
  by?: ActorBody[];
}
