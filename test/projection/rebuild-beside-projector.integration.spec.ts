import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Projector, type Head } from '../../src/projection/projector.js';
import { Rebuild, type Doing } from '../../src/projection/rebuild.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from './history.js';
import { ProjectedLog } from './projected-log.js';

const NEVER = new AbortController().signal;

describe('a projector, while the views are built anew beside those that it keeps', () => {
  const random = seededRandom();
  let events: StoredEvent[];
  let log: ProjectedLog;
  let told: { position: bigint; heads: Map<string, number> };
  let failures: unknown[];
  const project = (batchSize: number) => {
    const stopping = new AbortController();
    const moved = (position: bigint, heads: readonly Head[]): void => {
      expect(position).toBeGreaterThanOrEqual(told.position);
      told.position = position;
      for (const [stream, version] of heads) told.heads.set(stream, version);
    };
    const running = new Projector(log.store, log.database.pool, { moved, failed: (error) => failures.push(error) }, { batchSize }).run(
      stopping.signal,
    );
    const toTheEnd = async (): Promise<void> => {
      for (let tries = 0; told.position < events.at(-1)!.position; tries += 1, await sleep(20)) expect(tries).toBeLessThan(500);
      stopping.abort();
      await running;
    };
    return { toTheEnd };
  };
  const fromZero = async () => {
    const other = await ProjectedLog.open(events);
    await other.project();
    const views = await other.views();
    await other.drop();
    return views;
  };

  beforeEach(async () => {
    events = await randomHistory(random, 400);
    told = { position: 0n, heads: new Map() };
    failures = [];
  });
  afterEach(() => log.drop());

  it('goes on by itself in those that take their place, while filings go on', async () => {
    log = await ProjectedLog.open(events.slice(0, 100));
    const projector = project(7);
    let filed = 100;
    const file = async (upTo: number): Promise<void> => {
      while (filed < upTo) {
        const some = 1 + Math.floor(random() * 5);
        await log.store.restore(events.slice(filed, filed + some));
        filed += some;
        await sleep(random() * 50);
      }
    };
    let filing = file(300);
    for (let n = 0; n < 3; n += 1) {
      const { outcome } = await new Rebuild(log.store, log.database.pool, () => undefined).run({ accept: false, signal: NEVER });
      expect([n, outcome]).toEqual([n, 'exchanged']);
      // Something is left to be filed after the first rebuild, however long that takes.
      if (n === 0) filing = filing.then(() => file(events.length));
    }
    await filing;
    await projector.toTheEnd();
    expect(await log.views()).toEqual(await fromZero());
    expect(told.heads).toEqual(new Map(events.map(({ stream, version }) => [stream, version])));
  }, 30_000);

  it('that is overtaken goes on after it, and tells of all that it was spared', async () => {
    log = await ProjectedLog.open(events);
    const projector = project(1);
    while (told.position === 0n) await sleep(5);
    let begun = 0n;
    const noted = ({ phase }: Doing): void => void (phase === 'exchanging' && (begun = told.position));
    const outcome = await new Rebuild(log.store, log.database.pool, noted).run({ accept: true, signal: NEVER });
    expect(outcome).toEqual({ outcome: 'exchanged', position: events.at(-1)!.position });
    await projector.toTheEnd();
    expect(begun).toBeLessThan(events.at(-1)!.position);
    expect(failures.length).toBeLessThanOrEqual(1);
    expect(await log.views()).toEqual(await fromZero());
    expect(told.heads).toEqual(new Map(events.map(({ stream, version }) => [stream, version])));
  }, 30_000);
});
