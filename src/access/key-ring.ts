import { createHash, randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { readKeyFile, writeKeyFile } from './key-file.js';
import { KeyCache } from './key-cache.js';
import { ROLES, type Caller, type Role } from './roles.js';

/** What `migrate` needs to bring the schema `access` up to date. */
export const ACCESS_SCHEMA = { schema: 'access', dir: new URL('./migrations/', import.meta.url) };

/** A key as it is listed: never the key itself. Instants are UTC. */
export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  createdAt: Date;
  revokedAt: Date | null;
}

/** A new key. `key` is shown this once and kept nowhere. */
export interface NewKey {
  id: string;
  name: string;
  role: Role;
  key: string;
}

/** What `ensureAdminKey` found or did; `key` only where one was made. */
export interface AdminKey {
  key?: string;
  /** One or two sentences for the operator; undefined where there is nothing to say. */
  message?: string;
}

const KEY = new RegExp(`^entente_(?:${ROLES.join('|')})_[A-Za-z0-9_-]{43}$`);
const LOCK = `select pg_advisory_xact_lock(hashtextextended('entente access keys', 0))`;
const INSERT = `insert into access.api_key (id, name, role, hash) values ($1, $2, $3, $4) on conflict (name) do nothing`;
const LIVE_ADMINS = `select name from access.api_key where role = 'admin' and revoked_at is null order by created_at, name`;

/** The API keys of the newsroom, in PostgreSQL. */
export class KeyRing {
  private readonly cache = new KeyCache();
  private readonly asking = new Map<string, Promise<Caller | null>>();

  constructor(private readonly pool: Pool) {}

  /** Makes a key; 'name-taken' where the name is or ever was another key's. */
  create(name: string, role: Role): Promise<NewKey | 'name-taken'> {
    return insertKey(this.pool, name, role);
  }

  /** All keys ever made, oldest first. */
  async list(): Promise<ApiKey[]> {
    const { rows } = await this.pool.query<ApiKey>(
      'select id, name, role, created_at as "createdAt", revoked_at as "revokedAt" from access.api_key order by created_at, name',
    );
    return rows;
  }

  /** From now on (within 5 s on other instances) the key no longer works. The last admin key stays. Doing it twice is no error. */
  async revoke(id: string): Promise<'revoked' | 'unknown' | 'last-admin'> {
    const outcome = await this.transaction(async (client) => {
      const { rows } = await client.query<{ name: string; live: boolean }>(
        'select name, revoked_at is null as live from access.api_key where id = $1',
        [id],
      );
      const [key] = rows;
      if (key === undefined) return 'unknown' as const;
      const admins = await liveAdmins(client);
      if (key.live && admins.length === 1 && admins[0] === key.name) return 'last-admin' as const;
      await client.query('update access.api_key set revoked_at = coalesce(revoked_at, now()) where id = $1', [id]);
      return 'revoked' as const;
    });
    this.cache.clear();
    return outcome;
  }

  /** Whose key it is; null where it is nobody's. Answers at once what it was asked in the last seconds. */
  identify(key: string): Caller | null | Promise<Caller | null> {
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    if (!KEY.test(key)) return null;
    const asking = this.asking.get(key) ?? this.lookUp(key).finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }

  private async lookUp(key: string): Promise<Caller | null> {
    const { rows } = await this.pool.query<Caller>('select name, role from access.api_key where hash = $1 and revoked_at is null', [
      hashOf(key),
    ]);
    const caller = rows[0] ?? null;
    this.cache.set(key, caller);
    return caller;
  }

  /**
   * At the first start makes the key "admin" and writes it to `${dataDir}/admin.key` (mode 0600). Later the file is left alone as long as
   * its key works, or was revoked while another admin key works. Where the file is gone or of another database, `replaceLost` makes another
   * admin key; without it (the database may serve other instances) only says where to look. Instances that start at once make one key.
   */
  ensureAdminKey(dataDir: string, { replaceLost }: { replaceLost: boolean }): Promise<AdminKey> {
    return this.transaction(async (client) => {
      const written = await readKeyFile(dataDir);
      const { rows } = await client.query<{ live: boolean }>(
        `select revoked_at is null as live from access.api_key where hash = $1 and role = 'admin'`,
        [hashOf(written ?? '')],
      );
      const admins = await liveAdmins(client);
      if (rows[0]?.live || (rows[0] && admins.length > 0)) return {};
      if (admins.length > 0 && !replaceLost) return { message: elsewhere(admins[0]!) };
      return this.makeAdminKey(client, dataDir, admins);
    });
  }

  /** The file is written before the commit: a key in the database is never without it. */
  private async makeAdminKey(client: PoolClient, dataDir: string, before: readonly string[]): Promise<AdminKey> {
    for (let n = 1; ; n += 1) {
      const made = await insertKey(client, n === 1 ? 'admin' : `admin-${n}`, 'admin');
      if (made === 'name-taken') continue;
      const file = await writeKeyFile(dataDir, made.key);
      const replaced = `No file held a working admin key, so a new one, "${made.name}", was made; revoke ${before.join(', ')} if lost. `;
      return { key: made.key, message: `${before.length > 0 ? replaced : ''}The admin key, also kept in ${file}: ${made.key}` };
    }
  }

  private async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query(LOCK);
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      // The connection is thrown away, and with it the transaction.
      client.release(true);
      throw error;
    }
  }
}

/** Without a single admin key, `ensureAdminKey` makes one whatever the database. */
function elsewhere(name: string): string {
  return (
    `The admin key "${name}" is where it was made at the first start. If it is lost, run in the database: ` +
    `update access.api_key set revoked_at = now() where role = 'admin'; then the next start makes another.`
  );
}

async function liveAdmins(client: PoolClient): Promise<string[]> {
  return (await client.query<{ name: string }>(LIVE_ADMINS)).rows.map(({ name }) => name);
}

async function insertKey(client: Pick<PoolClient, 'query'>, name: string, role: Role): Promise<NewKey | 'name-taken'> {
  const id = uuid();
  const key = `entente_${role}_${randomBytes(32).toString('base64url')}`;
  const { rowCount } = await client.query(INSERT, [id, name, role, hashOf(key)]);
  return rowCount === 0 ? 'name-taken' : { id, name, role, key };
}

/** A key has 256 random bits: one round of SHA-256 is enough, where a password would need a slow hash. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
