import type { RecordOnFile } from '../domain/record.js';
import { dateLeans } from '../domain/redate.js';
import type { Agenda, Loaded } from './agenda.js';
import type { RecordCache } from './record-cache.js';
import { idsDated, idsFiledBy, idsNamed } from './references.js';

/**
 * Everything that the drafts name, and whatever decides its days. At first a new record's own id is taken to be free until the store says
 * otherwise. `fresh`: as it is on file now, not as it was once read. Dates lean on dates of other records, which only reading those tells:
 * so all that is known to be needed from before is read at once, and then what turns out to be needed as well.
 */
export async function loadAgenda(agenda: Agenda, cache: RecordCache, fresh: boolean): Promise<Map<string, Loaded>> {
  const loaded = new Map<string, Loaded>();
  const free = agenda.drafts.filter(({ files, content }) => files && !(fresh && content !== undefined));
  const asked = new Set(free.map(({ id }) => id));
  let ids = [...namedIn(agenda), ...leadingOn(agenda, (id) => cache.known(id))];
  for (;;) {
    const missing = [...new Set(ids)].filter((id) => !asked.has(id));
    if (missing.length === 0) return loaded;
    for (const id of missing) asked.add(id);
    if (fresh) cache.forget(missing);
    for (const [id, one] of await cache.load(missing)) loaded.set(id, one);
    ids = leadingOn(agenda, (id) => loaded.get(id)?.record);
  }
}

function namedIn({ drafts, source }: Agenda): string[] {
  return [...(source === undefined ? [] : [source]), ...drafts.flatMap(({ id, command }) => [id, ...idsNamed(command)])];
}

/**
 * What decides the days of the records that are acted on or leant on, as far as the known ones lead; for a correction also what its record
 * was filed by.
 */
function leadingOn({ drafts }: Agenda, known: (id: string) => RecordOnFile | undefined): string[] {
  const from = (id: string, ids: (record: RecordOnFile) => string[]): string[] => {
    const record = known(id);
    return record === undefined ? [] : ids(record);
  };
  const all = new Set(drafts.flatMap(({ command }) => idsDated(command)));
  // What is added while going through a set is gone through as well.
  for (const id of all) for (const on of from(id, dateLeans)) all.add(on);
  const corrected = drafts.filter(({ command }) => command.command === 'CorrectRecord');
  return [...all, ...corrected.flatMap(({ id }) => from(id, idsFiledBy))];
}
