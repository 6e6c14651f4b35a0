import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { kindOf, recordOf, type Command } from '../domain/decider.js';
import { kindOfId } from '../domain/kind-of-id.js';
import { DecideAndAppend } from './decide-and-append.js';
import { contentHash, idempotencyKey, newRecordId } from './filing-key.js';
import { FileCommand, type Filed } from './messages.js';
import { inSpan } from '../telemetry/span.js';
import type { Agenda, Draft } from './agenda.js';

/** Files one command: a new record, or a step in the life of one on file. */
@CommandHandler(FileCommand)
export class FileCommandHandler implements ICommandHandler<FileCommand> {
  constructor(private readonly desk: DecideAndAppend) {}

  async execute({ command, request, ifVersion }: FileCommand): Promise<Filed> {
    const filing = () => this.desk.file(agendaOf({ command, request, ifVersion }), request);
    const { results, replayed } = await inSpan(`file ${command.command}`, {}, filing);
    const { id, version, position, events, created } = results[0]!;
    return { id, kind: kindOfId(id), version, position: position.toString(), events, created, replayed };
  }
}

/** One command, to be decided by itself. */
export function agendaOf({ command, request, ifVersion }: Pick<FileCommand, 'command' | 'request' | 'ifVersion'>): Agenda {
  const draft: Draft = { ...draftOf(command, idempotencyKey(request), '0'), pointer: '', ...(ifVersion !== undefined && { ifVersion }) };
  return { drafts: [draft] };
}

/** The draft of a command: the id of its new record is the one chosen, else made from the key and its `name` in the filing. */
export function draftOf(command: Command, key: Parameters<typeof newRecordId>[1], name: string): Omit<Draft, 'pointer'> {
  const record = recordOf(command);
  if (record !== undefined) return { command, id: record, files: false };
  const chosen = 'id' in command ? command.id : undefined;
  if (chosen === undefined) return { command, id: newRecordId(kindOf(command.command)!, key, name), files: true };
  return { command, id: chosen, files: true, content: contentHash(command) };
}
