/**
 * SQL: whether a row is of what was known at a position, as every table under the views says it: from one position on, up to and without
 * another. `of`: the table, where several have such columns.
 */
export function knownAt(position: string, of?: string): string {
  const column = (name: string): string => (of === undefined ? name : `${of}.${name}`);
  return `${column('known_from')} <= ${position} and (${column('known_to')} is null or ${column('known_to')} > ${position})`;
}
