const FEW = 16;

/** Each value once, in the order in which they came first. Of a few, which is nearly always, no set is made. */
export function distinct<T>(values: readonly T[]): T[] {
  return values.length > FEW ? [...new Set(values)] : values.filter((value, i) => values.indexOf(value) === i);
}
