import { readFileSync } from 'node:fs';
import { EventStore } from '../../src/event-store/event-store.js';
import type { ReadNewsroom } from '../read-models/reading.js';

interface Described {
  paths: Record<string, { get?: { parameters?: { in: string; name: string }[] } }>;
}

const described = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Described;
/** What is asked of the newsroom, not of the service that runs. */
const VIEWS = Object.entries(described.paths)
  .filter(([path, { get }]) => get !== undefined && !/\/(?:admin\/|health\/|metrics$)/.test(path))
  .map(([path, { get }]) => ({ path: path.replace('/api/v1', ''), takes: new Set(get!.parameters?.map(({ name }) => name)) }));
const WIDE: Record<string, string> = { limit: '500', fromAsOf: '2025-12-31' };
const RELATIONSHIPS = ['COL-USA', 'USA-VEN'];

/** Every GET of the OpenAPI document, for every relationship and record of the example. */
export function everyQuestion(records: readonly string[]): { path: string; takes: Set<string> }[] {
  return VIEWS.flatMap(({ path, takes }) => {
    const named = path.includes('{key}') ? RELATIONSHIPS : path.includes('{id}') ? records.filter((id) => fits(path, id)) : [''];
    return named.map((name) => ({ path: path.replace(/\{\w+\}/, name), takes }));
  });
}

function fits(path: string, id: string): boolean {
  return path.startsWith('/records/') || id.startsWith('source-');
}

/** The answer to a question at a moment, as it is written, with positions told by their rank in the log. */
export async function answerTo(
  { service }: ReadNewsroom,
  { path, takes }: { path: string; takes: Set<string> },
  moment: { asOf: string; knownAt: string },
  ranks: ReadonlyMap<string, number>,
): Promise<string> {
  const parameters = Object.entries(WIDE).filter(([name]) => takes.has(name) && !(name === 'fromAsOf' && moment.asOf < WIDE[name]!));
  const query = new URLSearchParams([...parameters, ...Object.entries(moment)]).toString();
  const headers = { authorization: `Bearer ${service.keys.reader}` };
  const answer = await fetch(`${service.url}/api/v1${path}?${query}`, { headers });
  const text = await answer.text();
  const told = text.replaceAll(/"position":"(\d+)"/g, (_, position: string) => `"position":"number ${ranks.get(position)}"`);
  return `${answer.status} ${told}`;
}

/** Which event of the log each position is, from 1; 0 is before all of them. */
export async function ranksIn(newsroom: ReadNewsroom): Promise<Map<string, number>> {
  const events = await newsroom.service.app.get(EventStore).readAll(0n, 100_000);
  return new Map([['0', 0], ...events.map(({ position }, index) => [String(position), index + 1] as const)]);
}
