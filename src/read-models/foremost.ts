/** Collects the first so many, in an order, of all that are offered. */
export class Foremost<T> {
  private found: T[] = [];
  /** Whatever comes after it is none of them; undefined as long as fewer were offered. */
  last: T | undefined;

  constructor(
    private readonly most: number,
    private readonly compare: (a: T, b: T) => number,
  ) {}

  offer(one: T): void {
    if (this.last !== undefined && this.compare(one, this.last) > 0) return;
    this.found.push(one);
    if (this.found.length < 4 * this.most) return;
    this.found = this.all();
    this.last = this.found.at(-1);
  }

  /** In their order. */
  all(): T[] {
    return this.found.toSorted(this.compare).slice(0, this.most);
  }
}
