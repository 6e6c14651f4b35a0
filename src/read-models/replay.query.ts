import { setImmediate as immediately } from 'node:timers/promises';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { Course, NOTHING, type Glance, type Turn } from '../domain/relationship/course.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import type { Day } from '../domain/time.js';
import { EventStore, type StoredEvent } from '../event-store/event-store.js';
import { ReplayDisputes } from './replay-disputes.js';
import { ReplayRows, type SourceTurn, type Stretch } from './replay-rows.js';
import { Views, type At } from './views.js';

/** How things stood after one event, as known then. */
export interface ReplayLine {
  position: string;
  type: string;
  record: string;
  recordedAt: string;
  state: Glance;
}

export interface Replay {
  log: string;
  /** In log order; read as they are asked for, and no further. */
  lines: AsyncIterable<ReplayLine>;
}

/** The state after each event that touched a relationship, up to `at`, on one day of the world; undefined where `from` comes after `at`. */
export class ReplayQuery extends Query<Replay | undefined> {
  constructor(
    readonly key: string,
    readonly at: At,
    /** The first moment; default the first event. */
    readonly from?: At['knownAt'],
    /** How much is prepared at a time, in events. */
    readonly page = 250,
  ) {
    super();
  }
}

/** Events further apart than this are read one by one. */
const NEAR = 100n;
const MOST_READ = 500;
const PAGES_OF_DISPUTES = 16n;

@QueryHandler(ReplayQuery)
export class ReplayHandler implements IQueryHandler<ReplayQuery> {
  constructor(
    private readonly views: Views,
    private readonly store: EventStore,
    private readonly pool: Pool,
  ) {}

  async execute({ key, at, from, page }: ReplayQuery): Promise<Replay | undefined> {
    // First, since it waits until the views have come so far: what they hold then is no earlier.
    const after = from === undefined ? 0n : await this.before(from);
    const { asOf, position: upTo, log } = await this.views.moment(at);
    const first = from !== undefined && 'position' in from ? from.position : after;
    return first > upTo ? undefined : { log, lines: this.lines(key, asOf, { after, upTo }, page) };
  }

  /** The last position before a moment. */
  private async before(from: NonNullable<At['knownAt']>): Promise<bigint> {
    if ('position' in from) {
      const { position } = await this.views.moment({ knownAt: from });
      return position === 0n ? 0n : position - 1n;
    }
    const justBefore = new Date(from.instant.getTime() - 1);
    return (await this.views.moment({ knownAt: { instant: justBefore } })).position;
  }

  /** Page by page: what is known at the beginning is read once, then only what changes. */
  private async *lines(key: string, asOf: Day, { after, upTo }: Stretch, most: number): AsyncGenerator<ReplayLine> {
    const rows = new ReplayRows(this.pool, key, asOf);
    const sources = await rows.sourceTurns({ after, upTo });
    const course = new Course(asOf, ENTENTE_1);
    course.take(await rows.known(after));
    let disputes: ReplayDisputes | undefined;
    for (let begin = after; begin < upTo;) {
      const stretch = await rows.pageOf({ after: begin, upTo }, most);
      if (disputes === undefined || disputes.upTo < stretch.upTo)
        disputes = await ReplayDisputes.in(this.pool, key, asOf, ahead(stretch, upTo));
      for (const { position, turn, event } of await this.page(rows, stretch, sources)) {
        course.take(turn);
        if (event === undefined) continue;
        yield lineOf(event, course.glance(disputes.at(position)));
        // Others are served between two lines.
        await immediately();
      }
      begin = stretch.upTo;
    }
  }

  /** What happens at each position of a page. */
  private async page(rows: ReplayRows, stretch: Stretch, sources: readonly SourceTurn[]): Promise<Step[]> {
    const turning = sources.filter(({ position }) => position > stretch.after && position <= stretch.upTo);
    const touched = await rows.touched(stretch);
    const turns = await rows.turning(stretch, [...new Set([...touched.values()].flat())], turning);
    const told = inOrder([...touched.keys(), ...turning.filter(({ rests }) => rests).map(({ position }) => position)]);
    const events = await this.eventsAt(told);
    return inOrder([...told, ...turns.keys()]).map((position) => ({
      position,
      turn: turns.get(position) ?? NOTHING,
      event: events.get(position),
    }));
  }

  private async eventsAt(positions: readonly bigint[]): Promise<Map<bigint, StoredEvent>> {
    const asked = new Set(positions);
    const events = new Map<bigint, StoredEvent>();
    for (const { after, upTo } of nearTogether(positions))
      for (let last = after; last < upTo;) {
        const read = await this.store.readAll(last, Math.min(Number(upTo - last), MOST_READ));
        for (const event of read) if (asked.has(event.position)) events.set(event.position, event);
        last = read.at(-1)?.position ?? upTo;
      }
    return events;
  }
}

interface Step {
  position: bigint;
  turn: Turn;
  /** The event that has a line of its own. */
  event: StoredEvent | undefined;
}

/** Disputes are few, and read for many pages at a time. */
function ahead({ after, upTo }: Stretch, end: bigint): Stretch {
  const far = after + PAGES_OF_DISPUTES * (upTo - after);
  return { after, upTo: far < end ? far : end };
}

/** Each once. */
function inOrder(positions: readonly bigint[]): bigint[] {
  return [...new Set(positions)].toSorted((a, b) => Number(a - b));
}

/** Stretches of the log that hold these positions and little else. */
function nearTogether(positions: readonly bigint[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const position of positions) {
    const last = stretches.at(-1);
    if (last !== undefined && position - last.upTo <= NEAR) last.upTo = position;
    else stretches.push({ after: position - 1n, upTo: position });
  }
  return stretches;
}

function lineOf({ position, type, stream, recordedAt }: StoredEvent, state: Glance): ReplayLine {
  return { position: position.toString(), type, record: stream, recordedAt: recordedAt.toISOString(), state };
}
