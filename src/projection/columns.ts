import type { TableName } from './generation.js';

export type ColumnType = 'text' | 'bigint' | 'int' | 'date' | 'boolean' | 'text[]' | 'timestamptz';
export type Columns = Readonly<Record<string, ColumnType>>;

const KNOWN = { record: 'text', known_from: 'bigint', known_to: 'bigint' } as const;

/** The columns of the tables under the views to which rows are added; see read-models/migrations. */
export const COLUMNS = {
  record_belief: { ...KNOWN, kind: 'text', latest: 'date', body: 'text' },
  leans: { leans_on: 'text', record: 'text', why: 'text' },
  recorded: { recorded_at: 'timestamptz', position: 'bigint' },
  unknown: { type: 'text', events: 'bigint' },
  correction: { position: 'bigint', record: 'text', recorded_at: 'timestamptz', body: 'text' },
  happening: {
    ...KNOWN,
    relationship: 'text',
    version: 'int',
    position: 'bigint',
    role: 'text',
    kind: 'text',
    earliest: 'date',
    latest: 'date',
    begins: 'date',
    retracted: 'boolean',
    what: 'text',
    parties: 'text[]',
    topics: 'text[]',
    actors: 'text[]',
    sources: 'text[]',
  },
  move: {
    ...KNOWN,
    relationship: 'text',
    filed: 'bigint',
    position: 'bigint',
    on_day: 'date',
    from_party: 'text',
    tenths: 'int',
    base: 'date',
    since: 'date',
    until: 'date',
    sources: 'text[]',
  },
  place: {
    ...KNOWN,
    relationship: 'text',
    list: 'text',
    role: 'text',
    items: 'int',
    on_day: 'date',
    position: 'bigint',
    since: 'date',
    until: 'date',
    against: 'text[]',
  },
  source: { source: 'text', known_from: 'bigint', known_to: 'bigint', stands: 'boolean', witness_group: 'text' },
  resting: { source: 'text', relationship: 'text' },
  contested: { ...KNOWN, on_day: 'date', position: 'bigint', withdrawn: 'date', against: 'text[]', relationships: 'text[]' },
  question: { ...KNOWN, n: 'int', position: 'bigint', open: 'boolean', since: 'date', relationships: 'text[]' },
} as const satisfies Record<Exclude<TableName, 'checkpoint' | 'parked'>, Columns>;

export type FilledTable = keyof typeof COLUMNS;

/** The tables whose rows are so from one position on, up to another; with the column that names their record. */
export const BELIEVED = [
  ['record_belief', 'record'],
  ['happening', 'record'],
  ['move', 'record'],
  ['place', 'record'],
  ['source', 'source'],
  ['contested', 'record'],
  ['question', 'record'],
] as const satisfies (readonly [FilledTable, string])[];
