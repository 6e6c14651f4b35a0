import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Checkout, ownComplaints, type Program } from './checkout.js';

jest.setTimeout(90_000);

const SOURCES = [
  '[Untitled: US pressure on Venezuela]',
  '[Untitled: a phone call between the presidents of the United States and Colombia]',
  '[Untitled: the presidents of Colombia and the United States meet]',
];

/** As one line, whatever the terminal's width has made of it. */
function flat(printed: string): string {
  return printed.replaceAll(/\s+/g, ' ');
}

describe('npm run example', () => {
  let checkout: Checkout;
  let url: string;
  let built: number;
  let first: Program;
  const example = (args: string[] = [], env: Record<string, string> = {}) =>
    checkout.run('node', ['dist/cli/example.js', ...args], { env: { ENTENTE_URL: url, ...env } });

  beforeAll(async () => {
    checkout = await Checkout.make();
    url = await checkout.run('npm', ['start']).ready();
    built = (await stat(join(checkout.path, 'dist/main.js'))).mtimeMs;
    first = checkout.run('npm', ['run', 'example'], { env: { ENTENTE_URL: url } });
    await first.ended();
  });
  afterAll(() => checkout.remove());

  it('files the three articles and builds nothing under the running service', async () => {
    expect(await first.ended()).toBe(0);
    expect(ownComplaints(first)).toEqual([]);
    expect(first.stdout.match(/filed, \d+ entries/g)).toHaveLength(3);
    expect((await stat(join(checkout.path, 'dist/main.js'))).mtimeMs).toBe(built);
  });

  it('tells how both relationships stood, in words, with every part that a state has', () => {
    const said = flat(first.stdout);
    for (const words of [
      'Colombia – United States (COL-USA)',
      'United States – Venezuela (USA-VEN)',
      'Asked as of 2026-02-04, when the last of them was published',
      'Phase strained, easing',
      'Tension 56.4 of 100 conflict 20.5 points: 6.0 that stand, 14.5 that fade cooperation 23.5 points',
      'What makes the tension: the 10 largest of 18 moves',
      'and 8 smaller ones: conflict 9.0, cooperation 2.1 points',
      'Coverage 48 records from 2 sources in 90 days',
      'Sanctions in force (4 targets)',
      'Standing actions (2)',
      'Last contact',
      'confirmed by COL and USA',
      'Open disputes, with every position (1)',
      'against that Petro firmly rejected the accusation',
      'Open: asked, offered, promised or threatened, and not settled (4)',
      'How others see it (never part of the tension)',
      '“at least 83”: At least 83 people are said to have been killed. counted by: not stated · scope in doubt:',
      'Questions that the newsroom has yet to answer (3)',
      'Nothing on file standing actions, upcoming meetings, overdue meetings',
    ])
      expect(said).toContain(words);
  });

  it('names for each line the record and the source, with the place in it', () => {
    const said = flat(first.stdout);
    for (const source of SOURCES) expect(said).toContain(`${source}, 202`);
    const timeline = first.stdout.slice(first.stdout.indexOf('Timeline'), first.stdout.indexOf('… at some time within'));
    const entries = Number(/Timeline \((\d+) entries\)/.exec(timeline)?.[1]);
    expect(entries).toBeGreaterThan(40);
    expect(timeline.match(/\b(?:statement|sanction|meeting|action)-[0-9a-f-]{36}/g)).toHaveLength(entries);
    expect(flat(timeline).match(/\[Untitled: [^\]]+\], \d{4}-\d\d-\d\d: (?:line|paragraph)/g)?.length).toBeGreaterThanOrEqual(entries);
  });

  it('never gives the grounds of a sanction as a fact', () => {
    const grounds = [...flat(first.stdout).matchAll(/(.{45})connections to the illicit drug trade/g)].map(([, before]) => before);
    expect(grounds.length).toBeGreaterThan(0);
    for (const before of grounds) expect(before).toMatch(/sanctioned by US Treasury, which alleges $/);
    expect(flat(first.stdout)).not.toMatch(/linked to (?:the )?(?:illicit )?drug/i);
  });

  it('is plain text of at most 80 columns where nobody says how wide the terminal is', () => {
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(first.stdout).not.toMatch(/\u001b/);
    const page = first.stdout.slice(first.stdout.indexOf('Three articles'));
    expect(page.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('a second time stores nothing and says so', async () => {
    const again = example();
    expect(await again.ended()).toBe(0);
    expect(again.stdout).toContain('All of it was on file before: nothing new was stored.');
    expect(again.stdout.match(/already on file/g)).toHaveLength(3);
    const stood = (printed: string) => printed.slice(printed.indexOf('Phase')).replaceAll(/known at \S+/g, '');
    expect(stood(again.stdout)).toBe(stood(first.stdout));
  });

  it('answers for the day asked for', async () => {
    const before = example(['--as-of=2026-01-08']);
    expect(await before.ended()).toBe(0);
    expect(before.stdout).toContain('How things stood on 2026-01-08');
    expect(flat(before.stdout)).toContain('Upcoming meetings (1) from 2026-01-08 * During');
    const long = example(['--as-of=2020-01-01']);
    expect(await long.ended()).toBe(0);
    expect(flat(long.stdout)).toContain('Phase none: nothing on file that counts Tension no figure');
  });

  it('uses the key and the address that are set', async () => {
    const key = example([], { DATA_DIR: 'nowhere', ENTENTE_KEY: await readKey(checkout) });
    expect(await key.ended()).toBe(0);
  });

  describe('says in one sentence what to do, and ends with code 1,', () => {
    let other: Server;
    afterEach(() => other?.close());
    const refusal = async (args: string[], env: Record<string, string>) => {
      const program = example(args, env);
      return { code: await program.ended(), said: program.complaints() };
    };
    const sentence = (pattern: RegExp) => ({ code: 1, said: [expect.stringMatching(pattern) as string] });

    it.each<[string, string[], Record<string, string>, RegExp]>([
      [
        'nothing listens',
        [],
        { ENTENTE_URL: 'http://127.0.0.1:1' },
        /^Nothing answers on http:\/\/127\.0\.0\.1:1 \(.*\): start Entente with npm start, or set/,
      ],
      ['the address is none', [], { ENTENTE_URL: 'here' }, /^ENTENTE_URL is not the address of a service: write http:/],
      ['there is no key', [], { DATA_DIR: 'nowhere' }, /^There is no key \(.*nowhere\/admin\.key does not exist\): set ENTENTE_KEY/],
      ['the key is no key', [], { ENTENTE_KEY: 'a b' }, /^What is in ENTENTE_KEY is no API key/],
      [
        'the key is refused',
        [],
        { ENTENTE_KEY: 'entente_admin_x' },
        /^Entente on .* refuses the key from ENTENTE_KEY: This API key is unknown/,
      ],
      ['the day is none', ['--as-of=2026-02-30'], {}, /^"2026-02-30" is no day: write npm run example -- --as-of=2026-02-04\.$/],
      ['it is asked for something else', ['--tomorrow'], {}, /^"--tomorrow" cannot be understood: write npm run example/],
    ])('when %s', async (_, args, env, pattern) => {
      expect(await refusal(args, env)).toEqual(sentence(pattern));
    });

    it('when a key may read only', async () => {
      const headers = { authorization: `Bearer ${await readKey(checkout)}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'a reader', role: 'reader' });
      const made = await fetch(`${url}/api/v1/admin/keys`, { method: 'POST', headers, body });
      const { key } = (await made.json()) as { key: string };
      expect(await refusal([], { ENTENTE_KEY: key })).toEqual(
        sentence(/^Entente on .* refused this: This call needs the role reporter; your key has the role reader \(status 403\)\.$/),
      );
    });

    it('when something else answers there', async () => {
      other = createServer((_, answer) => answer.end('<p>hello</p>')).listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      expect(await refusal([], { ENTENTE_URL: `http://127.0.0.1:${port}` })).toEqual(
        sentence(/^What answers on .* is not Entente: set ENTENTE_URL/),
      );
    });

    it('when another record has taken the id of one of its own', async () => {
      const folder = join(checkout.path, 'other');
      await mkdir(folder);
      await writeFile(join(folder, 'admin.key'), `${await readKey(checkout)}\n`);
      const path = join(checkout.path, 'example/2026-01-08-the-call.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('spoke by phone', 'did not speak'));
      expect(await refusal([], { DATA_DIR: folder })).toEqual(
        sentence(/^Entente on .* refused this: .* at \/entries\/0.*\(status 409\)\.$/),
      );
    });
  });
});

async function readKey(checkout: Checkout): Promise<string> {
  return (await readFile(join(checkout.path, 'data/admin.key'), 'utf8')).trim();
}
