import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCESS_SCHEMA, KeyRing } from '../../src/access/key-ring.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

describe('the ring of API keys', () => {
  let database: TestDatabase;
  let dataDir: string;
  let ring: KeyRing;
  beforeEach(async () => {
    database = await createDatabase();
    await migrate(database.pool, ACCESS_SCHEMA);
    dataDir = await mkdtemp(join(tmpdir(), 'entente-keys-'));
    ring = new KeyRing(database.pool);
  });
  afterEach(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true });
  });

  const ensure = (): ReturnType<KeyRing['ensureAdminKey']> => new KeyRing(database.pool).ensureAdminKey(dataDir, { replaceLost: true });
  const make = async (name: string, role: 'reader' | 'admin' = 'reader'): Promise<{ id: string; key: string }> => {
    const made = await ring.create(name, role);
    if (made === 'name-taken') throw new Error(`${name} is taken`);
    return made;
  };

  it('knows a key again, and keeps only its hash', async () => {
    const { key } = await make('desk');
    expect(await ring.identify(key)).toEqual({ name: 'desk', role: 'reader' });
    const { rows } = await database.pool.query<{ row: string }>('select to_json(k)::text as row from access.api_key k');
    expect(JSON.stringify(rows)).not.toContain(key.slice(-20));
  });

  it('never gives a name again, not even after its key was revoked', async () => {
    const { id } = await make('desk');
    expect(await ring.create('desk', 'reader')).toBe('name-taken');
    expect(await ring.revoke(id)).toBe('revoked');
    expect(await ring.create('desk', 'reader')).toBe('name-taken');
  });

  it('knows a revoked key no more, and revoking twice is no error', async () => {
    const { id, key } = await make('desk');
    await ring.identify(key);
    expect(await ring.revoke(id)).toBe('revoked');
    expect(await ring.identify(key)).toBeNull();
    expect(await ring.revoke(id)).toBe('revoked');
  });

  it('keeps the last admin key, even when two are revoked at once', async () => {
    const keys = await Promise.all(['a', 'b', 'c'].map((name) => make(name, 'admin')));
    const outcomes = await Promise.all(keys.map(({ id }) => ring.revoke(id)));
    expect(outcomes.toSorted()).toEqual(['last-admin', 'revoked', 'revoked']);
  });

  it('answers at once what it was asked before, and does not ask the database for what cannot be a key', async () => {
    const { key } = await make('desk');
    expect(ring.identify(key)).toBeInstanceOf(Promise);
    await ring.identify(key);
    expect(ring.identify(key)).toEqual({ name: 'desk', role: 'reader' });
    for (const text of ['', 'x', `${key}x`, key.replace('reader', 'owner')]) expect(ring.identify(text)).toBeNull();
  });

  it('asks the database once for many requests at once', async () => {
    const { key } = await make('desk');
    expect(new Set(Array.from({ length: 64 }, () => ring.identify(key))).size).toBe(1);
    await ring.identify(key);
  });

  it('does not let guesses push out the keys in use', async () => {
    const { key } = await make('desk');
    await ring.identify(key);
    for (let n = 0; n < 1_500; n += 1) await ring.identify(guess(n));
  });

  describe('makes the admin key at the first start', () => {
    it('into a file that only its owner reads, and says so once', async () => {
      const { key, message } = await ensure();
      expect(await keyIn(dataDir)).toBe(key);
      expect(message).toContain(key);
      expect((await stat(join(dataDir, 'admin.key'))).mode & 0o777).toBe(0o600);
      expect(await readdir(dataDir)).toEqual(['admin.key']);
      expect(await ring.identify(key!)).toEqual({ name: 'admin', role: 'admin' });
      expect(await ensure()).toEqual({});
    });

    it('once, when two instances start together', async () => {
      const made = await Promise.all([ensure(), ensure(), ensure()]);
      expect(made.filter(({ key }) => key !== undefined)).toHaveLength(1);
      expect(await ring.list()).toHaveLength(1);
    });

    it('anew where the file was lost, and says which key to revoke', async () => {
      const first = await ensure();
      await rm(join(dataDir, 'admin.key'));
      const second = await ensure();
      expect(second.message).toContain('revoke admin if lost');
      expect(await keyIn(dataDir)).toBe(second.key);
      expect(second.key).not.toBe(first.key);
      expect((await ring.list()).map(({ name }) => name)).toEqual(['admin', 'admin-2']);
    });

    it('anew where the file holds the key of another database', async () => {
      await writeFile(join(dataDir, 'admin.key'), 'entente_admin_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n');
      const { key } = await ensure();
      expect(await keyIn(dataDir)).toBe(key);
      expect((await stat(join(dataDir, 'admin.key'))).mode & 0o777).toBe(0o600);
    });

    it('not in the folder of a second instance, which is told where to look', async () => {
      await ensure();
      const elsewhere = await mkdtemp(join(tmpdir(), 'entente-keys-'));
      const { key, message } = await new KeyRing(database.pool).ensureAdminKey(elsewhere, { replaceLost: false });
      expect([key, message]).toEqual([undefined, expect.stringContaining('"admin"')]);
      expect(await readdir(elsewhere)).toEqual([]);
      await rm(elsewhere, { recursive: true });
    });

    it('anew, whatever the database, once all admin keys were revoked in it', async () => {
      await ensure();
      await database.pool.query(`update access.api_key set revoked_at = now() where role = 'admin'`);
      const { key } = await new KeyRing(database.pool).ensureAdminKey(dataDir, { replaceLost: false });
      expect(await ring.identify(key!)).toEqual({ name: 'admin-2', role: 'admin' });
      expect(await keyIn(dataDir)).toBe(key);
    });

    it('not again after it was revoked for another one', async () => {
      await ensure();
      await make('chief', 'admin');
      const [admin] = await ring.list();
      expect(await ring.revoke(admin!.id)).toBe('revoked');
      expect(await ensure()).toEqual({});
      expect(await ring.list()).toHaveLength(2);
    });

    it('in the database only together with its file', async () => {
      const blocked = join(dataDir, 'blocked');
      await writeFile(blocked, '');
      await chmod(blocked, 0o400);
      await expect(new KeyRing(database.pool).ensureAdminKey(blocked, { replaceLost: true })).rejects.toThrow();
      expect(await ring.list()).toEqual([]);
    });
  });
});

async function keyIn(dir: string): Promise<string> {
  return (await readFile(join(dir, 'admin.key'), 'utf8')).trim();
}

/** A key that looks like one, and is nobody's. */
function guess(n: number): string {
  return `entente_admin_${String(n).padStart(43, '0')}`;
}
