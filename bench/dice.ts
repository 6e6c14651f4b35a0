const RANGE = 2 ** 32;

/** Chance that can be had again: the same seed makes the same throws (sfc32, Chris Doty-Humphrey, public domain). */
export class Dice {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = (seed / RANGE) | 0;
    for (let i = 0; i < 16; i += 1) this.#throw();
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    return this.#throw() / RANGE;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number, both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.next() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }

  /** A UUIDv7 of that moment, as the service makes them. */
  uuid(milliseconds: number): string {
    const time = milliseconds.toString(16).padStart(12, '0');
    const [a, b, c] = [this.#throw(), this.#throw(), this.#throw()].map((word) => word.toString(16).padStart(8, '0')) as [
      string,
      string,
      string,
    ];
    return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-8${a.slice(3, 6)}-${b}${c.slice(0, 4)}`;
  }

  #throw(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }
}

/** Things drawn as often as they weigh. */
export class Urn<T> {
  readonly #items: readonly T[];
  readonly #sums: number[] = [];

  constructor(weighed: readonly (readonly [item: T, weight: number])[]) {
    this.#items = weighed.map(([item]) => item);
    for (const [, weight] of weighed) this.#sums.push((this.#sums.at(-1) ?? 0) + weight);
  }

  draw(dice: Dice): T {
    const at = dice.next() * this.#sums.at(-1)!;
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return this.#items[low]!;
  }
}
