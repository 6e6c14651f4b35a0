import { sumsOf, type Sum } from '../../src/domain/relationship/ledger.js';
import type { Held } from '../../src/domain/relationship/belief.js';
import { LISTS, type ListName } from '../../src/domain/relationship/places.js';
import type { Day } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Batch, type Lean, type NewBelief } from '../../src/projection/batch.js';
import type { Row } from '../../src/projection/row.js';
import { rowsOf } from '../../src/projection/rows.js';

/** The views over a log, kept in memory as the projector keeps them in its tables: folded batch by batch, a belief closed by the next. */
export class Projected {
  readonly beliefs: NewBelief[] = [];
  private readonly current = new Map<string, NewBelief>();
  private readonly leans = new Map<string, Lean>();

  /** Folds the log in batches of these sizes, over and over. */
  constructor(log: readonly StoredEvent[], sizes: readonly number[]) {
    for (let [from, n] = [0, 0]; from < log.length; n += 1) {
      const size = sizes[n % sizes.length]!;
      this.project(log.slice(from, from + size));
      from += size;
    }
  }

  private project(events: readonly StoredEvent[]): void {
    const batch = new Batch(this.current, [...this.leans.values()]);
    for (const event of events) batch.apply(event);
    for (const next of batch.newBeliefs) {
      const { id } = next.belief.record;
      if (next.replaces !== undefined) this.current.get(id)!.until = next.from;
      const kept = { belief: plain(next.belief), from: next.from, until: next.until };
      this.beliefs.push(kept);
      this.current.set(id, kept);
    }
    // Who cites a source is not asked for: nothing that is believed of a record follows from it.
    for (const lean of batch.newLeans) if (lean.why !== 'cites') this.leans.set(`${lean.record} ${lean.why} ${lean.on}`, lean);
  }

  /** All beliefs, in an order of their own. */
  told(): NewBelief[] {
    const name = ({ belief, from }: NewBelief): string => `${belief.record.id} ${String(from).padStart(9, '0')}`;
    return this.beliefs.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
  }

  /** What was believed at a position, by record. */
  at(position: bigint): Map<string, Held> {
    return new Map(this.knownAt(position).map(({ belief }) => [belief.record.id, belief]));
  }

  /** Its moves added up, as the state of a relationship is selected; of records on file by `filedBy`. */
  sums(key: string, position: bigint, filedBy = position): Sum[] {
    const { move, source } = this.rows(position);
    const fallen = new Set(source.flatMap((row) => (row['stands'] === true ? [] : [row['source']])));
    const stands = ({ sources }: Row): boolean => (sources as string[]).some((one) => !fallen.has(one));
    const own = move.filter((row) => row['relationship'] === key && (row['filed'] as bigint) <= filedBy && stands(row));
    return sumsOf(own as unknown as Parameters<typeof sumsOf>[0]);
  }

  /** How many items each list of a state has on a day. */
  counts(key: string, asOf: Day, position: bigint): Record<ListName, number> {
    const own = this.rows(position).place.filter((row) => row['relationship'] === key && row['role'] !== 'topic' && isOn(row, asOf));
    const count = (list: ListName): number =>
      own.filter((row) => row['list'] === list).reduce((sum, { items }) => sum + (items as number), 0);
    return Object.fromEntries(LISTS.map((list) => [list, count(list)])) as Record<ListName, number>;
  }

  private rows(position: bigint): ReturnType<typeof rowsOf> {
    return rowsOf(this.knownAt(position));
  }

  private knownAt(position: bigint): NewBelief[] {
    return this.beliefs.filter(({ from, until }) => from <= position && (until === null || until > position));
  }
}

function isOn({ since, until }: Row, day: Day): boolean {
  return (since as Day) <= day && (until === null || (until as Day) > day);
}

/** As it is stored and read again. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
