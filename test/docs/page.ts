import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A fenced block of a page: a command, or what the command before it prints. */
export interface Block {
  language: string;
  content: string;
}

export interface Shown {
  command: string;
  prints: Block | undefined;
}

/** The address of the service in the pages. */
export const ADDRESS = 'http://127.0.0.1:3000';
export const hasCurl = spawnSync('curl', ['--version']).status === 0;

export function readPage(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The commands of a page, in its order, and what each is said to print. */
export function commandsOf(page: string): Shown[] {
  const blocks = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', content = '']) => ({
    language,
    content: content.trimEnd(),
  }));
  return blocks.flatMap(({ language, content }, i) => {
    if (language !== 'sh') return [];
    const next = blocks[i + 1];
    return [{ command: content, prints: next?.language === 'sh' ? undefined : next }];
  });
}

/** Holds an answer to what a page prints of it: fields may be left out, items of lists too, numbers are rounded. */
export function expectAsPrinted(answer: unknown, printed: unknown, path = ''): void {
  if (Array.isArray(printed)) return expectItems(answer, printed, path);
  if (typeof printed === 'number') return expectRounded(answer, printed, path);
  if (typeof printed !== 'object' || printed === null) return expect([path, answer]).toEqual([path, printed]);
  expect([path, answer]).toEqual([path, expect.any(Object)]);
  for (const [name, value] of Object.entries(printed)) expectAsPrinted((answer as Record<string, unknown>)[name], value, `${path}/${name}`);
}

function expectRounded(answer: unknown, printed: number, path: string): void {
  const decimals = String(printed).split('.')[1]?.length ?? 0;
  expect([path, typeof answer === 'number' ? Number(answer.toFixed(Math.max(decimals, 1))) : answer]).toEqual([path, printed]);
}

/** Each item that is printed is one of the answer's. */
function expectItems(answer: unknown, printed: readonly unknown[], path: string): void {
  expect([path, answer]).toEqual([path, expect.any(Array)]);
  for (const item of printed)
    if (!(answer as unknown[]).some((one) => isAsPrinted(one, item))) expect([path, answer]).toEqual([path, printed]);
}

function isAsPrinted(answer: unknown, printed: unknown): boolean {
  try {
    expectAsPrinted(answer, printed);
    return true;
  } catch {
    return false;
  }
}
