import type { Desk } from './desk.js';
import { readRelationshipKey, relationshipKey } from './party.js';
import { belongingsOf, type Belonging, type RelationshipRole } from './record.js';
import { reject } from './rejection.js';

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
  const read = (given ?? []).map(({ key, role }, i) => ({ key: readRelationshipKey(key, `/relationships/${i}/key`), role }));
  const taken = new Set(read.map(({ key }) => key));
  const derive = (keys: readonly string[], role: RelationshipRole): Belonging[] =>
    [...new Set(keys)].filter((key) => !taken.has(key)).map((key) => ({ key, role, derived: true }));

  const affected = derive(sides.affected ?? [], 'affected');
  if (read.some(({ role }) => role === 'primary')) return [...read, ...affected];
  const between = pairs(sides);
  const primary = derive(between.length > 0 ? between : primariesOf(linkedTo, desk), 'primary');
  if (primary.length === 0 && read.length === 0)
    reject(
      'relationship-unclear',
      'it cannot be told between whom this is: name the parties on both sides, or give [{"key": "COL-USA", "role": "primary"}]',
      '/relationships',
    );
  return [...read, ...primary, ...affected];
}

/** Every pair across the two sides; several on one side without another are paired with each other. */
function pairs({ from, to }: Sides): string[] {
  const across = from.flatMap((a) => to.filter((b) => b !== a).map((b) => relationshipKey(a, b)));
  if (across.length > 0) return across;
  return from.flatMap((a, i) => from.slice(i + 1).map((b) => relationshipKey(a, b)));
}

function primariesOf(records: readonly string[], desk: Desk): string[] {
  return records.flatMap((id) => {
    const record = desk.onFile(id, '/links');
    return record === undefined ? [] : belongingsOf(record).flatMap(({ key, role }) => (role === 'primary' ? [key] : []));
  });
}
