import type { RecordOnFile } from '../record.js';
import type { Decision } from '../step.js';
import { compact, readReason, Reading, saysTheSame } from '../filing.js';
import { reject } from '../rejection.js';
import { dayOf, readDay } from '../time.js';
import type { Grade, SourceFields, SourceFiling } from './source.events.js';

export interface RegisterSource extends SourceFields {
  command: 'RegisterSource';
  id?: string;
}

export interface GradeSource extends Omit<Grade, 'reason'> {
  command: 'GradeSource';
  record: string;
  reason?: string;
}

export interface WithdrawSource {
  command: 'WithdrawSource';
  record: string;
  reason?: string;
}

export function registerSource({ command: _, id: __, ...fields }: RegisterSource): SourceFiling {
  const reading = new Reading();
  for (const name of ['publishedAt', 'retrievedAt'] as const) {
    const value = fields[name];
    if (value !== undefined) reading.field(() => readMoment(value, `/${name}`));
  }
  if (fields.publisher === undefined && fields.title === undefined && fields.url === undefined)
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

/** A day or an instant, as printed. */
function readMoment(value: string, pointer: string): void {
  readDay(/^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)) ? dayOf(value) : value, pointer);
}

export function gradeSource({ reliability, credibility, reason }: GradeSource, source: RecordOnFile): Decision {
  const data: Grade = { reliability, credibility, reason: readReason(reason) };
  const last = source.graded.at(-1);
  return last !== undefined && saysTheSame(last.data, data) ? { already: last.version } : { events: [{ type: 'SourceGraded', data }] };
}

export function withdrawSource({ reason }: WithdrawSource, source: RecordOnFile): Decision {
  if (source.withdrawn !== undefined) return { already: source.withdrawn.version };
  return { events: [{ type: 'SourceWithdrawn', data: { reason: readReason(reason) } }] };
}
