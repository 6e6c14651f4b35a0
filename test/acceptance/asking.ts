import { ReadNewsroom, type AnsweredAt, type List, type Query } from '../read-models/reading.js';

/** What the answers hold, as far as the checks look at it: as the contract says it, whatever the code is like. */
export interface When {
  statedAs?: string;
  edtf?: string;
  earliest: string | null;
  latest: string | null;
  latestBasis?: string;
  basis?: string;
}

export interface Happened {
  record: string;
  version: number;
  type: string;
  occurred: When;
  score: number;
  counts: boolean;
}

export interface Told {
  version: number;
  position: string;
  type: string;
  recordedAt: string;
  by: string;
  data: Record<string, unknown>;
  changes?: Change[];
}

export interface Change {
  pointer: string;
  before?: unknown;
  after?: unknown;
}

export interface Corrected {
  record: string;
  type: string;
  kind?: string;
  reason: string;
  changes?: Change[];
  by: string;
  recordedAt: string;
  position: string;
}

export interface Changes extends AnsweredAt {
  from: { tension: number | null };
  to: { tension: number | null };
  delta: number;
  faded: { delta: number; parts: unknown[] };
  corrected: { delta: number; records: { record: string; why: string }[] };
  new: { delta: number; records: { record: string }[] };
}

export interface Position {
  record: string;
  by: { party?: string; kind: string }[];
}

export interface Dispute {
  about: string | null;
  positions: Position[];
}

export interface Impact extends AnsweredAt {
  record: string;
  effects: { relationship: string; before: number; after: number; delta: number }[];
  alsoAffected: { record: string; why: string }[];
}

export interface Replayed {
  position: string;
  type: string;
  record: string;
  recordedAt: string;
  state: Record<string, unknown>;
}

/** Asks any call that reads, and expects an answer. */
export async function ask<T>(newsroom: ReadNewsroom, path: string, query: Query = {}): Promise<T> {
  const { status, body } = await newsroom.get(path, query);
  if (status !== 200) throw new Error(`GET ${path} ${JSON.stringify(query)} was answered ${status}: ${JSON.stringify(body)}`);
  return body as unknown as T;
}

/** The items of the first 500 of a list. */
export async function listed<T>(newsroom: ReadNewsroom, path: string, query: Query = {}): Promise<T[]> {
  return (await ask<List<T>>(newsroom, path, { limit: 500, ...query })).items;
}

/** The records that a list names. */
export async function recordsIn(newsroom: ReadNewsroom, path: string, query: Query = {}): Promise<string[]> {
  return (await listed<{ record: string }>(newsroom, path, query)).map(({ record }) => record);
}

export async function historyOf(newsroom: ReadNewsroom, record: string, query: Query = {}): Promise<Told[]> {
  return (await ask<{ items: Told[] }>(newsroom, `/records/${record}/history`, query)).items;
}

/** The lines of a replay. */
export async function replayed(newsroom: ReadNewsroom, key: string, query: Record<string, string>): Promise<Replayed[]> {
  const { url, keys } = newsroom.service;
  const headers = { authorization: `Bearer ${keys.reader}` };
  const answer = await fetch(`${url}/api/v1/relationships/${key}/replay?${new URLSearchParams(query).toString()}`, { headers });
  const lines = (await answer.text()).trimEnd();
  if (answer.status !== 200) throw new Error(`the replay of ${key} was answered ${answer.status}: ${lines}`);
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as Replayed);
}

/** What an editor files about a record; answers the position at which it is on file. */
export async function act(newsroom: ReadNewsroom, record: string, call: string, body: object): Promise<string> {
  return String((await newsroom.post(`/records/${record}/${call}`, body)).body['position']);
}

/** knownAt just before a position. */
export function before(position: string): string {
  return `position:${BigInt(position) - 1n}`;
}

/** The last instant before another. */
export function instantBefore(instant: string): string {
  return new Date(new Date(instant).getTime() - 1).toISOString();
}
