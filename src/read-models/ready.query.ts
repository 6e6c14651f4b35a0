import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventStore } from '../event-store/event-store.js';
import { Views, type Moment } from './views.js';

/** Whether log and views answer, and filings are taken; fails where one of them does not. */
export class ReadyQuery extends Query<Moment> {}

@QueryHandler(ReadyQuery)
export class ReadyHandler implements IQueryHandler<ReadyQuery> {
  constructor(
    private readonly views: Views,
    private readonly store: EventStore,
  ) {}

  async execute(): Promise<Moment> {
    const [moment] = await Promise.all([this.views.moment({}), this.store.ready()]);
    return moment;
  }
}
