/** Where a connection string leads: its scheme and hosts, without user, password and options. */
export function addressOf(url: string): string {
  const [, scheme, hosts] = /^([a-z+]+):\/\/(?:.*@)?([^/?@]*)/i.exec(url) ?? [];
  return hosts ? `${scheme}://${hosts}` : 'The address';
}

/** One sentence about why the server cannot be used, and what to do. */
export function connectionProblem(error: unknown, url: string): string {
  const reason = error instanceof Error ? error.message : '';
  const address = addressOf(url);
  if (/altname/i.test(reason)) {
    return `${address} shows a certificate for another host: name the host in EVENT_STORE_URL as its certificate does.`;
  }
  if (/certificate|unable to verify|self.signed/i.test(reason)) {
    return `${address} shows a certificate that cannot be verified: name the authority that signed it in EVENT_STORE_URL, as in tlsCAFile=/path/ca.crt.`;
  }
  if (/wrong version number|packet length/i.test(reason)) {
    return `${address} does not speak TLS: add tls=false to EVENT_STORE_URL if that is meant.`;
  }
  const code = /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|ECONNRESET/.exec(reason)?.[0];
  const why = code ?? (/no answer within \d+ \w+/.exec(reason)?.[0] || 'no connection');
  return `KurrentDB at ${address} cannot be reached (${why}): start it, or check EVENT_STORE_URL; a server without TLS needs tls=false, and one with TLS must not have it.`;
}

const OLDEST_VERSION = [23, 10] as const;

/** One sentence if a server of this version is too old. */
export function versionProblem(version: string, url: string): string | undefined {
  if (!/^\d/.test(version)) {
    return `${addressOf(url)} does not say which version it is, as a KurrentDB does: set EVENT_STORE_URL to one, or to an EventStoreDB ${OLDEST_VERSION.join('.')} or newer.`;
  }
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  if (major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1])) return undefined;
  return `${addressOf(url)} is version ${version}: set EVENT_STORE_URL to a KurrentDB, or to an EventStoreDB ${OLDEST_VERSION.join('.')} or newer.`;
}
