import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Views, type Moment } from './views.js';

/** Whether log and views answer; fails where one of them does not. */
export class ReadyQuery extends Query<Moment> {}

@QueryHandler(ReadyQuery)
export class ReadyHandler implements IQueryHandler<ReadyQuery> {
  constructor(private readonly views: Views) {}

  execute(): Promise<Moment> {
    return this.views.moment({});
  }
}
