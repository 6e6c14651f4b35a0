import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { belongingsOf, ROLES } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { disputeOf, joined, type Dispute } from '../domain/relationship/dispute.js';
import type { Day } from '../domain/time.js';
import { byId, Beliefs } from './beliefs.js';
import { ContestedOn, newestFirst, type Contested } from './contested.js';
import { Gaps, type Incomplete } from './gaps.js';
import { pageFrom, pinned, placeIn, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

export interface DisputeFilter {
  /** Only disputes with a position in this relationship, in any role. */
  relationship?: string;
  /** Only those in which positions still stand against each other, or only those that fell apart: their speakers withdrew what they said. */
  open?: boolean;
}

export type DisputeItem = Dispute & { open: boolean; relationships: { key: string; role: string }[] };

/** Disputes across relationships, the one with the latest statement first. */
export class DisputesQuery extends Query<Page<DisputeItem> & Incomplete & Moment> {
  constructor(
    readonly at: At,
    readonly filter: DisputeFilter,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** The newest statement of a set, and how many disputes of the set come before: the place of a dispute in the list. */
type Place = [on: Day, position: string, before: string];

interface Found {
  records: string[];
  open: boolean;
  relationships: string[];
  place: Place;
}

const MOST_AT_ONCE = 1_000;

@QueryHandler(DisputesQuery)
export class DisputesHandler implements IQueryHandler<DisputesQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly pool: Pool,
  ) {}

  async execute({ at, filter, paging }: DisputesQuery): Promise<Page<DisputeItem> & Incomplete & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const incomplete = await new Gaps(this.pool).isIncomplete(moment.position, filter.relationship);
    const from = placeIn(paging, ['day', 'number', 'number'] as const);
    const found = await this.find(filter, moment, from, paging.limit + 1);
    const told = found.slice(0, paging.limit);
    const known = this.beliefs.at(moment.position);
    const read = byId(await known.ofRecords(told.flatMap(({ records }) => records)));
    const items = told.map(({ records, open }) => {
      const members = records.map((id) => read.get(id)!);
      return { open, ...disputeOf(members, moment.asOf, known.cite), relationships: relationshipsOf(members) };
    });
    return { ...moment, ...pageFrom(items, found[paging.limit]?.place, moment), incomplete };
  }

  /** At least so many, from a place on, where there are as many. */
  private async find({ relationship, open }: DisputeFilter, moment: Moment, from: Place | undefined, least: number): Promise<Found[]> {
    const contested = new ContestedOn(this.pool, moment, open === true ? 'standing' : 'all');
    const among = async (some: readonly Contested[], after: Place | undefined): Promise<Found[]> => {
      const disputes = disputesAmong(await contested.joinedTo(some));
      return disputes.filter((each) => comesBy(each, after) && isAsked(each, { relationship, open }));
    };
    // Where a dispute comes is told by its newest statement, be that of another relationship, or one that was never withdrawn.
    if (relationship !== undefined) return among(await contested.begin({ relationship }), from);
    if (open === false) return among(await contested.begin({ withdrawn: true }), from);
    const found: Found[] = [];
    let next = from;
    for (let most = 2 * least; ; most = Math.min(2 * most, MOST_AT_ONCE)) {
      const begun = await contested.begin({ from: next, most: most + 1 });
      found.push(...(await among(begun.slice(0, most), next)));
      const beyond = begun[most];
      if (beyond === undefined || found.length >= least) return found;
      next = [beyond.on, beyond.position, '0'];
    }
  }
}

/** Disputes among these statements, which are in their order: one that has fallen apart with all its positions, the withdrawn ones too. */
function disputesAmong(statements: readonly Contested[]): Found[] {
  const byRecord = new Map(statements.map((one) => [one.record, one]));
  return joined(statements).flatMap((ids) => {
    const set = ids.map((id) => byRecord.get(id)!);
    const standing = joined(set.filter(({ stands }) => stands));
    const { on, position } = set[0]!;
    return (standing.length === 0 ? [ids] : standing).map((records, i) => ({
      records,
      open: standing.length > 0,
      relationships: records.flatMap((id) => byRecord.get(id)!.relationships),
      place: [on, position, `${i}`],
    }));
  });
}

function comesBy({ place: [on, position, before] }: Found, from: Place | undefined): boolean {
  if (from === undefined) return true;
  const order = newestFirst({ on, position }, { on: from[0], position: from[1] });
  return order === 0 ? Number(before) >= Number(from[2]) : order > 0;
}

function isAsked(dispute: Found, { relationship, open }: DisputeFilter): boolean {
  return (open === undefined || dispute.open === open) && (relationship === undefined || dispute.relationships.includes(relationship));
}

/** The relationships of its positions, each with the first of its roles there: primary before affected before topic. */
function relationshipsOf(members: readonly Belief[]): DisputeItem['relationships'] {
  const belongings = members.flatMap(({ record }) => belongingsOf(record));
  const keys = [...new Set(belongings.map(({ key }) => key))].toSorted();
  return keys.map((key) => ({ key, role: ROLES.find((role) => belongings.some((one) => one.key === key && one.role === role))! }));
}
