import type { NewsStep, RecordOnFile } from '../record.js';
import type { Decision } from '../step.js';
import type { Desk } from '../desk.js';
import { compact, fileNews, readReason, Reading, saysTheSame, type NewsStepInput } from '../filing.js';
import { reject } from '../rejection.js';
import { readAsOf } from '../time.js';
import type { Grade, SourceFields, SourceFiling } from './source.events.js';

export interface RegisterSource extends SourceFields {
  command: 'RegisterSource';
  id?: string;
}

export interface GradeSource extends NewsStepInput, Pick<Grade, 'reliability' | 'credibility'> {
  command: 'GradeSource';
  record: string;
}

export interface WithdrawSource extends NewsStepInput {
  command: 'WithdrawSource';
  record: string;
}

export function registerSource(command: RegisterSource, reading = new Reading()): SourceFiling {
  const { publisher, title, url, publishedAt, retrievedAt, language, independenceGroup, topics, note } = command;
  const fields: SourceFields = { publisher, title, url, publishedAt, retrievedAt, language, independenceGroup, topics, note };
  for (const name of ['publishedAt', 'retrievedAt'] as const) {
    const value = fields[name];
    if (value !== undefined) reading.field(() => readAsOf(value, `/${name}`));
  }
  if (publisher === undefined && title === undefined && url === undefined)
    reading.field(() =>
      reject(
        'field-invalid',
        'a source is known by its publisher, title or url, for example {"title": "…", "publishedAt": "2026-01-08"}',
        '/title',
      ),
    );
  reading.done();
  return { type: 'SourceRegistered', data: compact(fields) };
}

export function gradeSource(command: GradeSource, source: RecordOnFile, desk: Desk): Decision {
  const { reliability, credibility } = command;
  const data: Grade = { ...readNews(command, desk), reliability, credibility };
  const last = source.graded.at(-1);
  return last !== undefined && saysTheSame(last.data, data) ? { already: last.version } : { events: [{ type: 'SourceGraded', data }] };
}

export function withdrawSource(command: WithdrawSource, source: RecordOnFile, desk: Desk): Decision {
  const data = readNews(command, desk);
  return source.withdrawn !== undefined ? { already: source.withdrawn.version } : { events: [{ type: 'SourceWithdrawn', data }] };
}

/** What both must say: why. */
function readNews(command: NewsStepInput, desk: Desk): NewsStep & { reason: string } {
  const reading = new Reading();
  const news = { ...fileNews(reading, command, desk), reason: reading.field(() => readReason(command.reason)) };
  reading.done();
  return compact(news);
}
