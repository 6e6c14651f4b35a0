import type { Actor } from './actor.js';
import type { ActionFiling, ActionStep } from './action/action.events.js';
import type { Citation } from './citation.js';
import { distinct } from './distinct.js';
import type { Link } from './link.js';
import type { MeetingFiling, MeetingStep } from './meeting/meeting.events.js';
import type { SanctionFiling, SanctionStep } from './sanction/sanction.events.js';
import type { SourceFiling, SourceNews } from './source/source.events.js';
import type { StatementFiling, StatementNews, StatementStep } from './statement/statement.events.js';
import type { Occurred } from './time.js';

export const KINDS = ['source', 'statement', 'sanction', 'meeting', 'action'] as const;
export type Kind = (typeof KINDS)[number];

export const ROLES = ['primary', 'affected', 'topic'] as const;
export type RelationshipRole = (typeof ROLES)[number];

/** The place of a record in a relationship; `derived` where the service found it rather than an editor. */
export interface Belonging {
  key: string;
  role: RelationshipRole;
  derived?: true;
}

export interface Place {
  statedAs: string;
  /** Party code of the country it lies in. */
  party?: string;
}

/** The words themselves, kept apart from the summary. */
export interface Quote {
  text: string;
  language?: string;
  translated?: boolean;
  indirect?: boolean;
  variantOf?: string;
}

/** "at least 83" is min 83 and no max. */
export interface Quantity {
  measure: string;
  min?: number;
  max?: number;
  wording: string;
  scope?: { text: string; ambiguous?: boolean };
  countedBy?: string;
}

/** Named in passing; makes no relationship. */
export interface Mention {
  text: string;
  party?: string;
}

/** What every record but a source holds, as stored by its first event. */
export interface FiledFields {
  summary: string;
  occurred: Occurred;
  place?: Place;
  channel?: string;
  quotes?: Quote[];
  topics?: string[];
  citations: Citation[];
  relationships: Belonging[];
  quantities?: Quantity[];
  mentions?: Mention[];
  links?: Link[];
  /** The editor's remark, never published. */
  note?: string;
}

/** What every later step in the world holds: when it happened and who says so. */
export interface WorldStep {
  on: Occurred;
  citations: Citation[];
  summary?: string;
  reason?: string;
}

/** What every step of the newsroom may hold: why, and the sources that it goes by. */
export interface NewsStep {
  reason?: string;
  citations?: Citation[];
}

/** What a newsroom step is about: the event of this version, a step in the world; the record itself (its first event) where absent. */
export interface OfStep {
  step?: number;
}

export const CORRECTIONS = ['typo', 'clarification', 'correction', 'update'] as const;

export interface Correction extends OfStep {
  kind: (typeof CORRECTIONS)[number];
  reason: string;
  /** Who in the newsroom approved it: a name or a role. */
  approvedBy?: string;
  /** At least one. */
  changes: Change[];
}

/** One field of what was filed, by RFC 6901 JSON Pointer: what it said and says; `before` or `after` is absent where the field is. */
export interface Change {
  pointer: string;
  before?: unknown;
  after?: unknown;
}

/** What the newsroom itself can do to any record. */
export type RecordNews =
  /** One more source says so. */
  | { type: 'SourceCited'; data: Citation & Pick<NewsStep, 'reason'> }
  /** The newsroom sees a connection to another record. */
  | { type: 'RecordsLinked'; data: Link & NewsStep }
  /** An editor asks something about the record that nobody could answer yet. */
  | { type: 'QueryRaised'; data: NewsStep & { question: string } }
  /** The n-th query of the record has its answer. */
  | { type: 'QueryAnswered'; data: NewsStep & { n: number; answer: string } }
  /** What was filed, by the first event or by a later step, said something wrong, or can be said better. */
  | { type: 'RecordCorrected'; data: NewsStep & Correction }
  /** The record, or one later step of it, is taken out of every view. */
  | { type: 'RecordRetracted'; data: NewsStep & OfStep & { reason: string } }
  /** What was taken out is put back. */
  | { type: 'RecordReinstated'; data: NewsStep & OfStep & { reason: string } }
  /** The n-th link of the record is none. */
  | { type: 'RecordsUnlinked'; data: NewsStep & Pick<Link, 'rel' | 'to'> & { n: number } };

