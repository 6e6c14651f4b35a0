import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Citation } from '../domain/citation.js';
import { lifeName } from '../domain/life.js';
import { belongingsOf, citationsOf, linksOf, type RecordOnFile, type Step, type Versioned } from '../domain/record.js';
import { leansOn, type Belief } from '../domain/relationship/belief.js';
import type { Cite } from '../domain/relationship/listing.js';
import { movesOf } from '../domain/relationship/moves.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { Day } from '../domain/time.js';
import { Beliefs } from './beliefs.js';
import { Gaps } from './gaps.js';
import { Views, type At, type Moment } from './views.js';

/** `incomplete`: something that was filed of what it is linked to is missing from what is told of it. */
type Known = Moment & { incomplete: boolean };
export type RecordView = ReturnType<typeof recordView> & Known;
export type RetractedView = ReturnType<typeof retractedView> & Known;

/** Why a record was taken out, and by whom. */
export interface Retraction {
  reason: string;
  version: number;
  recordedAt: string;
  by: string;
}

/**
 * One record as known; undefined when nothing was on file under the id. `asOf` moves `life` and `moves` only. Of a retracted one nothing is
 * told of what it said.
 */
export class RecordQuery extends Query<RecordView | RetractedView | undefined> {
  constructor(
    readonly id: string,
    readonly at: At,
    /** Whether the reader may see the editor's private remark. */
    readonly withNote: boolean,
  ) {
    super();
  }
}

@QueryHandler(RecordQuery)
export class RecordHandler implements IQueryHandler<RecordQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly gaps: Gaps,
  ) {}

  async execute({ id, at, withNote }: RecordQuery): Promise<RecordView | RetractedView | undefined> {
    const moment = await this.views.moment(at);
    const known = this.beliefs.at(moment.position);
    const [[belief]] = await Promise.all([known.ofRecords([id]), this.gaps.refuse([id], moment.position)]);
    if (belief === undefined) return undefined;
    const leant = leansOn(belief.record).map(({ on }) => on);
    const incomplete = await this.gaps.isTouched(moment.position, id, leant);
    return { ...viewOf(belief, moment.asOf, known.cite, withNote), ...moment, incomplete };
  }
}

/** One record as it is told; of a retracted one nothing of what it said. */
export function viewOf(belief: Belief, asOf: Day, cite: Cite, withNote: boolean) {
  const retracted = retractionOf(belief);
  return retracted === null ? recordView(belief, asOf, cite, withNote) : retractedView(belief, retracted);
}

/** Why the record was retracted; null where it stands. */
export function retractionOf({ record: { retracted }, entries }: Belief): Retraction | null {
  if (retracted === undefined) return null;
  const { recordedAt, by } = entries[retracted.version - 1]!;
  return { reason: retracted.data.reason, version: retracted.version, recordedAt, by };
}

function retractedView({ record, status, entries }: Belief, retracted: Retraction) {
  const { id, kind, version } = record;
  const { recordedAt, by } = entries[0]!;
  return { id, kind, version, recordedAt, by, status, retracted, relationships: relationshipsOf(record) };
}

function relationshipsOf(record: RecordOnFile): { key: string; role: string }[] {
  return belongingsOf(record).map(({ key, role }) => ({ key, role }));
}

function recordView(belief: Belief, asOf: Day, cite: Cite, withNote: boolean) {
  const { record, status, linkedFrom, entries, muted } = belief;
  return {
    id: record.id,
    kind: record.kind,
    version: record.version,
    recordedAt: entries[0]!.recordedAt,
    by: entries[0]!.by,
    status,
    life: lifeName(record, asOf),
    fields: fieldsOf(record, cite, withNote),
    relationships: relationshipsOf(record),
    links: linksOf(record).map(({ version: _, note, ...link }) => ({ ...link, ...noteFor(withNote, note) })),
    linkedFrom: linkedFrom.map(({ from, n, rel }) => ({ record: from, n, rel })),
    citations: cite(citationsOf(record)),
    assessments: record.assessed.map(({ version, data }) => ({
      version,
      ...citing(data, cite),
      recordedAt: entries[version - 1]!.recordedAt,
    })),
    grades: record.graded.map(({ version, data }) => ({ version, ...citing(data, cite), recordedAt: entries[version - 1]!.recordedAt })),
    withdrawn: record.withdrawn === undefined ? null : citing(record.withdrawn.data, cite),
    queries: record.queries.map(({ n, question, answer }) => ({ n, question, answer: answer?.text ?? null })),
    moves: movesOf(record, asOf, muted, ENTENTE_1).map(({ version, standing, until, why, ...move }) => ({
      ...move,
      version,
      standing,
      until,
      counts: why === null,
      why,
    })),
  };
}

/** The fields as filed, each later step under its name with its version. */
export function fieldsOf(record: RecordOnFile, cite: Cite, withNote: boolean): Record<string, unknown> {
  const { links: _, relationships: __, citations: ___, note, ...fields } = record.filed.data as Record<string, unknown>;
  return { ...fields, ...noteFor(withNote, note), ...stepsByName(record.steps, cite, withNote) };
}

function stepsByName(steps: readonly Versioned<Step>[], cite: Cite, withNote: boolean): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const { type, version, data } of steps) {
    const { note, ...fields }: { note?: string } & object = citing(data, cite);
    const item = { version, ...fields, ...noteFor(withNote, note) };
    const name = NAME_OF_STEP[type];
    if (REPEATED.has(name)) named[name] = [...((named[name] as unknown[] | undefined) ?? []), item];
    else named[name] = item;
  }
  return named;
}

/** What a step holds, each of its citations with its source. */
function citing<T extends { citations?: Citation[] }>(data: T, cite: Cite): T {
  return data.citations === undefined ? data : { ...data, citations: cite(data.citations) };
}

/** The editor's remark, for those who may see it. */
function noteFor(withNote: boolean, note: unknown): { note?: unknown } {
  return withNote && note !== undefined ? { note } : {};
}

const NAME_OF_STEP: Record<Step['type'], string> = {
  StatementSettled: 'settled',
  SanctionAmended: 'amended',
  SanctionLifted: 'lifted',
  MeetingRescheduled: 'rescheduled',
  MeetingHeld: 'held',
  MeetingCancelled: 'cancelled',
  ActionEnded: 'ended',
};
/** Steps that can be taken more than once stand as lists. */
const REPEATED = new Set(['rescheduled', 'amended', 'lifted']);
