import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { startService } from '../../src/service.js';
import { NewsroomServer } from './newsroom-server.js';
import { Switch } from './switch.js';

jest.setTimeout(60_000);

/** It takes a while, and is run with the suites that want a PostgreSQL of the system. */
const own = process.env['POSTGRES_BIN'] ? describe : describe.skip;

own('a PostgreSQL whose standby takes over', () => {
  it('is told as 503 until the standby is promoted; then the service goes on by itself, with all that was acknowledged', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'entente-failover-'));
    const primary = await NewsroomServer.start();
    const straight = await primary.prepare('news');
    const address = new Switch(straight);
    const databaseUrl = await address.listen();
    const service = await startService({ host: '127.0.0.1', port: 0, dataDir, databaseUrl }, { projectIn: 'here', log: () => undefined });
    service.app.useLogger(false);
    const authorization = `Bearer ${(await readFile(join(dataDir, 'admin.key'), 'utf8')).trim()}`;
    const file = (key: string) =>
      fetch(`${service.url}/api/v1/sources`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ publisher: 'Example Wire', title: 'A title' }),
      });
    const before = await file('before');
    const { id } = (await before.json()) as { id: string };

    await primary.stop();
    const standby = await primary.standby();
    address.turnTo(straight.replace(new URL(straight).port, new URL(standby.url()).port));
    expect((await file('meanwhile')).status).toBe(503);

    await standby.administer(['select pg_promote()']);
    const after = await file('meanwhile');
    expect([after.status, after.headers.get('entente-position')]).toEqual([201, '2']);
    const seen = await fetch(`${service.url}/api/v1/sources/${id}?at-least=2`, { headers: { authorization } });
    expect(seen.status).toBe(200);
    expect((await (await file('before')).json()) as object).toMatchObject({ id });

    await service.stop();
    address.close();
    await Promise.all([primary.remove(), standby.remove(), rm(dataDir, { recursive: true })]);
  });
});
