import { applyDecorators, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { Role } from '../access/roles.js';
import type { Command } from '../domain/decider.js';
import { Needs } from './access.guard.js';
import { flag } from './parameters.js';

/** For each command the least role that may give it, and what it does, in the words of the documentation. */
export const COMMANDS: Record<Command['command'], { needs: Role; does: string }> = {
  RegisterSource: { needs: 'reporter', does: 'Registers a source: an article, post, transcript or document' },
  GradeSource: { needs: 'editor', does: 'Grades a source by the Admiralty code' },
  WithdrawSource: { needs: 'editor', does: 'Withdraws a source: it cannot be cited any more' },
  MakeStatement: { needs: 'reporter', does: 'Files what somebody said' },
  AssessStatement: { needs: 'editor', does: 'Weighs a claim; no score changes' },
  SettleStatement: { needs: 'reporter', does: 'Settles what was asked, offered, promised or threatened' },
  ImposeSanction: { needs: 'reporter', does: 'Files a restrictive measure in law' },
  AmendSanction: { needs: 'reporter', does: 'Changes targets, measures, stage or expiry of a sanction' },
  LiftSanction: { needs: 'reporter', does: 'Lifts a sanction from some targets, or from all where none is named' },
  ScheduleMeeting: { needs: 'reporter', does: 'Files a contact that is to come' },
  RescheduleMeeting: { needs: 'reporter', does: 'Moves a scheduled meeting, or revives a cancelled one' },
  CancelMeeting: { needs: 'reporter', does: 'Cancels a scheduled meeting' },
  HoldMeeting: { needs: 'reporter', does: 'Files that a contact took place' },
  TakeAction: { needs: 'reporter', does: 'Files what somebody did' },
  EndAction: { needs: 'reporter', does: 'Ends a standing action' },
  CiteSource: { needs: 'reporter', does: 'Cites one more source for a record' },
  LinkRecords: { needs: 'reporter', does: 'Links a record to another' },
  UnlinkRecords: { needs: 'editor', does: 'Takes back a link to another record, with or without a reason' },
  CorrectRecord: {
    needs: 'editor',
    does: 'Corrects what was filed, by the record itself or by a later step in the world; what it said is kept',
  },
  RetractRecord: {
    needs: 'editor',
    does: 'Takes a record, or a later step of it, out of every view; it can still be read as known before',
  },
  ReinstateRecord: { needs: 'editor', does: 'Puts back what was retracted' },
  RaiseQuery: { needs: 'reporter', does: 'Asks an open question about a record' },
  AnswerQuery: { needs: 'reporter', does: 'Answers an open question about a record' },
};

interface FilesOptions {
  /** What the call does, where one command has several routes. */
  does?: string;
  /** Its method; POST where absent. */
  method?: (path: string) => MethodDecorator;
}

/** A route that files one command: its path, the role it needs, and its documentation. */
export function Files(command: Command['command'], path = '', { does = COMMANDS[command].does, method = Post }: FilesOptions = {}) {
  const { needs } = COMMANDS[command];
  const step = path.includes(':');
  return applyDecorators(
    method(path),
    Needs(needs),
    ApiOperation({ summary: does, description: `Needs the role \`${needs}\`. Command \`${command}\`.` }),
    IdempotencyKeyHeader(),
    DryRunParameter(),
    ...(step ? [IfMatchHeader()] : [ApiResponse({ status: 201, description: 'A new record is on file', ...FILED })]),
    ApiResponse({
      status: 200,
      description: `${step ? 'Filed, or already so (`events` is empty)' : 'It was already on file under this id'}; or what was only tried`,
      ...FILED_OR_TRIED,
    }),
  );
}

function IfMatchHeader(): MethodDecorator & ClassDecorator {
  const schema = { type: 'string', examples: ['"3"'] };
  return ApiHeader({ name: 'If-Match', description: 'The version that the record must have', required: false, schema });
}

export function IdempotencyKeyHeader(): MethodDecorator & ClassDecorator {
  const schema = { type: 'string', minLength: 1, maxLength: 255, examples: ['0190c0de-0000-7000-8000-00000000000a'] };
  return ApiHeader({
    name: 'Idempotency-Key',
    description: 'The same request with the same key is filed once and answered as the first time',
    required: false,
    schema,
  });
}

/** The query parameters of every filing. */
export const FILING_PARAMETERS = {
  'dry-run': flag('true: nothing is stored, and the answer (200) says what would be, and what it would change'),
};

export function DryRunParameter(): MethodDecorator & ClassDecorator {
  const { description, values } = FILING_PARAMETERS['dry-run'];
  return ApiQuery({ name: 'dry-run', description, required: false, schema: { type: 'string', enum: [...values!] } });
}

const text = (description: string): object => ({ description, schema: { type: 'string' } });

/** Headers that every filing answers. */
export const FILING_HEADERS = {
  Location: text('Where the record can be read'),
  'Entente-Position': text('Position of the filing in the log; `at-least=` of any GET waits for it'),
  'Idempotency-Replayed': text('`true` where this is the answer to an earlier request with the same key'),
};

const FILED_HEADERS = { ...FILING_HEADERS, ETag: text('The version of the record, in quotes') };
const FILED = { schema: { $ref: '#/components/schemas/Filed' }, headers: FILED_HEADERS } as object;
const FILED_OR_TRIED = {
  schema: { oneOf: [{ $ref: '#/components/schemas/Filed' }, { $ref: '#/components/schemas/DryRun' }] },
  headers: FILED_HEADERS,
} as object;
