import { readCitation } from '../domain/citation.js';
import { decideFiling, decideOnRecord, kindOf, type FilingCommand } from '../domain/decider.js';
import type { Desk } from '../domain/desk.js';
import { evolve } from '../domain/fold.js';
import type { DomainEvent, Filing, RecordOnFile, Step } from '../domain/record.js';
import { goodId } from '../domain/good-id.js';
import { redate } from '../domain/redate.js';
import { reject, Rejection, type Problem, type RejectionCode } from '../domain/rejection.js';
import type { Decision } from '../domain/step.js';
import type { Day } from '../domain/time.js';
import type { Agenda, Draft, Loaded, Refusal } from './agenda.js';
import type { Shapes } from './shapes.js';

/** What one draft came to: the events to store, or the version that already says so. */
export interface Decided {
  draft: Draft;
  version: number;
  events: DomainEvent[];
}

/** Rules that look at what happened to a record before: after a bad step on it they have nothing to say. */
const ABOUT_WHAT_WENT_BEFORE: ReadonlySet<RejectionCode> = new Set([
  'meeting-already-held',
  'meeting-cancelled',
  'meeting-not-scheduled',
  'sanction-not-in-force',
  'target-not-sanctioned',
  'target-id-used',
  'action-not-standing',
  'action-already-ended',
  'statement-not-open',
  'statement-already-settled',
  'step-unknown',
  'version-conflict',
]);

/**
 * Decides all drafts of one filing, each seeing the earlier ones; a record that is named before it is defined is decided when it is
 * first asked for. Pure: what is on file was loaded before. Names every bad draft, but not what only follows from another one.
 */
export class Sitting implements Desk {
  private readonly drafts: readonly Draft[];
  private readonly records = new Map<string, RecordOnFile>();
  private readonly newById = new Map<string, Draft>();
  private readonly deciding = new Set<string>();
  private readonly decided = new Map<Draft, Decided | 'bad'>();
  /** Records that cannot be filed, and a source that cannot be cited. */
  private readonly bad: Set<string>;
  /** Records with a bad step. */
  private readonly marred = new Set<string>();
  private readonly refusals: Refusal[];

  constructor(
    private readonly agenda: Agenda,
    private readonly loaded: ReadonlyMap<string, Loaded>,
    readonly today: Day,
    private readonly shapes: Shapes,
  ) {
    this.drafts = agenda.drafts;
    this.bad = new Set(agenda.unreadable);
    this.refusals = [...(agenda.known ?? [])];
    for (const [id, { record }] of loaded) this.records.set(id, record);
    for (const draft of this.drafts) if (draft.files && !this.newById.has(draft.id)) this.newById.set(draft.id, draft);
  }

  /** In the order of the drafts. Throws one Rejection that names everything that is wrong. */
  decideAll(): Decided[] {
    this.checkSource();
    for (const draft of this.drafts) this.decide(draft);
    const refusals = this.refusals
      .map((refusal) => ({ ...refusal, problems: refusal.problems.filter(({ consequence }) => !consequence) }))
      .filter(({ problems }) => problems.length > 0)
      .toSorted((a, b) => a.order - b.order);
    if (refusals.length > 0)
      throw new Rejection(
        refusals.flatMap(({ problems }) => problems),
        refusals[0]!.details,
      );
    return this.drafts.map((draft) => this.decided.get(draft) as Decided);
  }

  onFile(id: string, pointer: string): RecordOnFile | undefined {
    const draft = this.newById.get(id);
    if (draft !== undefined && !this.deciding.has(id)) this.decide(draft);
    if (this.bad.has(id))
      throw new Rejection({ pointer, code: 'link-target-unknown', message: `${id} could not be filed`, consequence: true });
    const record = this.records.get(id);
    return record && redate(record, (other) => this.records.get(other));
  }

  isBeingFiled(id: string): boolean {
    return this.deciding.has(id);
  }

  shapeProblems(type: Filing['type'] | Step['type'], isFirst: boolean, body: object): readonly Problem[] {
    return this.shapes.problems(type, isFirst, body);
  }

  /** Once for all that cites it. */
  private checkSource(): void {
    const { source } = this.agenda;
    if (source === undefined) return;
    try {
      readCitation({ source }, this, '');
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      this.refusals.push({ order: -1, problems: error.errors.map((problem) => ({ ...problem, pointer: '/source' })) });
      this.bad.add(source);
    }
  }

  private decide(draft: Draft): void {
    if (this.decided.has(draft)) return;
    if (draft.files) this.deciding.add(draft.id);
    try {
      this.decided.set(draft, draft.files ? this.fileNew(draft) : this.actOn(draft));
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      this.refuse(draft, error);
    } finally {
      this.deciding.delete(draft.id);
    }
  }

  private refuse(draft: Draft, { errors, details }: Rejection): void {
    const follows = (code: RejectionCode): boolean => !draft.files && this.marred.has(draft.id) && ABOUT_WHAT_WENT_BEFORE.has(code);
    const problems = errors.map((problem) => ({
      ...problem,
      pointer: draft.pointer + problem.pointer,
      ...(follows(problem.code) && { consequence: true as const }),
    }));
    this.refusals.push({ order: this.drafts.indexOf(draft), problems, details });
    this.decided.set(draft, 'bad');
    if (!draft.files) this.marred.add(draft.id);
    else if (this.newById.get(draft.id) === draft) this.bad.add(draft.id);
  }

  private fileNew(draft: Draft): Decided {
    const before = this.loaded.get(draft.id);
    if (before !== undefined) {
      if (draft.content === undefined || before.content !== draft.content)
        reject('record-already-on-file', `${draft.id} is on file with other content; choose another id, or leave "id" out`, '/id');
      return { draft, version: 1, events: [] };
    }
    if (this.newById.get(draft.id) !== draft) reject('record-already-on-file', `two entries of this article file ${draft.id}`, '/id');
    const event = decideFiling(draft.command as FilingCommand, draft.id, this);
    this.records.set(draft.id, evolve(draft.id, undefined, event));
    return { draft, version: 1, events: [event] };
  }

  private actOn(draft: Draft): Decided {
    const record = this.recordFor(draft);
    if (draft.ifVersion !== undefined && draft.ifVersion !== record.version)
      reject(
        'version-conflict',
        `${draft.id} is at version ${record.version}, not ${draft.ifVersion}: somebody changed it since it was read; read it again`,
        '',
        { expected: draft.ifVersion, actual: record.version },
      );
    const decision: Decision = decideOnRecord(draft.command as Parameters<typeof decideOnRecord>[0], record, this);
    if ('already' in decision) return { draft, version: decision.already, events: [] };
    const after = decision.events.reduce((r, event) => evolve(draft.id, r, event), this.records.get(draft.id)!);
    this.records.set(draft.id, after);
    return { draft, version: after.version, events: decision.events };
  }

  private recordFor(draft: Draft): RecordOnFile {
    const own = this.newById.get(draft.id);
    if (own !== undefined && this.drafts.indexOf(own) > this.drafts.indexOf(draft))
      reject('record-unknown', 'a step stands after the entry that files its record; move it down', '/record');
    const record = this.onFile(draft.id, '/record');
    const kind = kindOf(draft.command.command);
    if (record === undefined || (kind !== undefined && record.kind !== kind))
      reject(
        'record-unknown',
        `no ${kind ?? 'record'} is on file under "${draft.id}"; name one by its id, such as ${goodId(kind)}`,
        draft.pointer === '' ? '' : '/record',
      );
    return record;
  }
}
