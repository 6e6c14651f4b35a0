import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of a filing, as its filer knows it. */
export interface Filing {
  /** Each event of it holds one of these words. */
  words: string[];
  outcome: 'acknowledged' | 'refused' | 'unknown';
  /** The records that the answer named; only of what was acknowledged. */
  records: string[];
}

export interface Newsroom {
  /** Addresses of the instances of the service. */
  urls: readonly string[];
  key: string;
  random: () => number;
  /** Until then filings are made; what has a key is tried on until it is answered, or `patience` is over. */
  signal: AbortSignal;
  /** Aborts when nobody waits for an answer any more. */
  patience: AbortSignal;
  filings: Filing[];
  /** What no filer should meet: any status but success, conflict and 503, and no answer at all. */
  surprises: string[];
}

interface Sent {
  path: string;
  body: object;
  words: string[];
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const ANSWER_MS = 40_000;
const HOT_RECORDS = 20;
const STATEMENT = {
  command: 'MakeStatement',
  occurred: '2026-03-02',
  speechAct: 'request',
  speakers: [{ party: 'ISL', kind: 'government' }],
  addressees: [{ party: 'NOR', kind: 'government' }],
};

/** Files one thing after the other: new records, articles, and steps on records that others act on too; half of it with a key. */
export class Filer {
  constructor(
    private readonly newsroom: Newsroom,
    private readonly name: string,
  ) {}

  async work(): Promise<void> {
    const { signal, random, filings } = this.newsroom;
    for (let n = 0; !signal.aborted; n++) {
      const sent = this.#next(`${this.name}-${n}`);
      const keyed = random() < 0.5;
      filings.push({ words: sent.words, ...(keyed ? await this.#persist(sent) : await this.#once(sent)) });
      await sleep(random() * 20);
    }
  }

  #next(word: string): Sent {
    const { random, filings } = this.newsroom;
    const kind = random();
    if (kind < 0.4) return { path: 'sources', body: { publisher: 'Example Wire', title: `w:${word}:0` }, words: [`w:${word}:0`] };
    const records = filings.slice(-HOT_RECORDS).flatMap((filing) => filing.records);
    const record = records[Math.floor(random() * records.length)];
    if (kind < 0.7 && record !== undefined)
      return { path: `records/${record}/queries`, body: { question: `w:${word}:0` }, words: [`w:${word}:0`] };
    const words = [0, 1, 2].map((entry) => `w:${word}:${entry}`);
    const entries = words.slice(1).map((summary) => ({ ...STATEMENT, summary, citations: [{ locator: 'paragraph 1' }] }));
    return { path: 'articles', body: { source: { publisher: 'Example Wire', title: words[0] }, entries }, words };
  }

  /** Sent once: without a key nobody may ask again. */
  async #once(sent: Sent): Promise<Omit<Filing, 'words'>> {
    return this.#judged(await this.#send(sent), sent);
  }

  /** Asked again with its key until it is answered, now and then twice at once. */
  async #persist(sent: Sent): Promise<Omit<Filing, 'words'>> {
    const { patience, random } = this.newsroom;
    const headers = { 'idempotency-key': randomUUID() };
    while (!patience.aborted) {
      const [answer] = await Promise.all([this.#send(sent, headers), ...(random() < 0.1 ? [this.#send(sent, headers)] : [])]);
      const judged = this.#judged(answer, sent);
      if (judged.outcome !== 'unknown') return judged;
      await sleep(50 + random() * 200);
    }
    this.newsroom.surprises.push(`${sent.words[0]} was never answered`);
    return { outcome: 'unknown', records: [] };
  }

  #judged(answer: Answer | undefined, { path }: Sent): Omit<Filing, 'words'> {
    if (answer === undefined || answer.status === 503) return { outcome: 'unknown', records: [] };
    if (answer.status < 300) return { outcome: 'acknowledged', records: recordsIn(answer.body) };
    if (answer.status !== 409) this.newsroom.surprises.push(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return { outcome: 'refused', records: [] };
  }

  /** Undefined where the connection broke. */
  async #send({ path, body }: Sent, headers: Record<string, string> = {}): Promise<Answer | undefined> {
    const { urls, key, random } = this.newsroom;
    const url = urls[Math.floor(random() * urls.length)]!;
    try {
      const answer = await fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError')
        this.newsroom.surprises.push(`${path}: no answer in ${ANSWER_MS} ms`);
      return undefined;
    }
  }
}

/** The records named by an answer, in the order of the words of its filing. */
function recordsIn({ id, source, results }: Record<string, unknown>): string[] {
  if (!Array.isArray(results)) return [String(id)];
  return [String(source), ...results.map((result: { id: string }) => result.id)];
}
