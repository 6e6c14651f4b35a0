import { styleText } from 'node:util';

/** One piece of a page for the terminal, not yet wrapped or coloured. */
export type Piece =
  | { kind: 'gap' }
  | { kind: 'title' | 'heading' | 'text' | 'note'; text: string }
  /** A row: a short label on the left; on the right what it says, and below that where it is from. */
  | { kind: 'row'; label: string; text: string; notes?: readonly string[] };

export interface Terminal {
  /** Characters in a line. */
  width: number;
  colours: boolean;
}

type Style = 'bold' | 'dim' | 'plain';

const INDENT = 2;
const LABEL = 17;
const NARROWEST = 50;
const WIDEST = 100;
const UNKNOWN_WIDTH = 80;

export const title = (text: string): Piece => ({ kind: 'title', text });
export const heading = (text: string): Piece => ({ kind: 'heading', text });
export const gap: Piece = { kind: 'gap' };
export const text = (words: string): Piece => ({ kind: 'text', text: words });
export const note = (words: string): Piece => ({ kind: 'note', text: words });
export const row = (label: string, words: string, notes: readonly string[] = []): Piece => ({ kind: 'row', label, text: words, notes });

/** The terminal that this program writes to: no colours where it is none, or where NO_COLOR is set. */
export function thisTerminal(stream: NodeJS.WriteStream = process.stdout): Terminal {
  const width = Math.min(Math.max(stream.columns ?? UNKNOWN_WIDTH, NARROWEST), WIDEST);
  return { width, colours: styleText('bold', 'x', { stream }) !== 'x' };
}

/** The page as it is printed; every line ends with a line feed and none is longer than the terminal is wide, unless a word is. */
export function layOut(pieces: readonly Piece[], terminal: Terminal): string {
  return pieces
    .flatMap((piece) => linesOf(piece, terminal))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function linesOf(piece: Piece, terminal: Terminal): string[] {
  const { width } = terminal;
  switch (piece.kind) {
    case 'title':
      return ['', ...painted(wrap(piece.text, width), 'bold', terminal), painted(['─'.repeat(width)], 'dim', terminal)[0]!];
    case 'heading':
      return ['', ...painted(wrap(piece.text, width), 'bold', terminal)];
    case 'gap':
      return [''];
    case 'text':
      return wrap(piece.text, width);
    case 'note':
      return painted(wrap(piece.text, width), 'dim', terminal);
    case 'row':
      return rowLines(piece, terminal);
  }
}

function rowLines({ label, text: words, notes = [] }: Extract<Piece, { kind: 'row' }>, terminal: Terminal): string[] {
  const left = wrap(label, LABEL);
  const room = terminal.width - INDENT - LABEL - 1;
  const right = [
    ...wrap(words, room),
    ...painted(
      notes.flatMap((one) => wrap(one, room)),
      'dim',
      terminal,
    ),
  ];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    return `${' '.repeat(INDENT)}${(left[i] ?? '').padEnd(LABEL)} ${right[i] ?? ''}`;
  });
}

function painted(lines: readonly string[], style: Style, { colours }: Terminal): string[] {
  return colours && style !== 'plain' ? lines.map((line) => styleText(style, line, { validateStream: false })) : [...lines];
}

/** Breaks at spaces. A word that is longer than a line stays whole, so that an id or an address can be copied. */
export function wrap(words: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
