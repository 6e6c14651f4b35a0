import type { CitationInput } from '../src/domain/citation.js';
import { decideFiling, decideOnRecord, type Command, type FilingCommand } from '../src/domain/decider.js';
import type { Desk } from '../src/domain/desk.js';
import { evolve } from '../src/domain/fold.js';
import { RELS, type Link } from '../src/domain/link.js';
import { partiesOf } from '../src/domain/party.js';
import type { DomainEvent, RecordOnFile } from '../src/domain/record.js';
import { Rejection } from '../src/domain/rejection.js';
import { addDays, type Day, type OccurredInput } from '../src/domain/time.js';
import { seal } from '../src/event-store/event-hash.js';
import type { StoredEvent } from '../src/event-store/event-store.js';
import { SCHEMA_OF } from '../src/event-store/upcast.js';
import { aftermathOf } from './aftermath.js';
import { Articles } from './articles.js';
import { Beats, BIG, remember, type Beat } from './beats.js';
import { commandFor, type Scene } from './chronicle.js';
import { Diary } from './diary.js';
import { Dice, Urn } from './dice.js';
import { MIX } from './event-mix.js';
import type { Later, Moment } from './second-thoughts.js';
import { Shelf } from './shelf.js';

/** What a log is made of: the same plan makes the same log, byte by byte. */
export interface LogPlan {
  events: number;
  seed: number;
  /** The day on which the last event is recorded. */
  until: Day;
  /** The records of the big relationship cite one wire source and no other, rather than an article and the wire source. */
  wireOnly: boolean;
}

/** Known before the log is made, so that a benchmark can grade it. */
export const WIRE = 'source-01520a8c-0c00-7000-8000-000000000000';

export const FIRST_DAY: Day = '2016-01-01';
const DAY_MS = 86_400_000;
/** A source has no relationship. */
const NOWHERE: Beat = { key: '', near: [] };
const FORMS = new Urn([
  ['day', 86],
  ['month', 5],
  ['within', 3],
  ['unknown', 3],
  ['relative', 3],
] as const);

/** A log as the service would have written it: what files or acts is decided by the domain. Holds only what can still be named. */
export function generate(plan: LogPlan): Generator<StoredEvent> {
  return new Newsroom(plan).work();
}

interface Entry {
  id: string;
  beat: Beat;
  ask: Later['ask'];
}

class Newsroom implements Desk {
  readonly #plan: LogPlan;
  readonly #dice: Dice;
  readonly #beats: Beats;
  readonly #shelf = new Shelf();
  readonly #diary = new Diary<Entry>(FIRST_DAY);
  readonly #articles = new Articles();
  #position = 0;
  #time = 0;
  #deciding = '';
  today = FIRST_DAY;

  constructor(plan: LogPlan) {
    this.#plan = plan;
    this.#dice = new Dice(plan.seed);
    this.#beats = new Beats(plan.events, this.#dice);
  }

  *work(): Generator<StoredEvent> {
    this.#moveClock();
    yield this.#file({ command: 'RegisterSource', publisher: 'Example Wire', title: 'The wire' }, WIRE);
    this.#shelf.keep(WIRE);
    while (this.#position < this.#plan.events) {
      this.#moveClock();
      yield this.#articles.wanted ? this.#article() : (this.#nextInDiary() ?? this.#record());
    }
  }

  onFile(id: string): RecordOnFile | undefined {
    return this.#shelf.get(id);
  }

  isBeingFiled(id: string): boolean {
    return id === this.#deciding;
  }

  /** What is corrected here keeps its shape. */
  shapeProblems(): readonly [] {
    return [];
  }

  /** Events are spread evenly over the years of the log. */
  #moveClock(): void {
    const { until, events } = this.#plan;
    const from = Date.parse(FIRST_DAY);
    const to = Date.parse(until) + DAY_MS - 1;
    this.#time = Math.floor(from + ((to - from) * (this.#position + 1)) / events);
    this.today = new Date(this.#time).toISOString().slice(0, 10);
  }

  #nextInDiary(): StoredEvent | undefined {
    for (let entry = this.#diary.next(this.today); entry !== undefined; entry = this.#diary.next(this.today)) {
      const { id, beat, ask } = entry;
      const record = this.#shelf.get(id)!;
      const event = this.#act(record, beat, ask);
      this.#shelf.letGo(id);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  /** What cannot be done after all, by the rules of the domain or because it is so already, is left. */
  #act(record: RecordOnFile, beat: Beat, ask: Later['ask']): StoredEvent | undefined {
    const asked = ask(record, this.#moment(record, beat));
    if (asked === undefined) return undefined;
    const event = this.#decide(asked, record);
    return event && this.#store(record.id, event);
  }

  #decide(command: Command, record: RecordOnFile): DomainEvent | undefined {
    try {
      const decision = decideOnRecord(command as Parameters<typeof decideOnRecord>[0], record, this);
      return 'already' in decision ? undefined : decision.events[0];
    } catch (error) {
      if (error instanceof Rejection) return undefined;
      throw error;
    }
  }

