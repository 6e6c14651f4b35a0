/** What a text must look like. Lengths are in UTF-16 code units, the least one after trimming. */
export interface TextShape {
  min?: number;
  max?: number;
  /** A form that the whole text has; `words` are read after "must be": `a web address`. */
  form?: { words: string; pattern?: RegExp; test: (text: string) => boolean };
}

/** A form given by a regular expression. */
export function form(pattern: RegExp, words: string): NonNullable<TextShape['form']> {
  return { words, pattern, test: (text) => pattern.test(text) };
}

const CONTROL_CHARACTER = /\p{Cc}/u;
const OTHER_THAN_BREAK_OR_TAB = /(?![\t\n])\p{Cc}/u;

/** What is wrong with a text, to be read after its name; undefined where nothing is. */
export function textProblem(value: unknown, { min = 1, max = Infinity, form: wanted }: TextShape): string | undefined {
  if (typeof value !== 'string') return `must be text, not ${described(value)}`;
  if (value.length > max) return `has ${value.length} characters; at most ${max} are kept`;
  if (min > 0 && value.trim().length < min) return 'is blank; leave it out or say something';
  // The simple search is four times as fast, and nearly always the only one.
  const control = CONTROL_CHARACTER.test(value) ? OTHER_THAN_BREAK_OR_TAB.exec(value) : null;
  if (control !== null) return `has the control character ${codePoint(control[0])}; only line breaks (\\n) and tabs are kept`;
  if (!value.isWellFormed()) return 'has half of a character (an unpaired surrogate); send whole characters';
  return wanted === undefined || wanted.test(value) ? undefined : `must be ${wanted.words}, not ${described(value)}`;
}

/** What a JSON value is, in plain words. */
export function described(value: unknown): string {
  if (value === null) return 'null (leave the field out instead)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length <= 40 ? JSON.stringify(value) : 'this text';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'an object';
}

/** The same of a whole body, which is no field that could be left out. */
export function describedBody(value: unknown): string {
  return value === null ? 'null' : described(value);
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
