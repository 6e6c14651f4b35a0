import { randomUUID } from 'node:crypto';
import type { Append, EventStore, StoredEvent } from '../../src/event-store/event-store.js';
import { filing, newEvents, newKey, seededRandom } from './filings.js';

/** What a subscriber saw of an event, as it can be told to another process. */
export interface Seen {
  position: string;
  id: string;
  stream: string;
  version: number;
}

export interface CrowdSize {
  writers: number;
  /** Of each writer. */
  filings: number;
  subscribers: number;
}

/** All crowds write to these, so that they conflict with each other. */
const SHARED = Array.from({ length: 5 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`);

/** Writers who append at once to one log while subscribers follow it from its beginning. */
export class Crowd {
  readonly #store: EventStore;
  readonly #size: CrowdSize;
  readonly #random: () => number;
  readonly #versions = new Map<string, number>();
  readonly #seen: Seen[][] = [];
  readonly #stop = new AbortController();
  #following: Promise<unknown> = Promise.resolve();

  constructor(store: EventStore, seed: number, size: CrowdSize) {
    this.#store = store;
    this.#size = size;
    this.#random = seededRandom(seed);
  }

  /** The ids of all events that were stored. */
  async write(): Promise<string[]> {
    this.#following = Promise.all(Array.from({ length: this.#size.subscribers }, () => this.#follow()));
    return (await Promise.all(Array.from({ length: this.#size.writers }, () => this.#write()))).flat();
  }

  /** What each subscriber has seen up to the event at this position. */
  async seenUpTo(position: bigint): Promise<Seen[][]> {
    const isThere = (seen: Seen[]) => BigInt(seen.at(-1)?.position ?? 0) >= position;
    while (!this.#seen.every(isThere)) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#stop.abort();
    await this.#following;
    return this.#seen;
  }

  async #follow(): Promise<void> {
    const seen: Seen[] = [];
    this.#seen.push(seen);
    for await (const batch of this.#store.subscribe(0n, { signal: this.#stop.signal, batchSize: 50 })) {
      seen.push(...batch.map(asSeen));
      for (const { stream, version } of batch) this.#versions.set(stream, version);
    }
  }

  async #write(): Promise<string[]> {
    const stored: string[] = [];
    for (let left = this.#size.filings; left > 0; left--) {
      const outcome = await this.#store.append(this.#filing());
      if (outcome.outcome === 'stored') stored.push(...outcome.events.map(({ id }) => id));
    }
    return stored;
  }

  #filing(): Append {
    const random = this.#random;
    const events = newEvents(1 + Math.floor(random() * 3));
    const key = random() < 0.5 ? newKey() : undefined;
    const dice = random();
    const stream = SHARED[Math.floor(random() * SHARED.length)]!;
    if (dice < 0.3) return filing({ stream, expectedVersion: this.#versions.get(stream) ?? 0, events }, key);
    if (dice < 0.5) return { streams: [filing({ events }).streams[0]!, filing().streams[0]!], key };
    return filing({ stream: randomUUID(), events }, key);
  }
}

export function asSeen({ position, id, stream, version }: StoredEvent): Seen {
  return { position: String(position), id, stream, version };
}
