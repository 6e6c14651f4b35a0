export const ROUNDS = 5;
export const ROUND_MS = 1000;

/** What one round of appends came to. */
export interface Round {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface Contender {
  name: string;
  append: () => Promise<unknown>;
}

/** Rounds of all of them, one after the other, so that whatever else the machine does falls on each alike. */
export async function interleave(contenders: Contender[], writers: number): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  for (let number = 0; number < ROUNDS; number++) {
    for (const contender of contenders) rounds.get(contender.name)!.push(await measure(contender, writers));
  }
  return rounds;
}

export async function measure(contender: Contender, writers: number): Promise<Round> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + ROUND_MS;
  const write = async () => {
    for (let before = performance.now(); before < end;) {
      await contender.append();
      const now = performance.now();
      latencies.push(now - before);
      before = now;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return { perSecond: latencies.length / seconds, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

export function median(values: number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Of sorted values. */
export function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
