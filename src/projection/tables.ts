import type { QueryConfig, QueryResult } from 'pg';
import type { StoredEvent } from '../event-store/event-store.js';
import { int4Array, int8Array, textArray } from '../postgres/binary-array.js';
import type { Batch, NewBelief } from './batch.js';
import { BELIEVED, COLUMNS, type Columns, type ColumnType, type FilledTable } from './columns.js';
import { tableIn, type Generation } from './generation.js';
import { arrayLiteral, type Row } from './row.js';
import { recordedRows, rowsAfter, unknownRows } from './rows.js';

/** What becomes of a row that is there already. */
const OTHERWISE: Partial<Record<FilledTable, string>> = {
  leans: 'on conflict do nothing',
  resting: 'on conflict do nothing',
  correction: 'on conflict do nothing',
  recorded: 'on conflict (recorded_at) do update set position = excluded.position',
  unknown: 'on conflict (type) do update set events = t.events + excluded.events',
};

/** Closes what each new belief takes the place of, then adds them and all that follows from them and from these events. */
export function writing(batch: Batch, events: readonly StoredEvent[], generation: Generation = 'live'): QueryConfig[] {
  const replacing = batch.newBeliefs.filter(({ replaces }) => replaces !== undefined);
  const rows = Object.entries(rowsAfter(batch, events));
  return [...closing(replacing, generation), ...rows.flatMap(([table, added]) => adding(table as FilledTable, added, generation))];
}

/** Adds rows in one statement, a column at a time. */
function adding(table: FilledTable, rows: readonly Row[], generation: Generation): QueryConfig[] {
  if (rows.length === 0) return [];
  const columns: Columns = COLUMNS[table];
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const sent = types.map((type, i) => `$${i + 1}::${type === 'bigint' || type === 'int' ? type : 'text'}[]`);
  const read = names.map((name, i) => (types[i] === 'text' ? name : `${name}::${types[i]}`));
  const target = `${tableIn(generation, table)} as t (${names.join(', ')})`;
  const values = names.map((name, i) =>
    array(
      types[i]!,
      rows.map((row) => row[name] ?? null),
    ),
  );
  const text = `insert into ${target} select ${read.join(', ')} from unnest(${sent.join(', ')}) r (${names.join(', ')}) ${OTHERWISE[table] ?? ''}`;
  return [{ name: `insert_${generation}_${table}`, text, values }];
}

function array(type: ColumnType, values: readonly Row[string][]): Buffer {
  switch (type) {
    case 'bigint':
      return int8Array(values as (bigint | null)[]);
    case 'int':
      return int4Array(values as (number | null)[]);
    case 'text':
    case 'date':
    case 'timestamptz':
      return textArray(values as (string | null)[]);
    case 'boolean':
      return textArray(values.map((value) => (value === null ? null : String(value))));
    case 'text[]':
      return textArray(values.map((value) => arrayLiteral(value as readonly string[])));
  }
}

/** Ends the stored beliefs that these take the place of, with all that follows from them. */
function closing(beliefs: readonly NewBelief[], generation: Generation): QueryConfig[] {
  if (beliefs.length === 0) return [];
  const values = [textArray(beliefs.map(({ belief }) => belief.record.id)), int8Array(beliefs.map(({ from }) => from))];
  return BELIEVED.map(([table, id]) => ({
    name: `close_${generation}_${table}`,
    text: `update ${tableIn(generation, table)} t set known_to = n.at from unnest($1::text[], $2::bigint[]) n (id, at) where t.${id} = n.id and t.known_to is null`,
    values,
  }));
}

/**
 * Moves the checkpoint from `after` past these events, in the transaction of their rows, with when they were recorded and how many of them nobody
 * knows. The last of these statements changes one row, or none where another projector was quicker.
 */
export function movingCheckpoint(events: readonly StoredEvent[], after: bigint, generation: Generation = 'live'): QueryConfig[] {
  const { position, id, recordedAt } = events.at(-1)!;
  const table = tableIn(generation, 'checkpoint');
  return [
    ...adding('recorded', recordedRows(events), generation),
    ...adding('unknown', unknownRows(events), generation),
    {
      text: `update ${table} set position = $1, event = $2, recorded_at = $3, moved_at = clock_timestamp() where position = $4`,
      values: [position, id, recordedAt, after],
    },
  ];
}

/** Takes what the last statement of `movingCheckpoint` was answered. */
export function mustHaveMoved(result: QueryResult | undefined): void {
  if (result?.rowCount !== 1) throw new Error('another projector moved the checkpoint');
}
