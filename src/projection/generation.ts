/** The tables under the views that are made from the log, and nothing else: those that answer, or others that are built beside them. */
export type Generation = 'live' | 'next';

export const TABLES = [
  'record_belief',
  'leans',
  'recorded',
  'correction',
  'happening',
  'move',
  'place',
  'source',
  'resting',
  'contested',
  'question',
  'checkpoint',
] as const;
export type TableName = (typeof TABLES)[number];

/** SQL: the name of a table in a generation. */
export function tableIn(generation: Generation, name: TableName): string {
  return generation === 'live' ? `view.${name}` : `view.next_${name}`;
}
