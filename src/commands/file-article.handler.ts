import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { kindOf, recordOf, type Command } from '../domain/decider.js';
import { Rejection, type Problem } from '../domain/rejection.js';
import type { SourceFields } from '../domain/source/source.events.js';
import { DecideAndAppend, idempotencyKey, newRecordId, type KnownProblems } from './decide-and-append.js';
import { draftOf } from './file-command.handler.js';
import { FileArticle, type Article, type ArticleEntry, type ArticleFiled } from './messages.js';
import { renameIds } from './references.js';
import type { Draft } from './sitting.js';

/** An article made ready to be decided: every entry that could be read, with ids in place of its `$names`. */
interface Prepared {
  source: string;
  /** The source first, where it is new. */
  drafts: Draft[];
  /** For each entry its place among the drafts; undefined where it could not be read. */
  places: (number | undefined)[];
  known: KnownProblems;
  unreadable: Set<string>;
}

/** Files one article with all its entries, all or nothing. */
@CommandHandler(FileArticle)
export class FileArticleHandler implements ICommandHandler<FileArticle> {
  constructor(private readonly desk: DecideAndAppend) {}

  async execute({ article, request }: FileArticle): Promise<ArticleFiled> {
    const { source, drafts, places, known, unreadable } = prepare(article, idempotencyKey(request));
    const { results, replayed } = await this.desk.file(drafts, request, known, unreadable);
    const last = results.reduce((max, { position }) => (position > max ? position : max), 0n);
    return {
      source,
      results: article.entries.map(({ ref }, i) => {
        const { id, version, position } = results[places[i]!]!;
        return { ref: ref ?? null, id, version, position: position.toString() };
      }),
      position: last.toString(),
      replayed,
    };
  }
}

function prepare({ source, entries }: Article, key: Parameters<typeof draftOf>[1]): Prepared {
  const problems: (readonly [number, readonly Problem[]])[] = [];
  const drafts: Draft[] = [];
  const unreadable = new Set<string>();
  const sourceId = prepareSource(source, key, drafts, problems, unreadable);
  const ids = namesOf(entries, key, problems, unreadable);
  const places = entries.map((entry, i) => {
    const pointer = `/entries/${i}`;
    if ('problems' in entry) {
      problems.push([drafts.length - 0.5, prefixed(entry.problems, pointer)]);
      return undefined;
    }
    const command = renameIds(citing(entry.command, sourceId), (id) => ids.get(id) ?? id);
    const draft = { ...draftOf(command, key, String(i)), pointer, ...(entry.ifVersion !== undefined && { ifVersion: entry.ifVersion }) };
    const named = entry.ref === undefined ? undefined : ids.get(entry.ref);
    return drafts.push(draft.files && named !== undefined ? { ...draft, id: named } : draft) - 1;
  });
  if (drafts.length === 0) throw new Rejection(problems.flatMap(([, list]) => list));
  return { source: sourceId, drafts, places, known: problems, unreadable };
}

function prepareSource(
  source: Article['source'],
  key: Parameters<typeof draftOf>[1],
  drafts: Draft[],
  problems: (readonly [number, readonly Problem[]])[],
  unreadable: Set<string>,
): string {
  if (typeof source === 'string') return source;
  if ('problems' in source) {
    const id = newRecordId('source', undefined, 'source');
    problems.push([-1, prefixed(source.problems, '/source')]);
    unreadable.add(id);
    return id;
  }
  const fields: SourceFields & { id?: string } = source;
  const draft = { ...draftOf({ command: 'RegisterSource', ...fields }, key, 'source'), pointer: '/source' };
  drafts.push(draft);
  return draft.id;
}

/** The ids behind the `$names` of an article, chosen ids included; a name may be given once. */
function namesOf(
  entries: readonly ArticleEntry[],
  key: Parameters<typeof draftOf>[1],
  problems: (readonly [number, readonly Problem[]])[],
  unreadable: Set<string>,
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [i, entry] of entries.entries()) {
    const { ref } = entry;
    if (ref === undefined) continue;
    if (ids.has(ref)) {
      const message = `two entries are called "${ref}"; give each a name of its own`;
      problems.push([i, [{ pointer: `/entries/${i}/ref`, code: 'reference-duplicate', message }]]);
      continue;
    }
    ids.set(ref, 'problems' in entry ? ref : idFor(entry.command, key, String(i), ids));
    if ('problems' in entry) unreadable.add(ref);
  }
  return ids;
}

/** A step's name stands for the record it acts on. */
function idFor(command: Command, key: Parameters<typeof draftOf>[1], name: string, ids: ReadonlyMap<string, string>): string {
  const record = recordOf(command);
  if (record !== undefined) return ids.get(record) ?? record;
  return ('id' in command ? command.id : undefined) ?? newRecordId(kindOf(command.command)!, key, name);
}

/** An entry without citations cites the article, and so does a citation that names no source. Newsroom steps cite nothing by themselves. */
function citing(command: Command, source: string): Command {
  switch (command.command) {
    case 'CiteSource':
      return { ...command, source: command.source ?? source };
    case 'RegisterSource':
    case 'GradeSource':
    case 'WithdrawSource':
    case 'AssessStatement':
    case 'LinkRecords':
    case 'RaiseQuery':
    case 'AnswerQuery':
      return command;
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
    case 'EndAction': {
      const given = command.citations ?? [];
      return { ...command, citations: given.length === 0 ? [{ source }] : given.map((c) => ({ ...c, source: c.source ?? source })) };
    }
  }
}

function prefixed(problems: readonly Problem[], pointer: string): Problem[] {
  return problems.map((problem) => ({ ...problem, pointer: pointer + problem.pointer }));
}
