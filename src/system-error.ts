/** The code of an error of Node, the system or PostgreSQL (ENOENT, 23505 …); undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return textOf(error, 'code');
}

/**
 * Why something failed, in a few words: of a program, the last line it wrote to standard error.
 * Trying all addresses of a host fails with an AggregateError, whose own message is empty.
 */
export function reasonOf(error: unknown): string {
  return textOf(error, 'stderr')?.trim().split('\n').at(-1) || textOf(error, 'message')?.split('\n')[0] || codeOf(error) || String(error);
}

/** A property of an error that is a string; undefined where there is none. */
export function textOf(error: unknown, property: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, property) : undefined;
  return typeof value === 'string' ? value : undefined;
}
