import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { openNext } from '../../src/projection/next-tables.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { aSource } from '../http/bodies.js';
import { Checkout, type Program } from './checkout.js';

jest.setTimeout(90_000);

const SOURCES = 30;
const DIFFERENT =
  'The new views tell something else than those that answer, as listed: have them take their place with npm run rebuild -- --accept, or take them away with npm run rebuild -- --cancel.';

let checkout: Checkout;
let database: TestDatabase;
let key: string;

beforeAll(async () => {
  checkout = await Checkout.make();
  await checkout.run('npm', ['run', 'build']).ended();
});
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());
afterAll(() => checkout.remove());

const env = () => ({ DATABASE_URL: database.url, DATA_DIR: join(checkout.path, new URL(database.url).pathname) });
const rebuild = (args: string[] = [], more: Record<string, string> = {}): Program =>
  checkout.run('node', ['dist/rebuild.js', ...args], { env: { ...env(), ...more } });
const sql = <T>(text: string) => database.pool.query<T & object>(text).then(({ rows }) => rows);
const call = async (url: string, method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: answer.status, ...((await answer.json()) as object) };
};
/** Answers a service with something on file, and where it is. */
const running = async (): Promise<{ service: Program; url: string }> => {
  const service = checkout.service({ env: env() });
  const url = await service.ready();
  key = /entente_admin_\S+/.exec(service.stderr)?.[0] ?? key;
  return { service, url };
};
const filed = async (url: string): Promise<string> => {
  let last = '';
  for (let n = 0; n < SOURCES; n += 1) last = String((await call(url, 'POST', '/sources', aSource))['position']);
  await call(url, 'GET', `/relationships?at-least=${last}`);
  return last;
};
const until = async (url: string, isSo: (told: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> => {
  for (let tries = 0; tries < 400; tries += 1, await sleep(50)) {
    const told = await call(url, 'GET', '/admin/rebuild');
    if (isSo(told)) return told;
  }
  throw new Error(`it does not come: ${JSON.stringify(await call(url, 'GET', '/admin/rebuild'))}`);
};
const falsify = () => sql(`update view.source set witness_group = 'nobody' where source = (select min(source) from view.source)`);
/** As if ten seconds had passed since it was killed. */
const unheard = () => sql(`update view.rebuild set updated_at = updated_at - interval '10 seconds'`);
const nextTables = () => sql(`select relname from pg_class where relnamespace = 'view'::regnamespace and relname ~ '^(next|filling)_'`);

describe('a service that is killed while it builds the views anew', () => {
  it('is followed by the next that starts, and by one that is there, which bring it to its end', async () => {
    const first = await running();
    const last = await filed(first.url);
    const slowly = (how: string) =>
      sql(`create or replace function view.slow() returns trigger language plpgsql as 'begin ${how} return new; end'`);
    const slowlyIndexed = (how: string) =>
      sql(`create or replace function view.slowly(text) returns text immutable language plpgsql as 'begin ${how} return $1; end'`);
    await slowlyIndexed('');
    await sql('create index slow on view.source (view.slowly(source))');
    const store = new PostgresEventStore({ pool: database.pool });
    await openNext(database.pool, store, (await store.head()).log);
    await store.close();
    await slowly('perform pg_sleep(60);');
    await slowlyIndexed('perform pg_sleep(60);');
    await sql('create trigger slow before insert on view.filling_source for each row execute function view.slow()');
    await call(first.url, 'POST', '/admin/rebuild');
    await until(first.url, ({ phase }) => phase === 'reading');
    await first.service.end('SIGKILL');

    await slowly('');
    await unheard();
    const second = await running();
    const told = await until(second.url, ({ phase }) => phase === 'indexing');
    expect(told).toMatchObject({ state: 'running', position: last });
    const third = await running();
    await second.service.end('SIGKILL');

    await slowlyIndexed('');
    await unheard();
    const end = await until(third.url, ({ state }) => state !== 'running');
    expect(end).toMatchObject({ state: 'exchanged', position: last, error: null });
    expect(await nextTables()).toEqual([]);
    expect(await sql('select count(*)::int as sources from view.source')).toEqual([{ sources: SOURCES }]);
    expect(await third.service.end('SIGTERM')).toBe(0);
  });

  it('that is asked to end does so at once, and it is gone on with by the next', async () => {
    const first = await running();
    const last = await filed(first.url);
    await sql(`alter table view.question rename to asked`);
    await sql(`create view view.question as select a.* from view.asked a, pg_sleep(60)`);
    await call(first.url, 'POST', '/admin/rebuild');
    await until(first.url, ({ phase }) => phase === 'comparing');
    const asked = performance.now();
    expect(await first.service.end('SIGTERM')).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
    await sql('drop view view.question');
    await sql('alter table view.asked rename to question');
    const second = await running();
    expect(await until(second.url, ({ state }) => state !== 'running')).toMatchObject({ state: 'exchanged', position: last });
    expect(await second.service.end('SIGTERM')).toBe(0);
  });
});

describe('npm run rebuild', () => {
  const places = ['by the service that runs', 'here, where none runs'];
  const open = async (place: string): Promise<{ last: string; more: Record<string, string>; close: () => Promise<unknown> }> => {
    const { service, url } = await running();
    const last = await filed(url);
    if (place === places[0]) return { last, more: { ENTENTE_URL: url, ENTENTE_KEY: key }, close: () => service.end('SIGTERM') };
    await service.end('SIGTERM');
    return { last, more: {}, close: () => Promise.resolve() };
  };

  it.each(places)(
    'has the views built anew %s, lists what they tell otherwise, and waits until that is accepted or dropped',
    async (place) => {
      const { last, more, close } = await open(place);
      const built = `The views are built anew, up to position ${last}.\n`;
      const program = rebuild([], more);
      expect([await program.ended(), program.stdout]).toEqual([0, built]);

      await falsify();
      const differing = rebuild([], more);
      expect(await differing.ended()).toBe(1);
      expect(differing.stdout).toMatch(
        new RegExp(`^source \\(source\\): ${SOURCES} rows answer, ${SOURCES} are new; source-[-0-9a-f]+\\n$`),
      );
      expect(differing.complaints().at(-1)).toBe(DIFFERENT);
      const dropped = rebuild(['--cancel'], more);
      expect([await dropped.ended(), dropped.stdout]).toEqual([0, 'It is cancelled, and what was built is gone.\n']);
      expect(await nextTables()).toEqual([]);
      const nothing = rebuild(['--cancel'], more);
      expect(await nothing.ended()).toBe(1);
      expect(nothing.complaints().at(-1)).toContain('No views are being built anew, so there is nothing to cancel');

      const accepted = rebuild(['--accept', '--json'], more);
      expect(await accepted.ended()).toBe(0);
      const told = accepted.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(told.at(-1)).toMatchObject({ state: 'exchanged', position: last, error: null, differences: null });
      expect(new Set(told.map((line) => JSON.stringify({ ...line, updatedAt: '' }))).size).toBe(told.length);
      await close();
    },
  );

  it('shows how far it is in the service, and leaves it to that when it is interrupted itself', async () => {
    const { service, url } = await running();
    await filed(url);
    await sql(`alter table view.question rename to asked`);
    await sql(`create view view.question as select a.* from view.asked a, pg_sleep(60)`);
    const more = { ENTENTE_URL: url, ENTENTE_KEY: key };
    const first = rebuild([], more);
    await until(url, ({ phase }) => phase === 'comparing');
    const second = rebuild([], more);
    for (let tries = 0; !/^comparing +.* 100 %/m.test(second.stderr); tries += 1, await sleep(50)) expect(tries).toBeLessThan(200);
    expect(await second.end('SIGINT')).toBe(1);
    expect(second.complaints().at(-1)).toMatch(/^It goes on in the service: npm run rebuild shows how far it is/);
    expect(await rebuild(['--cancel'], more).ended()).toBe(0);
    expect([await first.ended(), first.stdout]).toEqual([0, 'It is cancelled, and what was built is gone.\n']);
    await service.end('SIGKILL');
  });

  it('interrupted where no service runs, goes on the next time where it was', async () => {
    const { service, url } = await running();
    const last = await filed(url);
    await service.end('SIGTERM');
    await sql(`alter table view.question rename to asked`);
    await sql(`create view view.question as select a.* from view.asked a, pg_sleep(60)`);
    const first = rebuild();
    for (let tries = 0; !/^comparing /m.test(first.stderr); tries += 1, await sleep(50)) expect(tries).toBeLessThan(400);
    expect(await first.end('SIGINT')).toBe(1);
    expect(first.complaints().at(-1)).toBe('Ended before it was done: run this again, and it goes on where it was.');
    await sql('drop view view.question');
    await sql('alter table view.asked rename to question');
    const second = rebuild(['--json']);
    expect(await second.ended()).toBe(0);
    expect(second.stdout).not.toContain('"phase":"reading"');
    expect(second.stdout).toContain(`"position":"${last}"`);
  });

  it.each([
    ['an option is unknown', ['--force'], {}, /^These options cannot be understood: write npm run rebuild, with -- --accept, /],
    ['they contradict each other', ['--accept', '--cancel'], {}, /^--accept and --cancel exclude each other: /],
    ['there is no data', [], { DATABASE_URL: '', DATA_DIR: 'nowhere' }, /^There is no data of Entente in .*nowhere: set DATA_DIR/],
    ['the database cannot be reached', [], { DATABASE_URL: 'postgres://desk:hush@127.0.0.1:1/x' }, /^PostgreSQL at .* cannot be used/],
  ])('says so in one sentence when %s', async (_, args, more, pattern) => {
    const program = rebuild(args, more);
    expect(await program.ended()).toBe(1);
    expect(program.stdout).toBe('');
    expect(program.complaints()).toEqual([expect.stringMatching(pattern)]);
    expect(program.stderr).not.toContain('hush');
  });
});
