import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { COLUMNS, type Columns, type ColumnType, type FilledTable } from './columns.js';
import { arrayLiteral, type Row } from './row.js';

const SPECIAL = /[\\\n\r\t]/;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What is added to a table in COPY's text format: a line for each row, its cells parted by tabs. */
export interface Copied {
  /** The table, and its columns. */
  target: string;
  text: string;
}

/** Rows for a table of this form, whatever it is called. */
export function copyRows(name: string, form: FilledTable, rows: readonly Row[]): Copied {
  const columns: Columns = COLUMNS[form];
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const lines = rows.map((row) => names.map((column, i) => cell(row[column] ?? null, types[i]!)).join('\t'));
  return { target: `${name} (${names.join(', ')})`, text: lines.length === 0 ? '' : `${lines.join('\n')}\n` };
}

/** The fastest way to add rows; none of them may be there already. */
export async function copyInto(client: PoolClient, { target, text }: Copied): Promise<void> {
  await pipeline(Readable.from([Buffer.from(text)]), client.query(from(`copy ${target} from stdin`)));
}

function cell(value: Row[string], type: ColumnType): string {
  if (value === null) return '\\N';
  switch (type) {
    case 'bigint':
    case 'int':
    case 'boolean':
    case 'date':
    case 'timestamptz':
      return String(value);
    case 'text':
      return escaped(value as string);
    case 'text[]':
      return escaped(arrayLiteral(value as readonly string[]));
  }
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (special) => ESCAPED[special]!) : text;
}
