import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { Projector } from '../../src/projection/projector.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from './history.js';
import { ProjectedLog, type Views } from './projected-log.js';
import { Scene, TAKEOVER_MS, until } from './scene.js';

jest.setTimeout(60_000);

const BEGUN = 40;

describe('the lease of the views', () => {
  let events: StoredEvent[];
  let expected: Views;
  const scenes: Scene[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  const open = async (): Promise<Scene> => {
    const scene = await Scene.open(events, BEGUN);
    scenes.push(scene);
    return scene;
  };
  const itIsAllThereOnce = async ({ log }: Scene) => expect(await log.views()).toEqual(expected);

  /** What takes long, nearly all of it waiting: all at the same time. */
  const slow = {
    killed: async (scene: Scene) => {
      const [first, second] = await scene.startTwo();
      await first.end('SIGKILL');
      await scene.goOn();
      return { took: await scene.reaches(), owner: await scene.owner(), successor: second.pid };
    },
    frozen: async (scene: Scene) => {
      const [first, second] = await scene.startTwo();
      const { letGo } = await scene.hold();
      await scene.goOn();
      await scene.isHeld(`entente: process ${first.pid}`);
      first.signal('SIGSTOP');
      await letGo();
      const took = await scene.reaches();
      first.signal('SIGCONT');
      await until(() => first.position === scene.end);
      return { took, owner: await scene.owner(), successor: second.pid, failures: first.failures };
    },
    long: async (scene: Scene) => {
      const [first] = await scene.startTwo();
      const { letGo } = await scene.hold();
      await scene.goOn();
      await sleep(11_000);
      const owner = await scene.owner();
      await letGo();
      await scene.reaches();
      return { owner, first };
    },
    atRest: async (scene: Scene) => {
      await scene.startTwo();
      // They look often for three seconds; a server counts what an idle connection did ten seconds later.
      await sleep(15_000);
      const sql = 'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()';
      const count = async () => Number((await scene.query<{ n: bigint }>(sql))[0]!.n);
      const rates: number[] = [];
      for (let n = 0; n < 6; n += 1) {
        const before = await count();
        await sleep(4_000);
        rates.push(((await count()) - before) / 4);
      }
      // In some of them the server itself looks after the tables.
      return Math.min(...rates);
    },
  };
  let running: { [Name in keyof typeof slow]: { scene: Scene; outcome: ReturnType<(typeof slow)[Name]> } };

  beforeAll(async () => {
    events = await randomHistory(seededRandom(), 120);
    const one = await ProjectedLog.open(events);
    await one.project();
    expected = await one.views();
    await one.drop();
    const begun = await Promise.all(
      Object.entries(slow).map(async ([name, story]) => {
        const scene = await open();
        const outcome = story(scene);
        outcome.catch(() => undefined);
        return [name, { scene, outcome }] as const;
      }),
    );
    running = Object.fromEntries(begun) as unknown as typeof running;
  });
  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await Promise.all(scenes.map((scene) => scene.close()));
  });

  it('lets one project, and the other tell how far it has come', async () => {
    const scene = await open();
    const [first, second] = await scene.startTwo();
    await scene.goOn();
    await until(() => [first, second].every(({ position }) => position === scene.end));
    expect([first.failures, second.failures]).toEqual([[], []]);
    expect(await scene.owner()).toContain(` ${first.pid} `);
    await itIsAllThereOnce(scene);
  });

  it('passes on at once when its owner is stopped', async () => {
    const scene = await open();
    const [first, second] = await scene.startTwo();
    await first.end('SIGTERM');
    expect(await scene.owns(second)).toBeLessThan(1_000);
    await scene.goOn();
    await scene.reaches();
    await itIsAllThereOnce(scene);
  });

  it('lets nobody commit who has lost it meanwhile, be the checkpoint where it was', async () => {
    const scene = await open();
    const { log } = scene;
    await log.project();
    const { letGo } = await scene.hold();
    await scene.goOn();
    const before = await log.views();
    const pool = createPool(log.database.url, { max: 3, applicationName: 'entente: loser' });
    const stopping = new AbortController();
    const moved: bigint[] = [];
    const failures: unknown[] = [];
    const told = { moved: (position: bigint) => moved.push(position), failed: (error: unknown) => failures.push(error) };
    const losing = new Projector(log.store, pool, told).run(stopping.signal);
    stops.push(() => {
      stopping.abort();
      return losing.then(() => pool.end());
    });
    await scene.isHeld('entente: loser');
    await scene.query(`update view.lease set token = token + 1, owner = 'another', until = clock_timestamp() + interval '2 seconds'`);
    await letGo();
    await sleep(1_000);
    expect([await scene.owner(), await log.views()]).toEqual(['another', before]);
    await scene.reaches();
    await itIsAllThereOnce(scene);
    expect([moved[0], failures]).toEqual([BigInt(BEGUN), []]);
  });

  it('lets nothing be projected twice where two are made owners by force', async () => {
    const scene = await open();
    const [first, second] = await scene.startTwo();
    await scene.goOn();
    for (let n = 0; n < 6; n += 1) {
      await scene.query(`update view.lease set until = '-infinity'`);
      await sleep(100);
    }
    await until(() => [first, second].every(({ position }) => position === scene.end));
    await itIsAllThereOnce(scene);
  });

  it('passes on within 15 s when its owner is killed', async () => {
    const { took, owner, successor } = await running.killed.outcome;
    expect(took).toBeLessThan(TAKEOVER_MS);
    expect(owner).toContain(` ${successor} `);
    await itIsAllThereOnce(running.killed.scene);
  });

  it('passes on at once to a service that is started again on the machine of an owner that was killed', async () => {
    const scene = await open();
    const [first, second] = await scene.startTwo();
    await Promise.all([first.end('SIGKILL'), second.end('SIGKILL')]);
    await scene.goOn();
    scene.start();
    expect(await scene.reaches()).toBeLessThan(5_000);
    await itIsAllThereOnce(scene);
  });

  it('passes on within 15 s when its owner is frozen inside its transaction, which commits nothing when it wakes up', async () => {
    const { took, owner, successor, failures } = await running.frozen.outcome;
    expect(took).toBeLessThan(TAKEOVER_MS);
    expect(owner).toContain(` ${successor} `);
    expect(failures.length).toBeLessThan(3);
    await itIsAllThereOnce(running.frozen.scene);
  });

  it('is kept through a transaction that takes longer than it lasts', async () => {
    const { owner, first } = await running.long.outcome;
    expect(owner).toContain(` ${first.pid} `);
    expect(first.failures).toEqual([]);
    await itIsAllThereOnce(running.long.scene);
  });

  it('costs less than two transactions a second for each instance that has nothing to do', async () => {
    const both = await running.atRest.outcome;
    process.stdout.write(`an owner and one that waits, at rest: ${both} transactions a second\n`);
    expect(both / 2).toBeLessThan(2);
  });
});
