import { readFileSync } from 'node:fs';

/** The files and folders of the repository that a build is given: .dockerignore keeps everything out but what it names. */
export function contextFiles(): string[] {
  const [first, ...rest] = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const named = rest.map((line) => /^!([\w.-]+)$/.exec(line)?.[1]);
  if (first !== '*' || named.includes(undefined)) throw new Error('.dockerignore must be * and then !name for each that is let in');
  return named as string[];
}
