import { partiesSpoken } from '../actor.js';
import type { Rel } from '../link.js';
import { belongingsOf, citationsOf, linksOf, primaryParties, type Kind, type RecordOnFile } from '../record.js';
import { dateLeans, redate } from '../redate.js';
import { isLeadOnly } from '../source/source.events.js';
import type { Verdict } from '../statement/statement.events.js';
import type { Day } from '../time.js';
import { hasScores } from './moves.js';
import type { Profile } from './score-profile.js';

export type Support = 'none' | 'onRecord' | 'corroborated' | 'confirmed';

/** How well a record is supported; derived, never filed. */
export interface Status {
  support: Support;
  disputed: boolean;
  questioned: boolean;
  /** The latest assessment other than "questioned". */
  verdict?: Exclude<Verdict, 'questioned'>;
  retracted: boolean;
}

/** A live link from another record, with what is needed to weigh it. */
export interface Inbound {
  from: string;
  n: number;
  rel: Rel;
  kind: Kind;
  /** The latest day on which the linking record can have happened; null for a source. */
  on: Day | null;
  /** The parties for which the linking statement speaks. */
  speaksFor: string[];
  aspect?: string;
}

/** When an event was recorded, where, and by whom; one for each version. */
export interface Entry {
  position: string;
  recordedAt: string;
  by: string;
  type: string;
}

/** A source that stands, with the group within which it is no second witness (itself, where it has none). */
export interface Witness {
  source: string;
  group: string;
}

/**
 * What the newsroom believed about one record from one position on: the record as known then, its dates as those it leans on made them, and
 * what follows from its links. What follows from its sources is seen only with them (`supported`): so a grade changes no belief.
 */
export interface Held {
  record: RecordOnFile;
  status: Omit<Status, 'support'>;
  linkedFrom: Inbound[];
  /** Why its links make its moves count for nothing; null where they do not. */
  muted: string | null;
  entries: Entry[];
}

/** What was believed about a record, with what stands behind it. */
export interface Belief extends Held {
  status: Status;
  /** Why its moves count for nothing; null where they count. */
  muted: string | null;
  /** The sources that stand behind it. */
  sources: Witness[];
}

/** What surrounds a record: the records that it links to or leans on, and those that link to it; their dates as they are believed. */
export interface Surroundings {
  onFile(id: string): RecordOnFile | undefined;
  linking: readonly RecordOnFile[];
}

/** Puts a record into its surroundings. Pure; its dates are as stored or as believed before. */
export function believe(onFile: RecordOnFile, around: Surroundings, entries: Entry[], profile: Profile): Held {
  const record = redate(onFile, (id) => around.onFile(id));
  const linkedFrom = around.linking.flatMap((other) => inboundFrom(other, record));
  const verdict = record.assessed.findLast(({ data }) => data.verdict !== 'questioned')?.data.verdict as Status['verdict'];
  const status = {
    disputed: [...liveLinks(record, around), ...linkedFrom].some(({ rel }) => rel === 'denies' || rel === 'contradicts'),
    questioned: record.assessed.some(({ data }) => data.verdict === 'questioned'),
    ...(verdict !== undefined && { verdict }),
    retracted: record.retracted !== undefined,
  };
  return { record, status, linkedFrom, muted: mutedBy(record, around, profile), entries };
}

/** The belief with the sources on file that it cites, as they were known at the same moment. Pure. */
export function supported(held: Held, sourceOnFile: (id: string) => RecordOnFile | undefined): Belief {
  const { record, linkedFrom } = held;
  const sources = witnessesOf(record, sourceOnFile);
  const support = record.kind === 'source' ? (stands(record) ? 'onRecord' : 'none') : supportOf(record, sources, linkedFrom);
  const muted = support === 'none' ? UNSUPPORTED : held.muted;
  return { ...held, status: { support, ...held.status }, muted, sources };
}

