import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a store and its database, and breaks the connection where it hurts. */
export class CuttingProxy {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#join(client));
  #request: string | undefined;
  #last: string | undefined;
  #held = false;
  /** How many answers were lost. */
  lost = 0;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** The database's URL through this proxy. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const url = new URL(this.#target);
    const address = this.#server.address();
    url.port = String(typeof address === 'object' && address?.port);
    return url.href;
  }

  /** The next request that holds this text reaches the database, but its answer is lost with the connection. */
  loseAnswerTo(text: string): void {
    this.#request = text;
  }

  /** The next request that holds this text reaches the database, but its answer is not passed on, nor anything after it. */
  hangAfter(text: string): void {
    this.#last = text;
  }

  /** From now on nothing is passed on, and nothing is closed. */
  hang(): void {
    this.#held = true;
  }

  /** What was held is lost; new connections are passed on. */
  recover(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    let losing = false;
    let last = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (data) => {
      if (this.#held) return;
      if (this.#request !== undefined && data.includes(this.#request)) {
        losing = true;
        this.#request = undefined;
      }
      if (this.#last !== undefined && data.includes(this.#last)) {
        last = true;
        this.#last = undefined;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (last) this.#held = true;
      if (losing) {
        this.lost++;
        client.destroy();
      } else if (!this.#held) client.write(data);
    });
  }
}
