import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { KeyRing } from './access/key-ring.js';
import { DecideAndAppend } from './commands/decide-and-append.js';
import { FileArticleHandler } from './commands/file-article.handler.js';
import { FileCommandHandler } from './commands/file-command.handler.js';
import { RecordCache } from './commands/record-cache.js';
import { TryArticleHandler, TryCommandHandler } from './commands/try.handlers.js';
import { EventStore } from './event-store/event-store.js';
import { READ_CONTROLLERS, WRITE_CONTROLLERS } from './http/controllers.js';
import { Filings } from './http/filings.js';
import { BodyShapes } from './http/shapes.js';
import { RebuildOrder } from './projection/rebuild-order.js';
import { RebuildWatch } from './projection/rebuild-watch.js';
import { Beliefs } from './read-models/beliefs.js';
import { ChangesHandler } from './read-models/changes.query.js';
import { CorrectionsHandler } from './read-models/correction.query.js';
import { Dependants } from './read-models/dependants.js';
import { ActorsHandler, PartiesHandler, TopicsHandler } from './read-models/directory.query.js';
import { DisputesHandler } from './read-models/dispute.query.js';
import { HistoryHandler } from './read-models/history.query.js';
import { Gaps } from './read-models/gaps.js';
import { ImpactHandler } from './read-models/impact.query.js';
import { KeptRelationships } from './read-models/kept-relationships.js';
import { ListingHandler } from './read-models/listing.query.js';
import { ProjectorStanding } from './read-models/projector-standing.js';
import { QuestionsHandler } from './read-models/question.query.js';
import { ParkedHandler } from './read-models/parked.query.js';
import { DropParkedHandler, RetryParkedHandler } from './read-models/parked.retry.js';
import { ReadyHandler } from './read-models/ready.query.js';
import { CancelRebuildHandler, RebuildHandler, StartRebuildHandler } from './read-models/rebuild.query.js';
import { RecordHandler } from './read-models/record.query.js';
import { ReplayHandler } from './read-models/replay.query.js';
import { RelationshipsHandler, RelationshipStateHandler, TensionSeriesHandler } from './read-models/relationship.query.js';
import { Selection } from './read-models/selection.js';
import { StateCache } from './read-models/state-cache.js';
import { TimelineHandler } from './read-models/timeline.query.js';
import { SourceHandler } from './read-models/source.query.js';
import { Progress, Views } from './read-models/views.js';
import { WhatIfs } from './read-models/what-if.js';
import { WhatIfHandler } from './read-models/what-if.query.js';
import { Metrics } from './telemetry/metrics.js';

/** What the service is made of; opened before the application, closed after it. */
export interface Parts {
  store: EventStore;
  /** Where the views and the keys are. */
  pool: Pool;
  cache: RecordCache;
  progress: Progress;
  rebuilds: RebuildWatch;
  metrics: Metrics;
}

/** The one wiring list. */
@Module({})
export class AppModule {
  static with({ store, pool, cache, progress, rebuilds, metrics }: Parts): DynamicModule {
    const { edition } = progress;
    const kept = new KeptRelationships(pool, edition);
    const selection = new Selection(pool, kept);
    const states = new StateCache(pool, edition);
    const standing = new ProjectorStanding(pool, store);
    metrics.watch({ pool, kept, states, projector: standing });
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: [...WRITE_CONTROLLERS, ...READ_CONTROLLERS],
      providers: [
        Filings,
        { provide: EventStore, useValue: store },
        { provide: KeyRing, useValue: new KeyRing(pool) },
        { provide: DecideAndAppend, useValue: new DecideAndAppend(store, cache, new BodyShapes()) },
        { provide: Views, useValue: new Views(pool, store, progress) },
        { provide: Beliefs, useValue: new Beliefs(pool, edition) },
        { provide: KeptRelationships, useValue: kept },
        { provide: Selection, useValue: selection },
        { provide: Dependants, useValue: new Dependants(pool, kept) },
        { provide: WhatIfs, useValue: new WhatIfs(pool, selection) },
        { provide: StateCache, useValue: states },
        { provide: Gaps, useValue: new Gaps(pool) },
        { provide: Pool, useValue: pool },
        { provide: RebuildOrder, useValue: new RebuildOrder(pool) },
        { provide: RebuildWatch, useValue: rebuilds },
        { provide: Metrics, useValue: metrics },
        { provide: ProjectorStanding, useValue: standing },
        FileCommandHandler,
        FileArticleHandler,
        TryCommandHandler,
        TryArticleHandler,
        RelationshipStateHandler,
        RelationshipsHandler,
        TimelineHandler,
        ChangesHandler,
        ReplayHandler,
        TensionSeriesHandler,
        ListingHandler,
        DisputesHandler,
        QuestionsHandler,
        RecordHandler,
        HistoryHandler,
        ImpactHandler,
        WhatIfHandler,
        SourceHandler,
        CorrectionsHandler,
        PartiesHandler,
        ActorsHandler,
        TopicsHandler,
        ParkedHandler,
        RetryParkedHandler,
        DropParkedHandler,
        ReadyHandler,
        RebuildHandler,
        StartRebuildHandler,
        CancelRebuildHandler,
      ],
    };
  }
}
