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
