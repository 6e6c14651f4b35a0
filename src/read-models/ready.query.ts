import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore } from '../event-store/event-store.js';
import { ProjectorStanding, type Following } from './projector-standing.js';

/** Whether log and views answer, and filings are taken, and how the views follow; fails where one of them does not. */
export class ReadyQuery extends Query<Following> {}

@QueryHandler(ReadyQuery)
export class ReadyHandler implements IQueryHandler<ReadyQuery> {
  constructor(
    private readonly standing: ProjectorStanding,
    private readonly store: EventStore,
  ) {}

  async execute(): Promise<Following> {
    const [following] = await Promise.all([this.standing.now(), this.store.ready()]);
    return following;
  }
}
