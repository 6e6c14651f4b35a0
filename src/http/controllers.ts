import { ActionController } from './action.controller.js';
import { ArticleController } from './article.controller.js';
import { CorrectionController } from './correction.controller.js';
import { CorrectionLogController } from './correction-log.controller.js';
import { DirectoryController } from './directory.controller.js';
import { HealthController } from './health.controller.js';
import { KeyController } from './key.controller.js';
import { ListingController } from './listing.controller.js';
import { MeetingController } from './meeting.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ParkedController } from './parked.controller.js';
import { RebuildController } from './rebuild.controller.js';
import { RecordController } from './record.controller.js';
import { RecordViewController } from './record-view.controller.js';
import { RelationshipChangeController } from './relationship-change.controller.js';
import { RelationshipController } from './relationship.controller.js';
import { SanctionController } from './sanction.controller.js';
import { SourceController } from './source.controller.js';
import { SourceViewController } from './source-view.controller.js';
import { StatementController } from './statement.controller.js';

/** Everything that can be filed or administered. */
export const WRITE_CONTROLLERS = [
  ArticleController,
  SourceController,
  StatementController,
  SanctionController,
  MeetingController,
  ActionController,
  RecordController,
  CorrectionController,
  KeyController,
  ParkedController,
  RebuildController,
] as const;

/** Everything that can be asked. */
export const READ_CONTROLLERS = [
  HealthController,
  MetricsController,
  RelationshipController,
  RelationshipChangeController,
  ListingController,
  RecordViewController,
  SourceViewController,
  CorrectionLogController,
  DirectoryController,
] as const;
