import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import { notRun } from '../contracts/event-store.contract.js';
import { filing, newEvents } from '../contracts/filings.js';
import { openPostgresLog, type OpenPostgresLog } from '../contracts/postgres-log.js';
import { Checkout, type Program } from '../start/checkout.js';
import { createDatabase } from '../support/database.js';

jest.setTimeout(120_000);

const { KURRENTDB_URL: kurrent } = process.env;
const EVENTS = 4_000;

let checkout: Checkout;
let source: OpenPostgresLog;
const copy = (...args: string[]): Program => checkout.run('node', ['dist/copy-log.js', ...args]);

beforeAll(async () => {
  checkout = await Checkout.make();
  await checkout.run('npm', ['run', 'build']).ended();
  source = await openPostgresLog();
  for (let n = 0; n < EVENTS / 100; n++) await source.store.append(filing({ stream: randomUUID(), events: newEvents(100) }));
});
afterAll(async () => {
  await source.drop();
  await checkout.remove();
});

/** Killed as soon as the target holds something, time and again, until a run comes to its end. */
async function copyThroughKills(args: string[], target: EventStore): Promise<Program> {
  for (let kills = 0; kills < 3; kills++) {
    const { position: before } = await target.head();
    const program = copy(...args);
    while ((await target.head()).position === before && program.stdout === '') await new Promise((resolve) => setTimeout(resolve, 10));
    await program.end('SIGKILL');
  }
  const last = copy(...args);
  expect(await last.ended()).toBe(0);
  return last;
}

const HASHES = /^SHA-256 of the source: ([0-9a-f]{64})\nSHA-256 of the target: \1$/m;

describe('npm run copy-log', () => {
  it('copies a PostgreSQL log into an empty database, however often it is killed', async () => {
    const target = await openPostgresLog();
    const last = await copyThroughKills(['--from', source.database.url, '--to', target.database.url], target.store);
    expect(last.stdout).toMatch(/^4,000 events are copied, [\d,]+ of them before this run\.$/m);
    expect(last.stdout).toMatch(HASHES);
    const [ours, theirs] = await Promise.all([source.store.readAll(0n, EVENTS), target.store.readAll(0n, EVENTS)]);
    expect(theirs).toEqual(ours);
    await target.drop();
  });

  it('asked to end, ends in order and says how to go on', async () => {
    const target = await openPostgresLog();
    const program = copy('--from', source.database.url, '--to', target.database.url);
    while ((await target.store.head()).position === 0n) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await program.end('SIGINT')).toBe(1);
    expect(program.complaints().at(-1)).toBe('Ended before all was copied: run this again, and it goes on where it was.');
    await target.drop();
  });

  it('copies into a data folder and out of it again, and tells of its progress line by line where there is no terminal', async () => {
    const there = copy('--from', source.database.url, '--to', './house');
    expect(await there.ended()).toBe(0);
    expect(there.stderr).toMatch(/^copied .* 100 % +4,000 events/m);
    expect(there.stderr).toMatch(/^checked .* 100 % +4,000 events/m);
    const database = await createDatabase();
    const back = copy('--from', 'file:./house', '--to', database.url);
    expect(await back.ended()).toBe(0);
    expect(HASHES.exec(back.stdout)?.[1]).toBe(HASHES.exec(there.stdout)?.[1]);
    await database.drop();
  });

  describe('says in one sentence what to do, and ends with code 1,', () => {
    const refusal = async (...args: string[]) => {
      const program = copy(...args);
      expect(await program.ended()).toBe(1);
      expect(program.stdout).toBe('');
      expect(program.stderr).not.toContain('hush');
      const [said, ...more] = program.complaints();
      expect(more).toEqual([]);
      return said;
    };

    it.each([
      ['an option is missing', ['--from', './data'], /^--to is missing: write npm run copy-log -- --from \.\/data --to kurrentdb:/],
      ['an option is unknown', ['--form', './data'], /^These options cannot be understood: write npm run copy-log/],
      [
        'both name one place',
        ['--from', './data', '--to', 'file:data'],
        /^--from and --to name the same log: name the new place in --to\.$/,
      ],
      ['a URL is of neither kind', ['--from', 'mysql://desk:hush@db.example', '--to', './data'], /^--from is neither the address of a log/],
      ['nothing answers', ['--from', 'postgres://desk:hush@127.0.0.1:1/log', '--to', './data'], /127\.0\.0\.1:1.*: check --from/],
      [
        'there is no such folder',
        ['--from', './nowhere', '--to', './data'],
        /^There is no data of Entente in .*nowhere: write --from with/,
      ],
    ])('when %s', async (_, args, pattern) => {
      expect(await refusal(...args)).toMatch(pattern);
    });

    it('when the new place cannot be reached, and when what is there is no log of Entente', async () => {
      const unreachable = ['--from', source.database.url, '--to', 'kurrentdb://desk:hush@127.0.0.1:1?tls=false'];
      expect(await refusal(...unreachable)).toMatch(/cannot be reached \(ECONNREFUSED\): start it, or check --to;/);
      const empty = await createDatabase();
      expect(await refusal('--from', empty.url, '--to', './other')).toBe('There is no log in the database that --from names: correct it.');
      await empty.drop();
    });

    it('when the new place holds something else', async () => {
      const target = await openPostgresLog();
      await target.store.append(filing({ stream: randomUUID() }));
      expect(await refusal('--from', source.database.url, '--to', target.database.url)).toMatch(
        /^The target holds something else: its event number 1 is .*, and in the source it is /,
      );
      await target.drop();
    });

    it('when two names lead to one log', async () => {
      const { url } = source.database;
      expect(await refusal('--from', url, '--to', `${url}?application_name=other`)).toBe('Source and target are the same log.');
    });

    it('when a service uses the data folder', async () => {
      await mkdir(join(checkout.path, 'used'), { recursive: true });
      const service = checkout.service({ env: { DATA_DIR: 'used' } });
      await service.ready();
      expect(await refusal('--from', './used', '--to', './data')).toMatch(/^Another Entente is using the data folder .*: stop it/);
      await service.end('SIGTERM');
    });
  });
});

if (kurrent === undefined) notRun('npm run copy-log, to KurrentDB', 'KURRENTDB_URL is not set');
else
  describe('npm run copy-log, to KurrentDB', () => {
    it('copies there and back, however often it is killed', async () => {
      const prefix = `copy-${randomUUID()}.`;
      const target = await connect(kurrent, { prefix });
      const there = await copyThroughKills(['--from', source.database.url, '--to', kurrent, '--to-prefix', prefix], target);
      await target.close();
      const back = await openPostgresLog();
      const last = await copyThroughKills(['--from', kurrent, '--from-prefix', prefix, '--to', back.database.url], back.store);
      expect(HASHES.exec(last.stdout)?.[1]).toBe(HASHES.exec(there.stdout)?.[1]);
      expect(await back.store.readAll(0n, EVENTS)).toEqual(await source.store.readAll(0n, EVENTS));
      await back.drop();
    });
  });
