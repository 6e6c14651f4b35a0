import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { citationsOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { changeOf, fadedParts, type FadedPart } from '../domain/relationship/change.js';
import { happeningOf } from '../domain/relationship/listing.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { whyChanged, whySourceTurned } from '../domain/relationship/why.js';
import type { Day } from '../domain/time.js';
import { byId, Beliefs, type BeliefsAt } from './beliefs.js';
import { filedSince, seenAnew, type FiledSince, type SeenAnew } from './change-items.js';
import { Changed, type Compared } from './changed.js';
import { Gaps, type Incomplete } from './gaps.js';
import { countedIn, Selection } from './selection.js';
import { inOneOnly } from './in-one-only.js';
import { Views, type At, type Moment } from './views.js';

const MOST_NAMED = 50;
/** Of some records nothing that a reader sees is different: so many more are looked at. */
const SPARE = 50;

/** One of the two moments, and T then. */
export interface End {
  asOf: Day;
  knownAt: string;
  position: string;
  tension: number | null;
}

/** ΔT = faded + corrected + new, each with the records behind it, at most 50 of each; `counts` says how many there are. */
export interface Changes extends Moment, Incomplete {
  key: string;
  from: End;
  to: End;
  delta: number;
  faded: { delta: number; parts: (FadedPart & { summary: string })[] };
  corrected: { delta: number; records: SeenAnew[] };
  new: { delta: number; records: FiledSince[] };
  counts: { corrected: number; new: number };
}

interface Told<T> {
  records: T[];
  count: number;
}

/** Why the tension is not what it was; undefined where `from` was known after `at`. */
export class ChangesQuery extends Query<Changes | undefined> {
  constructor(
    readonly key: string,
    readonly at: At,
    /** Each of the two is that of `at` where it is left out. */
    readonly from: Pick<At, 'asOf' | 'knownAt'>,
  ) {
    super();
  }
}

@QueryHandler(ChangesQuery)
export class ChangesHandler implements IQueryHandler<ChangesQuery> {
  private readonly changed: Changed;
  private readonly gaps: Gaps;

  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly selection: Selection,
    pool: Pool,
  ) {
    this.changed = new Changed(pool);
    this.gaps = new Gaps(pool);
  }

  async execute({ key, at, from: { asOf, knownAt } }: ChangesQuery): Promise<Changes | undefined> {
    // First, since it waits until the views have come so far: what they hold then is no earlier.
    const earlier = knownAt && (await this.views.moment({ knownAt }));
    const to = await this.views.moment(at);
    const from = { ...(earlier ?? to), asOf: asOf ?? to.asOf };
    return from.position > to.position ? undefined : this.compare(key, from, to);
  }

  private async compare(key: string, from: Moment, to: Moment): Promise<Changes> {
    const compared = { key, from, to };
    const [fell, fallen] = [await this.selection.fallen(from.position), await this.selection.fallen(to.position)];
    const [was, same, is, parts, seen, filed, incomplete] = await Promise.all([
      this.selection.sums(key, from.position, fell),
      this.selection.sums(key, to.position, fallen, from.position),
      this.selection.sums(key, to.position, fallen),
      this.faded(compared, fell),
      this.seenAnew(compared, inOneOnly(fell, fallen)),
      this.filed(compared),
      this.gaps.isIncomplete(to.position, key),
    ]);
    const change = changeOf({ was, same, is }, from.asOf, to.asOf, ENTENTE_1);
    return {
      key,
      ...to,
      from: endOf(from, change.from),
      to: endOf(to, change.to),
      delta: change.delta,
      faded: { delta: change.faded, parts },
      corrected: { delta: change.corrected, records: seen.records },
      new: { delta: change.new, records: filed.records },
      counts: { corrected: seen.count, new: filed.count },
      incomplete,
    };
  }

  private async faded({ key, from, to }: Compared, fallen: readonly string[]): Promise<Changes['faded']['parts']> {
    if (from.asOf === to.asOf) return [];
    const versions = await this.selection.fading({ key, position: from.position }, [from.asOf, to.asOf], fallen, MOST_NAMED);
    const beliefs = byId(await this.beliefs.at(from.position).ofVersions(versions));
    const moves = [...beliefs.values()].flatMap((belief) => countedIn(belief, key));
    const parts = fadedParts(moves, from.asOf, to.asOf, ENTENTE_1).slice(0, MOST_NAMED);
    return parts.map((part) => ({ ...part, summary: happeningOf(beliefs.get(part.record)!.record)!.data.summary }));
  }

  private async filed(compared: Compared): Promise<Told<FiledSince>> {
    const { key, to } = compared;
    const { records, count } = await this.changed.filed(compared, MOST_NAMED);
    const known = this.beliefs.at(to.position);
    const beliefs = byId(await known.ofRecords(records));
    return { count, records: records.map((id) => filedSince(beliefs.get(id)!, key, to.asOf, known.cite)) };
  }

  /** `sources`: those that stand at one of the two moments only. */
  private async seenAnew(compared: Compared, sources: readonly string[]): Promise<Told<SeenAnew>> {
    const { key, from, to } = compared;
    const found = await this.changed.seenAnew(compared, sources, MOST_NAMED + SPARE);
    const is = this.beliefs.at(to.position);
    const then = byId(await this.beliefs.at(from.position).ofRecords(found.records));
    const now = byId(await is.ofRecords(found.records));
    const cited = new Set([...then.values(), ...now.values()].flatMap(citedBy));
    const ofSources = await this.whyTurned(
      sources.filter((source) => cited.has(source)),
      from.position,
      is,
    );
    const records = found.records.flatMap((id) => {
      const [before, after] = [then.get(id)!, now.get(id)!];
      const resting = new Set([...citedBy(before), ...citedBy(after)]);
      const [why, ...also] = whyChanged(
        before,
        after,
        from.position,
        [...resting].flatMap((source) => ofSources.get(source) ?? []),
      );
      return why === undefined ? [] : [seenAnew(before, after, [why, ...also], key, to.asOf, is.cite)];
    });
    return { records: records.slice(0, MOST_NAMED), count: found.count - found.records.length + records.length };
  }

  private async whyTurned(sources: readonly string[], since: bigint, known: BeliefsAt): Promise<Map<string, string[]>> {
    const beliefs = await known.ofRecords(sources);
    return new Map(beliefs.map((source) => [source.record.id, whySourceTurned(source, since)]));
  }
}

function citedBy({ record }: Belief): string[] {
  return citationsOf(record).map(({ source }) => source);
}

function endOf({ asOf, knownAt, position }: Moment, tension: number | null): End {
  return { asOf, knownAt, position: position.toString(), tension };
}
