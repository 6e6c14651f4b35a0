import { evolve } from '../domain/fold.js';
import type { RecordOnFile } from '../domain/record.js';
import { believe, leansOn, type Belief, type Surroundings } from '../domain/relationship/belief.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { isKnownType, lift } from '../event-store/upcast.js';

/** A belief from one position on, until a later one of the same record takes its place. */
export interface BelievedFrom {
  belief: Belief;
  from: bigint;
}

export interface Lean {
  record: string;
  on: string;
  why: string;
}

/**
 * Folds one batch of events in memory, over the beliefs and leans that were loaded for it. Every record touched gets a new belief at the
 * position of its event; what leans on it gets one where something about it changed.
 */
export class Batch {
  readonly beliefs: BelievedFrom[] = [];
  readonly newLeans: Lean[] = [];
  private readonly current: Map<string, Belief>;
  /** By the record that is leaned on. */
  private readonly leaners = new Map<string, Set<string>>();

  constructor(current: ReadonlyMap<string, Belief>, leans: readonly Lean[]) {
    this.current = new Map(current);
    for (const lean of leans) this.note(lean);
  }

  apply(event: StoredEvent): void {
    if (!isKnownType(event.type)) return;
    const { stream, position } = event;
    const before = this.current.get(stream);
    const record = evolve(stream, before?.record, lift(event));
    const entry = { position: position.toString(), recordedAt: event.recordedAt.toISOString(), by: event.metadata.by, type: event.type };
    const known = new Set(before === undefined ? [] : leansOn(before.record).map(({ on, why }) => `${on} ${why}`));
    for (const { on, why } of leansOn(record))
      if (!known.has(`${on} ${why}`)) {
        this.note({ record: stream, on, why });
        this.newLeans.push({ record: stream, on, why });
      }
    this.current.set(stream, { ...(before as Belief), record, entries: [...(before?.entries ?? []), entry] });
    this.write(stream, position, true);
    const targets = record.links.length === before?.record.links.length ? [] : record.links.map(({ to }) => to);
    for (const id of new Set([...(this.leaners.get(stream) ?? []), ...targets])) if (id !== stream) this.write(id, position, false);
  }

  private note({ record, on }: Lean): void {
    const leaners = this.leaners.get(on);
    if (leaners === undefined) this.leaners.set(on, new Set([record]));
    else leaners.add(record);
  }

  private write(id: string, position: bigint, always: boolean): void {
    const before = this.current.get(id);
    // A link may name a record of the same filing whose events are still to come.
    if (before?.record === undefined) return;
    const belief = believe(before.record, this.around(id), before.entries, ENTENTE_1);
    if (!always && sameDerived(belief, before)) return;
    this.current.set(id, belief);
    const last = this.beliefs.findLast((b) => b.from === position && b.belief.record.id === id);
    if (last !== undefined) last.belief = belief;
    else this.beliefs.push({ belief, from: position });
  }

  private around(id: string): Surroundings {
    const onFile = (other: string): RecordOnFile | undefined => this.current.get(other)?.record;
    const linking = [...(this.leaners.get(id) ?? [])].flatMap((other) => onFile(other) ?? []);
    return { onFile, linking };
  }
}

/** The records that these events name (`linked`: as the other end of a link), whose beliefs surround those of the records they change. */
export function namedBy(events: readonly StoredEvent[]): { named: string[]; linked: string[] } {
  const data = events.map((event) => event.data as Naming);
  const linked = data.flatMap(({ links, to }) => [...(links ?? []).map((link) => link.to), ...(to === undefined ? [] : [to])]);
  const cited = data.flatMap(({ citations, source }) => [
    ...(citations ?? []).map((c) => c.source),
    ...(source === undefined ? [] : [source]),
  ]);
  return { named: [...cited, ...linked], linked };
}

/** Where the data of an event names other records. */
interface Naming {
  links?: { to: string }[];
  citations?: { source: string }[];
  source?: string;
  to?: string;
}

function sameDerived(a: Belief, b: Belief): boolean {
  const derived = ({ status, linkedFrom, muted, sources }: Belief): string => JSON.stringify([status, linkedFrom, muted, sources]);
  return derived(a) === derived(b);
}
