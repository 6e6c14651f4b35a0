import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { belongingsOf, ROLES } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { disputeOf, joined, opposing, takesPosition, type Dispute } from '../domain/relationship/dispute.js';
import { happenedBy, type Cite } from '../domain/relationship/listing.js';
import type { Day } from '../domain/time.js';
import { knownAt } from '../projection/known.js';
import { byId, Beliefs, newestFirst } from './beliefs.js';
import { rowsAsJson } from './rows-as-json.js';
import { pageOf, pinned, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

export interface DisputeFilter {
  /** Only disputes with a position in this relationship, in any role. */
  relationship?: string;
  /** Only those in which positions still stand against each other, or only those that fell apart: their speakers withdrew what they said. */
  open?: boolean;
}

export type DisputeItem = Dispute & { open: boolean; relationships: { key: string; role: string }[] };

/** Disputes across relationships, the one with the latest statement first. */
export class DisputesQuery extends Query<Page<DisputeItem> & Moment> {
  constructor(
    readonly at: At,
    readonly filter: DisputeFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** A position that stands, in its relationships of any role. */
interface Standing {
  record: string;
  against: string[];
  relationships: string[];
}

@QueryHandler(DisputesQuery)
export class DisputesHandler implements IQueryHandler<DisputesQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly pool: Pool,
  ) {}

  async execute({ at, filter, paging }: DisputesQuery): Promise<Page<DisputeItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    if (filter.open === true) return { ...moment, ...(await this.open(moment, filter.relationship, paging)) };
    const known = this.beliefs.at(moment.position);
    const beliefs = (await known.ofRecords(await this.opposing())).toSorted(newestFirst);
    const read = byId(beliefs);
    const items = disputesAt(beliefs, moment.asOf, known.cite)
      .filter(({ open }) => filter.open === undefined || open === filter.open)
      .map((dispute) => ({ ...dispute, relationships: relationshipsOf(dispute, read) }))
      .filter(({ relationships }) => filter.relationship === undefined || relationships.some(({ key }) => key === filter.relationship));
    return { ...moment, ...pageOf(items, paging, moment) };
  }

  /** Those that are open are found by the places that their positions have, and only what is on the page is read. */
  private async open({ asOf, position, ...moment }: Moment, relationship: string | undefined, paging: Paging): Promise<Page<DisputeItem>> {
    const standing = await this.standing(asOf, position);
    const keys = new Map(standing.map(({ record, relationships }) => [record, relationships]));
    const sets = joined(standing).filter((ids) => relationship === undefined || ids.some((id) => keys.get(id)!.includes(relationship)));
    const page = pageOf(sets, paging, { asOf, position, ...moment });
    const known = this.beliefs.at(position);
    const read = byId(await known.ofRecords(page.items.flat()));
    const items = page.items.map((ids) => {
      const dispute = { open: true, ...disputeOf(among(ids, read), asOf, known.cite) };
      return { ...dispute, relationships: relationshipsOf(dispute, read) };
    });
    return { ...page, items };
  }

  /** Every position that stands, the newest first. */
  private async standing(asOf: Day, position: bigint): Promise<Standing[]> {
    return rowsAsJson(
      this.pool,
      `select json_build_object('record', record, 'against', min(against), 'relationships', array_agg(relationship)) as row from view.place
       where list = 'positions' and ${knownAt('$1')} and since <= $2 and (until is null or until > $2)
       group by record, on_day, position order by on_day desc, position desc`,
      [position, asOf],
    );
  }

  /** The statements that were ever linked so, whatever became of the links. */
  private async opposing(): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `with linked as (select record, leans_on from view.leans where why in ('denies', 'contradicts'))
       select record as id from linked union select leans_on from linked`,
    );
    return rows.map(({ id }) => id);
  }
}

/** Disputes among these statements, in their order. One that has fallen apart is told with all its positions, the withdrawn ones too. */
export function disputesAt(beliefs: readonly Belief[], asOf: Day, cite: Cite): (Dispute & { open: boolean })[] {
  const made = beliefs.filter(({ record, status }) => record.kind === 'statement' && happenedBy({ record }, asOf) && !status.retracted);
  const read = byId(made);
  const told = (ids: readonly string[], open: boolean) => ({ open, ...disputeOf(among(ids, read), asOf, cite) });
  return setsOf(made).flatMap((ids) => {
    const standing = setsOf(among(ids, read).filter((belief) => takesPosition(belief, asOf)));
    return standing.length === 0 ? [told(ids, false)] : standing.map((open) => told(open, true));
  });
}

function setsOf(beliefs: readonly Belief[]): string[][] {
  return joined(beliefs.map((belief) => ({ record: belief.record.id, against: opposing(belief) })));
}

function among(ids: readonly string[], read: ReadonlyMap<string, Belief>): Belief[] {
  return ids.map((id) => read.get(id)!);
}

/** The relationships of its positions, each with the first of its roles there: primary before affected before topic. */
function relationshipsOf({ positions: all }: Dispute, read: ReadonlyMap<string, Belief>): DisputeItem['relationships'] {
  const belongings = all.flatMap(({ record }) => belongingsOf(read.get(record)!.record));
  const keys = [...new Set(belongings.map(({ key }) => key))].toSorted();
  return keys.map((key) => ({ key, role: ROLES.find((role) => belongings.some((one) => one.key === key && one.role === role))! }));
}
