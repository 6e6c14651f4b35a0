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

// Connection exception, insufficient resources, operator intervention (shutdown, restart, cancel), system error, a server that has
// become a standby, and a lock that was not to be had; of Node: everything about the network.
const OUTAGE = /^(08|53|57|58)|^25006$|^55P03$|^E(CONN|PIPE|HOST|NET|TIMEDOUT|NOTFOUND|AI_)/;
/** What `pg` says of a connection that is lost or not to be had, without a code. */
const LOST = /^(Connection terminated|Client (has encountered|was closed)|timeout exceeded when trying to connect|Query read timeout)/;

/** Whether PostgreSQL could not be asked or broke off, rather than answered. */
export function isOutage(error: unknown): boolean {
  return OUTAGE.test(codeOf(error) ?? '') || LOST.test(textOf(error, 'message') ?? '');
}
