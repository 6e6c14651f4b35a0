import { setTimeout as sleep } from 'node:timers/promises';
import { EventStore } from '../../src/event-store/event-store.js';
import { Bulk } from '../../src/projection/bulk.js';
import { TABLES, tableIn } from '../../src/projection/generation.js';
import { finishNext, makeNext } from '../../src/projection/next-tables.js';
import { startService, type Service } from '../../src/service.js';
import { ReadNewsroom } from '../read-models/reading.js';
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
    const { rows } = await sql(`select relname from pg_class where relnamespace = 'view'::regnamespace and relname ~ '^next_' order by 1`);
    return rows.map(({ relname }: { relname: string }) => relname);
  };
  const head = async (): Promise<string> => (await newsroom.service.app.get(EventStore).head()).position.toString();

  beforeEach(async () => {
    newsroom = await ReadNewsroom.open();
    for (const name of ['2026-01-08-the-call.json', '2026-02-04-the-meeting.json']) await newsroom.fileExample(name);
    await newsroom.relationships();
  }, 30_000);
  afterEach(() => newsroom.close());

  it('were never asked for in the beginning', async () => {
    const { status, body } = await call('GET');
    expect([status, body]).toEqual([200, { state: 'none', startedAt: null, updatedAt: null, ...NOTHING }]);
  });

  it('take the place of the others, and leave nothing behind', async () => {
    const before = await newsroom.state('COL-USA', { asOf: '2026-02-04', knownAt: `position:${await head()}` });
    const { status, body } = await call('POST');
    expect([status, body]).toEqual([202, { ...NOTHING, state: 'running', startedAt: expect.any(String), updatedAt: expect.any(String) }]);
    const after = await ended();
    expect(after).toEqual({ ...body, state: 'exchanged', position: await head(), head: await head(), updatedAt: expect.any(String) });
    expect(await nextTables()).toEqual([]);
    expect(await newsroom.state('COL-USA', { asOf: '2026-02-04', knownAt: `position:${await head()}` })).toEqual(before);
    expect((await call('POST')).status).toBe(202);
    expect(await ended()).toMatchObject({ state: 'exchanged' });
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

  /** In each phase something takes very long. */
  const slow: Record<string, () => Promise<unknown>> = {
    reading: async () => {
      await filled(0n);
      await sql(`create trigger slow before insert on view.next_happening for each row execute function view.slow()`);
    },
    indexing: async () => {
      await sql(`create function view.slowly(text) returns text immutable language sql as 'select $1'`);
      await sql(`create index slow on view.question (view.slowly(record))`);
      await sql(`create index slow2 on view.happening (view.slowly(record))`);
      await sql(
        `create or replace function view.slowly(text) returns text immutable language plpgsql as 'begin perform pg_sleep(60); return $1; end'`,
      );
    },
    'catching up': async () => {
      await filled((await newsroom.service.app.get(EventStore).head()).position);
      await newsroom.service.call('POST', '/sources', aSource);
      await sql(`create trigger slow before update on view.next_checkpoint for each row execute function view.slow()`);
    },
    comparing: async () => {
      await sql(`alter table view.question rename to asked`);
      await sql(`create view view.question as select a.* from view.asked a, pg_sleep(60)`);
    },
    exchanging: async () => {
      const reader = await newsroom.service.database.pool.connect();
      await reader.query('begin; select from view.move limit 1');
      setTimeout(() => void reader.query('commit').then(() => reader.release()), 4_000);
    },
  };
  const filled = async (to: bigint): Promise<void> => {
    const { pool } = newsroom.service.database;
    const store = newsroom.service.app.get(EventStore);
    await sql(`create function view.slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return new; end'`);
    await makeNext(pool, (await store.head()).log);
    if (to === 0n) return;
    await new Bulk(store, pool, () => undefined).fill(0n, NEVER);
    await finishNext(pool, NEVER, () => undefined);
  };
  it.each(Object.keys(slow))(
    'are cancelled while they are in the phase of %s: it ends at once, and what was built goes',
    async (phase) => {
      await slow[phase]!();
      expect((await call('POST')).status).toBe(202);
      await inPhase(phase);
      await sleep(100);
      const again = await call('POST');
      expect([again.status, again.body['code']]).toEqual([409, 'rebuild-running']);
      const asked = performance.now();
      const { status, body } = await call('DELETE');
      expect([status, body['state'], body['error']]).toEqual([200, 'cancelled', null]);
      expect(performance.now() - asked).toBeLessThan(STOPPING_MS);
      expect(await nextTables()).toEqual([]);
    },
    15_000,
  );
});
