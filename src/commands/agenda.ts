import type { Command } from '../domain/decider.js';
import type { RecordOnFile } from '../domain/record.js';
import type { Problem } from '../domain/rejection.js';

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

/** What is wrong with one draft, or with what stands at its place and could not be read. */
export interface Refusal {
  /** Its place among the drafts; what could not be read stands between two. */
  order: number;
  problems: readonly Problem[];
  details?: Record<string, unknown>;
}

/** What is to be decided together. */
export interface Agenda {
  drafts: readonly Draft[];
  /** What could not be read. */
  known?: readonly Refusal[];
  /** The ids of records that could not be read. */
  unreadable?: ReadonlySet<string>;
  /** The source on file that the whole filing goes by. */
  source?: string;
}
