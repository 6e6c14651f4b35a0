import { jsonEvent, type EventData, type JSONType } from '@kurrent/kurrentdb-client';
import type { EventMetadata, IdempotencyKey, StoredEvent } from '../event-store.js';

/** What the metadata of a record's event hold in KurrentDB; `filed` are those it was filed with. */
export interface Envelope {
  schema: number;
  hash: string;
  /** ISO 8601 in milliseconds: the server's own time comes back in whole seconds. */
  recordedAt: string;
  key?: IdempotencyKey;
  filed: EventMetadata;
  /** Made for each call of append, so that a call can tell its own events from those that another stored before it. */
  attempt?: string;
  /** Where it stands, if its filing has several events. */
  part?: Part;
  /** At the last event of an append: those of its filing that go to other streams, which are all new. */
  carries?: Carried[];
  /** This is a copy of an event that a carrier brought into the log, at this position. */
  copyOf?: string;
  /** It came here from another log. */
  restored?: true;
}

export interface Part {
  /** Place in the filing, from 1. */
  place: number;
  /** Which of the events of its append it is, from 1, and how many there are. */
  nth: number;
  of: number;
}

export interface Carried extends Pick<StoredEvent, 'id' | 'type' | 'schema' | 'stream' | 'version' | 'data' | 'metadata' | 'hash'> {
  /** Place in the filing, from 1. */
  place: number;
}

/** What is needed of an event as the client reads it. */
export interface Recorded {
  streamId: string;
  id: string;
  type: string;
  revision: bigint;
  data: object;
  envelope: Envelope;
  commit: bigint;
}

/** An event as the client gives it. */
interface Given {
  streamId: string;
  id: string;
  type: string;
  revision: bigint;
  data: unknown;
  metadata?: unknown;
  position?: { commit: bigint };
}

/** Undefined for what is not an event of a record: a link, or what others wrote under our prefix. */
export function readRecorded(given: Given | undefined): Recorded | undefined {
  if (!given?.position || !isEnvelope(given.metadata) || typeof given.data !== 'object' || given.data === null) return undefined;
  const { streamId, id, type, revision, data, metadata: envelope, position } = given;
  return { streamId, id, type, revision, data, envelope, commit: position.commit };
}

function isEnvelope(metadata: unknown): metadata is Envelope {
  return typeof metadata === 'object' && metadata !== null && 'filed' in metadata && 'hash' in metadata && 'recordedAt' in metadata;
}

/** An event as the client takes it. */
export function toEventData(
  { id, type, data, schema, hash, recordedAt, key, metadata }: Omit<StoredEvent, 'position'>,
  rest: Pick<Envelope, 'attempt' | 'part' | 'carries' | 'copyOf' | 'restored'>,
): EventData {
  const envelope: Envelope = { schema, hash, recordedAt: recordedAt.toISOString(), ...(key && { key }), filed: metadata, ...rest };
  return jsonEvent({ id, type, data: data as JSONType, metadata: { ...envelope } });
}

/** The event itself, at its position. */
export function toStored({ id, type, revision, data, envelope }: Recorded, stream: string, position: bigint): StoredEvent {
  const { schema, hash, recordedAt, key, filed } = envelope;
  const version = Number(revision) + 1;
  return {
    id,
    type,
    schema,
    data,
    metadata: filed,
    stream,
    version,
    position,
    recordedAt: new Date(recordedAt),
    hash,
    ...(key && { key }),
  };
}
