type Numbers = Int32Array | Float64Array;
type Form = Int32ArrayConstructor | Float64ArrayConstructor;
type Row = readonly number[];

/** Room is made for a quarter more than there is. */
const MORE = 1.25;

/**
 * Rows of numbers in the order of some of their columns, column by column: a walk through very many of them takes a fraction of a millisecond
 * and leaves nothing to be collected.
 */
export class Columns<Name extends string> {
  /** How many rows there are; the columns may be longer. */
  length = 0;
  readonly of: Record<Name, Numbers>;
  private readonly names: readonly Name[];
  /** Where the columns of the order are in a row. */
  private readonly ordering: readonly number[];

  constructor(
    private readonly forms: Readonly<Record<Name, Form>>,
    order: readonly NoInfer<Name>[],
  ) {
    this.names = Object.keys(forms) as Name[];
    this.ordering = order.map((name) => this.names.indexOf(name));
    this.of = Object.fromEntries(this.names.map((name) => [name, new forms[name](0)])) as Record<Name, Numbers>;
  }

  /** Adds rows, each with a cell for every column, in any order. */
  add(rows: readonly Row[]): void {
    const sorted = rows.toSorted((a, b) => this.compare(a, b));
    this.makeRoom(this.length + rows.length);
    let end = this.length;
    this.length += rows.length;
    // From the last to the first, so that each of the others moves once, and only as far as it must.
    for (let left = sorted.length; left > 0; left -= 1) {
      const row = sorted[left - 1]!;
      const place = this.placeOf(row, end);
      for (const [i, name] of this.names.entries()) {
        if (place < end) this.of[name].copyWithin(place + left, place, end);
        this.of[name][place + left - 1] = row[i]!;
      }
      end = place;
    }
  }

  private compare(a: Row, b: Row): number {
    for (const i of this.ordering) if (a[i] !== b[i]) return a[i]! - b[i]!;
    return 0;
  }

  /** Where a row belongs among the first ones: behind those of its order. */
  private placeOf(row: Row, end: number): number {
    const cells = this.ordering.map((i) => [this.of[this.names[i]!], row[i]!] as const);
    return firstWhere(end, (n) => {
      for (const [column, cell] of cells) if (column[n] !== cell) return column[n]! > cell;
      return false;
    });
  }

  private makeRoom(rows: number): void {
    for (const name of this.names) {
      const column = this.of[name];
      if (column.length >= rows) continue;
      this.of[name] = new this.forms[name](Math.ceil(rows * MORE));
      this.of[name].set(column.subarray(0, this.length));
    }
  }
}

/** The first of `length` numbers from 0 on for which it is so; it must be so for all that follow. */
export function firstWhere(length: number, isSo: (n: number) => boolean): number {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isSo(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Those of some numbers for which it is so; given `length`, of all from 0 on. */
export function numbersWhere(of: number | Int32Array, isSo: (n: number) => boolean): Int32Array {
  const found = new Int32Array(typeof of === 'number' ? of : of.length);
  let count = 0;
  if (typeof of === 'number') {
    for (let n = 0; n < of; n += 1) if (isSo(n)) found[count++] = n;
  } else {
    // Its own filter takes ten times as long.
    for (let i = 0; i < of.length; i += 1) if (isSo(of[i]!)) found[count++] = of[i]!;
  }
  return found.subarray(0, count);
}
