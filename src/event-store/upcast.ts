import type { DomainEvent } from '../domain/record.js';
import type { StoredEvent } from './event-store.js';

/** The version of each event type's shape that is written today. An older stored shape is lifted to it by a small pure function here. */
export const SCHEMA_OF: Record<DomainEvent['type'], number> = {
  SourceRegistered: 1,
  SourceGraded: 1,
  SourceWithdrawn: 1,
  StatementMade: 1,
  StatementAssessed: 1,
  StatementSettled: 1,
  SanctionImposed: 1,
  SanctionAmended: 1,
  SanctionLifted: 1,
  MeetingScheduled: 1,
  MeetingRescheduled: 1,
  MeetingHeld: 1,
  MeetingCancelled: 1,
  ActionTaken: 1,
  ActionEnded: 1,
  SourceCited: 1,
  RecordsLinked: 1,
  QueryRaised: 1,
  QueryAnswered: 1,
  RecordCorrected: 1,
  RecordRetracted: 1,
  RecordReinstated: 1,
  RecordsUnlinked: 1,
};

export function isKnownType(type: string): type is DomainEvent['type'] {
  return Object.hasOwn(SCHEMA_OF, type);
}

/** Whether this version of the service knows the event's type and its shape. */
export function isReadable({ type, schema }: StoredEvent): boolean {
  return isKnownType(type) && schema <= SCHEMA_OF[type];
}

/** The event was stored by a newer version of the service. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** A stored event as the domain knows it. Throws UnreadableEvent where the type, or a newer shape of it, is not known to this service. */
export function lift({ type, schema, data, stream, version }: StoredEvent): DomainEvent {
  if (!isKnownType(type))
    throw new UnreadableEvent(`event type ${type} (${stream}, version ${version}) is not known to this version of Entente`);
  if (schema > SCHEMA_OF[type])
    throw new UnreadableEvent(`${type} of shape ${schema} (${stream}, version ${version}) is newer than this version of Entente`);
  return { type, data } as DomainEvent;
}