const UNSUPPORTED = 'no source supports it';

/** What else must be looked at again, or is asked for, when one of these ids changes: its sources, its links, the dates it leans on. */
export function leansOn(record: RecordOnFile): { on: string; why: string }[] {
  return [
    ...citationsOf(record).map(({ source }) => ({ on: source, why: 'cites' })),
    ...record.links.map(({ to, rel }) => ({ on: to, why: rel })),
    ...dateLeans(record).map((on) => ({ on, why: 'date' })),
  ];
}

/** Links that nobody removed, and whose two ends are on file and not retracted. */
function liveLinks(record: RecordOnFile, around: Surroundings): RecordOnFile['links'] {
  if (record.retracted !== undefined) return [];
  return linksOf(record).filter(({ to }) => isThere(around.onFile(to)));
}

function isThere(record: RecordOnFile | undefined): boolean {
  return record !== undefined && record.retracted === undefined;
}

function inboundFrom(other: RecordOnFile, { id, retracted }: RecordOnFile): Inbound[] {
  if (retracted !== undefined || other.retracted !== undefined) return [];
  const said = other.filed.type === 'StatementMade' ? other.filed.data : undefined;
  const on = other.filed.type === 'SourceRegistered' ? null : other.filed.data.occurred.latest;
  return linksOf(other)
    .filter((link) => link.to === id)
    .map(({ n, rel }) => ({
      from: other.id,
      n,
      rel,
      kind: other.kind,
      on,
      speaksFor: said === undefined ? [] : partiesSpoken(said.speakers),
      ...(said?.aspect !== undefined && { aspect: said.aspect }),
    }));
}

/** A source that is neither withdrawn, nor retracted, nor a mere lead. */
export function stands(source: RecordOnFile): boolean {
  const grade = source.graded.at(-1)?.data;
  return source.withdrawn === undefined && source.retracted === undefined && !(grade !== undefined && isLeadOnly(grade));
}

/** The group within which a source is no second witness. */
export function groupOf(source: RecordOnFile): string {
  return (source.filed.type === 'SourceRegistered' ? source.filed.data.independenceGroup : undefined) ?? source.id;
}

function supportOf(record: RecordOnFile, sources: readonly Witness[], linkedFrom: readonly Inbound[]): Support {
  const groups = new Set(sources.map(({ group }) => group));
  if (groups.size === 0) return 'none';
  const parties = primaryParties(record);
  const confirmed = linkedFrom.some(({ rel, speaksFor }) => rel === 'confirms' && speaksFor.some((party) => parties.includes(party)));
  const accounts = linkedFrom.filter(({ rel, aspect }) => rel === 'about' && aspect === 'account').flatMap(({ speaksFor }) => speaksFor);
  const bothSides = belongingsOf(record).some(
    ({ key, role }) => role === 'primary' && key.split('-').every((party) => accounts.includes(party)),
  );
  if (confirmed || bothSides) return 'confirmed';
  return groups.size >= 2 ? 'corroborated' : 'onRecord';
}

function witnessesOf(record: RecordOnFile, sourceOnFile: (id: string) => RecordOnFile | undefined): Witness[] {
  const cited = new Set(citationsOf(record).map(({ source }) => source));
  return [...cited].flatMap((source) => {
    const onFile = sourceOnFile(source);
    return onFile?.kind === 'source' && stands(onFile) ? [{ source, group: groupOf(onFile) }] : [];
  });
}

/** A move counts 0 where its record repeats or summarises another, or is part of one that is scored itself. */
function mutedBy(record: RecordOnFile, around: Surroundings, profile: Profile): string | null {
  for (const { rel, to } of liveLinks(record, around)) {
    if (rel === 'repeats' || rel === 'summarises') return `${rel} ${to}`;
    if (rel === 'partOf' && hasScores(around.onFile(to)!, profile)) return `partOf ${to}`;
  }
  return null;
}