  #moment({ id }: RecordOnFile, beat: Beat): Moment {
    const dice = this.#dice;
    const neighbour = (): string | undefined => {
      const others = beat.near.filter((other) => other !== id);
      return others.length === 0 ? undefined : dice.pick(others);
    };
    const article = (): CitationInput => ({ source: this.#articles.draw(dice) });
    return { dice, today: this.today, article, citation: () => this.#sources(beat)[0]!, neighbour };
  }

  #article(): StoredEvent {
    const group = this.#dice.chance(0.3) ? `wire-${this.#dice.whole(1, 9)}` : undefined;
    const fields = { publisher: 'Example Wire', title: `Report of ${this.today}`, publishedAt: this.today, independenceGroup: group };
    const event = this.#file({ command: 'RegisterSource', ...fields }, this.#newId('source'));
    this.#shelf.keep(event.stream);
    const before = this.#articles.lay(event.stream, this.#dice);
    if (before !== undefined) this.#shelf.letGo(before);
    this.#expect(this.#shelf.get(event.stream)!, NOWHERE);
    return event;
  }

  #record(): StoredEvent {
    const what = MIX.draw(this.#dice);
    const beat = this.#beats.draw(this.#position, this.#dice);
    const kind = what.kind === 'held' || what.kind === 'scheduled' ? 'meeting' : what.kind;
    const event = this.#file(commandFor(what, this.#scene(beat), this.#dice), this.#newId(kind));
    this.#shelf.keep(event.stream);
    const forgotten = remember(beat, event.stream);
    if (forgotten !== undefined) this.#shelf.letGo(forgotten);
    this.#expect(this.#shelf.get(event.stream)!, beat);
    return event;
  }

  #scene(beat: Beat): Scene {
    const dice = this.#dice;
    const [from, to] = dice.shuffle(partiesOf(beat.key)) as [string, string];
    const day = addDays(this.today, dice.chance(0.02) ? -dice.whole(30, 700) : -dice.whole(0, 2));
    const touched = dice.chance(0.03) ? { key: this.#beats.other(dice).key, role: dice.pick(['affected', 'topic'] as const) } : undefined;
    return {
      from,
      to,
      key: beat.key,
      day,
      occurred: this.#when(day, beat),
      citations: this.#sources(beat),
      links: dice.chance(0.12) ? this.#links(beat) : [],
      touched: touched?.key === beat.key ? undefined : touched,
    };
  }

  /** A day, mostly. */
  #when(day: Day, { near }: Beat): OccurredInput {
    const form = FORMS.draw(this.#dice);
    switch (form) {
      case 'day':
        return day;
      case 'month':
        return day.slice(0, 7);
      case 'within':
        return `[${addDays(day, -5)}..${day}]`;
      case 'unknown':
        return 'unknown';
      case 'relative':
        return near.length === 0 ? day : { relativeTo: { record: this.#dice.pick(near), minDays: -1, maxDays: -1 } };
    }
  }

  #links({ near }: Beat): Link[] {
    return near.length === 0 ? [] : [{ rel: this.#dice.pick(RELS), to: this.#dice.pick(near) }];
  }

  #sources({ key }: Beat): CitationInput[] {
    if (key !== BIG) return [{ source: this.#articles.draw(this.#dice), locator: 'paragraph 2' }];
    const wire = { source: WIRE, locator: `item ${this.#position}` };
    return this.#plan.wireOnly ? [wire] : [{ source: this.#articles.draw(this.#dice) }, wire];
  }

  /** Notes what will come of a record; it is kept until then. */
  #expect(record: RecordOnFile, beat: Beat): void {
    for (const { days, ask } of aftermathOf(record, this.#dice)) {
      this.#diary.note(addDays(this.today, days), { id: record.id, beat, ask });
      this.#shelf.keep(record.id);
    }
  }

  #newId(kind: string): string {
    return `${kind}-${this.#dice.uuid(this.#time)}`;
  }

  #file(command: FilingCommand, id: string): StoredEvent {
    this.#deciding = id;
    return this.#store(id, decideFiling(command, id, this));
  }

  #store(id: string, { type, data }: DomainEvent): StoredEvent {
    const record = evolve(id, this.#shelf.get(id), { type, data } as DomainEvent);
    this.#shelf.put(record);
    this.#position += 1;
    if (type === 'SourceWithdrawn') this.#articles.clear(id);
    const event = { id: this.#dice.uuid(this.#time), type, schema: SCHEMA_OF[type], data, metadata: { by: 'desk' } };
    const { hash } = seal(event, id, record.version);
    return { ...event, stream: id, version: record.version, position: BigInt(this.#position), recordedAt: new Date(this.#time), hash };
  }
}
