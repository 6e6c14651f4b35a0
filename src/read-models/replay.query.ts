import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Pool } from 'pg';
import { Course, NOTHING, type Glance } from '../domain/relationship/course.js';
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

@QueryHandler(ReplayQuery)
export class ReplayHandler implements IQueryHandler<ReplayQuery> {
  constructor(
    private readonly views: Views,
    private readonly store: EventStore,
    private readonly pool: Pool,
  ) {}

  async execute({ key, at, from, page }: ReplayQuery): Promise<Replay | undefined> {
    const { asOf, position: upTo, log } = await this.views.moment(at);
    const after = from === undefined ? 0n : await this.before(from);
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
    let course = await courseFrom(rows, asOf, after);
    for (let begin = after; begin < upTo;) {
      const page = await rows.pageOf({ after: begin, upTo }, most);
      const touched = await rows.touched(page);
      const turns = await rows.turning(page, [...new Set([...touched.values()].flat())]);
      const disputes = await ReplayDisputes.in(this.pool, key, asOf, page);
      const steps = stepsOf([...touched.keys()], sources, page);
      const events = await this.eventsAt(steps.filter(({ told }) => told).map(({ position }) => position));
      for (const { position, told, sourceTurns } of steps) {
        // A source may stand under very many records: what is known then is read anew.
        if (sourceTurns) course = await courseFrom(rows, asOf, position);
        else course.take(turns.get(position) ?? NOTHING);
        if (told) yield lineOf(events.get(position)!, course.glance(disputes.at(position)));
      }
      begin = page.upTo;
    }
  }

  private async eventsAt(positions: readonly bigint[]): Promise<Map<bigint, StoredEvent>> {
    const events = new Map<bigint, StoredEvent>();
    for (const { after, upTo } of nearTogether(positions))
      for (let last = after; last < upTo;) {
        const read = await this.store.readAll(last, Math.min(Number(upTo - last), MOST_READ));
        for (const event of read) events.set(event.position, event);
        last = read.at(-1)?.position ?? upTo;
      }
    return events;
  }
}

interface Step {
  position: bigint;
  /** Whether it has a line of its own. */
  told: boolean;
  sourceTurns: boolean;
}

/** The positions of a page at which anything changes, in their order. */
function stepsOf(touched: readonly bigint[], sources: readonly SourceTurn[], { after, upTo }: Stretch): Step[] {
  const steps = new Map(touched.map((position) => [position, { position, told: true, sourceTurns: false }]));
  for (const { position, rests } of sources)
    if (position > after && position <= upTo) steps.set(position, { position, told: rests || steps.has(position), sourceTurns: true });
  return [...steps.values()].toSorted((a, b) => Number(a.position - b.position));
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

async function courseFrom(rows: ReplayRows, asOf: Day, position: bigint): Promise<Course> {
  const course = new Course(asOf, ENTENTE_1);
  course.take(await rows.known(position));
  return course;
}

function lineOf({ position, type, stream, recordedAt }: StoredEvent, state: Glance): ReplayLine {
  return { position: position.toString(), type, record: stream, recordedAt: recordedAt.toISOString(), state };
}
