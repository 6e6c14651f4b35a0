const lists: (readonly string[])[] = [];
const numbers = new Map<string, number>();

/** Records of one article cite the same sources: each such list is kept once, under a number. There are about as many as articles. */
export function numberOf(sources: readonly string[]): number {
  const name = sources.join(' ');
  let number = numbers.get(name);
  if (number === undefined) numbers.set(name, (number = lists.push(sources) - 1));
  return number;
}

/** The list that has the number. */
export function listOf(number: number): readonly string[] {
  return lists[number]!;
}

/** For the number of each list, 1 where all its sources are among the fallen, else 0. */
export function fallenLists(fallen: ReadonlySet<string>): Uint8Array {
  return Uint8Array.from(lists, (sources) => (sources.every((source) => fallen.has(source)) ? 1 : 0));
}

/** The sources that are in one of two lists only. */
export function inOneOnly(a: readonly string[], b: readonly string[]): string[] {
  const [inA, inB] = [new Set(a), new Set(b)];
  return [...a.filter((one) => !inB.has(one)), ...b.filter((one) => !inA.has(one))];
}
