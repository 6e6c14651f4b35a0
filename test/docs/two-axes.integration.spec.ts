import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { files } from '../example/articles.js';
import { ReadNewsroom } from '../read-models/reading.js';
import { ADDRESS, commandsOf, expectAsPrinted, hasCurl, readPage, type Block } from './page.js';

// The hook starts a service and files three articles: more than the usual five seconds on a busy machine.
jest.setTimeout(20_000);

const run = promisify(execFile);
const PAGE = readPage('docs/two-axes.md');
const commands = commandsOf(PAGE);

describe('the page on the two axes', () => {
  let newsroom: ReadNewsroom;
  let folder: string;
  /** The last position of each article. */
  const ends: string[] = [];
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open();
    for (const name of files) ends.push(await newsroom.fileExample(name));
    await newsroom.relationships();
    folder = await mkdtemp(join(tmpdir(), 'entente-page-'));
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data/admin.key'), newsroom.service.keys.admin);
  });
  afterAll(async () => {
    await newsroom.close();
    await rm(folder, { recursive: true });
  });

  /** What a command of the page prints here, on the example alone. */
  async function output(command: string): Promise<string> {
    const { stdout } = await run('sh', ['-c', command.replaceAll(ADDRESS, newsroom.service.url)], { cwd: folder });
    return stdout;
  }

  const shown = commands.map(({ command, prints }) => [command.split('\n')[0]!, command, prints!] as const);

  it.each<readonly [string, string, Block]>(shown)('tells what is answered: %s', async (_, command, { language, content }) => {
    if (!hasCurl) return;
    expect(language).toBe('json');
    expectAsPrinted(JSON.parse(await output(command)), JSON.parse(content));
  });

  it('says at which positions the articles are', () => {
    const said = [...PAGE.matchAll(/\d+ to (\d+)\s(?:come )?from\s/g)].map(([, end]) => end);
    expect(said).toEqual(ends);
  });

  it('shows as many calls as it needs', () => expect(commands.length).toBe(8));

  it('shows a change whose three parts add up to it, as they are printed', () => {
    const { delta, faded, corrected, ...changes } = JSON.parse(commands.at(-1)!.prints!.content) as Record<string, { delta: number }>;
    expect(delta).toBeCloseTo(faded!.delta + corrected!.delta + changes['new']!.delta, 9);
  });

  it('names calls that there are', async () => {
    const { paths } = (await (await fetch(`${newsroom.service.url}/api/v1/openapi.json`)).json()) as { paths: object };
    const named = [...PAGE.matchAll(/`(\/[a-z][^`]*)`/g)].map(([, path]) => `/api/v1${path!}`);
    expect(named.length).toBeGreaterThan(2);
    for (const path of named) expect(Object.keys(paths)).toContain(path);
  });
});
