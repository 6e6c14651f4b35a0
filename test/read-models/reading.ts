import type { RelationshipState } from '../../src/domain/relationship/state.js';
import type { TimelineItem } from '../../src/domain/relationship/timeline.js';
import type { ListingItem } from '../../src/read-models/listing.query.js';
import type { RecordView } from '../../src/read-models/record.query.js';
import type { RelationshipItem, SeriesItem } from '../../src/read-models/relationship.query.js';
import { piecesOf, type Call, type SentArticle } from '../../src/cli/split-article.js';
import { articles, everyEntry } from '../example/articles.js';
import { startHttpService, type Answer, type CallOptions, type HttpService, type TestedLog } from '../support/http-service.js';

/** What every answer says about when it was computed. */
export interface AnsweredAt {
  asOf: string;
  knownAt: string;
  position: string;
}

export interface List<T> extends AnsweredAt {
  items: T[];
  next: string | null;
}

export type Query = Record<string, string | number>;

/** A newsroom that is read over HTTP; every question waits until the views include all that it has filed. */
export class ReadNewsroom {
  private last = 0n;

  private constructor(readonly service: HttpService) {}

  /** On a log that is given, if not on the one that is being tested. */
  static async open(log?: TestedLog): Promise<ReadNewsroom> {
    return new ReadNewsroom(await startHttpService(log));
  }

  close(): Promise<void> {
    return this.service.stop();
  }

  /** Files it as an editor and answers the id of its record. */
  async file(path: string, body: unknown): Promise<string> {
    return String((await this.post(path, body)).body['id']);
  }

  /** Files an article of the example and answers the position at which all of it is on file. */
  async fileExample(name: string): Promise<string> {
    return String((await this.post('/articles', articles.get(name))).body['position']);
  }

  async post(path: string, body: unknown): Promise<Answer> {
    const answer = await this.service.call('POST', path, body);
    const pieces = answer.body['code'] === 'store-cannot-append-many' && piecesOf(body as SentArticle);
    if (pieces) return this.postAll(pieces);
    if (answer.status >= 300) throw new Error(`POST ${path} was refused: ${JSON.stringify(answer.body)}`);
    this.last = BigInt(String(answer.body['position']));
    return answer;
  }

  /** A log that takes one chosen id in a filing is told of an article entry by entry. Answers what came last in the log. */
  private async postAll(calls: readonly Call[]): Promise<Answer> {
    const answers: Answer[] = [];
    for (const { path, body } of calls) answers.push(await this.post(path, body));
    const positionOf = ({ body }: Answer): bigint => BigInt(String(body['position']));
    const latest = answers.reduce((one, other) => (positionOf(other) > positionOf(one) ? other : one));
    this.last = positionOf(latest);
    return latest;
  }

  /** Asks as a reader, unless said otherwise. */
  get(path: string, query: Query = {}, options: CallOptions = {}): Promise<Answer> {
    const parameters = new URLSearchParams({ 'at-least': this.last.toString() });
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return this.service.call('GET', `${path}?${parameters.toString()}`, undefined, { as: 'reader', ...options });
  }

  state(key: string, query?: Query): Promise<RelationshipState & AnsweredAt> {
    return this.read(`/relationships/${key}`, query);
  }

  timeline(key: string, query?: Query): Promise<List<TimelineItem>> {
    return this.read(`/relationships/${key}/timeline`, query);
  }

  series(key: string, query?: Query): Promise<List<SeriesItem>> {
    return this.read(`/relationships/${key}/tension`, query);
  }

  relationships(query?: Query): Promise<List<RelationshipItem>> {
    return this.read('/relationships', query);
  }

  list(path: '/sanctions' | '/meetings' | '/actions', query?: Query): Promise<List<ListingItem>> {
    return this.read(path, query);
  }

  record(id: string, query?: Query, options?: CallOptions): Promise<RecordView & AnsweredAt> {
    return this.read(`/records/${id}`, query, options);
  }

  private async read<T extends AnsweredAt>(path: string, query?: Query, options?: CallOptions): Promise<T> {
    const { status, body } = await this.get(path, query, options);
    if (status !== 200) throw new Error(`GET ${path} ${JSON.stringify(query)} was answered ${status}: ${JSON.stringify(body)}`);
    return body as unknown as T;
  }
}

/** The id under which the example files the record of an entry: `A13` for `$A13`. */
export function exampleId(fact: string): string {
  const entry = everyEntry.find(({ ref }) => ref === `$${fact}`);
  const id = entry?.id ?? entry?.record;
  if (id === undefined) throw new Error(`the example has no record for ${fact}`);
  return id;
}

/** Everything in an answer, with the names that lead to it. */
export function* everythingIn(value: unknown, path: readonly string[] = []): Generator<{ path: readonly string[]; value: unknown }> {
  yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  const names = Array.isArray(value) ? value.map(() => '') : Object.keys(value);
  for (const [i, inner] of Object.values(value).entries()) yield* everythingIn(inner, names[i] === '' ? path : [...path, names[i]!]);
}
