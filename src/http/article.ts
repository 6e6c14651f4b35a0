import type { Caller } from '../access/roles.js';
import { mayDo } from '../access/roles.js';
import type { Article, ArticleEntry } from '../commands/messages.js';
import type { Command } from '../domain/decider.js';
import { Rejection, type Problem } from '../domain/rejection.js';
import type { SourceFields } from '../domain/source/source.events.js';
import { notAllowed } from './access.guard.js';
import { EndActionBody, TakeActionBody } from './action.controller.js';
import { invalid, problemsIn } from './body.js';
import { Choice, Example, exampleOf, isObject, Text, Whole, type BodyClass } from './fields.js';
import { COMMANDS } from './files.decorator.js';
import { CancelMeetingBody, HoldMeetingBody, MeetingHeldBody, RescheduleMeetingBody, ScheduleMeetingBody } from './meeting.body.js';

import { AnswerQueryBody, CiteSourceBody, LinkRecordsBody, RaiseQueryBody } from './record.controller.js';
import { AmendSanctionBody, ImposeSanctionBody, LiftSanctionBody } from './sanction.controller.js';
import { RegisterSourceBody } from './source.controller.js';
import { AssessStatementBody, MakeStatementBody, SettleStatementBody } from './statement.controller.js';
import { described, describedBody, form } from './text.js';

/** What only single calls do: an article brings its own source, and what goes back on a record is weighed by itself. */
type SingleCommand =
  'RegisterSource' | 'GradeSource' | 'WithdrawSource' | 'CorrectRecord' | 'RetractRecord' | 'ReinstateRecord' | 'UnlinkRecords';
export type EntryCommand = Exclude<Command['command'], SingleCommand>;

@Example({ n: 1, answer: 'The two foreign ministers' }, 'AnswerNthQuery')
export class AnswerQueryEntryBody extends AnswerQueryBody {
  @Whole({ min: 1, max: 999_999, required: true, example: 1, description: 'Number of the query' })
  n!: number;
}

/** The body of each command, by whether its entry files a new record or is a step of the one named in `record`. */
export const ENTRIES: Record<EntryCommand, { files?: BodyClass; step?: BodyClass }> = {
  MakeStatement: { files: MakeStatementBody },
  AssessStatement: { step: AssessStatementBody },
  SettleStatement: { step: SettleStatementBody },
  ImposeSanction: { files: ImposeSanctionBody },
  AmendSanction: { step: AmendSanctionBody },
  LiftSanction: { step: LiftSanctionBody },
  ScheduleMeeting: { files: ScheduleMeetingBody },
  RescheduleMeeting: { step: RescheduleMeetingBody },
  CancelMeeting: { step: CancelMeetingBody },
  HoldMeeting: { files: MeetingHeldBody, step: HoldMeetingBody },
  TakeAction: { files: TakeActionBody },
  EndAction: { step: EndActionBody },
  CiteSource: { step: CiteSourceBody },
  LinkRecords: { step: LinkRecordsBody },
  RaiseQuery: { step: RaiseQueryBody },
  AnswerQuery: { step: AnswerQueryEntryBody },
};

/** What an entry has beside the body of its command. */
@Example({ ref: '$call', command: 'MakeStatement' })
export class EntryBody {
  @Text({
    max: 65,
    form: form(/^\$[A-Za-z0-9_-]{1,64}$/, '$ and a name'),
    example: '$call',
    description: 'What stands for its record in the same article',
  })
  ref?: string;
  @Choice(Object.keys(ENTRIES), { required: true })
  command!: EntryCommand;
  @Text({ max: 100, example: '$call', description: 'The record that a step acts on: an id, or the `ref` of an entry' })
  record?: string;
  @Whole({ min: 1, max: 999_999_999, example: 3, description: 'The version that the record must have' })
  ifVersion?: number;
}

export const MOST_ENTRIES = 200;
const GOOD_ENTRIES = '[{"command": "MakeStatement", …}]';

/**
 * Reads the shape of an article; entries that cannot be read carry their problems, so that one answer names all.
 * @throws Rejection where the article as a whole has no shape; ProblemError not-allowed where an entry asks for more than the caller's role
 */
export function readArticle(sent: unknown, caller: Caller): Article {
  if (!isObject(sent))
    throw new Rejection(
      invalid('', `An article must be an object, not ${describedBody(sent)}; for example {"source": {…}, "entries": ${GOOD_ENTRIES}}`),
    );
  const { source, entries, ...others } = sent;
  const problems: Problem[] = Object.keys(others).map((name) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'field-unknown' as const,
    message: `There is no field ${JSON.stringify(name.slice(0, 60))} here; an article has source, entries`,
  }));
  if (!isObject(source) && (typeof source !== 'string' || source === '' || source.length > 100))
    problems.push(
      invalid(
        '/source',
        `"source" must be a new source or the id of one on file; for example ${JSON.stringify(exampleOf(RegisterSourceBody))}`,
      ),
    );
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_ENTRIES)
    problems.push(invalid('/entries', `"entries" must be a list of 1 to ${MOST_ENTRIES} entries; for example ${GOOD_ENTRIES}`));
  if (problems.length > 0) throw new Rejection(problems);
  return { source: readSource(source), entries: (entries as unknown[]).map((entry) => readEntry(entry, caller)) };
}

function readSource(sent: unknown): Article['source'] {
  if (typeof sent === 'string') return sent;
  const problems = problemsIn(RegisterSourceBody, sent);
  return problems.length > 0 ? { problems } : (sent as SourceFields & { id?: string });
}

function readEntry(sent: unknown, caller: Caller): ArticleEntry {
  if (!isObject(sent))
    return { problems: [invalid('', `An entry must be an object, not ${described(sent)}; for example {"command": "MakeStatement", …}`)] };
  const { ref, command, record, ifVersion, ...fields } = sent;
  const problems = problemsIn(EntryBody, { ref, command, record, ifVersion });
  const named = typeof ref === 'string' ? { ref } : {};
  if (problems.some(({ pointer }) => pointer === '/command')) return { ...named, problems };
  const entry = command as EntryCommand;
  const { needs } = COMMANDS[entry];
  if (!mayDo(caller.role, needs)) throw notAllowed(needs, caller.role, `The command ${entry}`);
  problems.push(...bodyProblems(entry, record, fields));
  if (problems.length > 0) return { ...named, problems };
  const step = record === undefined ? {} : { record };
  const expects = ifVersion === undefined ? {} : { ifVersion: ifVersion as number };
  return { ...named, ...expects, command: { ...fields, ...step, command: entry } as Command };
}

function bodyProblems(command: EntryCommand, record: unknown, fields: object): Problem[] {
  const { files, step } = ENTRIES[command];
  const body = record === undefined ? files : step;
  if (body !== undefined) return problemsIn(body, fields);
  if (files !== undefined)
    return [
      { pointer: '/record', code: 'field-unknown', message: `${command} files a new record, so it names none in "record"` },
      ...problemsIn(files, fields),
    ];
  return [invalid('/record', `${command} names the record it acts on; for example "record": "$call"`), ...problemsIn(step!, fields)];
}
