import { isSame } from '../correction.js';
import type { News, RecordOnFile, Step } from '../record.js';
import { DATE_FIELDS, type DateField, type Occurred } from '../time.js';
import type { Entry, Held } from './belief.js';

/** What each event of a record means for who sees it again. */
const WHY: Record<Step['type'] | News['type'], string> = {
  StatementSettled: 'step filed',
  SanctionAmended: 'step filed',
  SanctionLifted: 'step filed',
  MeetingRescheduled: 'step filed',
  MeetingHeld: 'step filed',
  MeetingCancelled: 'step filed',
  ActionEnded: 'step filed',
  RecordCorrected: 'corrected',
  RecordRetracted: 'retracted',
  RecordReinstated: 'reinstated',
  RecordsLinked: 'linked',
  RecordsUnlinked: 'unlinked',
  SourceCited: 'source cited',
  StatementAssessed: 'assessed',
  QueryRaised: 'query raised',
  QueryAnswered: 'query answered',
  SourceGraded: 'source graded',
  SourceWithdrawn: 'source withdrawn',
};

/** The weightiest reason is told first. */
const WEIGHT = [
  'retracted',
  'reinstated',
  'corrected',
  'step filed',
  'source retracted',
  'source withdrawn',
  'source graded',
  'source reinstated',
  'date follows',
  'unlinked',
  'linked',
];

/**
 * Why a record is seen differently, the weightiest reason first: what was done to it after a position, what became of its sources (`ofSources`), and of the records that
 * its dates lean on; only where there is none of that, what links to it, or what its links lead to. Empty where nothing that a reader
 * sees is different. Pure.
 */
export function whyChanged(before: Held, after: Held, since: bigint, ofSources: readonly string[]): string[] {
  const own = typesSince(after.entries, since).map((type) => WHY[type as keyof typeof WHY] ?? type);
  const reasons = [...own, ...ofSources, ...datesFollowed(before.record, after.record)];
  return [...new Set(reasons.length > 0 ? reasons.toSorted(weightiestFirst) : afar(before, after))];
}

function weightiestFirst(a: string, b: string): number {
  const place = (reason: string): number => {
    const found = WEIGHT.findIndex((known) => reason.startsWith(known));
    return found === -1 ? WEIGHT.length : found;
  };
  return place(a) - place(b);
}

/** What became of a source after a position, as far as it can make the source stand or fall. */
export function whySourceTurned({ entries }: Held, since: bigint): string[] {
  return typesSince(entries, since).flatMap((type) => {
    if (type === 'SourceGraded' || type === 'SourceWithdrawn') return [WHY[type]];
    return type === 'RecordRetracted' || type === 'RecordReinstated' ? [`source ${WHY[type]}`] : [];
  });
}

function typesSince(entries: readonly Entry[], since: bigint): string[] {
  return entries.filter(({ position }) => BigInt(position) > since).map(({ type }) => type);
}

type Dated = Partial<Record<DateField, Occurred>>;

/** The records with whose dates those of this one moved, while what they lean on stayed the same. */
function datesFollowed(before: RecordOnFile, after: RecordOnFile): string[] {
  const known = new Map(eventsOf(before));
  return eventsOf(after).flatMap(([version, data]) =>
    DATE_FIELDS.flatMap((name) => {
      const [was, is] = [known.get(version)?.[name], data[name]];
      if (was === undefined || is?.relativeTo === undefined || !isSame(was.relativeTo, is.relativeTo)) return [];
      return was.earliest === is.earliest && was.latest === is.latest ? [] : [`date follows ${is.relativeTo.record}`];
    }),
  );
}

function eventsOf({ filed, steps, withheld }: RecordOnFile): [version: number, dates: Dated][] {
  return [[1, filed.data as Dated], ...[...steps, ...withheld].map(({ version, data }): [number, Dated] => [version, data])];
}

/** What other records did to it. */
function afar(before: Held, after: Held): string[] {
  const [gone, come] = [linksBeside(before, after), linksBeside(after, before)];
  const links = [...(come.length > 0 ? [`linked from ${some(come)}`] : []), ...(gone.length > 0 ? [`unlinked from ${some(gone)}`] : [])];
  return links.length > 0 ? links : [...silenced(before, after), ...disputed(before, after)];
}

/** The records that link to it by links that the other does not have. */
function linksBeside({ linkedFrom }: Held, other: Held): string[] {
  const known = new Set(other.linkedFrom.map(({ from, n }) => `${from} ${n}`));
  return [...new Set(linkedFrom.filter(({ from, n }) => !known.has(`${from} ${n}`)).map(({ from }) => from))];
}

function some(records: readonly string[]): string {
  return records.length === 1 ? records[0]! : `${records.length} records`;
}

function silenced({ muted: was }: Held, { muted: is }: Held): string[] {
  if (was === is) return [];
  return [is === null ? `counts again: no longer ${was}` : `counts no more: ${is}`];
}

function disputed({ status: was }: Held, { status: is }: Held): string[] {
  if (was.disputed === is.disputed) return [];
  return [is.disputed ? 'disputed' : 'no longer disputed'];
}
