import type { NewsStep } from '../record.js';

export const RELIABILITIES = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export const CREDIBILITIES = [1, 2, 3, 4, 5, 6] as const;

/** What is kept of an article, post, transcript or document. */
export interface SourceFields {
  publisher?: string;
  title?: string;
  url?: string;
  /** A day or an instant, as printed. */
  publishedAt?: string;
  retrievedAt?: string;
  /** BCP 47. */
  language?: string;
  /** Sources of one group (wire copy) count as one when support is weighed. */
  independenceGroup?: string;
  topics?: string[];
  note?: string;
}

/** The newsroom's grade by the Admiralty code: reliability of the source (A–F), credibility of what it says (1–6). */
export interface Grade extends NewsStep {
  reliability: (typeof RELIABILITIES)[number];
  credibility: (typeof CREDIBILITIES)[number];
  reason: string;
}

export type SourceFiling =
  /** A source is on file and may be cited. */
  { type: 'SourceRegistered'; data: SourceFields };

export type SourceNews =
  /** The newsroom weighed the source; what rests on nothing but F/6 sources counts for nothing. */
  | { type: 'SourceGraded'; data: Grade }
  /** The source no longer stands; it cannot be cited any more, and what rests on it alone loses its support. */
  | { type: 'SourceWithdrawn'; data: NewsStep & { reason: string } };

export type SourceEvent = SourceFiling | SourceNews;

/** An imported lead: reliability cannot be judged and truth cannot be judged. */
export function isLeadOnly(grade: Pick<Grade, 'reliability' | 'credibility'>): boolean {
  return grade.reliability === 'F' && grade.credibility === 6;
}
