import { distinct } from '../domain/distinct.js';
import { evolve } from '../domain/fold.js';
import type { RecordOnFile } from '../domain/record.js';
import { believe, leansOn, type Held, type Surroundings } from '../domain/relationship/belief.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { isKnownType, lift } from '../event-store/upcast.js';

/** A belief from one position on, until a later one of the same record takes its place. */
export interface BelievedFrom {
  belief: Held;
  from: bigint;
}

/** A belief to write, and the stored one that it takes the place of. */
export interface NewBelief extends BelievedFrom {
  until: bigint | null;
  replaces?: BelievedFrom;
}

export interface Lean {
  record: string;
  on: string;
  why: string;
}

/** What the views have not taken in, of all that is before a batch. */
export interface Parking {
  /** Records of which an event is parked, each with the position of the failed event that it waits for. */
  waiting: ReadonlyMap<string, bigint>;
  /** Positions of events that were given up. */
  dropped: ReadonlySet<bigint>;
}

export const NOTHING_PARKED: Parking = { waiting: new Map(), dropped: new Set() };

/** An event that waits for another, at the position `behind`, which failed. */
export interface Behind {
  event: StoredEvent;
  behind: bigint;
}

/** Each look at a record may move its date, and with it others that lean on it; two editors at once may have made a circle of them. */
const MOST_LOOKS = 20;

/**
 * Folds one batch of events in memory, over the beliefs and leans that were loaded for it. Every record touched gets a new belief at the
 * position of its event; what leans on it, or is linked to it, gets one where something about it changed.
 */
export class Batch {
  readonly newBeliefs: NewBelief[] = [];
  readonly newLeans: Lean[] = [];
  /** What is to be parked, since it comes after something parked, or leans on it. */
  readonly behind: Behind[] = [];
  private readonly waiting: Map<string, bigint>;
  private readonly current: Map<string, Held>;
  private readonly latest = new Map<string, NewBelief>();
  /** By the record that is leaned on. */
  private readonly leaners = new Map<string, Set<string>>();

  constructor(
    private readonly stored: ReadonlyMap<string, BelievedFrom>,
    leans: readonly Lean[],
    private readonly parking: Parking = NOTHING_PARKED,
  ) {
    this.waiting = new Map(parking.waiting);
    this.current = new Map([...stored].map(([id, { belief }]) => [id, belief]));
    for (const lean of leans) this.note(lean);
  }

  apply(event: StoredEvent): void {
    const { stream, position } = event;
    const before = this.current.get(stream);
    const behind = this.waitsFor(event, before?.record);
    if (behind !== undefined) {
      this.waiting.set(stream, behind);
      if (!this.parking.dropped.has(position)) this.behind.push({ event, behind });
      return;
    }
    // A record that began with something unknown stays unknown.
    if (before === undefined && (event.version > 1 || !this.isToFold(event))) return;
    const record = this.recordAfter(event, before?.record);
    const entry = { position: position.toString(), recordedAt: event.recordedAt.toISOString(), by: event.metadata.by, type: event.type };
    this.noteNew(record, before?.record);
    this.current.set(stream, { ...(before as Held), record, entries: [...(before?.entries ?? []), entry] });
    this.believeAt(stream, position, true);
    const links = changesAll(event.type) ? record.links : record.links.slice(before?.record.links.length ?? 0);
    this.ripple([...(this.leaners.get(stream) ?? []), ...links.map(({ to }) => to)], position);
  }

  isOnFile(id: string): boolean {
    return this.current.has(id);
  }

  /** The failed event that comes before this one in its record, or in one that it leans on: sources are looked at when they are read. */
  private waitsFor(event: StoredEvent, before: RecordOnFile | undefined): bigint | undefined {
    if (this.waiting.size === 0) return undefined;
    const leant = before === undefined ? [] : leansOn(before).flatMap(({ on, why }) => (why === 'cites' ? [] : [on]));
    const needed = [event.stream, ...namedBy(event), ...leant].find((id) => this.waiting.has(id));
    return needed === undefined ? undefined : this.waiting.get(needed);
  }

  /** Whether it is of a type that this version of the service knows, and was not given up. */
  private isToFold({ type, position }: StoredEvent): boolean {
    return isKnownType(type) && !this.parking.dropped.has(position);
  }

