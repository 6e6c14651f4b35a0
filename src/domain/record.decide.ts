import { readCitation, type CitationInput } from './citation.js';
import type { Decision } from './step.js';
import type { Desk } from './desk.js';
import { compact } from './filing.js';
import { readLink, type Link } from './link.js';
import { citationsOf, type RecordOnFile } from './record.js';
import { reject } from './rejection.js';

export interface CiteSource extends CitationInput {
  command: 'CiteSource';
  record: string;
}

export interface LinkRecords extends Link {
  command: 'LinkRecords';
  record: string;
}

export interface RaiseQuery {
  command: 'RaiseQuery';
  record: string;
  question: string;
}

export interface AnswerQuery {
  command: 'AnswerQuery';
  record: string;
  n: number;
  answer: string;
}

export function citeSource({ command: _, record: __, ...input }: CiteSource, record: RecordOnFile, desk: Desk): Decision {
  if (record.kind === 'source') reject('field-invalid', 'a source cites nothing; cite it from a statement, sanction, meeting or action', '/record');
  const citation = readCitation(input, desk, '');
  const same = ({ source, locator }: CitationInput): boolean => source === citation.source && locator === citation.locator;
  const later = record.cited.find((cited) => same(cited.citation));
  if (later !== undefined) return { already: later.version };
  if (citationsOf(record).some(same)) return { already: record.version };
  return { events: [{ type: 'SourceCited', data: compact(citation) }] };
}

export function linkRecords({ command: _, record: __, ...input }: LinkRecords, record: RecordOnFile, desk: Desk): Decision {
  const already = record.links.find(({ rel, to }) => rel === input.rel && to === input.to);
  if (already !== undefined) return { already: already.version };
  return { events: [{ type: 'RecordsLinked', data: compact(readLink(input, record.id, desk, '')) }] };
}

export function raiseQuery({ question }: RaiseQuery, record: RecordOnFile): Decision {
  const already = record.queries.find((query) => query.question === question && query.answer === undefined);
  return already !== undefined ? { already: already.version } : { events: [{ type: 'QueryRaised', data: { question } }] };
}

export function answerQuery({ n, answer }: AnswerQuery, record: RecordOnFile): Decision {
  const query = record.queries.find((q) => q.n === n);
  if (query === undefined) reject('step-unknown', `${record.id} has no query ${n}; it has ${record.queries.length}`, '/n');
  if (query.answer?.text === answer) return { already: query.answer.version };
  return { events: [{ type: 'QueryAnswered', data: { n, answer } }] };
}
