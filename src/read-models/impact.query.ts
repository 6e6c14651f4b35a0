import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Rel } from '../domain/link.js';
import { citationsOf, linksOf } from '../domain/record.js';
import type { Belief } from '../domain/relationship/belief.js';
import { dateLeans } from '../domain/redate.js';
import { Beliefs, newestFirst, type BeliefsAt } from './beliefs.js';
import { Dependants } from './dependants.js';
import { Gaps } from './gaps.js';
import { Views, type At, type Moment } from './views.js';
import { WhatIfs, type Changed } from './what-if.js';
import type { Effect, TriedEvent } from './what-if.query.js';

/** Another record that something would happen to. */
export interface Affected {
  record: string;
  /** What it has to do with the record that falls. */
  why: string;
  /** Of a source without a title, null. */
  summary: string | null;
}

/** What would change if a record fell: were it retracted, or, of a source, did it stand no more. */
export interface Impact extends Moment {
  record: string;
  effects: Effect[];
  /** The newest of them, and how many there are. */
  alsoAffected: Affected[];
  alsoAffectedCount: number;
}

/** Asks what would change if a record fell; undefined where nothing was on file under the id. */
export class ImpactQuery extends Query<Impact | undefined> {
  constructor(
    readonly id: string,
    readonly at: At,
  ) {
    super();
  }
}

const MOST_NAMED = 50;

@QueryHandler(ImpactQuery)
export class ImpactHandler implements IQueryHandler<ImpactQuery> {
  constructor(
    private readonly views: Views,
    private readonly beliefs: Beliefs,
    private readonly whatIfs: WhatIfs,
    private readonly dependants: Dependants,
    private readonly gaps: Gaps,
  ) {}

  async execute({ id, at }: ImpactQuery): Promise<Impact | undefined> {
    const moment = await this.views.moment(at);
    const known = this.beliefs.at(moment.position);
    const [[belief]] = await Promise.all([known.ofRecords([id]), this.gaps.refuse([id], moment.position)]);
    if (belief === undefined) return undefined;
    // It has fallen already.
    if (belief.status.retracted) return { record: id, ...moment, effects: [], alsoAffected: [], alsoAffectedCount: 0 };
    const changes = await this.whatIfs.changes([retractionOf(belief)], moment.position);
    const [effects, affected] = await Promise.all([
      this.whatIfs.effects(changes, moment),
      this.affected(belief, changes, known, moment.position),
    ]);
    return { record: id, ...moment, effects, ...affected };
  }

  private async affected(
    falling: Belief,
    changes: readonly Changed[],
    known: BeliefsAt,
    position: bigint,
  ): Promise<Pick<Impact, 'alsoAffected' | 'alsoAffectedCount'>> {
    const { id, kind } = falling.record;
    const linked = [...changes.map(({ after }) => after.record.id), ...falling.linkedFrom.map(({ from }) => from)];
    const beside = new Set([...linked, ...(await this.dependants.datedBy(id))].filter((other) => other !== id));
    const resting = kind === 'source' ? await this.dependants.citing(id, position, MOST_NAMED) : { records: [], count: 0 };
    const beliefs = await known.ofRecords([...beside, ...resting.records]);
    const affected = beliefs.map((belief) => ({ belief, whys: whysOf(belief, falling) })).filter(({ whys }) => whys.length > 0);
    const others = affected.filter(({ belief: { record } }) => !citationsOf(record).some(({ source }) => source === id));
    const named = affected.toSorted((a, b) => newestFirst(a.belief, b.belief)).slice(0, MOST_NAMED);
    return {
      alsoAffected: named.map(({ belief, whys }) => ({ record: belief.record.id, why: whys.join(', '), summary: summaryOf(belief) })),
      alsoAffectedCount: resting.count + others.length,
    };
  }
}

function retractionOf({ record: { id, kind, version } }: Belief): TriedEvent {
  return { record: id, kind, version: version + 1, type: 'RecordRetracted', data: { reason: 'what if it fell' }, metadata: {} };
}

/** What a record has to do with the one that falls; nothing where it is retracted itself. */
function whysOf({ record }: Belief, { record: falling, linkedFrom }: Belief): string[] {
  if (record.retracted !== undefined) return [];
  const whys = [
    ...(dateLeans(record).includes(falling.id) ? ['date follows'] : []),
    ...linkedFrom.filter(({ from }) => from === record.id).map(({ rel }) => LINKED_FROM[rel]),
    ...linksOf(falling).flatMap(({ to, rel }) => (to === record.id ? [LINKED_TO[rel]] : [])),
    ...(citationsOf(record).some(({ source }) => source === falling.id) ? ['rests on it'] : []),
  ];
  return [...new Set(whys)];
}

/** What a record does that is linked to the one that falls. */
const LINKED_FROM: Record<Rel, string> = {
  about: 'about it',
  respondsTo: 'responds to it',
  denies: 'denies it',
  confirms: 'confirms it',
  contradicts: 'contradicts it',
  repeats: 'repeats it',
  summarises: 'summarises it',
  partOf: 'part of it',
  followUpOf: 'follows it up',
  fulfils: 'fulfils it',
  answers: 'answers it',
  context: 'linked to it as context',
};

/** What is done to a record to which the one that falls is linked. */
const LINKED_TO: Record<Rel, string> = {
  about: 'spoken about by it',
  respondsTo: 'responded to by it',
  denies: 'denied by it',
  confirms: 'confirmed by it',
  contradicts: 'contradicted by it',
  repeats: 'repeated by it',
  summarises: 'summarised by it',
  partOf: 'has it as a part',
  followUpOf: 'followed up by it',
  fulfils: 'fulfilled by it',
  answers: 'answered by it',
  context: 'has it as context',
};

function summaryOf({ record: { filed } }: Belief): string | null {
  return (filed.type === 'SourceRegistered' ? filed.data.title : filed.data.summary) ?? null;
}
