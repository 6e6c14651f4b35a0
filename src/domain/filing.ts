import { earliestPublished, readCitations, type Citation, type CitationInput } from './citation.js';
import { mustBeShort } from './date-chain.js';
import type { Desk } from './desk.js';
import { goodId } from './good-id.js';
import { readLinks, type Link } from './link.js';
import { readParty } from './party.js';
import { whenHappened, type FiledFields, type Mention, type NewsStep, type Place } from './record.js';
import type { Quantity, Quote, RecordOnFile, WorldStep } from './record.js';
import { collect, reject, Rejection, type Problem } from './rejection.js';
import { readBelongings, type BelongingInput, type Sides } from './relationships.js';
import { readOccurred, resolveRelative, settle, type Bounds, type Occurred, type OccurredInput } from './time.js';

/** The common fields as sent; their shape was checked at the edge, their meaning is checked here. */
export interface FiledInput {
  id?: string;
  summary?: string;
  occurred?: OccurredInput;
  place?: Place;
  channel?: string;
  quotes?: Quote[];
  topics?: string[];
  citations?: CitationInput[];
  relationships?: BelongingInput[];
  quantities?: Quantity[];
  mentions?: Mention[];
  links?: Link[];
  note?: string;
}

export interface WorldStepInput {
  on?: OccurredInput;
  citations?: CitationInput[];
  summary?: string;
  reason?: string;
}

export interface NewsStepInput {
  reason?: string;
  citations?: CitationInput[];
}

/** Reads the fields of one filing and names everything that is wrong with it at once. */
export class Reading {
  /** Everything that is wrong, what is tolerated included. */
  readonly problems: Problem[] = [];
  private readonly tolerates: (problem: Problem) => boolean;

  /** `tolerates`: what is no reason to refuse it; the value of such a field is not used either. */
  constructor(tolerates: (problem: Problem) => boolean = () => false) {
    this.tolerates = tolerates;
  }

  field<T>(read: () => T): T {
    // Where a field is unreadable the value is never used: `done` throws before anything is made of it.
    return collect(this.problems, read) as T;
  }

  get failed(): boolean {
    return this.problems.some((problem) => !this.tolerates(problem));
  }

  done(): void {
    if (this.failed) throw new Rejection(this.problems.filter((problem) => !this.tolerates(problem)));
  }
}

/** The common fields of a new record. `sides` is asked only when everything else could be read. */
export function fileCommon(reading: Reading, input: FiledInput, id: string, desk: Desk, sides: () => Sides): FiledFields {
  const summary = reading.field(() => readSummary(input.summary));
  const citations = reading.field(() => readCitations(input.citations, desk));
  const occurred = reading.field(() => fileOccurred(input.occurred, '/occurred', citations ?? [], desk));
  const details = readDetails(reading, input);
  const links = reading.field(() => readLinks(input.links ?? [], id, desk));
  const linkedTo = (input.links ?? []).map(({ to }) => to);
  const relationships = reading.failed ? [] : reading.field(() => readBelongings(input.relationships, sides(), linkedTo, desk));
  return { summary, occurred, citations, relationships, ...details, links };
}

export type Details = Pick<FiledFields, 'place' | 'channel' | 'quotes' | 'topics' | 'quantities' | 'mentions' | 'note'>;

/** The optional common fields that need nothing from the desk. */
export function readDetails(reading: Reading, input: Details): Details {
  const { place, channel, quotes, topics, quantities, mentions, note } = input;
  for (const [i, { min, max }] of (quantities ?? []).entries())
    reading.field(() => {
      if (min !== undefined && max !== undefined && min > max)
        reject('field-invalid', '"min" is not above "max": "at least 83" is {"min": 83}', `/quantities/${i}/min`);
    });
  return {
    place: place && reading.field(() => ({ ...place, ...readOptionalParty(place.party, '/place/party') })),
    channel,
    quotes,
    topics,
    quantities,
    mentions: mentions?.map((mention, i) =>
      reading.field(() => ({ ...mention, ...readOptionalParty(mention.party, `/mentions/${i}/party`) })),
    ),
    note,
  };
}

/** A date that may be missing; unsettled, as `readDate`. */
export function readOptionalDate(reading: Reading, input: OccurredInput | undefined, name: string, desk: Desk): Occurred | undefined {
  return input === undefined ? undefined : reading.field(() => readDate(input, `/${name}`, desk));
}

export function readOptionalParty(party: string | undefined, pointer: string): { party?: string } {
  return party === undefined ? {} : { party: readParty(party, pointer) };
}

