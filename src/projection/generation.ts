/**
 * The tables under the views that are made from the log, and nothing else: those that answer, or the next ones, which are built beside
 * them; or what the log is read into before that, without what makes tables safe and quick to ask.
 */
export type Generation = 'live' | 'next' | 'filling';

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
  'parked',
  'unknown',
  'checkpoint',
] as const;
export type TableName = (typeof TABLES)[number];

/** SQL: the name of a table in a generation. */
export function tableIn(generation: Generation, name: TableName): string {
  return generation === 'live' ? `view.${name}` : `view.${generation}_${name}`;
}
