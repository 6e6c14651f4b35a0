/** Values under numbers from 0 on, each kept once. */
export class Dictionary<T> {
  private readonly numbers = new Map<string, number>();
  private readonly known: T[] = [];

  /** `nameOf` tells values apart. */
  constructor(private readonly nameOf: (value: T) => string) {}

  get size(): number {
    return this.known.length;
  }

  /** Its number, from now on at the latest. */
  numberOf(value: T): number {
    const name = this.nameOf(value);
    let number = this.numbers.get(name);
    if (number === undefined) this.numbers.set(name, (number = this.known.push(value) - 1));
    return number;
  }

  /** Its number; -1 where it has none. */
  find(value: T): number {
    return this.numbers.get(this.nameOf(value)) ?? -1;
  }

  valueOf(number: number): T {
    return this.known[number]!;
  }

  /** For each number 1 where its value fits, else 0. */
  marks(fits: (value: T) => boolean): Uint8Array {
    return Uint8Array.from(this.known, (value) => (fits(value) ? 1 : 0));
  }
}
