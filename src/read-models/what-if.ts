import type { Pool } from 'pg';
import { belongingsOf, citationsOf } from '../domain/record.js';
import { stands, type Held } from '../domain/relationship/belief.js';
import { entriesOf, figuresAt, inOrder, sumsOf, type Entry, type Figures, type Sum } from '../domain/relationship/ledger.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { Spanned } from '../domain/relationship/spans.js';
import type { StoredEvent } from '../event-store/event-store.js';
import { SCHEMA_OF } from '../event-store/upcast.js';
import { loadBatch, TablesOnFile } from '../projection/on-file.js';
import { Selection } from './selection.js';
import { inOneOnly } from './in-one-only.js';
import type { Moment } from './views.js';
import type { Effect, TriedEvent } from './what-if.query.js';

/** What is believed of a record, and what would be. */
export interface Changed {
  /** Absent for a new record. */
  before?: Held;
  after: Held;
}

/** Finds what events would change that are not stored: folds them as the projector would, and writes nothing. */
export class WhatIfs {
  constructor(
    private readonly pool: Pool,
    private readonly selection: Selection,
  ) {}

  /** Every record of which something else would be believed, had the events been stored after this position. */
  async changes(tried: readonly TriedEvent[], position: bigint): Promise<Changed[]> {
    const events = tried.map((event, i) => asStored(event, position + BigInt(i) + 1n));
    const batch = await loadBatch(new TablesOnFile(this.pool, 'live', position), events);
    for (const event of events) batch.apply(event);
    const changes = new Map<string, Changed>();
    for (const { belief: after, replaces } of batch.newBeliefs) {
      const before = changes.get(after.record.id)?.before ?? replaces?.belief;
      changes.set(after.record.id, { ...(before && { before }), after });
    }
    return [...changes.values()];
  }

  /** The relationships whose figures would change, or that would gain or lose a record; the largest change first. */
  async effects(changes: readonly Changed[], moment: Moment): Promise<Effect[]> {
    const sources = sourcesAfter(await this.selection.fallen(moment.position), changes);
    const moved = new Set(changes.flatMap(joinedOrLeft));
    const concerned = new Set([...moved, ...changes.flatMap(scoredIn), ...(await this.restingOn(sources.changed))]);
    const effects: Effect[] = [];
    for (const relationship of concerned) {
      const { before, after } = await this.figures(relationship, changes, sources, moment);
      if (!moved.has(relationship) && isSame(before, after)) continue;
      const delta = (after.value ?? 0) - (before.value ?? 0);
      effects.push({ relationship, before: before.value, after: after.value, delta });
    }
    return effects.toSorted(largestFirst);
  }

  private async figures(
    key: string,
    changes: readonly Changed[],
    sources: Sources,
    { asOf, position }: Moment,
  ): Promise<{ before: Figures; after: Figures }> {
    const [sums, supported] = await Promise.all([
      this.selection.sums(key, position, sources.fallen),
      sources.changed.length === 0 ? undefined : this.selection.sums(key, position, [...sources.after]),
    ]);
    const counted = (held: Held | undefined): Spanned<Entry>[] => (held === undefined ? [] : countedIn(key, held, sources.after));
    const taken = sumsOf(changes.flatMap(({ before }) => counted(before)));
    const put = sumsOf(changes.flatMap(({ after }) => counted(after)));
    const after = exchanged(supported ?? sums, taken, put);
    return { before: figuresAt(sums, asOf, ENTENTE_1), after: figuresAt(after, asOf, ENTENTE_1) };
  }

  /** The relationships of the records that cite one of these sources. */
  private async restingOn(sources: readonly string[]): Promise<string[]> {
    if (sources.length === 0) return [];
    const sql = 'select distinct relationship from view.resting where source = any($1)';
    const { rows } = await this.pool.query<{ relationship: string }>(sql, [sources]);
    return rows.map(({ relationship }) => relationship);
  }
}

/** The sources that do not stand, those that would not, and those in only one of the two. */
interface Sources {
  fallen: readonly string[];
  after: ReadonlySet<string>;
  changed: readonly string[];
}

function asStored({ record, type, version, data, metadata }: TriedEvent, position: bigint): StoredEvent {
  const recordedAt = new Date();
  const by = (metadata as { by?: string }).by ?? '';
  return { id: '', stream: record, type, schema: SCHEMA_OF[type], version, data, metadata: { by }, position, recordedAt, hash: '' };
}

function sourcesAfter(fallen: readonly string[], changes: readonly Changed[]): Sources {
  const after = new Set(fallen);
  for (const { record } of changes.map((change) => change.after)) {
    if (record.kind !== 'source') continue;
    if (stands(record)) after.delete(record.id);
    else after.add(record.id);
  }
  return { fallen, after, changed: inOneOnly(fallen, [...after]) };
}

/** The relationships in which the record would be listed and is not, or is and would not be. */
function joinedOrLeft({ before, after }: Changed): string[] {
  return inOneOnly(listedIn(before), listedIn(after));
}

function listedIn(held: Held | undefined): string[] {
  if (held === undefined || held.status.retracted) return [];
  return belongingsOf(held.record)
    .filter(({ role }) => role !== 'topic')
    .map(({ key }) => key);
}

function scoredIn({ before, after }: Changed): string[] {
  return [before, after].flatMap((held) => (held === undefined ? [] : entriesOf(held, ENTENTE_1).map(({ relationship }) => relationship)));
}

/** The moves of a record that count in a relationship; none where all its sources have fallen. */
function countedIn(key: string, held: Held, fallen: ReadonlySet<string>): Spanned<Entry>[] {
  if (citationsOf(held.record).every(({ source }) => fallen.has(source))) return [];
  return entriesOf(held, ENTENTE_1).filter(({ relationship }) => relationship === key);
}

/** Sums with some taken out, to which they had been added, and others put in; they are whole numbers, so nothing is lost on the way. */
function exchanged(sums: readonly Sum[], taken: readonly Sum[], put: readonly Sum[]): Sum[] {
  const sided = (each: readonly Sum[], sign: 1 | -1) => each.map((sum) => ({ ...sum, tenths: sign * sum.tenths, against: sum.tenths < 0 }));
  const all = [...sided(sums, 1), ...sided(taken, -1), ...sided(put, 1)];
  const groups = Map.groupBy(all, ({ since, until, base, against }) => `${since} ${until} ${base} ${against}`);
  const added = [...groups.values()].map((group) => ({ ...group[0]!, tenths: group.reduce((sum, { tenths }) => sum + tenths, 0) }));
  return inOrder(added.filter(({ tenths }) => tenths !== 0));
}

function isSame(a: Figures, b: Figures): boolean {
  return a.value === b.value && a.conflict === b.conflict && a.cooperation === b.cooperation;
}

function largestFirst(a: Effect, b: Effect): number {
  return Math.abs(b.delta) - Math.abs(a.delta) || (a.relationship < b.relationship ? -1 : 1);
}
