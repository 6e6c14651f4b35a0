/** A row of a table under the views: its values by column. */
export type Row = Record<string, string | number | bigint | boolean | readonly string[] | null>;

/** An array as PostgreSQL reads it from text. */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}
