import type { EventType } from '../domain/record.js';
import { reject, Rejection } from '../domain/rejection.js';
import { EventStore, type IdempotencyKey, type NewEvent, type StoredEvent, type StreamAppend } from '../event-store/event-store.js';
import { SCHEMA_OF } from '../event-store/upcast.js';
import type { Agenda, Draft, Loaded } from './agenda.js';
import { eventId, idempotencyKey } from './filing-key.js';
import { kindOfId } from '../domain/kind-of-id.js';
import { loadAgenda } from './load-agenda.js';
import type { FilingRequest, Tried } from './messages.js';
import { RecordCache } from './record-cache.js';
import type { Shapes } from './shapes.js';
import { Sitting, type Decided } from './sitting.js';
import { inAppendSpan } from '../telemetry/append-span.js';

const MOST_ATTEMPTS = 5;

/** What each draft came to, in their order, and where the filing stands in the log. */
export interface Outcome {
  results: Settled[];
  replayed: boolean;
}

export interface Settled {
  id: string;
  version: number;
  position: bigint;
  events: EventType[];
  created: boolean;
}

interface Plan {
  agenda: Agenda;
  request: FilingRequest;
  key: IdempotencyKey | undefined;
}

interface Conflict {
  stream: string;
  expected: number;
  actual: number;
}

/** Loads what a filing names, decides it, and appends: the only place that appends to the log. */
export class DecideAndAppend {
  constructor(
    private readonly store: EventStore,
    private readonly cache: RecordCache,
    private readonly shapes: Shapes,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async file(agenda: Agenda, request: FilingRequest): Promise<Outcome> {
    const plan: Plan = { agenda, request, key: idempotencyKey(request) };
    // A step that must meet a version is decided on what is on file now, not on what was once read.
    let fresh = agenda.drafts.some(({ ifVersion }) => ifVersion !== undefined);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.attempt(plan, fresh);
      if (outcome !== 'outdated' && 'results' in outcome) return outcome;
      if (outcome !== 'outdated' && attempt === MOST_ATTEMPTS) gaveUp(outcome);
      fresh = true;
    }
  }

  /** What would be stored, decided on what is on file now; nothing is stored, and no key is remembered. */
  async try(agenda: Agenda, request: FilingRequest): Promise<Tried> {
    const plan: Plan = { agenda, request, key: idempotencyKey(request) };
    // Under a key that was used before, the call would only be answered again.
    if ((await this.earlierFiling(plan)) !== undefined) return { events: [] };
    const decided = this.decide(agenda, await loadAgenda(agenda, this.cache, true));
    const events = eventsOf(plan, decided).map(({ draft: { id, pointer }, version, event: { type, data, metadata } }) => ({
      record: id,
      kind: kindOfId(id),
      version,
      type,
      data,
      metadata,
      ...(pointer !== '' && { pointer }),
    }));
    return { events };
  }

  private decide(agenda: Agenda, loaded: ReadonlyMap<string, Loaded>): Decided[] {
    return new Sitting(agenda, loaded, this.now().toISOString().slice(0, 10), this.shapes).decideAll();
  }

  /** `outdated`: refused, or found to be already so, on records that were read some time ago; that is for what is on file now to say. */
  private async attempt(plan: Plan, fresh: boolean): Promise<Outcome | Conflict | 'outdated'> {
    const loaded = await loadAgenda(plan.agenda, this.cache, fresh);
    let decided: Decided[];
    try {
      decided = this.decide(plan.agenda, loaded);
    } catch (rejection) {
      if (!(rejection instanceof Rejection)) throw rejection;
      if (!fresh) return 'outdated';
      const earlier = await this.earlierFiling(plan);
      if (earlier !== undefined) return earlier;
      throw rejection;
    }
    const streams = streamsOf(plan, decided, loaded);
    if (streams.length > 0) return this.append(plan, streams);
    return fresh ? ((await this.earlierFiling(plan)) ?? this.nothingNew(decided)) : 'outdated';
  }

  private async append({ agenda: { drafts }, key }: Plan, streams: StreamAppend[]): Promise<Outcome | Conflict> {
    const answer = await inAppendSpan(() => this.store.append({ streams, ...(key && { key }) }));
    switch (answer.outcome) {
      case 'stored':
        this.cache.learn(answer.events);
        return this.outcomeOf(drafts, answer.events, answer.replayed);
      case 'conflict':
        return answer;
      case 'key-reused':
        return keyReused();
      case 'cannot-append-many':
        return tooMany(answer.streams);
    }
  }

