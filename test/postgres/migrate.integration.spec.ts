import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { refusalOf } from './refusal.js';

describe('migrating a schema', () => {
  let database: TestDatabase;
  let dir: string;
  beforeEach(async () => {
    [database, dir] = await Promise.all([createDatabase(), mkdtemp(join(tmpdir(), 'entente-migrations-'))]);
  });
  afterEach(async () => {
    await Promise.all([database.drop(), rm(dir, { recursive: true })]);
  });

  const write = (name: string, sql: string) => writeFile(join(dir, name), sql);
  const run = () => migrate(database.pool, { schema: 'view', dir });
  const refusal = () => refusalOf(run());
  const column = async (sql: string) => (await database.pool.query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  const applied = () => column('select name as value from view.migration order by number');

  it('applies the files in the order of their numbers and records each', async () => {
    await write('0002_more.sql', 'insert into view.a values (1); insert into view.a values (2);');
    await write('0001_first.sql', 'create table view.a (n int);');
    await run();
    expect(await applied()).toEqual(['0001_first.sql', '0002_more.sql']);
    expect(await column('select n as value from view.a order by n')).toEqual([1, 2]);
  });

  it('applies only what is new, and nothing twice', async () => {
    await write('0001_first.sql', 'create table view.a (n int);');
    await migrate(database.pool, { schema: 'view', dir: pathToFileURL(dir) });
    await write('0002_more.sql', 'insert into view.a values (1);');
    await run();
    await run();
    expect(await column('select n as value from view.a')).toEqual([1]);
  });

  it('lets instances that start at once wait for each other', async () => {
    await write('0001_first.sql', 'create table view.a (n int); select pg_sleep(0.1);');
    await write('0002_more.sql', 'insert into view.a values (1);');
    const others = [1, 2, 3].map(() => createPool(database.url, { max: 1, applicationName: 'entente: test' }));
    await Promise.all([database.pool, ...others].map((pool) => migrate(pool, { schema: 'view', dir })));
    await Promise.all(others.map((pool) => pool.end()));
    expect(await column('select n as value from view.a')).toEqual([1]);
  });

  it('keeps schemas apart', async () => {
    await write('0001_first.sql', 'select 1;');
    await run();
    await migrate(database.pool, { schema: 'log', dir });
    expect(await column('select name as value from log.migration')).toEqual(['0001_first.sql']);
  });

  it('changes nothing when one of several fails, and says which', async () => {
    await write('0001_first.sql', 'create table view.a (n int);');
    await write('0002_bad.sql', 'create table view.b (n int); select 1/0;');
    expect(await refusal()).toBe('The migration view/0002_bad.sql failed, and nothing was changed: division by zero.');
    expect(await column(`select to_regnamespace('view')::text as value`)).toEqual([null]);
    expect(await column(`select 'usable' as value`)).toEqual(['usable']);
  });

  it('refuses a database in which another text of a migration was applied', async () => {
    await write('0001_first.sql', 'create table view.a (n int);');
    await run();
    await write('0001_first.sql', 'create table view.a (n bigint);');
    expect(await refusal()).toContain('belongs to another version of Entente (it has another text of view/0001_first.sql)');
  });

  it('does not mind how lines end', async () => {
    await write('0001_first.sql', 'select 1;\nselect 2;\n');
    await run();
    await write('0001_first.sql', 'select 1;\r\nselect 2;\r\n');
    expect(await refusal()).toBe('accepted');
  });

  it('refuses a database that a newer version has migrated, and leaves it as it is', async () => {
    await write('0001_first.sql', 'select 1;');
    await write('0002_newer.sql', 'select 2;');
    await run();
    await rm(join(dir, '0002_newer.sql'));
    expect(await refusal()).toContain('belongs to another version of Entente (it has view/0002_newer.sql)');
    expect(await applied()).toEqual(['0001_first.sql', '0002_newer.sql']);
  });

  it('does not accept files whose numbers have gaps or are used twice', async () => {
    await write('0001_first.sql', 'select 1;');
    await write('0003_third.sql', 'select 3;');
    expect(await refusal()).toContain('should be called 0002_name.sql');
    await write('0001_other.sql', 'select 1;');
    expect(await refusal()).toContain('should be called 0002_name.sql');
  });

  it('needs no right to make schemas once the schema exists', async () => {
    await write('0001_first.sql', 'select 1;');
    await run();
    const role = `role_${Date.now()}`;
    const sql = `create role ${role} login password 'x'; grant usage, create on schema view to ${role}; grant all on view.migration to ${role}`;
    await database.pool.query(sql);
    const url = new URL(database.url);
    [url.username, url.password] = [role, 'x'];
    const pool = createPool(url.href, { max: 1, applicationName: 'entente: test' });
    await write('0002_more.sql', 'create table view.a (n int);');
    await migrate(pool, { schema: 'view', dir });
    await pool.end();
    expect(await applied()).toEqual(['0001_first.sql', '0002_more.sql']);
    await database.pool.query(`drop owned by ${role}; drop role ${role}`);
  });
});
