import { decideFiling, decideOnRecord, kindOf, recordOf, type Command, type FilingCommand } from '../../src/domain/decider.js';
import type { Desk } from '../../src/domain/desk.js';
import { fold } from '../../src/domain/fold.js';
import type { DomainEvent, RecordOnFile } from '../../src/domain/record.js';
import { Rejection, type RejectionCode } from '../../src/domain/rejection.js';

type Result = { events: DomainEvent[] } | { already: number } | { rejection: Rejection };

/** Part of an event: what is named must be so, the rest may be anything. */
export interface ExpectedEvent {
  type: DomainEvent['type'];
  data?: object;
}

/** What is on file when an editor asks for something. Never changes: each call answers another one. */
export class Given implements Desk {
  constructor(
    private readonly records: ReadonlyMap<string, RecordOnFile> = new Map(),
    private readonly beingFiled: ReadonlySet<string> = new Set(),
    /** The service's UTC day. */
    readonly today = '2026-02-05',
    /** Judges the shape of what a correction leaves; finds nothing wrong unless told otherwise. */
    readonly shapeProblems: Desk['shapeProblems'] = () => [],
  ) {}

  /** One more record on file, as its events make it. */
  and(id: string, events: readonly DomainEvent[]): Given {
    const record = fold(id, events);
    if (record === undefined) throw new TypeError(`${id} has no events`);
    return new Given(new Map([...this.records, [id, record]]), this.beingFiled, this.today, this.shapeProblems);
  }

  /** An entry of the same article that is decided at this moment, because it names the record that is filed. */
  whileFiling(id: string): Given {
    return new Given(this.records, new Set([...this.beingFiled, id]), this.today, this.shapeProblems);
  }

  onDay(today: string): Given {
    return new Given(this.records, this.beingFiled, today, this.shapeProblems);
  }

  /** Holds what a correction leaves to the shape that could have been filed. */
  heldTo(shapes: { problems: Desk['shapeProblems'] }): Given {
    return new Given(this.records, this.beingFiled, this.today, (type, isFirst, body) => shapes.problems(type, isFirst, body));
  }

  onFile(id: string): RecordOnFile | undefined {
    return this.records.get(id);
  }

  isBeingFiled(id: string): boolean {
    return this.beingFiled.has(id);
  }

  /** A command that names a record acts on it; any other files a new one, under its own id or `<kind>-new`. */
  when(command: Command): Outcome {
    try {
      return new Outcome(this.decide(command));
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      return new Outcome({ rejection: error });
    }
  }

  private decide(command: Command): Result {
    if (filesNew(command)) {
      const id = 'id' in command && command.id !== undefined ? command.id : `${kindOf(command.command)}-new`;
      return { events: [decideFiling(command, id, this.whileFiling(id))] };
    }
    const record = this.onFile(command.record);
    if (record === undefined) throw new TypeError(`the spec acts on ${command.record}, which it did not put on file`);
    return decideOnRecord(command, record, this);
  }
}

function filesNew(command: Command): command is FilingCommand {
  return recordOf(command) === undefined;
}

/** What came of a command. */
export class Outcome {
  constructor(private readonly result: Result) {}

  /** Exactly these events are stored; of each, at least what is named. */
  thenStored(...expected: ExpectedEvent[]): void {
    expect(this.result).toMatchObject({ events: expected });
  }

  get isStored(): boolean {
    return 'events' in this.result;
  }

  /** The one event that is stored. */
  get stored(): DomainEvent {
    if (!('events' in this.result) || this.result.events.length !== 1)
      throw new Error(`expected one event, not ${JSON.stringify(this.told())}`);
    return this.result.events[0]!;
  }

  /** It was already so: nothing is stored, and the answer names the version that said it. */
  thenNothing(version: number): void {
    expect(this.told()).toEqual({ already: version });
  }

  /** It says something else than what is on file: the rules decide, whatever they say. */
  thenDecided(): void {
    expect(this.told()).not.toHaveProperty('already');
  }

  /** Refused by this rule, at this field, in words that show a good example (or whatever `message` asks for). */
  thenRejected(code: RejectionCode, { pointer, message }: { pointer?: string; message?: string | RegExp } = {}): void {
    const { rejection } = this.told();
    expect(rejection).toMatchObject([{ code, ...(pointer === undefined ? {} : { pointer }) }]);
    if (message !== undefined) expect(rejection![0]!.message).toMatch(message);
  }

  /** Refused, naming everything that is wrong: pointer and rule of each, in the order in which they are named. */
  thenRejectedFor(expected: Record<string, RejectionCode>): void {
    expect(this.told().rejection?.map(({ pointer, code }) => [pointer, code])).toEqual(Object.entries(expected));
  }

  private told(): { events?: DomainEvent[]; already?: number; rejection?: Rejection['errors'] } {
    return 'rejection' in this.result ? { rejection: this.result.rejection.errors } : this.result;
  }
}

/** The newsroom with one record on file, as its events make it. */
export function given(id: string, events: readonly DomainEvent[]): Given {
  return new Given().and(id, events);
}

given.nothing = (): Given => new Given();
