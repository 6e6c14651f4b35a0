import type { Command } from '../domain/decider.js';
import { citationsOf, type RecordOnFile } from '../domain/record.js';
import { DATE_FIELDS, type DateField, type OccurredInput } from '../domain/time.js';

/** Every field of a command in which an id may stand, for reading them all and for putting ids in place of an article's `$names`. */
interface Referring {
  record?: string;
  to?: string;
  source?: string;
  links?: { to: string }[];
  citations?: { source?: string }[];
}

type Dated = Partial<Record<DateField, OccurredInput>>;

/** The ids that a command names: what it acts on, cites, links to, or leans on. */
export function idsNamed(command: Command): string[] {
  const { record, to, source, links, citations } = command as Referring;
  const ids = [record, to, source, ...(links ?? []).map((link) => link.to), ...(citations ?? []).map((citation) => citation.source)];
  const inPatch = command.command === 'CorrectRecord' ? idsIn(command.patch).slice(0, MOST_IN_PATCH) : [];
  return [...ids, ...datesOf(command), ...inPatch].filter((id) => id !== undefined);
}

/** The records whose dates a command goes by: the one it acts on, and those that its own dates lean on. */
export function idsDated(command: Command): string[] {
  const { record } = command as Referring;
  const inPatch = command.command === 'CorrectRecord' ? idsIn(command.patch).slice(0, MOST_IN_PATCH) : [];
  return [record, ...datesOf(command), ...inPatch].filter((id) => id !== undefined);
}

/** What a record was filed by, for reading it once more: its sources, and what it was linked to at first. */
export function idsFiledBy(record: RecordOnFile): string[] {
  const links = record.filed.type === 'SourceRegistered' ? [] : (record.filed.data.links ?? []);
  return [...citationsOf(record).map(({ source }) => source), ...links.map(({ to }) => to)];
}

function datesOf(command: Command): (string | undefined)[] {
  return DATE_FIELDS.map((name) => leansOn((command as Dated)[name]));
}

const MOST_IN_PATCH = 1_000;
const IS_ID = /^[\x21-\x7e]{1,200}$/;

/** Sources and records named anywhere in a patch, whose shape nobody has checked yet. */
function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner !== 'string') return idsIn(inner);
    return (name === 'source' || name === 'record') && IS_ID.test(inner) ? [inner] : [];
  });
}

/** The command with `rename` applied wherever an id stands. */
export function renameIds(command: Command, rename: (id: string) => string): Command {
  const { record, to, source, links, citations } = command as Referring;
  const dates = Object.fromEntries(
    DATE_FIELDS.flatMap((name) => {
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
