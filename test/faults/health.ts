import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than a question of the views waits for a server that hangs. */
const ANSWER_MS = 40_000;

export interface Served {
  url: string;
}

/** What an instance says of itself: 'live' and so on, or why it is not ready. */
async function readiness(url: string): Promise<string> {
  try {
    const answer = await fetch(`${url}/api/v1/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { projector, code } = (await answer.json()) as { projector?: { state: string }; code?: string };
    return answer.status === 200 ? (projector?.state ?? 'no state') : `${answer.status} ${projector?.state ?? code}`;
  } catch (error) {
    return String(error);
  }
}

/** Waits until every instance says that it serves and its views are up to date; says which does not. */
export async function notLive(services: readonly Served[], milliseconds: number): Promise<string[]> {
  const deadline = Date.now() + milliseconds;
  const wrong: string[] = [];
  for (const { url } of services) {
    let said = await readiness(url);
    for (; said !== 'live' && Date.now() < deadline; said = await readiness(url)) await sleep(200);
    if (said !== 'live') wrong.push(`${url} is not well, ${milliseconds} ms after all was: ${said}`);
  }
  return wrong;
}

/** Whether every instance says that it cannot serve. */
export async function notUnwell(services: readonly Served[]): Promise<string[]> {
  const said = await Promise.all(services.map(({ url }) => readiness(url)));
  return said.flatMap((each, n) =>
    each.startsWith('503 ') ? [] : [`${services[n]!.url} says that it is ${each}, while its store is away`],
  );
}
