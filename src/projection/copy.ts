import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { COLUMNS, type ColumnType, type FilledTable } from './columns.js';
import type { Row } from './row.js';

/** A table, its columns, and what is added to it in COPY's text format: a line for each row, its cells parted by tabs. */
export interface Copied {
  target: string;
  text: string;
}

/** Rows for a table of this form, whatever it is called. */
export function copyRows(name: string, form: FilledTable, rows: readonly Row[]): Copied {
  const columns = CELLS[form];
  let text = '';
  for (const row of rows) {
    let apart = '';
    for (const [column, write] of columns) {
      const value = row[column];
      text += value === null || value === undefined ? `${apart}\\N` : apart + write(value);
      apart = '\t';
    }
    text += '\n';
  }
  return { target: `${name} (${columns.map(([column]) => column).join(', ')})`, text };
}

/** The fastest way to add rows; none of them may be there already. */
export async function copyInto(client: PoolClient, target: string, parts: readonly Buffer[]): Promise<void> {
  await pipeline(Readable.from(parts), client.query(from(`copy ${target} from stdin`)));
}

type Cell = NonNullable<Row[string]>;
type Write = (value: Cell) => string;

const WRITE: Record<ColumnType, Write> = {
  bigint: String,
  int: String,
  boolean: String,
  date: String,
  timestamptz: String,
  text: (value) => escaped(value as string),
  'text[]': (value) => arrayOf(value as readonly string[]),
};

/** How each cell of a table is written. */
const CELLS = Object.fromEntries(
  Object.entries(COLUMNS).map(([form, columns]) => [form, Object.entries<ColumnType>(columns).map(([name, type]) => [name, WRITE[type]])]),
) as Record<FilledTable, [column: string, Write][]>;

const SPECIAL = /[\\\n\r\t]/;
const EACH_SPECIAL = /[\\\n\r\t]/g;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(EACH_SPECIAL, (special) => ESCAPED[special]!) : text;
}

const SPECIAL_WITHIN = /[\\\n\r\t"]/;
const EACH_SPECIAL_WITHIN = /[\\\n\r\t"]/g;
/** What COPY reads as what an array literal escapes. */
const ESCAPED_WITHIN: Record<string, string> = { ...ESCAPED, '\\': '\\\\\\\\', '"': '\\\\"' };

function arrayOf(values: readonly string[]): string {
  let text = '{';
  for (const value of values) {
    if (text.length > 1) text += ',';
    text += `"${SPECIAL_WITHIN.test(value) ? value.replace(EACH_SPECIAL_WITHIN, (special) => ESCAPED_WITHIN[special]!) : value}"`;
  }
  return `${text}}`;
}
