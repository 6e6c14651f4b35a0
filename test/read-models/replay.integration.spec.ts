import { relationshipState } from '../../src/domain/relationship/state.js';
import type { Glance } from '../../src/domain/relationship/course.js';
import { addDays, type Day } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Beliefs } from '../../src/read-models/beliefs.js';
import { ReplayHandler, ReplayQuery, type ReplayLine } from '../../src/read-models/replay.query.js';
import { Selection } from '../../src/read-models/selection.js';
import { Progress, Views, type At } from '../../src/read-models/views.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from '../projection/history.js';
import { ProjectedLog } from '../projection/projected-log.js';

const KEYS = ['COL-USA', 'USA-VEN', 'COL-VEN'];

describe('a replay of a relationship', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  let handler: ReplayHandler;
  beforeAll(async () => {
    events = await randomHistory(random, 400);
    log = await ProjectedLog.open(events);
    await log.project();
    const { pool } = log.database;
    handler = new ReplayHandler(new Views(pool, log.store, new Progress()), log.store, pool);
  }, 20_000);
  afterAll(() => log.drop());

  const replay = async (key: string, at: At, from?: At['knownAt'], page = 17): Promise<ReplayLine[]> => {
    const found = await handler.execute(new ReplayQuery(key, at, from, page));
    return listed(found!.lines);
  };

  it.each(KEYS)(
    'tells of %s after every event what who asks for that position is told, and nothing changes between',
    async (key) => {
      const asOf = addDays('2025-10-01', Math.floor(random() * 250));
      const lines = new Map((await replay(key, { asOf })).map((line) => [line.position, line]));
      expect(lines.size).toBeGreaterThan(30);
      let last: Glance | undefined;
      for (const { position, type, stream, recordedAt } of events) {
        const line = lines.get(position.toString());
        const state = await known(key, asOf, position);
        if (line === undefined) {
          // A dispute may reach the relationship from elsewhere.
          if (last !== undefined) expect([position, { ...state, openDisputes: 0 }]).toEqual([position, { ...last, openDisputes: 0 }]);
          continue;
        }
        expect({ asOf, ...line }).toEqual({
          asOf,
          position: position.toString(),
          type,
          record: stream,
          recordedAt: recordedAt.toISOString(),
          state,
        });
        last = line.state;
      }
    },
    60_000,
  );

  it('is the same when it begins in the middle, and ends there', async () => {
    const at = { asOf: '2026-01-15' };
    const all = await replay('COL-USA', at);
    const [first, last] = [all[Math.floor(all.length / 3)]!, all[Math.floor(all.length / 2)]!];
    const positionOf = ({ position }: ReplayLine) => ({ position: BigInt(position) });
    const between = all.slice(all.indexOf(first), all.indexOf(last) + 1);
    expect(await replay('COL-USA', { ...at, knownAt: positionOf(last) }, positionOf(first))).toEqual(between);
    const instant = new Date(first.recordedAt);
    expect(await replay('COL-USA', at, { instant })).toEqual(all.filter(({ recordedAt }) => recordedAt >= first.recordedAt));
  });

  it('is the same however much of it is prepared at a time', async () => {
    const at = { asOf: '2026-01-15' };
    const all = await replay('USA-VEN', at);
    for (const page of [1, 5, 1_000]) expect(await replay('USA-VEN', at, undefined, page)).toEqual(all);
  });

  it('is read no further than it is asked for', async () => {
    const found = await handler.execute(new ReplayQuery('COL-USA', { asOf: '2026-01-15' }));
    for await (const { position } of found!.lines) {
      expect(BigInt(position)).toBeGreaterThan(0n);
      break;
    }
    expect(await listed(found!.lines)).toEqual([]);
  });

  it('does not run backwards', async () => {
    const query = new ReplayQuery('COL-USA', { knownAt: { position: 4n } }, { position: 5n });
    expect(await handler.execute(query)).toBeUndefined();
  });

  /** As much of the state as a replay tells. */
  const known = async (key: string, asOf: Day, position: bigint): Promise<Glance> => {
    const beliefs = new Beliefs(log.database.pool).at(position);
    const { phase, tension, counts } = relationshipState(
      await new Selection(log.database.pool).known({ key, asOf, position }, beliefs, 0),
      asOf,
      0,
    );
    const { sanctionsInForce, upcomingMeetings, standingActions, openDisputes } = counts;
    return { phase, tension: tension.value, sanctionsInForce, upcomingMeetings, standingActions, openDisputes };
  };
});

async function listed<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
