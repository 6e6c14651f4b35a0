import { BASES, PRECISIONS } from '../domain/time.js';
import { CHANGE_VIEWS } from './openapi.change.js';
import { DIRECTORY_VIEWS, LIST_VIEWS } from './openapi.lists.js';
import { DAY_OR_NONE, TEXT, optional, ref, type Schema } from './openapi.parts.js';
import { OPERATION_VIEWS } from './openapi.operation.js';
import { RECORD_VIEWS } from './openapi.record.js';
import { RELATIONSHIP_VIEWS } from './openapi.relationship.js';

/** What many answers hold. */
const COMMON_VIEWS: Record<string, Schema> = {
  Occurred: {
    ...optional(
      {
        statedAs: TEXT,
        edtf: TEXT,
        earliest: DAY_OR_NONE,
        latest: DAY_OR_NONE,
        precision: { type: 'string', enum: [...PRECISIONS] },
        basis: { type: 'string', enum: [...BASES] },
        latestBasis: { type: 'string', enum: ['stated', 'published', 'recorded'] },
        relativeTo: ref('RelativeTo'),
      },
      'When it happened, with both bounds (null where nothing is stated)',
    ),
    required: ['earliest', 'latest', 'precision', 'basis'],
  },
  CitedSource: {
    ...optional({
      source: TEXT,
      locator: TEXT,
      attribution: TEXT,
      anonymity: TEXT,
      statedAs: TEXT,
      publisher: TEXT,
      title: TEXT,
      url: TEXT,
      publishedAt: TEXT,
    }),
    required: ['source'],
  },
};

/** The answers of the calls that read, as API.md of the contract shows them. */
export const VIEWS: Record<string, Schema> = {
  ...COMMON_VIEWS,
  ...RELATIONSHIP_VIEWS,
  ...CHANGE_VIEWS,
  ...LIST_VIEWS,
  ...RECORD_VIEWS,
  ...DIRECTORY_VIEWS,
  ...OPERATION_VIEWS,
};
