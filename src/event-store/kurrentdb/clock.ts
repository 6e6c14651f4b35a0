import type { StoredEvent } from '../event-store.js';

/** Dates what is appended: by this machine's clock in milliseconds, never before what is known to be in the log. */
export class Clock {
  readonly #now: () => number;
  #latest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  now(): Date {
    this.#latest = Math.max(this.#latest, this.#now());
    return new Date(this.#latest);
  }

  learn(recordedAt: Date): void {
    this.#latest = Math.max(this.#latest, recordedAt.getTime());
  }
}

/** Several writers may date their events by a hair out of order; in the order of the log an event is never dated before one it follows. */
export class RunningTime {
  #latest: number;

  constructor(latest = 0) {
    this.#latest = latest;
  }

  date(event: StoredEvent): StoredEvent {
    const time = event.recordedAt.getTime();
    if (time >= this.#latest) {
      this.#latest = time;
      return event;
    }
    return { ...event, recordedAt: new Date(this.#latest) };
  }
}
