import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Checkout } from '../start/checkout.js';
import { ADDRESS, commandsOf, expectAsPrinted, hasCurl, readPage, type Block } from './page.js';

jest.setTimeout(90_000);

const README = readPage('README.md');
const commands = commandsOf(README);

/** The pieces between the lines "…": each stands in the output as it is, one after the other. */
function pieces(excerpt: string): string[] {
  return excerpt.split(/^…\n/m).map((piece) => piece.trimEnd());
}

/** What stands on each line of an answer of one JSON a line. */
function linesOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function expectExcerpt(output: string, { language, content }: Block): void {
  if (language === 'json') return expectAsPrinted(JSON.parse(output), JSON.parse(content));
  if (language === 'jsonl') return expectAsPrinted(linesOf(output), linesOf(content));
  let rest = output;
  for (const piece of pieces(content)) {
    expect(rest).toContain(piece);
    rest = rest.slice(rest.indexOf(piece) + piece.length);
  }
}

describe('the README', () => {
  let checkout: Checkout;
  let url: string;
  let started: string;

  beforeAll(async () => {
    checkout = await Checkout.make();
    const service = checkout.run('npm', ['start']);
    url = await service.ready();
    started = service.stdout.replaceAll(url, ADDRESS);
  });
  afterAll(() => checkout.remove());

  /** A reader of the page is slower than the views; this spec need not be. */
  async function viewsHaveCaughtUp(): Promise<void> {
    const key = readFileSync(join(checkout.path, 'data/admin.key'), 'utf8').trim();
    const now = new Date(Date.now() + 1_000).toISOString();
    const answer = await fetch(`${url}/api/v1/relationships?knownAt=${now}`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
  }

  it('has two commands for a newcomer, and the first prints what it says', () => {
    const [start, test] = commands;
    expect(start?.command).toBe('npm ci && npm start');
    expect(test?.command).toBe('npm ci && npm test');
    expectExcerpt(started, start!.prints!);
  });

  describe('shows commands that do what it says, in its order:', () => {
    const others = commands.filter(({ command }) => !command.startsWith('npm ci'));

    it.each(others.map(({ command, prints }) => [command.split('\n')[0]!, command, prints] as const))('%s', async (_, command, prints) => {
      if (command.startsWith('curl') && !hasCurl) return;
      const program = checkout.run('sh', ['-c', command.replaceAll(ADDRESS, url)], { env: { ENTENTE_URL: url } });
      expect(await program.ended()).toBe(0);
      expect(program.stdout).not.toMatch(/"status":[45]\d\d/);
      await viewsHaveCaughtUp();
      if (prints !== undefined) expectExcerpt(program.stdout, prints);
    });

    it('there are as many as the page needs', () => expect(others.length).toBe(9));
  });

  it('names commands of package.json and addresses of the service that there are', async () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: object };
    const named = [...README.matchAll(/`npm (?:run )?([a-z:-]+)[^`]*`/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(4);
    for (const name of named.filter((one) => one !== 'ci')) expect(Object.keys(scripts)).toContain(name);
    const { paths } = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as { paths: object };
    const shape = (path: string) => path.replace('ISL-NOR', '{key}');
    const addresses = [...README.matchAll(/`(?:(?:POST|DELETE) )?(\/[a-z][^`]*)`/g)].map(([, path]) => `/api/v1${shape(path!)}`);
    expect(addresses.length).toBeGreaterThan(15);
    for (const address of addresses) expect(Object.keys(paths)).toContain(address);
  });
});
