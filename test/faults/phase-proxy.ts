import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where in an append, and how, the connection that carries it is broken. */
export type Fault =
  /** A part of the request arrives, and nothing after it. `tail`: how many bytes are missing. */
  | { kind: 'cut-request'; tail: number }
  /** The request arrives, and the connection ends so many milliseconds later, whether or not it was answered by then. */
  | { kind: 'cut-commit'; after: number }
  /** The server has answered, and the answer is lost. */
  | { kind: 'cut-answer' }
  /** The last so many bytes of the request arrive later. */
  | { kind: 'stall-request'; tail: number; milliseconds: number }
  /** The answer arrives later, if it still does. */
  | { kind: 'stall-answer'; milliseconds: number }
  /** Everything on this connection takes so many milliseconds longer, for two seconds. */
  | { kind: 'slow'; milliseconds: number };

const SLOW_FOR_MS = 2_000;

/** Stands between the service and its store, and breaks the connection in a given phase of an append. */
export class PhaseProxy {
  readonly #target: URL;
  readonly #marker: string;
  readonly #pairs = new Set<Pair>();
  readonly #server = createServer((client) => this.#join(client));
  #fault: Fault | undefined;
  /** How often each kind of fault met an append. */
  readonly met: Record<string, number> = {};

  /** `marker`: a text that requests with an append hold. */
  constructor(target: string, marker: string) {
    this.#target = new URL(target);
    this.#marker = marker;
  }

  /** The store's URL through this proxy. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const url = new URL(this.#target);
    const address = this.#server.address();
    url.port = String(typeof address === 'object' && address?.port);
    return url.href;
  }

  /** The next append meets this fault. */
  breakNext(fault: Fault): void {
    this.#fault = fault;
  }

  /** From now on everything is passed on at once; what is slow or broken is closed. */
  heal(): void {
    this.#fault = undefined;
    for (const pair of this.#pairs) if (pair.impaired) pair.close();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.close();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const pair = new Pair(client, server, (data) => this.#take(data));
    this.#pairs.add(pair);
    server.once('close', () => this.#pairs.delete(pair));
  }

  #take(data: Buffer): Fault | undefined {
    const fault = this.#fault;
    if (fault === undefined || !data.includes(this.#marker)) return undefined;
    this.#fault = undefined;
    this.met[fault.kind] = (this.met[fault.kind] ?? 0) + 1;
    return fault;
  }
}

/** One connection. Each direction keeps its order, whatever is delayed. */
class Pair {
  impaired = false;
  #delay = 0;
  #answer: Fault | undefined;
  #up = Promise.resolve();
  #down = Promise.resolve();

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    faultFor: (request: Buffer) => Fault | undefined,
  ) {
    for (const socket of [client, server]) socket.on('error', () => undefined).on('close', () => this.close());
    client.on('data', (data) => {
      const fault = faultFor(data);
      this.#up = this.#up.then(() => this.#request(data, fault));
    });
    server.on('data', (data) => {
      this.#down = this.#down.then(() => this.#reply(data));
    });
  }

  close(): void {
    this.client.destroy();
    this.server.destroy();
  }

  async #request(data: Buffer, fault: Fault | undefined): Promise<void> {
    if (this.#delay > 0) await sleep(this.#delay);
    if (fault !== undefined) this.impaired = true;
    switch (fault?.kind) {
      case 'cut-request':
        this.server.write(data.subarray(0, -fault.tail));
        await sleep(5);
        return this.close();
      case 'stall-request':
        this.server.write(data.subarray(0, -fault.tail));
        await sleep(fault.milliseconds);
        return void this.server.write(data.subarray(-fault.tail));
      case 'cut-commit':
        setTimeout(() => this.close(), fault.after);
        break;
      case 'cut-answer':
      case 'stall-answer':
        this.#answer = fault;
        break;
      case 'slow':
        this.#delay = fault.milliseconds;
        setTimeout(() => (this.#delay = 0), SLOW_FOR_MS).unref();
        break;
      case undefined:
    }
    this.server.write(data);
  }

  async #reply(data: Buffer): Promise<void> {
    const fault = this.#answer;
    this.#answer = undefined;
    if (fault?.kind === 'cut-answer') return this.close();
    if (fault?.kind === 'stall-answer') await sleep(fault.milliseconds);
    if (this.#delay > 0) await sleep(this.#delay);
    this.client.write(data);
  }
}
