import { readFileSync } from 'node:fs';
import { articles, everyEntry } from './articles.js';

const page = readFileSync(new URL('../../docs/example-facts.md', import.meta.url), 'utf8');

interface Row {
  fact: string;
  entries: string[];
  file: string;
  where: string;
}

const code = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);

const rows: Row[] = page
  .split('\n')
  .filter((line) => /^\| [ABC]\d\d /.test(line))
  .map((line) => {
    const [fact = '', , entries = '', file = '', where = ''] = line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1);
    return { fact, entries: code(entries), file: code(file)[0] ?? '', where };
  });

const numbered = (letter: string, last: number): string[] =>
  Array.from({ length: last }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);

/** What a row points at: entries of the file, or the article's source. */
function pointedAt({ entries, file }: Row): (object | undefined)[] {
  const article = articles.get(file);
  return entries.map((name) => (name === 'source' ? article?.source : article?.entries.find(({ ref }) => ref === name)));
}

function holds(value: object | undefined, [name, ...rest]: string[]): boolean {
  return Object.entries(value ?? {}).some(([field, inner]) => field === name && (rest.length === 0 || holds(inner, rest)));
}

describe('the table of facts', () => {
  it('has one row for each of the 87 facts', () => {
    expect(rows.map(({ fact }) => fact)).toEqual([...numbered('A', 25), ...numbered('B', 33), ...numbered('C', 29)]);
  });

  it('names entries that exist in the file beside them', () => {
    const missing = rows.filter((row) => row.entries.length === 0 || pointedAt(row).includes(undefined));
    expect(missing.map(({ fact }) => fact)).toEqual([]);
  });

  it('names fields that at least one of those entries has', () => {
    const fields = rows.flatMap((row) =>
      code(row.where)
        .filter((name) => /^[a-z][A-Za-z.]*$/.test(name))
        .map((field) => ({ row, field })),
    );
    expect(fields.length).toBeGreaterThanOrEqual(rows.length);
    const wrong = fields.filter(({ row, field }) => !pointedAt(row).some((entry) => holds(entry, field.split('.'))));
    expect(wrong.map(({ row, field }) => `${row.fact} ${field}`)).toEqual([]);
  });

  it('leaves no entry of the files without a fact', () => {
    const named = new Set(rows.flatMap(({ entries }) => entries));
    expect(everyEntry.map(({ ref }) => ref).filter((ref) => !named.has(ref))).toEqual([]);
  });

  it('speaks only of entries that exist, also where it says how they hang together', () => {
    const refs = new Set(everyEntry.map(({ ref }) => ref));
    expect(code(page).filter((name) => name.startsWith('$') && !refs.has(name))).toEqual([]);
  });
});
