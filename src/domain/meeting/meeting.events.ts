import type { Actor } from '../actor.js';
import type { FiledFields, Place, Quantity, Quote, Mention, WorldStep } from '../record.js';
import { reject } from '../rejection.js';
import { addDays, type Day, type Occurred } from '../time.js';

export const FORMATS = ['in-person', 'phone', 'video', 'letter', 'envoy'] as const;
export type Format = (typeof FORMATS)[number];
export const LEVELS = ['leaders', 'ministers', 'officials'] as const;
export const PARTS = ['side', 'mediator', 'observer'] as const;
/** How sure it is to happen, IPTC eventoccurstatus: eos1 (planned, nothing more known) to eos5 (planned, certain). */
export const FIRMNESSES = ['eos1', 'eos2', 'eos3', 'eos4', 'eos5'] as const;
export type Firmness = (typeof FIRMNESSES)[number];
export const DISCLOSURES = ['yes', 'no', 'partly'] as const;

export interface Participant extends Actor {
  /** A side where absent. */
  part?: (typeof PARTS)[number];
}

/** What is known of any contact, planned or held. */
export interface Contact {
  format: Format;
  level?: (typeof LEVELS)[number];
  participants: Participant[];
  /** Party code. */
  host?: string;
  /** Party code. */
  initiator?: string;
  agenda?: string[];
}

/** What is known only of one that took place. */
export interface Course {
  durationMinutes?: number;
  contentDisclosed?: (typeof DISCLOSURES)[number];
  topicsDiscussed?: { topic: string; attributedTo?: string }[];
  outcomes?: { agreed?: string[]; unresolved?: string[] };
}

export interface Schedule {
  window: Occurred;
  agreedBy?: Actor[];
  firmness?: Firmness;
}

/** The common fields that the holding of a scheduled meeting may add. */
export interface HoldingDetails {
  place?: Place;
  channel?: string;
  quotes?: Quote[];
  topics?: string[];
  quantities?: Quantity[];
  mentions?: Mention[];
  note?: string;
}

export type MeetingFiling =
  /** Both sides agreed to, or one announced, a contact that is to come. */
  | { type: 'MeetingScheduled'; data: FiledFields & Contact & Schedule }
  /** A contact that nobody announced took place. */
  | { type: 'MeetingHeld'; data: FiledFields & Contact & Course };

export type MeetingStep =
  /** It was put off, brought forward, or revived after a cancellation. */
  | { type: 'MeetingRescheduled'; data: WorldStep & { window: Occurred; firmness?: Firmness; place?: Place } }
  /** The scheduled meeting took place; what is not given is as scheduled. */
  | { type: 'MeetingHeld'; data: WorldStep & Partial<Contact> & Course & HoldingDetails }
  /** It will not take place, unless it is scheduled again. */
  | { type: 'MeetingCancelled'; data: WorldStep & { by?: Actor[] } };

export type MeetingEvent = MeetingFiling | MeetingStep;

/** `window`, `scheduledOn` (the latest day on which it was last scheduled) only where somebody announced it. */
export type MeetingLife =
  | { state: 'scheduled'; window: Occurred; scheduledOn: Day | null }
  | { state: 'cancelled'; window: Occurred; scheduledOn: Day | null }
  | { state: 'held'; announced: boolean };

export function beginMeeting(filing: MeetingFiling): MeetingLife {
  switch (filing.type) {
    case 'MeetingScheduled':
      return { state: 'scheduled', window: filing.data.window, scheduledOn: filing.data.occurred.latest };
    case 'MeetingHeld':
      return { state: 'held', announced: false };
  }
}

export function nextMeeting(life: MeetingLife, step: MeetingStep): MeetingLife {
  if (life.state === 'held' && !life.announced && step.type !== 'MeetingHeld')
    reject('meeting-not-scheduled', 'nobody had announced this meeting: it was filed as held, so there is nothing to move or cancel');
  if (life.state === 'held') reject('meeting-already-held', 'this meeting has already been held; file a new meeting for another contact');
  switch (step.type) {
    case 'MeetingRescheduled':
      return { state: 'scheduled', window: step.data.window, scheduledOn: step.data.on.latest };
    case 'MeetingHeld':
      if (life.state === 'cancelled') reject('meeting-cancelled', 'this meeting was cancelled; reschedule it before it can be held');
      return { state: 'held', announced: true };
    case 'MeetingCancelled':
      if (life.state === 'cancelled') reject('meeting-cancelled', 'this meeting is already cancelled');
      return { ...life, state: 'cancelled' };
  }
}

/** A scheduled meeting is overdue when its window has passed, or, with an open window, more than 90 days after it was last scheduled. */
export function isOverdue(life: MeetingLife, day: Day): boolean {
  if (life.state !== 'scheduled') return false;
  if (life.window.latest !== null) return day > life.window.latest;
  return life.scheduledOn !== null && day > addDays(life.scheduledOn, 90);
}
