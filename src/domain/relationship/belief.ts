import { partiesSpoken } from '../actor.js';
import type { Rel } from '../link.js';
import { belongingsOf, citationsOf, primaryParties, type Kind, type RecordOnFile } from '../record.js';
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

/** A source that neither was withdrawn nor is a mere lead. */
export interface Witness {
  source: string;
  group: string;
}

/** What the newsroom believed about one record from one position on: the record as known then, and what follows from its surroundings. */
export interface Belief {
  record: RecordOnFile;
  status: Status;
  linkedFrom: Inbound[];
  /** Why its moves count for nothing; null where they count. */
  muted: string | null;
  /** The sources that stand behind it, each with the group within which it is no second witness (itself, where it has none). */
  sources: Witness[];
  entries: Entry[];
}

/** What surrounds a record: the sources it cites, the records it links to, and those that link to it. */
export interface Surroundings {
  onFile(id: string): RecordOnFile | undefined;
  linking: readonly RecordOnFile[];
}

/** Puts a record into its surroundings. Pure. */
export function believe(record: RecordOnFile, around: Surroundings, entries: Entry[], profile: Profile): Belief {
  const linkedFrom = around.linking.flatMap((other) => inboundFrom(other, record.id));
  const sources = witnessesOf(record, around);
  const support = record.kind === 'source' ? sourceSupport(record) : supportOf(record, sources, linkedFrom);
  const verdict = record.assessed.findLast(({ data }) => data.verdict !== 'questioned')?.data.verdict as Status['verdict'];
  const status: Status = {
    support,
    disputed: [...liveLinks(record, around), ...linkedFrom].some(({ rel }) => rel === 'denies' || rel === 'contradicts'),
    questioned: record.assessed.some(({ data }) => data.verdict === 'questioned'),
    ...(verdict !== undefined && { verdict }),
    retracted: false,
  };
  return { record, status, linkedFrom, muted: mutedBy(record, around, support, profile), sources, entries };
}

/** The ids whose change can change what is believed of this record. */
export function leansOn(record: RecordOnFile): { on: string; why: string }[] {
  const dates = record.filed.type === 'SourceRegistered' ? [] : [record.filed.data.occurred, ...record.steps.map((step) => step.data.on)];
  return [
    ...citationsOf(record).map(({ source }) => ({ on: source, why: 'cites' })),
    ...record.links.map(({ to, rel }) => ({ on: to, why: rel })),
    ...dates.flatMap(({ relativeTo }) => (relativeTo === undefined ? [] : [{ on: relativeTo.record, why: 'date' }])),
  ];
}

/** Links whose other end is on file. */
function liveLinks(record: RecordOnFile, around: Surroundings): RecordOnFile['links'] {
  return record.links.filter(({ to }) => around.onFile(to) !== undefined);
}

function inboundFrom(other: RecordOnFile, to: string): Inbound[] {
  const said = other.filed.type === 'StatementMade' ? other.filed.data : undefined;
  const on = other.filed.type === 'SourceRegistered' ? null : other.filed.data.occurred.latest;
  return other.links
    .filter((link) => link.to === to)
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

function sourceSupport(source: RecordOnFile): Support {
  return stands(source) ? 'onRecord' : 'none';
}

/** A source that is neither withdrawn nor a mere lead. */
function stands(source: RecordOnFile): boolean {
  const grade = source.graded.at(-1)?.data;
  return source.withdrawn === undefined && !(grade !== undefined && isLeadOnly(grade));
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

function witnessesOf(record: RecordOnFile, around: Surroundings): Witness[] {
  const cited = new Set(citationsOf(record).map(({ source }) => source));
  return [...cited].flatMap((source) => {
    const onFile = around.onFile(source);
    if (onFile?.filed.type !== 'SourceRegistered' || !stands(onFile)) return [];
    return [{ source, group: onFile.filed.data.independenceGroup ?? source }];
  });
}

/** A move counts 0 where its record has no support, repeats or summarises another, or is part of one that is scored itself. */
function mutedBy(record: RecordOnFile, around: Surroundings, support: Support, profile: Profile): string | null {
  if (support === 'none') return 'no source supports it';
  for (const { rel, to } of liveLinks(record, around)) {
    if (rel === 'repeats' || rel === 'summarises') return `${rel} ${to}`;
    if (rel === 'partOf' && hasScores(around.onFile(to)!, profile)) return `partOf ${to}`;
  }
  return null;
}
