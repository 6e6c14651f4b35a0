import type { Append, AppendOutcome, IdempotencyKey, NewEvent, StoredEvent } from '../event-store.js';
import { seal, type SealedEvent } from '../event-hash.js';
import { int4Array, sha256Array, textArray, uuidArray } from '../../postgres/binary-array.js';
import type { Batchable } from './group-commit.js';

/** One event of a filing: what is stored of it, but for its position and time. */
interface PreparedEvent extends SealedEvent {
  event: NewEvent;
  stream: string;
  version: number;
  /** The version its stream must have before; only at the first event of a stream. */
  expected: number | null;
}

/** A filing with everything computed that does not depend on the log. */
export interface PreparedFiling extends Batchable {
  append: Append;
  prepared: readonly PreparedEvent[];
}

export interface AppendCall {
  /** Each text has its own name. */
  name: string;
  sql: string;
  values: Buffer[];
}

/** The row that log.append answers; see its comment in the migration. */
export interface AppendRow {
  last_position: bigint;
  recorded: Date;
  refusals: Refusal[] | null;
}

export type Refusal =
  | { filing: number; outcome: 'replayed' | 'key-reused' }
  | { filing: number; outcome: 'conflict'; stream: string; expected: number; actual: number };

// Beside its data and metadata.
const BYTES_PER_EVENT = 200;

export function prepare(append: Append): PreparedFiling {
  const { streams, key } = append;
  const prepared = streams.flatMap(({ stream, expectedVersion, events }) =>
    events.map((event, index) => {
      const version = expectedVersion + 1 + index;
      const { data, metadata, hash } = seal(event, stream, version, key);
      return { event, stream, version, expected: index === 0 ? expectedVersion : null, data, metadata, hash };
    }),
  );
  const claims = streams.map(({ stream }) => stream);
  if (key !== undefined) claims.push(key.id);
  const bytes = prepared.reduce((sum, { data, metadata }) => sum + data.length + metadata.length + BYTES_PER_EVENT, 0);
  return { append, prepared, claims, events: prepared.length, bytes };
}

/** A call of log.append with a batch, whose filings are numbered from 0. */
export function appendCall(batch: readonly PreparedFiling[]): AppendCall {
  const keyed = batch.some(({ append }) => append.key !== undefined);
  const values = keyed ? [...eventParameters(batch), ...keyParameters(batch)] : eventParameters(batch);
  const places = values.map((_, index) => `$${index + 1}`).join(', ');
  return {
    name: keyed ? 'append_with_keys' : 'append',
    sql: `select last_position, recorded, refusals from log.append(${places})`,
    values,
  };
}

function eventParameters(batch: readonly PreparedFiling[]): Buffer[] {
  const events = batch.flatMap(({ prepared }) => prepared);
  return [
    int4Array(batch.flatMap(({ prepared }, filing) => prepared.map(() => filing))),
    uuidArray(events.map(({ event }) => event.id)),
    textArray(events.map(({ stream }) => stream)),
    int4Array(events.map(({ expected }) => expected)),
    int4Array(events.map(({ version }) => version)),
    textArray(events.map(({ event }) => event.type)),
    int4Array(events.map(({ event }) => event.schema)),
    textArray(events.map(({ data }) => data)),
    textArray(events.map(({ metadata }) => metadata)),
    sha256Array(events.map(({ hash }) => hash)),
  ];
}

function keyParameters(batch: readonly PreparedFiling[]): Buffer[] {
  const keys = batch.flatMap(({ append, prepared }) => prepared.map(() => append.key));
  return [
    uuidArray(keys.map((key) => key?.id ?? null)),
    sha256Array(keys.map((key) => key?.hash ?? null)),
    int4Array(batch.flatMap(({ append, prepared }) => prepared.map((_, place) => (append.key === undefined ? null : place)))),
  ];
}

/**
 * One outcome per filing of the batch. `known`: events that were in the log before, in the order of their positions, among
 * them those of every filing that was refused as replayed.
 */
export function outcomes(batch: readonly PreparedFiling[], row: AppendRow, known: readonly StoredEvent[]): AppendOutcome[] {
  const refusals = refusalsByFiling(row);
  let position = row.last_position;
  return batch.map((filing, number) => {
    const refusal = refusals.get(number);
    if (refusal) return refused(filing, refusal, known);
    const events = filing.prepared.map((event) => toStored(event, ++position, row.recorded, filing.append.key));
    return { outcome: 'stored', replayed: false, events };
  });
}

/** The first refusal of each filing: its key counts before its versions, and its streams in the order they were given. */
function refusalsByFiling(row: AppendRow): Map<number, Refusal> {
  const first = new Map<number, Refusal>();
  for (const refusal of row.refusals ?? []) if (!first.has(refusal.filing)) first.set(refusal.filing, refusal);
  return first;
}

function refused({ append, prepared }: PreparedFiling, refusal: Refusal, known: readonly StoredEvent[]): AppendOutcome {
  const ids = new Set(prepared.map(({ event }) => event.id));
  const events = known.filter(({ id, key }) => ids.has(id) || (key !== undefined && key.id === append.key?.id));
  if (events.length > 0) return { outcome: 'stored', replayed: true, events };
  if (refusal.outcome === 'conflict') {
    return { outcome: 'conflict', stream: refusal.stream, expected: refusal.expected, actual: refusal.actual };
  }
  if (refusal.outcome === 'key-reused') return { outcome: 'key-reused' };
  throw new Error(`The filing with key ${append.key?.id} was stored, but its events are not in the log.`);
}

function toStored(
  { event: { id, type, schema, data, metadata }, stream, version, hash }: PreparedEvent,
  position: bigint,
  recordedAt: Date,
  key: IdempotencyKey | undefined,
): StoredEvent {
  const stored = { id, type, schema, data, metadata, stream, version, position, recordedAt, hash };
  return key === undefined ? stored : { ...stored, key };
}
