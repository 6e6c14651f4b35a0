import type { RecordOnFile } from '../domain/record.js';
import { dateLeans } from '../domain/redate.js';
import type { Agenda, Draft, Loaded } from './agenda.js';
import type { RecordCache } from './record-cache.js';
import { idsDated, idsFiledBy, idsNamed } from './references.js';

type Read = (ids: readonly string[]) => Promise<Map<string, Loaded>>;

/**
 * Everything that the drafts name, and whatever decides its days. At first a new record's own id is taken to be free until the store says
 * otherwise. `fresh`: as it is on file now, not as it was once read.
 */
export async function loadAgenda({ drafts, source }: Agenda, cache: RecordCache, fresh: boolean): Promise<Map<string, Loaded>> {
  const read: Read = (ids) => {
    if (fresh) cache.forget(ids);
    return cache.load(ids);
  };
  const own = new Set(drafts.flatMap(({ id, files }) => (files ? [id] : [])));
  const cited = source === undefined ? [] : [source];
  const named = [...cited, ...drafts.flatMap(({ command }) => idsNamed(command))].filter((id) => !own.has(id));
  const chosen = fresh ? drafts.flatMap(({ id, content }) => (content === undefined ? [] : [id])) : [];
  const loaded = await read([...named, ...chosen]);
  await follow(drafts, loaded, read);
  return loaded;
}

/** Adds what decides the days of a record that is acted on or leant on, however far that leads; for a correction also what it was filed by. */
async function follow(drafts: readonly Draft[], loaded: Map<string, Loaded>, read: Read): Promise<void> {
  const known = (ids: readonly string[]): RecordOnFile[] => ids.flatMap((id) => loaded.get(id)?.record ?? []);
  const corrected = drafts.flatMap(({ command, id }) => (command.command === 'CorrectRecord' ? [id] : []));
  let next = known(drafts.flatMap(({ command }) => idsDated(command))).flatMap(dateLeans);
  next.push(...known(corrected).flatMap(idsFiledBy));
  for (;;) {
    const missing = [...new Set(next)].filter((id) => !loaded.has(id));
    if (missing.length === 0) return;
    for (const [id, one] of await read(missing)) loaded.set(id, one);
    next = known(missing).flatMap(dateLeans);
  }
}
