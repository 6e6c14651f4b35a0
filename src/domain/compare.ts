/** For sorting texts by their code units, as ids, days and keys are ordered everywhere; nothing comes before any text. */
export function compare(a: string | null, b: string | null): number {
  const [one, other] = [a ?? '', b ?? ''];
  return one < other ? -1 : one > other ? 1 : 0;
}
