import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpService, type HttpService } from '../support/http-service.js';
import { ROLES, type Role } from '../../src/access/roles.js';
import { aSource } from './bodies.js';

describe('who may do what', () => {
  let service: HttpService;
  let source: string;
  beforeAll(async () => {
    service = await startHttpService();
    source = String((await service.call('POST', '/sources', aSource)).body['id']);
  });
  afterAll(() => service.stop());

  const grade = { reliability: 'B', credibility: 2, reason: 'agrees with the transcript' };
  const calls: [string, string, () => [string, string, unknown], Role][] = [
    ['read', 'GET /relationships', () => ['GET', '/relationships', undefined], 'reader'],
    ['file', 'POST /sources', () => ['POST', '/sources', aSource], 'reporter'],
    ['file an article', 'POST /articles', () => ['POST', '/articles', { source: aSource, entries: 'none' }], 'reporter'],
    ['grade', 'POST /sources/{id}/grade', () => ['POST', `/sources/${source}/grade`, grade], 'editor'],
    ['list keys', 'GET /admin/keys', () => ['GET', '/admin/keys', undefined], 'admin'],
    ['make keys', 'POST /admin/keys', () => ['POST', '/admin/keys', { name: '', role: 'reader' }], 'admin'],
  ];

  it.each(calls)('to %s (%s)', async (_, __, call, needed) => {
    const refused = ROLES.slice(0, ROLES.indexOf(needed));
    for (const role of ROLES) {
      const { status, body } = await service.call(...call(), { as: role });
      if (refused.includes(role))
        expect([role, status, body]).toEqual([
          role,
          403,
          expect.objectContaining({ code: 'not-allowed', detail: expect.stringContaining(`needs the role ${needed}`) }),
        ]);
      else expect([role, [401, 403].includes(status)]).toEqual([role, false]);
    }
  });

  it.each(['/relationships', '/sources', '/admin/keys'])('nobody without a key: %s', async (path) => {
    const method = path === '/sources' ? 'POST' : 'GET';
    const { status, headers, body } = await service.call(method, path, method === 'POST' ? aSource : undefined, { as: null });
    expect([status, body['code']]).toEqual([401, 'not-authenticated']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it.each(['Bearer entente_admin_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'Bearer x', 'Bearer', 'Basic YTpi', ''])(
    'nobody with "%s"',
    async (authorization) => {
      const { status } = await service.call('GET', '/relationships', undefined, { as: null, headers: { authorization } });
      expect(status).toBe(401);
    },
  );

  it('everybody may ask whether it lives, and read how it is called', async () => {
    for (const path of ['/health/live', '/health/ready', '/openapi.json'])
      expect([path, (await service.call('GET', path, undefined, { as: null })).status]).toEqual([path, 200]);
    const page = await fetch(`${service.url}/api/docs`);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => new URL(part!, `${service.url}/api/docs`));
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      const loaded = await fetch(part);
      expect((await loaded.arrayBuffer()).byteLength).toBeGreaterThan(100);
      expect([part.origin, loaded.status]).toEqual([service.url, 200]);
    }
  });

  it('makes a key that works, shows it this once, and never gives its name again', async () => {
    const { status, body } = await service.call('POST', '/admin/keys', { name: 'night desk', role: 'reporter' }, { as: 'admin' });
    expect([status, body]).toEqual([
      201,
      { id: expect.any(String), name: 'night desk', role: 'reporter', key: expect.stringMatching(/^entente_reporter_[\w-]{43}$/) },
    ]);
    const authorization = `Bearer ${String(body['key'])}`;
    expect((await service.call('POST', '/sources', aSource, { as: null, headers: { authorization } })).status).toBe(201);
    const listed = await service.call('GET', '/admin/keys', undefined, { as: 'admin' });
    expect(listed.body['items']).toContainEqual({
      id: body['id'],
      name: 'night desk',
      role: 'reporter',
      createdAt: expect.any(String),
      revokedAt: null,
    });
    expect(JSON.stringify(listed.body)).not.toContain(String(body['key']));

    expect((await service.call('DELETE', `/admin/keys/${String(body['id'])}`, undefined, { as: 'admin' })).status).toBe(204);
    expect((await service.call('POST', '/sources', aSource, { as: null, headers: { authorization } })).status).toBe(401);
    const again = await service.call('POST', '/admin/keys', { name: 'night desk', role: 'reader' }, { as: 'admin' });
    expect([again.status, again.body['code']]).toEqual([409, 'key-name-taken']);
  });

  it('a key revoked elsewhere stops working within 5 seconds', async () => {
    const { body } = await service.call('POST', '/admin/keys', { name: 'stringer', role: 'reader' }, { as: 'admin' });
    const ask = async (): Promise<number> =>
      (await service.call('GET', '/relationships', undefined, { as: null, headers: { authorization: `Bearer ${String(body['key'])}` } }))
        .status;
    expect(await ask()).toBe(200);
    await service.database.pool.query('update access.api_key set revoked_at = now() where id = $1', [body['id']]);
    await sleep(4_000);
    expect(await ask()).toBe(401);
  });

  it('what is no key cannot be revoked', async () => {
    for (const id of ['x', '0190c0de-0000-7000-8000-000000000001']) {
      const { status, body } = await service.call('DELETE', `/admin/keys/${id}`, undefined, { as: 'admin' });
      expect([status, body['code']]).toEqual([404, 'key-unknown']);
    }
  });
});
