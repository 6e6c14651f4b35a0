import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { decideFiling, decideOnRecord, type Command, type FilingCommand } from '../../src/domain/decider.js';
import type { Desk } from '../../src/domain/desk.js';
import { evolve, fold } from '../../src/domain/fold.js';
import type { RecordOnFile } from '../../src/domain/record.js';

export interface Entry {
  ref: string;
  command: Command['command'];
  id?: string;
  record?: string;
  citations?: object[];
}

export interface Article {
  source: { id: string; publishedAt: string; note: string };
  entries: Entry[];
}

const FOLDER = new URL('../../example/', import.meta.url);
const readArticle = (name: string): Article => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

/** Their names, in the order in which they are filed. */
export const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .toSorted();
export const articles = new Map(files.map((name) => [name, readArticle(name)]));
export const everyEntry = [...articles.values()].flatMap(({ entries }) => entries);

/** Every string in a value, with the names of the fields that lead to it. */
export function* strings(value: unknown, path: string[] = []): Generator<{ path: string[]; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) for (const item of value) yield* strings(item, path);
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) yield* strings(item, [...path, name]);
}

/** The entry with every `$ref` replaced by the id that it stands for, and every citation naming its source. */
function resolved({ source, entries }: Article, entry: Entry): Entry {
  const ids = new Map(entries.flatMap(({ ref, id }) => (id === undefined ? [] : [[ref, id]])));
  const citations = entry.citations?.map((citation) => ({ source: source.id, ...citation }));
  const plain: Entry = JSON.parse(JSON.stringify({ ...entry, citations }), (_, value) => ids.get(value) ?? value);
  return { ...plain, ref: entry.ref };
}

type StepCommand = Parameters<typeof decideOnRecord>[0] & { record: string };
const isFiling = (entry: Entry): entry is Entry & FilingCommand => entry.record === undefined;
const isStep = (entry: Entry): entry is Entry & StepCommand => entry.record !== undefined;

/** Files all articles, entry by entry, into `records`; answers the refs of those that stored something. */
export function fileAll(records: Map<string, RecordOnFile>): string[] {
  const desk: Desk = { today: '2026-02-05', onFile: (id) => records.get(id), isBeingFiled: () => false, shapeProblems: () => [] };
  const stored: string[] = [];
  for (const article of articles.values()) {
    const { id, ...source } = article.source;
    if (begin(records, id, { command: 'RegisterSource', ...source }, desk)) stored.push(id);
    for (const entry of article.entries.map((one) => resolved(article, one))) {
      const news = isFiling(entry) ? begin(records, entry.id ?? '', entry, desk) : isStep(entry) && step(records, entry, desk);
      if (news) stored.push(entry.ref);
    }
  }
  return stored;
}

function begin(records: Map<string, RecordOnFile>, id: string, command: FilingCommand, desk: Desk): boolean {
  const filed = decideFiling(command, id, desk);
  const known = records.get(id);
  if (known === undefined) records.set(id, fold(id, [filed])!);
  else if (!isDeepStrictEqual(filed, known.filed)) throw new Error(`${id} is taken by other content`);
  return known === undefined;
}

function step(records: Map<string, RecordOnFile>, { ref, ...command }: Entry & StepCommand, desk: Desk): boolean {
  const record = records.get(command.record);
  if (record === undefined) throw new Error(`${ref}: nothing is on file under ${command.record}`);
  const decision = decideOnRecord(command, record, desk);
  if (!('events' in decision)) return false;
  records.set(
    record.id,
    decision.events.reduce<RecordOnFile>((before, event) => evolve(record.id, before, event), record),
  );
  return true;
}
