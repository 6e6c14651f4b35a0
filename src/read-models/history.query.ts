import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Citation } from '../domain/citation.js';
import { publicChanges, withoutNotes } from '../domain/note.js';
import type { Change } from '../domain/record.js';
import type { Cite } from '../domain/relationship/listing.js';
import { EventStore, type StoredEvent } from '../event-store/event-store.js';
import { isReadable, lift } from '../event-store/upcast.js';
import { Beliefs } from './beliefs.js';
import { Views, type At, type Moment } from './views.js';

/** One event of a record as it was filed: dates as they were then, whatever has moved them since. */
export interface Told {
  version: number;
  position: string;
  type: string;
  recordedAt: string;
  by: string;
  /** With its reason and its sources; `step` where it is about a later step of the record. */
  data: object;
  /** What a correction changed, field by field. */
  changes?: Change[];
}

/** Every event of a record that was recorded by then; undefined where there is none. `asOf` moves nothing in it. */
export class HistoryQuery extends Query<({ items: Told[] } & Moment) | undefined> {
  constructor(
    readonly id: string,
    readonly at: At,
    /** Whether the reader may see the editor's private remark. */
    readonly withNote: boolean,
  ) {
    super();
  }
}

/** The one view that reads a stream: what was filed, word for word, is in the log alone. */
@QueryHandler(HistoryQuery)
export class HistoryHandler implements IQueryHandler<HistoryQuery> {
  constructor(
    private readonly views: Views,
    private readonly store: EventStore,
    private readonly beliefs: Beliefs,
  ) {}

  async execute({ id, at, withNote }: HistoryQuery): Promise<({ items: Told[] } & Moment) | undefined> {
    const moment = await this.views.moment(at);
    const stream = (await this.store.readStreams([id])).get(id) ?? [];
    const events = stream.filter(({ position }) => position <= moment.position);
    if (events.length === 0) return undefined;
    const known = this.beliefs.at(moment.position);
    await known.readSources(events.flatMap(citedIn).map(({ source }) => source));
    return { ...moment, items: events.map((event) => tell(event, known.cite, withNote)) };
  }
}

function tell(event: StoredEvent, cite: Cite, withNote: boolean): Told {
  const { version, position, type, recordedAt, metadata } = event;
  const { changes, ...data } = citing(event, cite) as { changes?: Change[] };
  return {
    version,
    position: position.toString(),
    type,
    recordedAt: recordedAt.toISOString(),
    by: metadata.by,
    data: withNote ? data : withoutNotes(data),
    ...(changes !== undefined && { changes: withNote ? changes : publicChanges(changes) }),
  };
}

/** What the event holds, each of its citations with its source. */
function citing(event: StoredEvent, cite: Cite): object {
  const data = dataOf(event);
  if (event.type === 'SourceCited') return { ...cite([data as Citation])[0] };
  return citedIn(event).length === 0 ? data : { ...data, citations: cite(citedIn(event)) };
}

function citedIn(event: StoredEvent): Citation[] {
  const data = dataOf(event);
  if (event.type === 'SourceCited') return [data as Citation];
  const { citations } = data as { citations?: unknown };
  return Array.isArray(citations) ? (citations as Citation[]) : [];
}

/** In today's shape; an event that this version of the service does not know, in its own. */
function dataOf(event: StoredEvent): object {
  return isReadable(event) ? lift(event).data : event.data;
}
