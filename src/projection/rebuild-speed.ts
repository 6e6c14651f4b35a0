/** How far something had come at a moment, in milliseconds. */
interface Reached {
  at: number;
  events: number;
  position: bigint;
}

const WINDOW_MS = 10_000;

/** How fast events are read, over the last seconds. */
export class RebuildSpeed {
  private reached: Reached[] = [];

  add(reached: Reached): void {
    this.reached = [...this.reached.filter(({ at }) => at > reached.at - WINDOW_MS), reached];
  }

  /** Events in a second; null where that cannot be told yet. */
  rate(): number | null {
    return this.per((first, last) => last.events - first.events);
  }

  /** Until a position: by positions, which are further apart than events are where others share the log. Null where it cannot be told. */
  secondsTo(head: bigint): number | null {
    const pace = this.per((first, last) => Number(last.position - first.position));
    const last = this.reached.at(-1);
    return pace === null || pace === 0 || last === undefined ? null : Math.max(0, Number(head - last.position) / pace);
  }

  private per(way: (first: Reached, last: Reached) => number): number | null {
    const [first, last] = [this.reached[0], this.reached.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return null;
    return (way(first, last) * 1_000) / (last.at - first.at);
  }
}
