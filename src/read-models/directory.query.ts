import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { PARTIES, type PartyKind } from '../domain/party.js';
import { knownAt } from '../projection/known.js';
import { pageOf, pinned, type Page, type Paging } from './page.js';
import { Views, type At, type Moment } from './views.js';

/** Somebody who can be one side of a relationship. */
export interface PartyItem {
  code: string;
  name: string;
  kind: PartyKind;
  /** What else it is called. */
  aliases: readonly string[];
  /** Codes of the members of an organisation, where its membership is settled. */
  members: readonly string[];
}

/** Somebody who acts or speaks in what is on file, under one name. */
export interface ActorItem {
  party: string | null;
  name: string | null;
  kind: string;
  /** Every role and style under which they are on file. */
  roles: string[];
  records: number;
}

export interface TopicItem {
  topic: string;
  records: number;
}

/** Every party, by code; a table of its own, the same at every moment. */
export class PartiesQuery extends Query<Page<PartyItem> & Moment> {
  constructor(
    readonly at: At,
    readonly paging: Paging,
  ) {
    super();
  }
}

const BY_CODE: readonly PartyItem[] = [...PARTIES.values()]
  .map(({ code, name, kind, aliases = [], members = [] }) => ({ code, name, kind, aliases, members }))
  .toSorted((a, b) => (a.code < b.code ? -1 : 1));

@QueryHandler(PartiesQuery)
export class PartiesHandler implements IQueryHandler<PartiesQuery> {
  constructor(private readonly views: Views) {}

  async execute({ at, paging }: PartiesQuery): Promise<Page<PartyItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    return { ...moment, ...pageOf(BY_CODE, paging, moment) };
  }
}

/** Who acts or speaks in what had happened, the one with the most records first. */
export class ActorsQuery extends Query<Page<ActorItem> & Moment> {
  constructor(
    readonly at: At,
    /** What a name, role or style has in it, whatever its case and accents. */
    readonly text: string | undefined,
    readonly paging: Paging,
  ) {
    super();
  }
}

/** The topics of what had happened, the one with the most records first. */
export class TopicsQuery extends Query<Page<TopicItem> & Moment> {
  constructor(
    readonly at: At,
    readonly paging: Paging,
  ) {
    super();
  }
}

const HAPPENED = `${knownAt('$1')} and latest <= $2 and not retracted`;

@QueryHandler(ActorsQuery)
export class ActorsHandler implements IQueryHandler<ActorsQuery> {
  constructor(
    private readonly views: Views,
    private readonly pool: Pool,
  ) {}

  async execute({ at, text = '', paging }: ActorsQuery): Promise<Page<ActorItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const actors = (await this.acting(moment)).map(({ roles, ...actor }) => ({
      ...actor,
      roles: roles.toSorted(),
    }));
    const found = actors.filter(({ name, roles }) => [name ?? '', ...roles].some((one) => folded(one).includes(folded(text))));
    return { ...moment, ...pageOf(found.toSorted(mostRecordsFirst), paging, moment) };
  }

  private async acting({ position, asOf }: Moment): Promise<ActorItem[]> {
    const { rows } = await this.pool.query<ActorItem>(
      `with acting as materialized (
         select distinct actor, record from view.happening cross join unnest(actors) actor where ${HAPPENED}
       ), styled as materialized (
         select actor, a ->> 'party' as party, a ->> 'name' as name, a ->> 'kind' as kind, a ->> 'role' as role, a ->> 'asStyled' as style
         from (select distinct actor from acting) one cross join lateral (select actor::json) j (a)
       )
       select party, name, kind, count(*)::int as records,
         array(select distinct r from styled s cross join unnest(array[s.role, s.style]) r
           where r is not null and (s.party, s.name, s.kind) is not distinct from (each.party, each.name, each.kind)) as roles
       from (select distinct party, name, kind, record from acting join styled using (actor)) each group by party, name, kind`,
      [position, asOf],
    );
    return rows;
  }
}

@QueryHandler(TopicsQuery)
export class TopicsHandler implements IQueryHandler<TopicsQuery> {
  constructor(
    private readonly views: Views,
    private readonly pool: Pool,
  ) {}

  async execute({ at, paging }: TopicsQuery): Promise<Page<TopicItem> & Moment> {
    const moment = await this.views.moment(pinned(at, paging));
    const { rows } = await this.pool.query<TopicItem>(
      `select topic, count(*)::int as records
       from (select distinct topic, record from view.happening cross join unnest(topics) topic where version = 1 and ${HAPPENED}) named group by topic`,
      [moment.position, moment.asOf],
    );
    return { ...moment, ...pageOf(rows.toSorted(mostRecordsFirst), paging, moment) };
  }
}

function mostRecordsFirst<T extends { records: number }>(a: T, b: T): number {
  // Of as many, in an order of their own, whatever order the rows were read in.
  return b.records - a.records || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

/** Without accents and case. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
