/** One thing that is wrong with what was filed: where (RFC 6901 JSON Pointer), which rule (stable code), and in words, with a good example. */
export interface Problem {
  pointer: string;
  code: RejectionCode;
  message: string;
  /** True where this only follows from another bad entry of the same article; such problems are not listed. */
  consequence?: true;
}

/** A command that breaks a rule of the newsroom. The code is stable and documented (docs/domain.md); `errors` names every offending field. */
export class Rejection extends Error {
  readonly code: RejectionCode;
  readonly errors: readonly Problem[];
  readonly details: Record<string, unknown>;

  constructor(problems: Problem | readonly Problem[], details: Record<string, unknown> = {}) {
    const errors = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    const [first] = errors;
    if (first === undefined) throw new TypeError('a rejection needs at least one problem');
    super(first.message);
    this.name = 'Rejection';
    this.code = first.code;
    this.errors = errors;
    this.details = details;
  }
}

export function reject(code: RejectionCode, message: string, pointer = '', details?: Record<string, unknown>): never {
  throw new Rejection({ pointer, code, message }, details);
}

/** Runs `parse`; a rejection is added to `problems` instead of thrown, so that one answer names everything that is wrong. */
export function collect<T>(problems: Problem[], parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    problems.push(...error.errors);
    return undefined;
  }
}

/** Reads every item, so that one answer names everything that is wrong with any of them. */
export function readEach<A, B>(items: readonly A[], read: (item: A, index: number) => B): B[] {
  const problems: Problem[] = [];
  const values: B[] = [];
  for (const [i, item] of items.entries()) collect(problems, () => values.push(read(item, i)));
  if (problems.length > 0) throw new Rejection(problems);
  return values;
}

export type RejectionCode =
  | 'field-unknown'
  | 'field-invalid'
  | 'party-unknown'
  | 'date-unreadable'
  | 'window-reversed'
  | 'summary-missing'
  | 'citation-missing'
  | 'reason-missing'
  | 'relationship-unclear'
  | 'source-unknown'
  | 'source-withdrawn'
  | 'link-target-unknown'
  | 'link-circular'
  | 'date-circular'
  | 'record-unknown'
  | 'record-retracted'
  | 'record-already-on-file'
  | 'meeting-already-held'
  | 'meeting-cancelled'
  | 'meeting-not-scheduled'
  | 'sanction-not-in-force'
  | 'target-not-sanctioned'
  | 'target-id-used'
  | 'action-not-standing'
  | 'action-already-ended'
  | 'statement-not-open'
  | 'statement-already-settled'
  | 'step-unknown'
  | 'step-too-early'
  | 'correction-changes-nothing'
  | 'correction-of-unknown-field'
  | 'reference-duplicate'
  | 'version-conflict'
  | 'idempotency-key-reused'
  | 'store-cannot-append-many';
