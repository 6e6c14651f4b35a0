import { readCitation, type Citation, type CitationInput } from './citation.js';
import type { Desk } from './desk.js';
import { compact, fileNews, Reading, type NewsStepInput } from './filing.js';
import { readLink, type Link } from './link.js';
import type { NewsStep, RecordOnFile } from './record.js';
import { reject } from './rejection.js';
import type { Decision } from './step.js';

export interface CiteSource extends CitationInput {
  command: 'CiteSource';
  record: string;
  reason?: string;
}

export interface LinkRecords extends Link, NewsStepInput {
  command: 'LinkRecords';
  record: string;
}

export interface RaiseQuery extends NewsStepInput {
  command: 'RaiseQuery';
  record: string;
  question: string;
}

export interface AnswerQuery extends NewsStepInput {
  command: 'AnswerQuery';
  record: string;
  n: number;
  answer: string;
}

/** The same place in the same source says nothing new, whoever attributes it to whom. */
export function citeSource(command: CiteSource, record: RecordOnFile, desk: Desk): Decision {
  const { source, locator, attribution, anonymity, statedAs, reason } = command;
  if (record.kind === 'source')
    reject('field-invalid', 'a source cites nothing; cite it from a statement, sanction, meeting or action', '/record');
  const already = citedIn(record, (citation) => citation.source === source && citation.locator === locator);
  if (already !== undefined) return { already };
  const citation = readCitation({ source, locator, attribution, anonymity, statedAs }, desk, '');
  return { events: [{ type: 'SourceCited', data: compact({ ...citation, reason }) }] };
}

/** The version of the event that already cites it. */
function citedIn({ filed, steps, cited }: RecordOnFile, same: (citation: Citation) => boolean): number | undefined {
  if (filed.type !== 'SourceRegistered' && filed.data.citations.some(same)) return 1;
  const later = steps.find(({ data }) => data.citations.some(same)) ?? cited.find(({ citation }) => same(citation));
  return later?.version;
}

export function linkRecords(command: LinkRecords, record: RecordOnFile, desk: Desk): Decision {
  const { rel, to, degree, certainty, note } = command;
  const already = record.links.find((link) => link.rel === rel && link.to === to);
  if (already !== undefined) return { already: already.version };
  const reading = new Reading();
  const link = reading.field(() => readLink({ rel, to, degree, certainty, note }, record.id, desk, ''));
  const news = fileNews(reading, command, desk);
  reading.done();
  return { events: [{ type: 'RecordsLinked', data: compact({ ...link, ...news }) }] };
}

export function raiseQuery(command: RaiseQuery, record: RecordOnFile, desk: Desk): Decision {
  const { question } = command;
  const already = record.queries.find((query) => query.question === question && query.answer === undefined);
  if (already !== undefined) return { already: already.version };
  return { events: [{ type: 'QueryRaised', data: { question, ...readNews(command, desk) } }] };
}

export function answerQuery(command: AnswerQuery, record: RecordOnFile, desk: Desk): Decision {
  const { n, answer } = command;
  const query = record.queries.find((q) => q.n === n);
  if (query === undefined) reject('step-unknown', `${record.id} has no query ${n}; it has ${record.queries.length}, numbered from 1`, '/n');
  if (query.answer?.text === answer) return { already: query.answer.version };
  return { events: [{ type: 'QueryAnswered', data: { n, answer, ...readNews(command, desk) } }] };
}

function readNews(command: NewsStepInput, desk: Desk): NewsStep {
  const reading = new Reading();
  const news = fileNews(reading, command, desk);
  reading.done();
  return compact(news);
}
