import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStore } from '../../src/event-store/event-store.js';
import { Bulk } from '../../src/projection/bulk.js';
import { finishNext, openNext } from '../../src/projection/next-tables.js';
import { startService } from '../../src/service.js';
import { exampleId, ReadNewsroom } from '../read-models/reading.js';
import type { Answer } from '../support/http-service.js';
import { aSource } from './bodies.js';

const NEVER = new AbortController().signal;
const STOPPING_MS = 1_500;
const NOTHING = {
  phase: null,
  what: null,
  position: null,
  head: null,
  rate: null,
  etaSeconds: null,
  differences: null,
  error: null,
};

describe('the views built anew, over HTTP', () => {
  let newsroom: ReadNewsroom;
  const call = (method: string, query = ''): Promise<Answer> =>
    newsroom.service.call(method, `/admin/rebuild${query}`, undefined, { as: 'admin' });
  const sql = (text: string) => newsroom.service.database.pool.query(text);
  const ended = async (): Promise<Answer['body']> => {
    for (let tries = 0; tries < 200; tries += 1, await sleep(50)) {
      const { body } = await call('GET');
      if (body['state'] !== 'running') return body;
    }
    throw new Error('it does not end');
  };
  const inPhase = async (phase: string): Promise<void> => {
    for (let tries = 0; tries < 200; tries += 1, await sleep(20)) if ((await call('GET')).body['phase'] === phase) return;
    throw new Error(`it does not come to ${phase}: ${JSON.stringify((await call('GET')).body)}`);
  };
  const nextTables = async (): Promise<string[]> => {
    const { rows } = await sql(
      `select relname from pg_class where relnamespace = 'view'::regnamespace and relname ~ '^(next|filling)_' order by 1`,
    );
    return rows.map(({ relname }: { relname: string }) => relname);
  };
  const head = async (): Promise<string> => (await newsroom.service.app.get(EventStore).head()).position.toString();

  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    for (const name of ['2026-01-08-the-call.json', '2026-02-04-the-meeting.json']) await newsroom.fileExample(name);
    await newsroom.relationships();
  }, 30_000);
  afterAll(() => newsroom.close());

  it('were never asked for in the beginning', async () => {
    const { status, body } = await call('GET');
    expect([status, body]).toEqual([200, { state: 'none', startedAt: null, updatedAt: null, ...NOTHING }]);
  });

  it('are for an admin alone', async () => {
    for (const method of ['POST', 'GET', 'DELETE'])
      for (const as of ['reader', 'reporter', 'editor'] as const) {
        const { status, body } = await newsroom.service.call(method, '/admin/rebuild', undefined, { as });
        expect([method, as, status, body['code']]).toEqual([method, as, 403, 'not-allowed']);
      }
    expect((await call('GET')).body['state']).toBe('none');
  });

  it.each([
    ['POST', '?accept=maybe', 'parameter-invalid', 'The parameter "accept" cannot be read; it is one of true, false.'],
    ['POST', '?acept=true', 'parameter-unknown', 'There is no parameter "acept"; there are accept.'],
    ['GET', '?accept=true', 'parameter-unknown', 'There is no parameter "accept"; this call takes none.'],
    ['DELETE', '?force=true', 'parameter-unknown', 'There is no parameter "force"; this call takes none.'],
  ])('are not asked for by %s %s', async (method, query, code, detail) => {
    const { status, body } = await call(method, query);
    expect([status, body['code'], body['detail']]).toEqual([400, code, detail]);
    expect((await call('GET')).body['state']).toBe('none');
  });

  it('take the place of the others, and leave nothing behind', async () => {
    const before = await newsroom.state('COL-USA', { asOf: '2026-02-04', knownAt: `position:${await head()}` });
    const { status, body } = await call('POST');
    expect([status, body]).toEqual([202, { ...NOTHING, state: 'running', startedAt: expect.any(String), updatedAt: expect.any(String) }]);
    const after = await ended();
    expect(after).toEqual({ ...body, state: 'exchanged', position: await head(), head: await head(), updatedAt: expect.any(String) });
    expect(await nextTables()).toEqual([]);
    expect(await newsroom.state('COL-USA', { asOf: '2026-02-04', knownAt: `position:${await head()}` })).toEqual(before);
  });

  it('are built while questions are answered, none of which waits for long', async () => {
    await call('POST');
    const waits: number[] = [];
    for (let over = false; !over;) {
      over = (await call('GET')).body['state'] !== 'running';
      const asked = performance.now();
      await newsroom.state('COL-USA', { asOf: '2026-02-04' });
      waits.push(performance.now() - asked);
    }
    expect((await call('GET')).body['state']).toBe('exchanged');
    expect(waits.length).toBeGreaterThan(3);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  it('cannot be cancelled where none are being built, nor when they have taken their place', async () => {
    const refused = [409, 'rebuild-not-running', 'No views are being built anew, so there is nothing to cancel.'];
    const cancel = async (): Promise<unknown[]> => {
      const { status, body } = await call('DELETE');
      return [status, body['code'], body['detail']];
    };
    expect(await cancel()).toEqual(refused);
    await call('POST');
    await ended();
    expect(await cancel()).toEqual(refused);
  });

  const filled = async (to: bigint): Promise<void> => {
    const { pool } = newsroom.service.database;
    const store = newsroom.service.app.get(EventStore);
    await sql(`create or replace function view.slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return new; end'`);
    await openNext(pool, store, (await store.head()).log);
    if (to === 0n) return;
    await new Bulk(store, pool, () => undefined).fill(0n, NEVER);
    await finishNext(pool, NEVER, () => undefined);
  };
  const nothing = () => Promise.resolve();
  /** In each phase something takes very long; answers how to make that good. */
  const slow: Record<string, () => Promise<() => Promise<unknown>>> = {
    reading: async () => {
      await filled(0n);
      await sql(`create trigger slow before insert on view.filling_happening for each row execute function view.slow()`);
      return nothing;
    },
    indexing: async () => {
      const slowly = (how: string) =>
        sql(`create or replace function view.slowly(text) returns text immutable language plpgsql as '${how}'`);
      await slowly('begin return $1; end');
      await sql(`create index slow on view.happening (view.slowly(record))`);
      await slowly('begin perform pg_sleep(60); return $1; end');
      return () => sql('drop index view.slow');
    },
    'catching up': async () => {
      await filled((await newsroom.service.app.get(EventStore).head()).position);
      await newsroom.service.call('POST', '/sources', aSource);
      await sql(`create trigger slow before update on view.next_checkpoint for each row execute function view.slow()`);
      return nothing;
    },
    comparing: async () => {
      await sql(`alter table view.question rename to asked`);
      await sql(`create view view.question as select a.* from view.asked a, pg_sleep(60)`);
      return () => sql('drop view view.question; alter table view.asked rename to question');
    },
    exchanging: async () => {
      const reader = await newsroom.service.database.pool.connect();
      await reader.query('begin; select from view.move limit 1');
      return () => reader.query('commit').then(() => reader.release());
    },
  };
  it.each(Object.keys(slow))('are cancelled while they are in the phase of %s: it ends at once, and what was built goes', async (phase) => {
    const makeGood = await slow[phase]!();
    expect((await call('POST')).status).toBe(202);
    await inPhase(phase);
    const again = await call('POST');
    expect([again.status, again.body['code']]).toEqual([409, 'rebuild-running']);
    const asked = performance.now();
    const { status, body } = await call('DELETE');
    expect([status, body['state'], body['error']]).toEqual([200, 'cancelled', null]);
    expect(performance.now() - asked).toBeLessThan(STOPPING_MS);
    expect(await nextTables()).toEqual([]);
    await makeGood();
  });

  it('that tell something else wait to be accepted, and then nothing is told from memory any more, in any instance', async () => {
    const { service } = newsroom;
    const dataDir = await mkdtemp(join(tmpdir(), 'entente-instance-'));
    const config = { host: '127.0.0.1', port: 0, dataDir, databaseUrl: service.database.url };
    const instance = await startService(config, { projectIn: 'here', log: () => undefined, store: service.app.get(EventStore) });
    const questions = [
      'relationships/COL-USA?asOf=2026-02-04',
      'relationships/COL-USA/timeline',
      'relationships?asOf=2026-02-04',
      `records/${exampleId('A13')}`,
    ];
    const answers = async (): Promise<unknown[]> => {
      const asked = [service.url, instance.url].flatMap((url) => questions.map((question) => `${url}/api/v1/${question}`));
      const headers = { authorization: `Bearer ${service.keys.reader}` };
      return Promise.all(asked.map(async (url) => ({ ...((await (await fetch(url, { headers })).json()) as object), knownAt: '' })));
    };
    const right = await answers();
    await sql(`update view.move set tenths = tenths - 10`);
    await sql(`update view.happening set latest = latest - 1, earliest = earliest - 1`);
    await sql(`update view.record_belief set body = replace(body, 'Petro', 'Somebody')`);
    await sql(`update view.checkpoint set edition = edition + 1`);
    const wrong = await answers();
    for (const [n, answer] of right.entries()) expect(wrong[n]).not.toEqual(answer);
    await call('POST');
    const { state, differences, error } = await ended();
    expect([state, error]).toEqual(['differs', null]);
    expect(differences).toContainEqual({
      of: 'COL-USA',
      table: 'move',
      live: expect.any(Number),
      next: expect.any(Number),
      records: expect.arrayContaining([expect.any(String)]),
    });
    expect(await answers()).toEqual(wrong);
    await call('POST', '?accept=true');
    expect(await ended()).toMatchObject({ state: 'exchanged', differences: null });
    expect(await answers()).toEqual(right);
    await instance.stop();
    await rm(dataDir, { recursive: true });
  }, 15_000);
});
