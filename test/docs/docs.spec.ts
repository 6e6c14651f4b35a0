import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SCHEMA_OF } from '../../src/event-store/upcast.js';
import { PROBLEMS } from '../../src/http/problem.js';

const read = (path: string) => readFileSync(path, 'utf8');
const PAGES = ['README.md', ...globSync('docs/**/*.md')];
/** The cells of every row of a page's tables that begins with a code. */
const rows = (page: string) =>
  read(page)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the pages on the domain and on running it', () => {
  it.each(Object.entries(PROBLEMS))('%s is explained under its title, with its status', (code, [status, title]) => {
    const row = rows('docs/domain.md').find(([, first]) => first === `\`${code}\``);
    expect(row).toBeDefined();
    expect(row?.join(' ')).toContain(title);
    if (row?.length === 5) expect(row[2]).toBe(String(status));
    else expect(status).toBe(400);
  });

  it('explain no code that there is not', () => {
    const explained = rows('docs/domain.md').map(([, first]) => first!.replaceAll('`', ''));
    expect(explained.filter((code) => !Object.keys(PROBLEMS).includes(code))).toEqual([]);
    expect(new Set(explained).size).toBe(explained.length);
  });

  it('name every event that can be filed', () => {
    const page = read('docs/domain.md');
    expect(Object.keys(SCHEMA_OF).filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
  });

  it('list exactly the settings that are read, with their defaults', () => {
    const source = read('src/config.ts');
    const settings = [...source.matchAll(/(?:setting\(|environment\[)'([A-Z_]+)'/g)].map(([, name]) => name!);
    const listed = rows('docs/configuration.md').map(([, name]) => name!.replaceAll('`', ''));
    expect(listed.toSorted()).toEqual([...new Set(settings)].toSorted());
    const defaults = rows('docs/configuration.md').map(([, , value]) => value!.replaceAll('`', ''));
    for (const value of ['127.0.0.1', '3000', './data']) {
      expect(defaults).toContain(value);
      expect(source).toContain(`'${value}'`);
    }
  });

  it('quote messages that the service has', () => {
    const code = [...globSync('src/**/*.ts'), 'build-if-changed.js'].map(read).join('\n');
    const quoted = rows('docs/operations.md').filter(([, first]) => /^`(?!GET|POST|DELETE)[A-Z]/.test(first!));
    expect(quoted.length).toBeGreaterThan(5);
    for (const [, message] of quoted)
      for (const piece of message!.replaceAll('`', '').split(/…|\d[\d.]*/))
        if (piece.trim().length >= 8) expect(code).toContain(piece.trim());
  });

  it('link to nothing that is not there', () => {
    const links = PAGES.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, to]) => join(dirname(page), to!)),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('are all found from the map', () => {
    const map = read('docs/README.md');
    const unmapped = globSync('docs/*').filter((path) => !path.endsWith('README.md') && !map.includes(`(${path.replace('docs/', '')})`));
    expect(unmapped).toEqual([]);
  });

  it('tell a decision in at most 40 lines', () => {
    const decisions = globSync('docs/decisions/*.md');
    expect(decisions.length).toBeGreaterThan(3);
    expect(decisions.filter((path) => read(path).trimEnd().split('\n').length > 40)).toEqual([]);
    expect(new Set(decisions.map((path) => path.slice(0, 'docs/decisions/0000'.length))).size).toBe(decisions.length);
  });
});
