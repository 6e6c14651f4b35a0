import { Query } from '@nestjs/cqrs';
import type { EventType, Kind } from '../domain/record.js';
import type { Occurred } from '../domain/time.js';
import type { At } from './views.js';

/** An event that was decided and not stored; `version` is the one that its record would have. */
export interface TriedEvent {
  record: string;
  kind: Kind;
  version: number;
  type: EventType;
  data: object;
  metadata: object;
}

/** What a filing would change, had it been stored. */
export interface WhatIf {
  /** The tension of each relationship in which it would not stay the same. */
  effects: { relationship: string; before: number | null; after: number | null; delta: number }[];
  /** Records of the same parties and type on overlapping days: it may be on file already. */
  lookAlikes: { record: string; summary: string; occurred: Occurred }[];
  /** Each record that it touches, as it would be known. */
  records: ({ id: string; kind: Kind; version: number } & Record<string, unknown>)[];
}

/** Asks what events would change that are not stored. */
export class WhatIfQuery extends Query<WhatIf> {
  constructor(
    readonly events: readonly TriedEvent[],
    readonly at: At,
  ) {
    super();
  }
}
