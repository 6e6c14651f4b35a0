import { decideFiling, decideOnRecord, kindOf, recordOf, type Command } from '../../../src/domain/decider.js';
import type { Desk } from '../../../src/domain/desk.js';
import { evolve } from '../../../src/domain/fold.js';
import { belongingsOf, type DomainEvent, type RecordOnFile } from '../../../src/domain/record.js';
import { redate } from '../../../src/domain/redate.js';
import { believe, supported, type Belief, type Entry, type Held } from '../../../src/domain/relationship/belief.js';
import { opposing } from '../../../src/domain/relationship/dispute.js';
import { happenedBy, type Cite } from '../../../src/domain/relationship/listing.js';
import { movesOf, type Move } from '../../../src/domain/relationship/moves.js';
import { ENTENTE_1 } from '../../../src/domain/relationship/score-profile.js';
import { relationshipState, type Known, type RelationshipState } from '../../../src/domain/relationship/state.js';
import type { Figures } from '../../../src/domain/relationship/ledger.js';
import type { Part } from '../../../src/domain/relationship/tension.js';
import { knownFrom, tensionOf } from './known.js';
import { timelineItems, type TimelineItem } from '../../../src/domain/relationship/timeline.js';
import { stepDay } from '../../../src/domain/life.js';
import type { Day } from '../../../src/domain/time.js';
import type { StoredEvent } from '../../../src/event-store/event-store.js';
import { lift } from '../../../src/event-store/upcast.js';
import { BLOG, WIRE } from '../samples.js';

type StepCommand = Parameters<typeof decideOnRecord>[0] & { record: string };
const isStep = (command: Command): command is StepCommand => recordOf(command) !== undefined;

export const TODAY: Day = '2026-02-05';

/**
 * A newsroom in memory: every command is decided and folded as the service does it, at one position for each event, and the views are
 * asked as the read models ask them. Two sources are on file: a wire (published on 8 January 2026) and a blog (on 9 January).
 */
export class Newsroom implements Desk {
  /** As their events make them; how their dates stand by now is for `onFile` to say. */
  readonly records = new Map<string, RecordOnFile>();
  readonly log: StoredEvent[] = [];
  private readonly entries = new Map<string, Entry[]>();
  /** What was answered by `onFile` since the last event. */
  private readonly dated = new Map<string, RecordOnFile | undefined>();

  /** `log`: what was filed before, the two sources included. */
  constructor(
    public today: Day = TODAY,
    log?: readonly StoredEvent[],
  ) {
    for (const event of log ?? []) this.take(event);
    if (log === undefined) this.open();
  }

  private open(): void {
    this.file({ command: 'RegisterSource', id: WIRE, publisher: 'Example Wire', title: 'A call', publishedAt: '2026-01-08' });
    this.file({ command: 'RegisterSource', id: BLOG, publisher: 'Example Blog', url: 'https://blog.example/1', publishedAt: '2026-01-09' });
  }

  /** The record with its dates where those that they lean on put them. */
  onFile(id: string): RecordOnFile | undefined {
    if (this.dated.has(id)) return this.dated.get(id);
    const record = this.look(id);
    const dated = record && redate(record, (other) => this.look(other));
    this.dated.set(id, dated);
    return dated;
  }

  /** Everything that a decision looks at passes here. */
  protected look(id: string): RecordOnFile | undefined {
    return this.records.get(id);
  }

  isBeingFiled(): boolean {
    return false;
  }

  shapeProblems(): readonly [] {
    return [];
  }

  /** Files it and answers the id of the record. Asking for what is so already stores nothing. */
  file(command: Command): string {
    if (isStep(command)) return this.act(command);
    const id = command.id ?? `${kindOf(command.command)}-${this.records.size}`;
    const event = decideFiling(command, id, this);
    if (!this.records.has(id)) this.store(id, event);
    return id;
  }

  /** The newsroom as it was at a position, folded from its first event on. */
  at(position: bigint): Newsroom {
    return new Newsroom(
      this.today,
      this.log.filter((event) => event.position <= position),
    );
  }

  /** A newsroom that knows of the world only what had happened by a day, and thinks of it the same. */
  upTo(asOf: Day): Newsroom {
    const records = [...this.records.keys()].map((id) => this.onFile(id)!);
    const happened = records.filter((record) => record.kind === 'source' || happenedBy({ record }, asOf));
    const ids = new Set(happened.map(({ id }) => id));
    const other = new Newsroom(this.today, []);
    for (const record of happened) {
      const steps = record.steps.filter((step) => stepDay(step) <= asOf);
      other.records.set(record.id, { ...record, steps, links: record.links.filter(({ to }) => ids.has(to)) });
      other.entries.set(record.id, this.entries.get(record.id)!);
    }
    return other;
  }

