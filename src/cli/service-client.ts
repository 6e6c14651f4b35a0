import { join } from 'node:path';
import { readKeyFile } from '../access/key-file.js';
import type { ClientConfig } from '../config.js';
import { StartError } from '../start-error.js';
import { codeOf, reasonOf } from '../system-error.js';
import { piecesOf, type Call, type SentArticle } from './split-article.js';

interface Key {
  value: string;
  /** Where it was found, for a message. */
  origin: string;
}

/** The members of an application/problem+json that are told. */
interface Problem {
  code?: string;
  detail?: string;
  errors?: { pointer: string }[];
}

const PATIENCE_MS = 30_000;
/** What a header can carry. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** There is no service at the address. */
export class NothingAnswers extends StartError {}

/** The service did not do what it was asked; `code` says why. */
export class Refused extends StartError {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** A running service, as a program on the command line talks to it. Whatever goes wrong is a StartError: one sentence that says what to do. */
export class ServiceClient {
  private constructor(
    readonly url: string,
    private readonly key: Key,
  ) {}

  /** Looks whether Entente answers at the address configured, and finds the key to use there. */
  static async open(address: ClientConfig): Promise<ServiceClient> {
    const answer = await reach(`${address.url}/api/v1/health/live`, address.url);
    const health: unknown = await answer.json().catch(() => undefined);
    if (typeof health !== 'object' || health === null || !('status' in health) || health.status !== 'ok')
      throw new StartError(
        `What answers on ${address.url} is not Entente: set ENTENTE_URL to where it runs, such as http://127.0.0.1:3000.`,
      );
    return new ServiceClient(address.url, await findKey(address));
  }

  /** An instant by the service's own clock, at most a second ahead of it: whatever was recorded before this call was recorded before then. */
  async now(): Promise<string> {
    const answer = await reach(`${this.url}/api/v1/health/live`, this.url);
    const seconds = Date.parse(answer.headers.get('date') ?? new Date().toUTCString());
    return new Date(seconds + 1_000).toISOString();
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string): Promise<T> {
    return this.call<T>('POST', path);
  }

  delete<T>(path: string): Promise<T> {
    return this.call<T>('DELETE', path);
  }

  /** Files an article; entry by entry, where the log of the service cannot take it at once. Answers the position at which all of it is on file. */
  async file(article: SentArticle): Promise<bigint> {
    try {
      return await this.positionAfter({ path: '/articles', body: article });
    } catch (error) {
      const pieces = error instanceof Refused && error.code === 'store-cannot-append-many' && piecesOf(article);
      if (!pieces) throw error;
      let last = 0n;
      for (const piece of pieces) {
        const position = await this.positionAfter(piece);
        if (position > last) last = position;
      }
      return last;
    }
  }

  private async positionAfter({ path, body }: Call): Promise<bigint> {
    return BigInt((await this.call<{ position: string }>('POST', path, body)).position);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${this.key.value}`, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const answer = await reach(`${this.url}/api/v1${path}`, this.url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const content: unknown = await answer.json().catch(() => ({}));
    if (answer.ok) return content as T;
    const problem = content as Problem;
    throw new Refused(this.refusal(answer.status, problem), problem.code);
  }

  private refusal(status: number, { detail, errors }: Problem): string {
    const where = errors?.[0]?.pointer ? ` at ${errors[0].pointer}` : '';
    const why = detail === undefined ? `it answered with status ${status}` : `${detail.replace(/\.$/, '')}${where} (status ${status})`;
    if (status === 401) return `Entente on ${this.url} refuses the key from ${this.key.origin}: ${why}.`;
    return `Entente on ${this.url} refused this: ${why}.`;
  }
}

async function reach(address: string, url: string, request: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new StartError(`Entente on ${url} did not answer within ${PATIENCE_MS / 1000} seconds: ask again, or see what it logs.`);
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const why = codeOf(cause) ?? reasonOf(cause);
    throw new NothingAnswers(`Nothing answers on ${url} (${why}): start Entente with npm start, or set ENTENTE_URL to where it runs.`);
  }
}

/** The key that is set, or else the admin key that a service on this machine keeps in its data folder. */
async function findKey({ key, dataDir }: ClientConfig): Promise<Key> {
  const file = join(dataDir, 'admin.key');
  const set = key?.trim();
  const found = set ? { value: set, origin: 'ENTENTE_KEY' } : { value: await readAdminKey(dataDir, file), origin: file };
  if (!SENDABLE.test(found.value)) throw new StartError(`What is in ${found.origin} is no API key: set ENTENTE_KEY to one.`);
  return found;
}

async function readAdminKey(dataDir: string, file: string): Promise<string> {
  const advice = 'set ENTENTE_KEY to an API key, or DATA_DIR to the data folder of the service';
  const key = await readKeyFile(dataDir).catch((cause: unknown) => {
    throw new StartError(`There is no key (${file} cannot be read: ${codeOf(cause)}): ${advice}.`, { cause });
  });
  if (key === undefined) throw new StartError(`There is no key (${file} does not exist): ${advice}.`);
  return key;
}
