/** From the least to the most: each role may do all that the ones before it may. */
export const ROLES = ['reader', 'reporter', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks: the name under which events are stamped, and what they may do. */
export interface Caller {
  name: string;
  role: Role;
}

export function mayDo(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