  /** The answer of an earlier filing under the same key, which the present decision cannot repeat: its steps are already taken. */
  private async earlierFiling({ key, agenda: { drafts } }: Plan): Promise<Outcome | undefined> {
    if (key === undefined) return undefined;
    const streams = await this.store.readStreams([...new Set(drafts.map(({ id }) => id))]);
    const events = [...streams.values()].flat().filter((event) => event.key?.id === key.id);
    if (events.length === 0) return undefined;
    if (events.some((event) => event.key!.hash !== key.hash)) return keyReused();
    return this.outcomeOf(drafts, events.toSorted(byPosition), true);
  }

  /** Everything asked for is already so: the answer names the versions that say it. */
  private async nothingNew(decided: readonly Decided[]): Promise<Outcome> {
    const said = decided.map(({ draft: { id }, version }) => ({ id, version }));
    return { results: await this.alreadySo(said), replayed: false };
  }

  private async outcomeOf(drafts: readonly Draft[], events: readonly StoredEvent[], replayed: boolean): Promise<Outcome> {
    const unchanged = (events[0]?.metadata['unchanged'] as Unchanged[] | undefined) ?? [];
    const before = await this.alreadySo(unchanged.map(([, id, version]) => ({ id, version })));
    const results = drafts.map((_, entry) => {
      const own = events.filter(({ metadata }) => (metadata.entry ?? 0) === entry);
      const end = own.at(-1);
      if (end === undefined) return before[unchanged.findIndex(([place]) => place === entry)]!;
      const { stream: id, version, position } = end;
      return { id, version, position, events: own.map(({ type }) => type as EventType), created: own[0]!.version === 1 };
    });
    return { results, replayed };
  }

  /** The answers for what was on file already: the version that says it, and its position. */
  private async alreadySo(said: readonly Pick<Settled, 'id' | 'version'>[]): Promise<Settled[]> {
    if (said.length === 0) return [];
    const streams = await this.store.readStreams([...new Set(said.map(({ id }) => id))]);
    return said.map(({ id, version }) => {
      const { position } = streams.get(id)!.find((event) => event.version === version)!;
      return { id, version, position, events: [], created: false };
    });
  }
}

/** A draft that stored nothing, as the filing's first event remembers it, so that a retry can be answered. */
type Unchanged = [entry: number, id: string, version: number];

/** An event as it is to be stored: the draft that it comes from, and the version that its record then has. */
interface Written {
  draft: Draft;
  version: number;
  event: NewEvent & { type: EventType };
}

function eventsOf({ request, key }: Plan, decided: readonly Decided[]): Written[] {
  const unchanged = decided.flatMap(({ events, draft, version }, entry): Unchanged[] =>
    events.length === 0 ? [[entry, draft.id, version]] : [],
  );
  let index = 0;
  return decided.flatMap(({ draft, events, version }, entry) =>
    events.map(({ type, data }, i): Written => {
      const metadata = {
        by: request.by,
        ...(draft.pointer !== '' && { entry }),
        ...(draft.files && draft.content !== undefined && { content: draft.content }),
        ...(index === 0 && unchanged.length > 0 && { unchanged }),
      };
      const event = { id: eventId(key, index), type, schema: SCHEMA_OF[type], data, metadata };
      index += 1;
      return { draft, version: version - events.length + i + 1, event };
    }),
  );
}

/** The events to append, by stream in the order in which the drafts first touch them. */
function streamsOf(plan: Plan, decided: readonly Decided[], loaded: ReadonlyMap<string, Loaded>): StreamAppend[] {
  const streams = new Map<string, NewEvent[]>();
  for (const { draft, event } of eventsOf(plan, decided)) streams.set(draft.id, [...(streams.get(draft.id) ?? []), event]);
  const chosen = new Set(decided.flatMap(({ draft: { id, content } }) => (content === undefined ? [] : [id])));
  return [...streams].map(([stream, events]) => ({
    stream,
    expectedVersion: loaded.get(stream)?.record.version ?? 0,
    ...(chosen.has(stream) && { chosen: true }),
    events,
  }));
}

function gaveUp({ stream, expected, actual }: Conflict): never {
  reject('version-conflict', `${stream} kept changing while this was filed; read it and file again`, '', { expected, actual });
}

function keyReused(): never {
  reject('idempotency-key-reused', 'this Idempotency-Key was used for another content; choose a new key for each filing', '');
}

function tooMany(streams: readonly string[]): never {
  const advice = 'this log can add to one of them at a time, or take one new id chosen by the filer: file them one by one';
  reject('store-cannot-append-many', `one filing changes ${streams.join(', ')}; ${advice}`, '');
}

function byPosition(a: StoredEvent, b: StoredEvent): number {
  return a.position < b.position ? -1 : 1;
}
