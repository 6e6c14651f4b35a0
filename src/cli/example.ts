import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readClientConfig } from '../config.js';
import type { TimelineItem } from '../domain/relationship/timeline.js';
import { isDay, type Day } from '../domain/day.js';
import { StartError } from '../start-error.js';
import { ServiceClient } from './service-client.js';
import type { SentArticle } from './split-article.js';
import { statePage, type StateAnswer } from './state-page.js';
import { heading, layOut, note, row, text, thisTerminal, title, type Piece } from './terminal-page.js';
import { timelinePage } from './timeline-page.js';
import { counted } from './wording.js';

/** Files the three articles of `example/` into a running service and prints how the two relationships in them stand. */

interface Article extends SentArticle {
  source: { id: string; title: string; publishedAt: string };
}

const FOLDER = new URL('../../example/', import.meta.url);
const RELATIONSHIPS = ['COL-USA', 'USA-VEN'];
/** The day on which the last of the articles was published. */
const DEFAULT_DAY = '2026-02-04';
const MOST_PARTS = 10;

async function run(): Promise<void> {
  const asOf = readArguments(process.argv.slice(2));
  const service = await ServiceClient.open(readClientConfig());
  const filed = await fileArticles(service);
  print(filed.page);
  print([heading(`Asked as of ${asOf ?? `${DEFAULT_DAY}, when the last of them was published`}`), note(OTHER_DAY)]);
  for (const key of RELATIONSHIPS) print(await relationshipPage(service, key, asOf ?? DEFAULT_DAY, filed.position));
  print([heading('Try it'), text(`${service.url}/api/docs describes every call; README.md shows the first ones.`)]);
}

const OTHER_DAY = `Another day: npm run example -- --as-of=2026-01-08`;

function readArguments(args: string[]): Day | undefined {
  const advice = `write npm run example -- --as-of=${DEFAULT_DAY}`;
  try {
    const { values } = parseArgs({ args, options: { 'as-of': { type: 'string' } } });
    const day = values['as-of'];
    if (day === undefined || isDay(day)) return day;
    throw new StartError(`"${day}" is no day: ${advice}.`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`"${args.join(' ')}" cannot be understood: ${advice}.`, { cause: error });
  }
}

/** Files each article; the position of the last one is what the answers asked for next must include. */
async function fileArticles(service: ServiceClient): Promise<{ page: Piece[]; position: string }> {
  const before = await headOf(service);
  const page: Piece[] = [title(`Three articles, filed into ${service.url}`)];
  let position = before;
  let news = false;
  for (const { name, article } of await readArticles()) {
    const last = await service.file(article);
    const stored = last > before;
    const outcome = stored ? `filed, ${counted(article.entries.length, 'entry', 'entries')}` : 'already on file';
    page.push(row(outcome, article.source.title, [`published ${article.source.publishedAt}`, `example/${name}`]));
    if (stored) position = last;
    news ||= stored;
  }
  if (!news) page.push(text('All of it was on file before: nothing new was stored.'));
  return { page, position: position.toString() };
}

/** The position of the last event that the service had recorded when it was asked, by its own clock. */
async function headOf(service: ServiceClient): Promise<bigint> {
  const { position } = await service.get<StateAnswer>(`/relationships/${RELATIONSHIPS[0]}?parts=0&knownAt=${await service.now()}`);
  return BigInt(position);
}

/** Their names begin with the day of publication, so sorted they are in the order in which a newsroom filed them. */
async function readArticles(): Promise<{ name: string; article: Article }[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const article: Article = JSON.parse(await readFile(new URL(name, FOLDER), 'utf8'));
      return { name, article };
    }),
  );
}

async function relationshipPage(service: ServiceClient, key: string, asOf: Day, position: string): Promise<Piece[]> {
  const at = `asOf=${asOf}&at-least=${position}`;
  const state = await service.get<StateAnswer>(`/relationships/${key}?${at}&parts=${MOST_PARTS}`);
  return [...statePage(state), ...timelinePage(await timelineOf(service, key, at))];
}

async function timelineOf(service: ServiceClient, key: string, at: string): Promise<TimelineItem[]> {
  const items: TimelineItem[] = [];
  for (let cursor = ''; ;) {
    const page = await service.get<{ items: TimelineItem[]; next: string | null }>(
      `/relationships/${key}/timeline?${at}&limit=500${cursor}`,
    );
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = `&cursor=${page.next}`;
  }
}

function print(pieces: readonly Piece[]): void {
  process.stdout.write(layOut(pieces, thisTerminal()));
}

// Whoever reads this through `head` or `less` may stop early.
process.stdout.on('error', () => process.exit());
try {
  await run();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
