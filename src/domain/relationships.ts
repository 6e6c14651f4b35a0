import type { Desk } from './desk.js';
import { readRelationshipKey, relationshipKey } from './party.js';
import { belongingsOf, type Belonging, type RelationshipRole } from './record.js';
import { readEach, reject } from './rejection.js';

/** The parties on either side of what is filed; `affected` are keys that it touches without being between the two. */
export interface Sides {
  from: readonly string[];
  to: readonly string[];
  affected?: readonly string[];
}

export interface BelongingInput {
  key: string;
  role: RelationshipRole;
}

/**
 * The relationships of a new record: those an editor gave, and where no primary one is among them, the ones derived from its sides,
 * else from the records it is linked to. A key given as affected or topic is never derived as primary.
 */
export function readBelongings(
  given: readonly BelongingInput[] | undefined,
  sides: Sides,
  linkedTo: readonly string[],
  desk: Desk,
): Belonging[] {
  const read = readGiven(given ?? []);
  const taken = new Set(read.map(({ key }) => key));
  const derive = (keys: readonly string[], role: RelationshipRole): Belonging[] => {
    const free = [...new Set(keys)].filter((key) => !taken.has(key));
    for (const key of free) taken.add(key);
    return free.map((key) => ({ key, role, derived: true }));
  };

  const between = read.some(({ role }) => role === 'primary') ? [] : pairs(sides, linkedTo, desk);
  const primary = derive(between, 'primary');
  const affected = derive(sides.affected ?? [], 'affected');
  const belongings = [...read, ...primary, ...affected];
  if (belongings.length === 0)
    reject(
      'relationship-unclear',
      'it cannot be told between whom this is: name the parties on both sides, or give [{"key": "COL-USA", "role": "primary"}]',
      '/relationships',
    );
  return belongings;
}

function readGiven(given: readonly BelongingInput[]): BelongingInput[] {
  const seen = new Set<string>();
  return readEach(given, ({ key: sent, role }, i) => {
    const key = readRelationshipKey(sent, `/relationships/${i}/key`);
    if (seen.has(key))
      reject('field-invalid', `${key} is named twice; give it once, as primary, affected or topic`, `/relationships/${i}/key`);
    seen.add(key);
    return { key, role };
  });
}

/** Every pair across the two sides; several on one side without another are paired with each other; nobody named, as what it is linked to. */
function pairs({ from, to }: Sides, linkedTo: readonly string[], desk: Desk): string[] {
  const across = from.flatMap((a) => to.filter((b) => b !== a).map((b) => relationshipKey(a, b)));
  const among = from.flatMap((a, i) => from.slice(i + 1).map((b) => relationshipKey(a, b)));
  return [across, among].find(({ length }) => length > 0) ?? primariesOf(linkedTo, desk);
}

function primariesOf(records: readonly string[], desk: Desk): string[] {
  return records.flatMap((id) => {
    const record = desk.onFile(id, '/links');
    return record === undefined ? [] : belongingsOf(record).flatMap(({ key, role }) => (role === 'primary' ? [key] : []));
  });
}
