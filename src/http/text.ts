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

// Everything that Unicode calls a control character, but for tab and line feed. (C0, DEL and C1.)
const CONTROL_CHARACTER = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

/** What is wrong with a text, to be read after its name; undefined where nothing is. */
export function textProblem(value: unknown, { min = 1, max = Infinity, form }: TextShape): string | undefined {
  if (typeof value !== 'string') return `must be text, not ${described(value)}`;
  if (value.length > max) return `has ${value.length} characters; at most ${max} are kept`;
  if (min > 0 && value.trim().length < min) return 'is blank; leave it out or say something';
  const control = CONTROL_CHARACTER.exec(value);
  if (control !== null) return `has the control character ${codePoint(control[0])}; only line breaks (\\n) and tabs are kept`;
  if (!value.isWellFormed()) return 'has half of a character (an unpaired surrogate); send whole characters';
  return form === undefined || form.test(value) ? undefined : `must be ${form.words}, not ${described(value)}`;
}

/** What kind of JSON value it is, in plain words. */
export function described(value: unknown): string {
  if (value === null) return 'null (leave the field out instead)';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value.length <= 40 ? JSON.stringify(value) : 'this text';
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return 'an object';
  }
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
