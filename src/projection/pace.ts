const OVER_MS = 60_000;

/** How many events are projected in a second, over the last minute. */
export class Pace {
  private readonly since = performance.now();
  private done: { at: number; events: number }[] = [];

  add(events: number): void {
    this.forget();
    this.done.push({ at: performance.now(), events });
  }

  rate(): number {
    this.forget();
    const over = Math.min(performance.now() - this.since, OVER_MS);
    return over === 0 ? 0 : (this.done.reduce((sum, { events }) => sum + events, 0) * 1000) / over;
  }

  private forget(): void {
    const from = performance.now() - OVER_MS;
    const first = this.done.findIndex(({ at }) => at >= from);
    this.done = first === -1 ? [] : this.done.slice(first);
  }
}