function readSummary(summary: string | undefined): string {
  if (summary === undefined || summary.trim() === '')
    reject('summary-missing', 'say in one sentence of your own what happened, for example "The two presidents spoke by phone"', '/summary');
  return summary;
}

/** A reason that newsroom steps must give. */
export function readReason(reason: string | undefined): string {
  if (reason === undefined || reason.trim() === '') reject('reason-missing', 'say why, for example "no evidence was presented"', '/reason');
  return reason;
}

/** When it happened, with both bounds settled: leaning on another record where it says so, else on the day of publication or filing. */
export function fileOccurred(input: OccurredInput | undefined, pointer: string, citations: readonly Citation[], desk: Desk): Occurred {
  if (input === undefined)
    reject('date-unreadable', `"${pointer.slice(1)}" says when, for example "2026-02-03", "2025-10" or "unknown"`, pointer);
  return settle(readDate(input, pointer, desk), earliestPublished(citations, desk), desk.today);
}

/** A date that is not settled: a window, a due date, the day something takes effect or expires. */
export function readDate(input: OccurredInput, pointer: string, desk: Desk): Occurred {
  const occurred = readOccurred(input, pointer);
  const { relativeTo } = occurred;
  if (relativeTo === undefined) return occurred;
  if (desk.isBeingFiled(relativeTo.record)) rejectCircle(`${pointer}/relativeTo/record`);
  const target = desk.onFile(relativeTo.record, `${pointer}/relativeTo/record`);
  if (target === undefined || target.filed.type === 'SourceRegistered')
    reject(
      'link-target-unknown',
      `no dated record is on file under "${relativeTo.record}"; lean on a statement, sanction, meeting or action, such as ${goodId()}`,
      `${pointer}/relativeTo/record`,
    );
  mustBeShort(relativeTo, (id) => desk.onFile(id, `${pointer}/relativeTo/record`), `${pointer}/relativeTo/record`);
  const { earliest, latest } = occurred;
  const said = typeof input === 'object' && input.precision ? { precision: input.precision } : {};
  return {
    ...resolveRelative(occurred, boundsOf(target, relativeTo.step, `${pointer}/relativeTo/step`), pointer),
    own: { earliest, latest, ...said },
  };
}

/** The dates at one end lean on the dates at the other, and these on them. */
export function rejectCircle(pointer: string): never {
  reject('date-circular', 'these dates lean on each other in a circle; give one of them a day of its own', pointer);
}

function boundsOf(target: RecordOnFile, version: number | undefined, pointer: string): Bounds {
  return (
    whenHappened(target, version) ??
    reject('step-unknown', `${target.id} has no step ${version} in the world; leave "step" out for the record itself`, pointer)
  );
}

export function fileStep(reading: Reading, input: WorldStepInput, desk: Desk): WorldStep {
  const citations = reading.field(() => readCitations(input.citations, desk));
  const on = reading.field(() => fileOccurred(input.on, '/on', citations ?? [], desk));
  return { on, citations, summary: input.summary, reason: input.reason };
}

/** What a newsroom step goes by. Whether it must say why is for each step to say (`readReason`). */
export function fileNews(reading: Reading, { reason, citations }: NewsStepInput, desk: Desk): NewsStep {
  return { reason, citations: citations?.length ? reading.field(() => readCitations(citations, desk)) : undefined };
}

/** What is stored: without fields that were not given; an empty optional list is the same as none. */
export function compact<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNone(value))) as T;
}

/** Whether two bodies say the same. An empty list is the same as none; what was only settled when it was filed is not compared. */
export function saysTheSame(a: unknown, b: unknown): boolean {
  if (isNone(a) && isNone(b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, i) => saysTheSame(value, b[i]));
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const filledIn = filledInWhenFiled(x, y);
  const keys = [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((key) => !filledIn.includes(key));
  return keys.every((key) => saysTheSame(x[key], y[key]));
}

/** The fields of two dates that say nothing about what was sent: where both lean on another record, or were given the day of filing. */
function filledInWhenFiled(x: Record<string, unknown>, y: Record<string, unknown>): string[] {
  if (x['own'] !== undefined && y['own'] !== undefined) return ['earliest', 'latest', 'precision', 'latestBasis'];
  // Of the words of a date that leans on another, the day that it was settled on.
  return x['latestBasis'] === 'recorded' && y['latestBasis'] === 'recorded' ? ['latest'] : ['settled'];
}

/** Whether nothing was given: an empty optional list is the same as none. */
export function isNone(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
