import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Client } from 'pg';
import { startService, type Service } from '../../src/service.js';

jest.setTimeout(60_000);

const { PGBOUNCER_URL: databaseUrl = '', DATABASE_URL: direct } = process.env;
const through = databaseUrl === '' ? describe.skip : describe;

through('the service through PgBouncer in transaction mode', () => {
  let dataDir: string;
  let services: Service[];
  const told: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'entente-pooled-'));
    const start = () =>
      startService({ host: '127.0.0.1', port: 0, dataDir, databaseUrl }, { projectIn: 'here', log: (line) => told.push(line) });
    services = [await start(), await start()];
  });
  afterAll(async () => {
    for (const service of services) await service.stop();
    await rm(dataDir, { recursive: true });
  });

  it('files and shows what is filed, by two instances at once, with connections that it shares with others', async () => {
    const key = (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ publisher: 'Example Wire', title: 'A title' });
    const file = async (n: number): Promise<string> => {
      const url = `${services[n % 2]!.url}/api/v1`;
      const filed = await fetch(`${url}/sources`, { method: 'POST', headers, body });
      const { id } = (await filed.json()) as { id: string };
      const seen = await fetch(`${url}/sources/${id}?at-least=${filed.headers.get('entente-position')}`, { headers });
      return `${filed.status} ${seen.status}`;
    };
    for (let round = 0; round < 10; round++)
      expect(new Set(await Promise.all(Array.from({ length: 20 }, (_, n) => file(n))))).toEqual(new Set(['201 200']));
    expect(told.filter((line) => line.includes('prepared statement'))).toEqual([]);
  });

  it('leaves nothing of its own on the connections of the pooler', async () => {
    const client = new Client({ connectionString: direct });
    await client.connect();
    const { rows } = await client.query(`select query from pg_stat_activity where query ilike 'listen%' and usename = current_user`);
    expect(rows).toEqual([]);
    await client.end();
  });
});
