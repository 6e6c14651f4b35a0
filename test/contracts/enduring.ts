import { StoreUnavailable, type StoredEvent } from '../../src/event-store/event-store.js';

/** Asks again, with the same key, as a filer would. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      onlyUnavailable(error);
    }
  }
}

export function onlyUnavailable(error: unknown): undefined {
  if (!(error instanceof StoreUnavailable)) throw error;
}

/** Until so many events were seen. */
export async function reach(seen: readonly StoredEvent[], count: number): Promise<void> {
  while (seen.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Each once, nothing acknowledged lost, and no stream with a gap. */
export function expectKept(events: readonly StoredEvent[], acknowledged: readonly string[]): void {
  const ids = new Set(events.map(({ id }) => id));
  expect(ids.size).toBe(events.length);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  for (const [, own] of Map.groupBy(events, ({ stream }) => stream)) {
    expect(own.map(({ version }) => version)).toEqual(own.map((_, index) => index + 1));
  }
}