  /** What the newsroom believes of a record. */
  belief(id: string): Belief {
    return supported(this.held(id), (source) => this.onFile(source));
  }

  /** The same, but for what follows from its sources. */
  held(id: string): Held {
    const linking = [...this.records.values()].filter(({ links }) => links.some(({ to }) => to === id)).map((record) => record.id);
    const around = { onFile: (other: string) => this.onFile(other), linking: linking.toSorted().map((other) => this.onFile(other)!) };
    return believe(this.record(id), around, this.entries.get(id)!, ENTENTE_1);
  }

  /** The moves of a record, by a day or of all time. */
  moves(id: string, asOf?: Day): Move[] {
    const { record, muted } = this.belief(id);
    return movesOf(record, asOf, muted, ENTENTE_1);
  }

  /** What is known of a relationship, and the other ends of its disputes, however far the chain leads. */
  known(key: string, asOf: Day): Known {
    const beliefs = this.inRelationship(key, ['primary', 'affected']);
    const joined = new Map(beliefs.map((belief) => [belief.record.id, belief]));
    for (const belief of joined.values()) for (const id of opposing(belief)) if (!joined.has(id)) joined.set(id, this.belief(id));
    return knownFrom(key, beliefs, [...joined.values()].slice(beliefs.length), asOf, this.cite);
  }

  state(key: string, asOf: Day, parts?: number): RelationshipState {
    return relationshipState(this.known(key, asOf), asOf, parts);
  }

  /** The figures of a day with all their parts. */
  tension(key: string, asOf: Day): Figures & { parts: Part[] } {
    const known = this.known(key, asOf);
    return tensionOf(known, asOf);
  }

  timeline(key: string, asOf: Day): TimelineItem[] {
    return this.inRelationship(key, ['primary', 'affected', 'topic']).flatMap((belief) => timelineItems(belief, key, asOf, this.cite));
  }

  /** Puts publisher, title, url and day beside each citation. */
  readonly cite: Cite = (citations) =>
    citations.map((citation) => {
      const filed = this.onFile(citation.source)?.filed;
      if (filed?.type !== 'SourceRegistered') return citation;
      const { publisher, title, url, publishedAt } = filed.data;
      return { ...citation, publisher, title, url, publishedAt };
    });

  private inRelationship(key: string, roles: readonly string[]): Belief[] {
    return [...this.records.values()]
      .filter((record) => belongingsOf(record).some((belonging) => belonging.key === key && roles.includes(belonging.role)))
      .map(({ id }) => this.belief(id));
  }

  private act(command: StepCommand): string {
    const record = this.record(command.record);
    const decision = decideOnRecord(command, record, this);
    for (const event of 'events' in decision ? decision.events : []) this.store(record.id, event);
    return record.id;
  }

  private record(id: string): RecordOnFile {
    const record = this.onFile(id);
    if (record === undefined) throw new TypeError(`${id} is not on file`);
    return record;
  }

  private store(stream: string, { type, data }: DomainEvent): void {
    const position = this.log.length + 1;
    const version = (this.records.get(stream)?.version ?? 0) + 1;
    const recordedAt = new Date(`${this.today}T09:00:00.000Z`);
    const filed = { id: `event-${position}`, schema: 1, metadata: { by: 'an editor' }, hash: '' };
    this.take({ ...filed, stream, version, position: BigInt(position), recordedAt, type, data });
  }

  private take(event: StoredEvent): void {
    const { stream, position, recordedAt, metadata, type } = event;
    this.dated.clear();
    this.log.push(event);
    this.records.set(stream, evolve(stream, this.records.get(stream), lift(event)));
    const entry = { position: `${position}`, recordedAt: recordedAt.toISOString(), by: metadata.by, type };
    this.entries.set(stream, [...(this.entries.get(stream) ?? []), entry]);
  }
}

/** A move in words: day, move, score, direction (↔ where both sides act), whether it stands or since when it does not, why it counts 0. */
export function inWords({ on, move, score, from, to, standing, until, why }: Move): string {
  const direction = from === null ? '↔' : `${from}→${to}`;
  const stands = standing ? ' standing' : until === null ? '' : ` until ${until}`;
  return `${on} ${move} ${score} ${direction}${stands}${why === null ? '' : ` counts 0: ${why}`}`;
}
