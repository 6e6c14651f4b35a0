import { dayNumber, LAST_DAY } from '../domain/day.js';
import { Columns } from './columns.js';
import type { Dictionary } from './dictionary.js';

/** In a column of days: for good; and in one of the days from which moves fade: it stands. */
export const NEVER = dayNumber(LAST_DAY) + 1;

/** What the numbers of a relationship's rows stand for. */
export interface Dictionaries {
  records: Dictionary<string>;
  texts: Dictionary<string>;
  /** Lists of sources that records cite: those of one article cite the same. */
  sources: Dictionary<readonly string[]>;
  /** Other lists of texts. */
  lists: Dictionary<readonly string[]>;
}

/** A column of a table: how SQL gives its cells as JSON, how they are read as numbers, and how these are kept. */
interface Column {
  sql: string;
  form: Int32ArrayConstructor | Float64ArrayConstructor;
  read?: (cell: never, named: Dictionaries) => number;
}

/** SQL: a day as the number of days since 1970-01-01. */
export function daysOf(column: string): string {
  return `${column} - date '1970-01-01'`;
}

const int = (sql: string): Column => ({ sql, form: Int32Array });
const position = (sql: string): Column => ({ sql, form: Float64Array });
const day = (column: string): Column => int(`coalesce(${daysOf(column)}, ${NEVER})`);
const text = (sql: string): Column => ({ sql, form: Int32Array, read: (cell: string | null, { texts }) => texts.numberOf(cell ?? '') });
const list = (sql: string): Column => ({ sql, form: Int32Array, read: (cell: string[], { lists }) => lists.numberOf(cell) });
const sources = (sql: string): Column => ({ sql, form: Int32Array, read: (cell: string[], named) => named.sources.numberOf(cell) });

/** Every row follows from a belief: of a record, from one position of the log up to, and without, another. */
const BELIEVED = {
  record: { sql: 'record', form: Int32Array, read: (cell: string, { records }) => records.numberOf(cell) },
  knownFrom: position('known_from'),
  // As it was when everything up to the position $2 was known: whatever follows is none of this reading's business.
  knownTo: {
    sql: 'case when known_to <= $2 then known_to end',
    form: Float64Array,
    read: (cell: number | null) => cell ?? Infinity,
  },
} satisfies Record<string, Column>;

/** A table of which the rows of a relationship are kept: which of its rows, its columns, and those in whose order they are kept. */
export class KeptTable<Name extends string> {
  readonly columns: Readonly<Record<Name | keyof typeof BELIEVED, Column>>;
  private readonly all: readonly Column[];

  constructor(
    readonly name: 'move' | 'place' | 'happening',
    columns: Readonly<Record<Name, Column>>,
    private readonly order: readonly NoInfer<Name>[],
    readonly only = 'true',
  ) {
    this.columns = { ...BELIEVED, ...columns };
    this.all = Object.values<Column>(this.columns);
  }

  /** SQL: a row as a JSON array of its cells. */
  get cells(): string {
    return `json_build_array(${this.all.map(({ sql }) => sql).join(', ')})`;
  }

  /** SQL: what they are kept in the order of. */
  get orderBy(): string {
    return this.order.map((name) => this.columns[name].sql).join(', ');
  }

  /** A row of numbers. */
  read(cells: readonly unknown[], named: Dictionaries): number[] {
    return this.all.map(({ read }, i) => (read === undefined ? (cells[i] as number) : read(cells[i] as never, named)));
  }

  empty(): Columns<Name | keyof typeof BELIEVED> {
    const forms = Object.fromEntries(Object.entries<Column>(this.columns).map(([name, { form }]) => [name, form]));
    return new Columns(forms as Record<Name | keyof typeof BELIEVED, Column['form']>, this.order);
  }
}

/** Moves that count while a source of their record stands; by the day from which they fade, those of the same days together. */
export const MOVES = new KeptTable(
  'move',
  {
    /** Position of the record's first event, and of the event that makes the move. */
    filed: position('filed'),
    position: position('position'),
    on: day('on_day'),
    from: text('from_party'),
    tenths: int('tenths'),
    base: day('base'),
    since: day('since'),
    until: day('until'),
    sources: sources('sources'),
  },
  ['base', 'since', 'until'],
);

/** Places of records in the lists of a state, the newest last; a topic has none. */
export const PLACES = new KeptTable(
  'place',
  {
    list: text('list'),
    primary: int(`(role = 'primary')::int`),
    items: int('items'),
    on: day('on_day'),
    position: position('position'),
    since: day('since'),
    until: day('until'),
    against: list('against'),
  },
  ['on', 'position'],
  `role <> 'topic'`,
);

/** What happened to records, in the order of the world. */
export const HAPPENINGS = new KeptTable(
  'happening',
  {
    version: int('version'),
    position: position('position'),
    earliest: day('earliest'),
    latest: day('latest'),
    /** The day by which the record itself had happened. */
    begins: day('begins'),
    retracted: int('retracted::int'),
    role: text('role'),
    kind: text('kind'),
    what: text('what'),
    parties: list('parties'),
    topics: list('topics'),
    /** What the record cites by then. */
    sources: sources('sources'),
  },
  ['latest', 'earliest', 'position'],
);

export type Moves = ReturnType<typeof MOVES.empty>;
export type Places = ReturnType<typeof PLACES.empty>;
export type Happenings = ReturnType<typeof HAPPENINGS.empty>;
