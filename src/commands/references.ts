import type { Command } from '../domain/decider.js';
import type { OccurredInput } from '../domain/time.js';

/** Every field of a command in which an id may stand, for reading them all and for putting ids in place of an article's `$names`. */
interface Referring {
  record?: string;
  to?: string;
  source?: string;
  links?: { to: string }[];
  citations?: { source?: string }[];
}

const DATES = ['occurred', 'on', 'window', 'due', 'effectiveOn', 'expiresOn'] as const;
type Dated = Partial<Record<(typeof DATES)[number], OccurredInput>>;

/** The ids that a command names: what it acts on, cites, links to, or leans on. */
export function idsNamed(command: Command): string[] {
  const { record, to, source, links, citations } = command as Referring;
  const ids = [record, to, source, ...(links ?? []).map((link) => link.to), ...(citations ?? []).map((citation) => citation.source)];
  for (const name of DATES) ids.push(leansOn((command as Dated)[name]));
  return ids.filter((id) => id !== undefined);
}

/** The command with `rename` applied wherever an id stands. */
export function renameIds(command: Command, rename: (id: string) => string): Command {
  const { record, to, source, links, citations } = command as Referring;
  const dates = Object.fromEntries(
    DATES.flatMap((name) => {
      const date = (command as Dated)[name];
      return date === undefined ? [] : [[name, renameDate(date, rename)]];
    }),
  );
  return {
    ...command,
    ...dates,
    ...(record !== undefined && { record: rename(record) }),
    ...(to !== undefined && { to: rename(to) }),
    ...(source !== undefined && { source: rename(source) }),
    ...(links !== undefined && { links: links.map((link) => ({ ...link, to: rename(link.to) })) }),
    ...(citations !== undefined && {
      citations: citations.map((citation) => (citation.source === undefined ? citation : { ...citation, source: rename(citation.source) })),
    }),
  } as Command;
}

function leansOn(date: OccurredInput | undefined): string | undefined {
  return typeof date === 'object' ? date.relativeTo?.record : undefined;
}

function renameDate(date: OccurredInput, rename: (id: string) => string): OccurredInput {
  if (typeof date !== 'object' || date.relativeTo === undefined) return date;
  return { ...date, relativeTo: { ...date.relativeTo, record: rename(date.relativeTo.record) } };
}