  /** What is passed over leaves the record as it is; the version counts it all the same. */
  private recordAfter(event: StoredEvent, before: RecordOnFile | undefined): RecordOnFile {
    if (before !== undefined && !this.isToFold(event)) return { ...before, version: event.version };
    return evolve(event.stream, before, lift(event));
  }

  /** Looks again at these records; where the date of one moves, at those that lean on it or are linked to it as well. */
  private ripple(ids: readonly string[], position: bigint): void {
    if (ids.length === 0) return;
    const looks = new Map<string, number>();
    const queue = distinct(ids);
    for (const id of queue) {
      const times = looks.get(id) ?? 0;
      if (times === MOST_LOOKS) continue;
      looks.set(id, times + 1);
      if (this.believeAt(id, position, false)) queue.push(...(this.leaners.get(id) ?? []), ...this.linkedFrom(id));
    }
  }

  private linkedFrom(id: string): string[] {
    return this.current.get(id)!.record.links.map(({ to }) => to);
  }

  private noteNew(record: RecordOnFile, before: RecordOnFile | undefined): void {
    const name = ({ on, why }: { on: string; why: string }): string => `${on} ${why}`;
    const known = new Set(before === undefined ? [] : leansOn(before).map(name));
    for (const lean of leansOn(record)) {
      if (known.has(name(lean))) continue;
      known.add(name(lean));
      this.note({ record: record.id, ...lean });
      this.newLeans.push({ record: record.id, ...lean });
    }
  }

  private note({ record, on }: Lean): void {
    const leaners = this.leaners.get(on);
    if (leaners === undefined) this.leaners.set(on, new Set([record]));
    else leaners.add(record);
  }

  /** Answers whether a date of the record moved. */
  private believeAt(id: string, from: bigint, always: boolean): boolean {
    const before = this.current.get(id);
    // A link may name a record of the same filing whose events are still to come.
    if (before?.record === undefined) return false;
    const belief = believe(before.record, this.around(id), before.entries, ENTENTE_1);
    const moved = belief.record !== before.record;
    if (!always && !moved && sameDerived(belief, before)) return false;
    this.current.set(id, belief);
    this.replace(id, belief, from);
    return moved;
  }

  /** At one position a record is believed one thing: the last that its events there make of it. */
  private replace(id: string, belief: Held, from: bigint): void {
    const last = this.latest.get(id);
    if (last?.from === from) {
      last.belief = belief;
      return;
    }
    const replaces = this.stored.get(id);
    const next: NewBelief = { belief, from, until: null, ...(last === undefined && replaces !== undefined && { replaces }) };
    if (last !== undefined) last.until = from;
    this.latest.set(id, next);
    this.newBeliefs.push(next);
  }

  private around(id: string): Surroundings {
    const onFile = (other: string): RecordOnFile | undefined => this.current.get(other)?.record;
    // In an order of their own: what is believed must not depend on the order in which rows were read.
    const linking = [...(this.leaners.get(id) ?? [])].toSorted().flatMap((other) => onFile(other) ?? []);
    return { onFile, linking };
  }
}

/** Whether the event may change what is true of every link of its record, or the date by which they are weighed. */
export function changesAll(type: string): boolean {
  return type === 'RecordCorrected' || type === 'RecordRetracted' || type === 'RecordReinstated' || type === 'RecordsUnlinked';
}

/** The records that an event links to, and those that a date in it leans on. */
export function namedBy({ data }: StoredEvent): string[] {
  const { links, to, changes } = data as Naming;
  const named = (links ?? []).map((link) => link.to);
  if (to !== undefined) named.push(to);
  for (const value of [...Object.values(data), ...(changes ?? []).map(({ after }) => after)]) {
    const on = (value as { relativeTo?: { record: string } } | null)?.relativeTo?.record;
    if (on !== undefined) named.push(on);
  }
  return named;
}

/** Where the data of an event names other records. */
interface Naming {
  links?: { to: string }[] | null;
  to?: string;
  changes?: { after?: unknown }[] | null;
}

function sameDerived(a: Held, b: Held): boolean {
  const derived = ({ status, linkedFrom, muted }: Held): string => JSON.stringify([status, linkedFrom, muted]);
  return derived(a) === derived(b);
}
