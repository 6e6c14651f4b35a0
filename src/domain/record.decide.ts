import { readCitation, type Citation, type CitationInput } from './citation.js';
import type { Desk } from './desk.js';
import { compact, fileNews, Reading, readReason, type NewsStepInput } from './filing.js';
import { evolve } from './fold.js';
import { mustStillFit } from './life.js';
import { readLink, type Link } from './link.js';
import { linksOf, type DomainEvent, type NewsStep, type OfStep, type RecordOnFile } from './record.js';
import { reject, Rejection } from './rejection.js';
import { stepUnknown, type Decision } from './step.js';

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

/** `n` is the number of the link in its record. */
export interface UnlinkRecords extends NewsStepInput {
  command: 'UnlinkRecords';
  record: string;
  n: number;
}

/** Without `step` (or with 1) the record itself. */
export interface RetractRecord extends NewsStepInput, OfStep {
  command: 'RetractRecord';
  record: string;
}

export interface ReinstateRecord extends NewsStepInput, OfStep {
  command: 'ReinstateRecord';
  record: string;
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
  const already = linksOf(record).find((link) => link.rel === rel && link.to === to);
  if (already !== undefined) return { already: already.version };
  const reading = new Reading();
  const link = reading.field(() => readLink({ rel, to, degree, certainty, note }, record.id, desk, ''));
  const news = fileNews(reading, command, desk);
  reading.done();
  return { events: [{ type: 'RecordsLinked', data: compact({ ...link, ...news }) }] };
}

export function unlinkRecords(command: UnlinkRecords, record: RecordOnFile, desk: Desk): Decision {
  const { n } = command;
  const link = record.links.find((one) => one.n === n);
  if (link === undefined) noneOfThem(record.id, 'link', n, record.links.length);
  if (link.removed !== undefined) return { already: link.removed };
  const { rel, to } = link;
  return { events: [{ type: 'RecordsUnlinked', data: { n, rel, to, ...readNews(command, desk) } }] };
}

/** Takes out the record, whatever leans on it, or one later step of it, where what remains still fits. */
export function retractRecord(command: RetractRecord, record: RecordOnFile, desk: Desk): Decision {
  const data = readGoingBack(command, desk);
  const { step } = data;
  const already = step === undefined ? record.retracted?.version : record.withheld.find(({ version }) => version === step)?.retracted;
  if (already !== undefined) return { already };
  const event: DomainEvent = { type: 'RecordRetracted', data };
  if (step !== undefined) {
    if (!record.steps.some(({ version }) => version === step)) stepUnknown(record, step);
    mustStillFit(record, evolve(record.id, record, event), { what: `the record without step ${step}`, pointer: '/step' });
  }
  return { events: [event] };
}

/** Puts back what was taken out; a step only where it still fits. What was never taken out stands as it was filed. */
export function reinstateRecord(command: ReinstateRecord, record: RecordOnFile, desk: Desk): Decision {
  const data = readGoingBack(command, desk);
  const { step } = data;
  const standing = step === undefined ? record.retracted === undefined : record.steps.some(({ version }) => version === step);
  if (standing) return { already: record.reinstated.findLast((before) => before.data.step === step)?.version ?? step ?? 1 };
  const event: DomainEvent = { type: 'RecordReinstated', data };
  if (step !== undefined) {
    if (!record.withheld.some(({ version }) => version === step)) stepUnknown(record, step);
    mustFitAgain(record, evolve(record.id, record, event), step);
  }
  return { events: [event] };
}

function mustFitAgain(record: RecordOnFile, after: RecordOnFile, step: number): void {
  try {
    mustStillFit(record, after, { what: `step ${step}`, version: step, pointer: '/step' });
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    reject(error.code, error.message, '/step');
  }
}

/** Why, and what: without a step the record itself, which its first event is. */
function readGoingBack(command: NewsStepInput & OfStep, desk: Desk): NewsStep & OfStep & { reason: string } {
  const reading = new Reading();
  const news = { ...fileNews(reading, command, desk), reason: reading.field(() => readReason(command.reason)) };
  reading.done();
  return compact({ step: command.step === 1 ? undefined : command.step, ...news });
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
  if (query === undefined) noneOfThem(record.id, 'query', n, record.queries.length);
  if (query.answer?.text === answer) return { already: query.answer.version };
  return { events: [{ type: 'QueryAnswered', data: { n, answer, ...readNews(command, desk) } }] };
}

const PATHS = { link: { all: 'links', first: 'links/1' }, query: { all: 'queries', first: 'queries/1/answer' } } as const;

/** Refuses the number of a link or query that the record does not have, of so many. */
function noneOfThem(id: string, what: keyof typeof PATHS, n: number, many: number): never {
  const { all, first } = PATHS[what];
  const others =
    many === 0 ? `it has none yet; POST /records/${id}/${all} makes one` : `it has ${many}, for example /records/${id}/${first}`;
  reject('step-unknown', `${id} has no ${what} ${n}; ${others}`, '/n');
}

function readNews(command: NewsStepInput, desk: Desk): NewsStep {
  const reading = new Reading();
  const news = fileNews(reading, command, desk);
  reading.done();
  return compact(news);
}
