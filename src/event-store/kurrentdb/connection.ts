import { KurrentDBClient } from '@kurrent/kurrentdb-client';

/** Failures in a row after which a client is taken to be lost: its reads do not recover from a server that was away. */
const MOST_FAILURES = 2;
/** Milliseconds a new client is given: its first read takes half a second. */
const LEAST_AGE = 1000;

/** The client in use, and another one where it does not recover. */
export class Connection {
  readonly #url: string;
  #client: KurrentDBClient;
  #madeAt = performance.now();
  #failures = 0;
  #closed = false;

  /** `url` is a connection string of the client; it stays in here. */
  constructor(url: string) {
    this.#url = url;
    this.#client = newClient(url);
  }

  get client(): KurrentDBClient {
    return this.#client;
  }

  answered(client: KurrentDBClient): void {
    if (client === this.#client) this.#failures = 0;
  }

  failed(client: KurrentDBClient): void {
    if (client !== this.#client || this.#closed) return;
    this.#failures++;
    if (this.#failures < MOST_FAILURES || performance.now() - this.#madeAt < LEAST_AGE) return;
    this.#client = newClient(this.#url);
    this.#madeAt = performance.now();
    this.#failures = 0;
    // What it still has in flight fails, and is tried again with the new one.
    end(client).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await end(this.#client);
  }
}

/** The part of the client that reads would take a user and a password as they are written, with the percent signs. */
function newClient(url: string): KurrentDBClient {
  const client = KurrentDBClient.connectionString(url);
  const [, username = '', password = ''] = /^[^/]+:\/\/([^:@/]+):([^@]+)@/.exec(url) ?? [];
  if (`${username}${password}`.includes('%')) {
    const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    client.setCredentialsProvider(() => credentials);
  }
  return client;
}

/**
 * Disposed alone it would still send what was waiting for an answer when it was given up, on a stream that nobody ends: some time later, and
 * the process would go on as long as the server does.
 */
function end(client: KurrentDBClient): Promise<void> {
  client['getChannel']().then(
    (channel) => channel.close(),
    () => undefined,
  );
  return client.dispose();
}
