import { readConfig } from '../../src/config.js';
import { StartError } from '../../src/start-error.js';

const KURRENTDB = 'kurrentdb://desk:hush@db.example:2113';

/** Why these settings are refused. */
function problem(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    expect(error.message).not.toContain('hush');
    return error.message;
  }
  throw new Error('nothing is wrong with these settings');
}

describe('where the log is', () => {
  it('is beside the views, where nothing else is set', () => {
    expect(readConfig({})).not.toHaveProperty('kurrent');
  });

  it.each(['kurrentdb', 'kurrentdb+discover', 'esdb', 'esdb+discover'])('is in KurrentDB, by %s://', (scheme) => {
    const url = `${scheme}://db.example:2113`;
    expect(readConfig({ EVENT_STORE_URL: url }).kurrent).toEqual({ url, prefix: 'entente.' });
    expect(readConfig({ EVENT_STORE_URL: url, EVENT_STORE_PREFIX: 'foreign-desk.' }).kurrent?.prefix).toBe('foreign-desk.');
  });

  it.each([
    ['DATABASE_URL', KURRENTDB, /^DATABASE_URL leads to a KurrentDB, and .*: name the KurrentDB in EVENT_STORE_URL\.$/],
    ['DATABASE_URL', 'ftp://desk:hush@db.example', /^DATABASE_URL is not the address of a PostgreSQL server: write postgres:/],
    ['EVENT_STORE_URL', 'postgres://desk:hush@db.example/log', /^EVENT_STORE_URL leads to a PostgreSQL, .*: name it there, and remove/],
    ['EVENT_STORE_URL', 'mysql://desk:hush@db.example', /^EVENT_STORE_URL is not the address of a KurrentDB server: write kurrentdb:/],
    ['EVENT_STORE_URL', 'db.example:2113', /^EVENT_STORE_URL is not the address of a KurrentDB server: write kurrentdb:/],
  ])('cannot be told where %s is %s', (name, value, pattern) => {
    expect(problem({ [name]: value })).toMatch(pattern);
  });

  it.each(['entente', '.', '$all.', '_entente.', 'two.dots.', `${'a'.repeat(64)}.`])('cannot be by the prefix %s', (prefix) => {
    const said = problem({ EVENT_STORE_URL: KURRENTDB, EVENT_STORE_PREFIX: prefix });
    expect(said).toMatch(/^EVENT_STORE_PREFIX is ".*": write up to 63 letters, digits, - or _, and a dot, such as entente\.$/);
  });
});