export type Filing = SourceFiling | StatementFiling | SanctionFiling | MeetingFiling | ActionFiling;
export type Step = StatementStep | SanctionStep | MeetingStep | ActionStep;
export type News = RecordNews | SourceNews | StatementNews;
export type DomainEvent = Filing | Step | News;
export type EventType = DomainEvent['type'];

export interface Query {
  n: number;
  version: number;
  question: string;
  answer?: { version: number; text: string };
}

export type Versioned<E> = E & { version: number };

/** One record as its events so far make it: the fold of its stream. */
export interface RecordOnFile {
  id: string;
  kind: Kind;
  /** How many events it has. */
  version: number;
  filed: Filing;
  /** World steps that stand, as they are corrected by now, in the order in which they were filed. */
  steps: Versioned<Step>[];
  /** World steps that were retracted, as they are corrected by now; `retracted` is the version of the retraction. */
  withheld: (Versioned<Step> & { retracted: number })[];
  /** Further sources, filed after the first event. */
  cited: { version: number; citation: Citation }[];
  /** Every link ever filed with it, n from 1; `removed` is the version that unlinked it. */
  links: (Link & { n: number; version: number; removed?: number })[];
  queries: Query[];
  assessed: Versioned<Extract<News, { type: 'StatementAssessed' }>>[];
  graded: Versioned<Extract<News, { type: 'SourceGraded' }>>[];
  withdrawn?: Versioned<Extract<News, { type: 'SourceWithdrawn' }>>;
  /** What was corrected, of the record itself and of its steps, in the order in which it was. */
  corrections: Versioned<Extract<News, { type: 'RecordCorrected' }>>[];
  reinstated: Versioned<Extract<News, { type: 'RecordReinstated' }>>[];
  /** The whole record was retracted, and not reinstated since. */
  retracted?: Versioned<Extract<News, { type: 'RecordRetracted' }>>;
}

/** The links of a record that nobody removed. */
export function linksOf({ links }: RecordOnFile): RecordOnFile['links'] {
  return links.filter(({ removed }) => removed === undefined);
}

/** When the record happened, or its step of that version did, be it retracted or not; undefined where it has no such step in the world. */
export function whenHappened({ filed, steps, withheld }: RecordOnFile, version = 1): Occurred | undefined {
  if (version === 1) return filed.type === 'SourceRegistered' ? undefined : filed.data.occurred;
  return [...steps, ...withheld].find((step) => step.version === version)?.data.on;
}

/** All sources of the record: those of its first event, of its world steps, and those cited later (not what a newsroom step goes by). */
export function citationsOf(record: RecordOnFile): Citation[] {
  const first = record.filed.type === 'SourceRegistered' ? [] : record.filed.data.citations;
  return [...first, ...record.steps.flatMap((step) => step.data.citations), ...record.cited.map(({ citation }) => citation)];
}

/** The relationships of a record; a source has none. */
export function belongingsOf(record: RecordOnFile): readonly Belonging[] {
  return record.filed.type === 'SourceRegistered' ? [] : record.filed.data.relationships;
}

/** The parties of the relationships in which the record is primary. */
export function primaryParties(record: RecordOnFile): string[] {
  const keys = belongingsOf(record).filter(({ role }) => role === 'primary');
  return distinct(keys.flatMap(({ key }) => key.split('-')));
}

/** Everybody who acts in it, for filters and display. */
export function actingIn(filed: Exclude<Filing, SourceFiling>): Actor[] {
  switch (filed.type) {
    case 'StatementMade':
      return filed.data.speakers;
    case 'SanctionImposed':
      return [filed.data.authority];
    case 'MeetingScheduled':
    case 'MeetingHeld':
      return filed.data.participants;
    case 'ActionTaken':
      return filed.data.actors;
  }
}
