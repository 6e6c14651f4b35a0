import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { startService, type Service } from '../../src/service.js';
import { NewsroomServer } from './newsroom-server.js';

jest.setTimeout(60_000);

describe('a PostgreSQL that fails while the service runs', () => {
  let server: NewsroomServer;
  let service: Service;
  let dataDir: string;
  let headers: Record<string, string>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'entente-outage-'));
    server = await NewsroomServer.start();
    const databaseUrl = await server.prepare('news');
    service = await startService({ host: '127.0.0.1', port: 0, dataDir, databaseUrl }, { projectIn: 'here', log: () => undefined });
    service.app.useLogger(false);
    const key = (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim();
    headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  });
  afterAll(async () => {
    await service.stop();
    await server.remove();
    await rm(dataDir, { recursive: true });
  });

  const ask = async (path: string, body?: object, idempotencyKey?: string) => {
    const answer = await fetch(`${service.url}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const file = (key?: string) => ask('sources', { publisher: 'Example Wire', title: 'A title' }, key);
  const unavailable = { status: 503, body: expect.objectContaining({ code: 'store-unavailable' }) as object };
  /** Every kind of question: by views read whole or in parts, by the log, by the list of keys. */
  const questions = (record: string) => [
    'relationships/COL-USA?asOf=2026-02-04',
    'relationships/COL-USA/timeline',
    'statements',
    `records/${record}`,
    `records/${record}/history`,
    'admin/keys',
    'health/ready',
  ];

  it('is told as 503 by every question and filing, and all are answered again when it is back', async () => {
    const { body } = await file();
    const asked = questions(String(body['id']));
    await server.kill();
    expect(await Promise.all([...asked.map((path) => ask(path)), file()])).toEqual([...asked, ''].map(() => unavailable));
    await server.start();
    const position = String((await file()).body['position']);
    const answers = await Promise.all(asked.map((path) => ask(`${path}${path.includes('?') ? '&' : '?'}at-least=${position}`)));
    expect(answers.filter(({ status }) => status === 503)).toEqual([]);
    expect((await ask(`records/${String(body['id'])}?at-least=${position}`)).status).toBe(200);
  });

  it('when it hangs, a filing is told so in time, and is stored once when it is sent again with its key', async () => {
    await file();
    server.freeze();
    expect(await file('the-one')).toEqual(unavailable);
    server.thaw();
    let first = await file('the-one');
    while (first.status === 503) first = await file('the-one');
    expect([first.status, (await file('the-one')).body]).toEqual([201, first.body]);
  });

  it('when it hangs, the service can still be stopped', async () => {
    server.freeze();
    await service.stop();
    server.thaw();
  });
});
