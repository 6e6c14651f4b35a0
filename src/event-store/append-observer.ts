import type { Append, AppendOutcome } from './event-store.js';

/** What became of an append: its outcome, or that it failed. */
export type Appended = AppendOutcome['outcome'] | 'replayed' | 'failed';

/** Is told by a store how appending goes. It is asked for nothing and must be quick: a filing waits for it. */
export interface AppendObserver {
  /** One filing has its answer, so long after it was handed over. */
  appended(outcome: Appended, milliseconds: number): void;
  /** So many filings, with so many events in all, went to the log in one commit. */
  committed(filings: number, events: number): void;
}

/** Tells the observer, where there is one, what becomes of an append. */
export async function observed(observer: AppendObserver | undefined, append: () => Promise<AppendOutcome>): Promise<AppendOutcome> {
  if (observer === undefined) return append();
  const began = performance.now();
  let appended: Appended = 'failed';
  try {
    const answer = await append();
    appended = answer.outcome === 'stored' && answer.replayed ? 'replayed' : answer.outcome;
    return answer;
  } finally {
    observer.appended(appended, performance.now() - began);
  }
}

export function eventsIn({ streams }: Append): number {
  return streams.reduce((sum, { events }) => sum + events.length, 0);
}
