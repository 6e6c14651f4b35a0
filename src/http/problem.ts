import type { Problem, RejectionCode } from '../domain/rejection.js';

/** Codes of what is wrong with the request itself, or with the service, rather than with what is filed. */
export type HttpCode =
  | 'parameter-unknown'
  | 'parameter-invalid'
  | 'position-unknown'
  | 'body-unreadable'
  | 'not-authenticated'
  | 'not-allowed'
  | 'not-found'
  | 'key-unknown'
  | 'event-not-parked'
  | 'key-name-taken'
  | 'last-admin-key'
  | 'rebuild-running'
  | 'rebuild-not-running'
  | 'cursor-beyond-log'
  | 'body-too-large'
  | 'media-type-unsupported'
  | 'too-many-requests'
  | 'internal-error'
  | 'view-behind'
  | 'record-parked'
  | 'store-unavailable';

export type ProblemCode = RejectionCode | HttpCode;

/** Every code with the status it answers and its title: the one table behind the answers and the OpenAPI document. */
export const PROBLEMS: Record<ProblemCode, readonly [status: number, title: string]> = {
  'field-unknown': [400, 'There is no such field'],
  'field-invalid': [400, 'A field cannot be understood'],
  'party-unknown': [400, 'There is no such party'],
  'date-unreadable': [400, 'A date cannot be read'],
  'window-reversed': [400, 'A time ends before it begins'],
  'summary-missing': [400, 'The summary is missing'],
  'citation-missing': [400, 'No source is cited'],
  'reason-missing': [400, 'The reason is missing'],
  'parameter-unknown': [400, 'There is no such parameter'],
  'parameter-invalid': [400, 'A parameter or header cannot be understood'],
  'position-unknown': [400, 'There is no such position'],
  'body-unreadable': [400, 'The body cannot be read'],
  'not-authenticated': [401, 'Who asks is not known'],
  'not-allowed': [403, 'The role does not allow it'],
  'not-found': [404, 'There is nothing at this address'],
  'record-unknown': [404, 'There is no such record'],
  'step-unknown': [404, 'The record has no such step'],
  'key-unknown': [404, 'There is no such key'],
  'event-not-parked': [404, 'No such event is parked'],
  'meeting-already-held': [409, 'The meeting has already been held'],
  'meeting-cancelled': [409, 'The meeting was cancelled'],
  'meeting-not-scheduled': [409, 'The meeting was never scheduled'],
  'sanction-not-in-force': [409, 'The sanction is not in force'],
  'target-not-sanctioned': [409, 'The target is not sanctioned'],
  'action-not-standing': [409, 'The action does not stand'],
  'action-already-ended': [409, 'The action has already ended'],
  'statement-not-open': [409, 'The statement is not open'],
  'statement-already-settled': [409, 'The statement is already settled'],
  'record-retracted': [409, 'The record was retracted'],
  'record-already-on-file': [409, 'Something else is on file under this id'],
  'target-id-used': [409, 'The id of a target is already used'],
  'key-name-taken': [409, 'The name belongs to another key'],
  'last-admin-key': [409, 'The last admin key cannot be revoked'],
  'rebuild-running': [409, 'The views are being built anew already'],
  'rebuild-not-running': [409, 'No views are being built anew'],
  'cursor-beyond-log': [410, 'The cursor is beyond the log'],
  'version-conflict': [412, 'The record has changed'],
  'body-too-large': [413, 'The body is too large'],
  'media-type-unsupported': [415, 'The body is not JSON'],
  'relationship-unclear': [422, 'It cannot be told between whom this is'],
  'source-unknown': [422, 'The source cited is not on file'],
  'link-target-unknown': [422, 'What is linked is not on file'],
  'source-withdrawn': [422, 'The source cited was withdrawn'],
  'correction-changes-nothing': [422, 'The correction changes nothing'],
  'correction-of-unknown-field': [422, 'The correction names a field that cannot be corrected'],
  'date-circular': [422, 'Dates lean on each other in a circle'],
  'link-circular': [422, 'The link leads back'],
  'step-too-early': [422, 'The step lies before the record'],
  'idempotency-key-reused': [422, 'The idempotency key was used for something else'],
  'store-cannot-append-many': [422, 'The store cannot file this at once'],
  'reference-duplicate': [422, 'Two entries have the same name'],
  'too-many-requests': [429, 'Too many requests'],
  'internal-error': [500, 'The service failed'],
  'view-behind': [503, 'The view is behind'],
  'record-parked': [503, 'The record is parked'],
  'store-unavailable': [503, 'The store cannot be reached'],
};

/** Codes, in the order of the table, that are answered with each status. */
export function codesByStatus(): Map<number, ProblemCode[]> {
  return Map.groupBy(Object.keys(PROBLEMS) as ProblemCode[], (code) => PROBLEMS[code][0]);
}

export interface ProblemOptions {
  /** Where another status than the table's is right, such as 404 for an unknown party in a path. */
  status?: number;
  errors?: readonly Problem[];
  headers?: Record<string, string>;
  /** Further members of the answer. */
  details?: Record<string, unknown>;
}

/** A request that is refused before it reaches the newsroom's rules, or that the service cannot serve now. `message` is the detail answered. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly options: ProblemOptions = {},
  ) {
    super(message);
  }
}
