import { decideFiling, decideOnRecord, kindOf, type Command, type FilingCommand } from '../domain/decider.js';
import type { Desk } from '../domain/desk.js';
import { evolve } from '../domain/fold.js';
import type { DomainEvent, RecordOnFile } from '../domain/record.js';
import { reject, Rejection, type Problem } from '../domain/rejection.js';
import type { Decision } from '../domain/step.js';
import type { Day } from '../domain/time.js';

/** One command of a filing, with the record it files or acts on. */
export interface Draft {
  command: Command;
  /** The id of the new record, or of the one it acts on. */
  id: string;
  /** Whether it files a new record. */
  files: boolean;
  /** Where it stands in the request: '' for a single command, '/entries/3' in an article. */
  pointer: string;
  ifVersion?: number;
  /** SHA-256 of the command, where the client chose the id of the record. */
  content?: string;
}

/** A record as it was loaded: `content` is what its first event was filed with, where its id was chosen. */
export interface Loaded {
  record: RecordOnFile;
  content?: string;
}

/** What one draft came to: the events to store, or the version that already says so. */
export interface Decided {
  draft: Draft;
  version: number;
  events: DomainEvent[];
}

/**
 * Decides all drafts of one filing, each seeing the earlier ones; a record that is named before it is defined is decided when it is
 * first asked for. Pure: what is on file was loaded before. Names every bad draft, but not what only follows from another one.
 */
export class Sitting implements Desk {
  readonly today: Day;
  private readonly records = new Map<string, RecordOnFile>();
  private readonly newById = new Map<string, Draft>();
  private readonly deciding = new Set<string>();
  private readonly decided = new Map<Draft, Decided | 'bad'>();
  private readonly marred = new Set<string>();
  private readonly problems = new Map<Draft, readonly Problem[]>();

  constructor(
    private readonly drafts: readonly Draft[],
    private readonly loaded: ReadonlyMap<string, Loaded>,
    today: Day,
    private readonly unreadable: ReadonlySet<string> = new Set(),
  ) {
    this.today = today;
    for (const [id, { record }] of loaded) this.records.set(id, record);
    for (const draft of drafts) if (draft.files && !this.newById.has(draft.id)) this.newById.set(draft.id, draft);
  }

  /** In the order of the drafts. Throws one Rejection that names every bad draft, `known` (bad shapes) included. */
  decideAll(known: readonly (readonly [order: number, problems: readonly Problem[]])[] = []): Decided[] {
    for (const draft of this.drafts) this.decide(draft);
    const own = this.drafts.map((draft, i) => [i, this.problems.get(draft) ?? []] as const);
    const problems = [...known, ...own].toSorted(([a], [b]) => a - b).flatMap(([, list]) => list.filter(({ consequence }) => !consequence));
    if (problems.length > 0) throw new Rejection(problems, this.details);
    return this.drafts.map((draft) => this.decided.get(draft) as Decided);
  }

  onFile(id: string, pointer: string): RecordOnFile | undefined {
    const draft = this.newById.get(id);
    if (draft !== undefined && !this.deciding.has(id)) this.decide(draft);
    if (this.unreadable.has(id) || (draft !== undefined && this.decided.get(draft) === 'bad'))
      throw new Rejection({ pointer, code: 'link-target-unknown', message: `${id} could not be filed`, consequence: true });
    return this.records.get(id);
  }

  isBeingFiled(id: string): boolean {
    return this.deciding.has(id);
  }

  private details: Record<string, unknown> = {};

  private decide(draft: Draft): void {
    if (this.decided.has(draft)) return;
    if (draft.files) this.deciding.add(draft.id);
    try {
      this.decided.set(draft, draft.files ? this.fileNew(draft) : this.actOn(draft));
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      const follows = !draft.files && this.marred.has(draft.id);
      const problems = error.errors.map((p) => ({
        ...p,
        pointer: draft.pointer + p.pointer,
        ...(follows && { consequence: true as const }),
      }));
      if (this.problems.size === 0) this.details = error.details;
      this.problems.set(draft, problems);
      this.decided.set(draft, 'bad');
      if (!draft.files) this.marred.add(draft.id);
    } finally {
      this.deciding.delete(draft.id);
    }
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
    const after = decision.events.reduce((r, event) => evolve(draft.id, r, event), record);
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
      reject('record-unknown', `no ${kind ?? 'record'} is on file under "${draft.id}"`, draft.pointer === '' ? '' : '/record');
    return record;
  }
}
