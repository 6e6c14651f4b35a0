/**
 * One process of "32 writers in two processes": `log-process.ts <url> <seed> <writers> <filings>`. Follows the log from its
 * beginning while its writers append; then tells its parent which events were stored, and, once the parent has told it the
 * head, what it has seen up to there.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Append, StoredEvent } from '../../src/event-store/event-store.js';
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { filing, newEvents, newKey, seededRandom } from './filings.js';

export interface Seen {
  position: string;
  id: string;
  stream: string;
  version: number;
}

const [url = '', seed = '', writers = '', filings = ''] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const pool = createPool(url, { max: 4, applicationName: `entente: process ${process.pid}` });
const store = new PostgresEventStore({ pool, listen: url });
/** Both processes write to these, so that they conflict with each other. */
const shared = Array.from({ length: 5 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`);

function randomFiling(): Append {
  const events = newEvents(1 + Math.floor(random() * 3));
  const key = random() < 0.5 ? newKey() : undefined;
  const dice = random();
  const stream = shared[Math.floor(random() * shared.length)];
  if (dice < 0.3) return filing({ stream, expectedVersion: versions.get(stream!) ?? 0, events }, key);
  if (dice < 0.5) return { streams: [filing({ events }).streams[0]!, filing().streams[0]!], key };
  return filing({ stream: randomUUID(), events }, key);
}

const versions = new Map<string, number>();
const stored: string[] = [];
const seen: Seen[] = [];
const stop = new AbortController();

async function follow(): Promise<void> {
  for await (const batch of store.subscribe(0n, { signal: stop.signal, batchSize: 50 })) batch.forEach(see);
}

function see({ position, id, stream, version }: StoredEvent): void {
  seen.push({ position: String(position), id, stream, version });
  versions.set(stream, version);
}

async function write(): Promise<void> {
  for (let left = Number(filings); left > 0; left--) {
    const outcome = await store.append(randomFiling());
    if (outcome.outcome === 'stored') stored.push(...outcome.events.map(({ id }) => id));
  }
}

await store.open();
const following = follow();
await Promise.all(Array.from({ length: Number(writers) }, write));
process.send?.(stored);
const [head]: string[] = await once(process, 'message');
while (BigInt(seen.at(-1)?.position ?? 0) < BigInt(head ?? 0)) await new Promise((resolve) => setTimeout(resolve, 10));
stop.abort();
await following;
await store.close();
await pool.end();
process.send?.(seen, () => process.disconnect());
