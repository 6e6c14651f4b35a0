import { StartError } from './start-error.js';

/** A log in KurrentDB. */
export interface KurrentSettings {
  /** A connection string of KurrentDB's client; it may hold a password, so it is never shown. */
  url: string;
  /** What the names of the log's streams begin with. */
  prefix: string;
}

/** Which kind of server a URL leads to, by its scheme; undefined for any other. */
export function serverOf(url: string): 'PostgreSQL' | 'KurrentDB' | undefined {
  if (/^postgres(ql)?:\/\//i.test(url)) return 'PostgreSQL';
  return /^(kurrentdb|esdb)(\+discover)?:\/\//i.test(url) ? 'KurrentDB' : undefined;
}

/** Throws StartError naming the setting. */
export function checkDatabaseUrl(url: string | undefined): string | undefined {
  if (url === undefined || serverOf(url) === 'PostgreSQL') return url;
  throw new StartError(
    serverOf(url) === 'KurrentDB'
      ? 'DATABASE_URL leads to a KurrentDB, and the views are kept in PostgreSQL: name the KurrentDB in EVENT_STORE_URL.'
      : 'DATABASE_URL is not the address of a PostgreSQL server: write postgres://user:password@host:5432/database.',
  );
}

/** Throws StartError naming the setting. */
export function readKurrentSettings(url: string | undefined, prefix: string): KurrentSettings | undefined {
  if (url === undefined) return undefined;
  if (serverOf(url) !== 'KurrentDB') {
    throw new StartError(
      serverOf(url) === 'PostgreSQL'
        ? 'EVENT_STORE_URL leads to a PostgreSQL, where the log is kept when only DATABASE_URL is set: name it there, and remove EVENT_STORE_URL.'
        : 'EVENT_STORE_URL is not the address of a KurrentDB server: write kurrentdb://user:password@host:2113, or remove it.',
    );
  }
  return { url, prefix: checkPrefix(prefix, 'EVENT_STORE_PREFIX') };
}

/** With one dot, at the end, no prefix is the beginning of another. Throws StartError naming the setting. */
export function checkPrefix(prefix: string, setting: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,62}\.$/i.test(prefix)) return prefix;
  throw new StartError(`${setting} is "${prefix}": write up to 63 letters, digits, - or _, and a dot, such as entente.`);
}
