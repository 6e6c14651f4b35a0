import type { CitationInput } from '../domain/citation.js';
import { kindOf, recordOf, type Command } from '../domain/decider.js';
import type { Problem } from '../domain/rejection.js';
import type { SourceFields } from '../domain/source/source.events.js';
import type { Agenda, Draft, Refusal } from './agenda.js';
import { draftOf } from './file-command.handler.js';
import { newRecordId } from './filing-key.js';
import type { Article, ArticleEntry } from './messages.js';
import { renameIds } from './references.js';

type Key = Parameters<typeof newRecordId>[1];

/** An article made ready to be decided: every entry that could be read, with ids in place of its `$names`; a new source comes first. */
export class PreparedArticle implements Agenda {
  readonly drafts: Draft[] = [];
  readonly known: Refusal[] = [];
  readonly unreadable = new Set<string>();
  /** The article's source where it is on file. */
  readonly source: string | undefined;
  /** What an entry cites that names no source. */
  readonly cited: string;
  /** For each entry its place among the drafts; undefined where it could not be read. */
  readonly places: (number | undefined)[];
  private readonly ids = new Map<string, string>();

  constructor(
    { source, entries }: Article,
    private readonly key: Key,
  ) {
    if (typeof source === 'string') this.source = source;
    this.cited = this.prepareSource(source);
    const named = entries.map((entry, i) => this.name(entry, i));
    this.places = entries.map((entry, i) => this.prepare(entry, i, named[i]!));
  }

  private prepareSource(source: Article['source']): string {
    if (typeof source === 'string') return source;
    if ('problems' in source) {
      const id = newRecordId('source', undefined, 'source');
      this.refuse(source.problems, '/source');
      this.unreadable.add(id);
      return id;
    }
    const fields: SourceFields & { id?: string } = source;
    const draft = { ...draftOf({ command: 'RegisterSource', ...fields }, this.key, 'source'), pointer: '/source' };
    this.drafts.push(draft);
    return draft.id;
  }

  /** Notes the id behind the `$name` of an entry, a chosen one included; answers whether the name was free. */
  private name(entry: ArticleEntry, i: number): boolean {
    const { ref } = entry;
    if (ref === undefined) return true;
    if (this.ids.has(ref)) return false;
    this.ids.set(ref, 'problems' in entry ? ref : idFor(entry.command, this.key, String(i), this.ids));
    if ('problems' in entry) this.unreadable.add(ref);
    return true;
  }

  private prepare(entry: ArticleEntry, i: number, named: boolean): number | undefined {
    const pointer = `/entries/${i}`;
    if (!named) this.refuse([duplicate(entry.ref!)], pointer);
    if ('problems' in entry) {
      this.refuse(entry.problems, pointer);
      return undefined;
    }
    const command = renameIds(citing(entry.command, this.cited), (id) => this.ids.get(id) ?? id);
    const { ifVersion } = entry;
    return (
      this.drafts.push({
        ...draftOf(command, this.key, String(i)),
        ...this.idOf(entry, named),
        pointer,
        ...(ifVersion !== undefined && { ifVersion }),
      }) - 1
    );
  }

  /** A new record has the id that its name already stands for. */
  private idOf({ ref, command }: Extract<ArticleEntry, { command: Command }>, named: boolean): { id?: string } {
    return named && ref !== undefined && recordOf(command) === undefined ? { id: this.ids.get(ref)! } : {};
  }

  /** Told before what is wrong with the draft that comes next. */
  private refuse(problems: readonly Problem[], pointer: string): void {
    const order = this.drafts.length - 0.5;
    this.known.push({ order, problems: problems.map((problem) => ({ ...problem, pointer: pointer + problem.pointer })) });
  }
}

function duplicate(ref: string): Problem {
  return { pointer: '/ref', code: 'reference-duplicate', message: `two entries are called "${ref}"; give each a name of its own` };
}

/** A step's name stands for the record it acts on. */
function idFor(command: Command, key: Key, name: string, ids: ReadonlyMap<string, string>): string {
  const record = recordOf(command);
  if (record !== undefined) return ids.get(record) ?? record;
  return ('id' in command ? command.id : undefined) ?? newRecordId(kindOf(command.command)!, key, name);
}

/**
 * An entry without citations cites the article, and so does a citation that names no source. A newsroom step without citations goes by
 * none.
 */
function citing(command: Command, article: string): Command {
  const withSource = (citation: CitationInput): CitationInput => ({ ...citation, source: citation.source ?? article });
  switch (command.command) {
    case 'RegisterSource':
      return command;
    case 'CiteSource':
      return { ...command, source: command.source ?? article };
    case 'GradeSource':
    case 'WithdrawSource':
    case 'AssessStatement':
    case 'LinkRecords':
    case 'RaiseQuery':
    case 'AnswerQuery':
    case 'CorrectRecord':
    case 'RetractRecord':
    case 'ReinstateRecord':
    case 'UnlinkRecords':
      return command.citations === undefined ? command : { ...command, citations: command.citations.map(withSource) };
    case 'MakeStatement':
    case 'SettleStatement':
    case 'ImposeSanction':
    case 'AmendSanction':
    case 'LiftSanction':
    case 'ScheduleMeeting':
    case 'RescheduleMeeting':
    case 'CancelMeeting':
    case 'HoldMeeting':
    case 'TakeAction':
    case 'EndAction':
      return { ...command, citations: command.citations?.length ? command.citations.map(withSource) : [{ source: article }] };
  }
}
