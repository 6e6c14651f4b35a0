import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Language, Piece } from './language.js';

/** Where in an append, and how, the connection that carries it is broken. */
export type Fault =
  /** A part of the request arrives, and nothing after it. `tail`: how many bytes are missing. */
  | { kind: 'cut-request'; tail: number }
  /** The request arrives, and the connection ends so many milliseconds later, whether or not it was answered by then. */
  | { kind: 'cut-commit'; after: number }
  /** The server has answered, and the answer is lost. */
  | { kind: 'cut-answer' }
  /** The request arrives, and with its connection every other of the same process ends. */
  | { kind: 'cut-all' }
  /** The last so many bytes of the request arrive later. */
  | { kind: 'stall-request'; tail: number; milliseconds: number }
  /** The answer arrives later, if it still does. */
  | { kind: 'stall-answer'; milliseconds: number }
  /** Everything on this connection takes so many milliseconds longer, for two seconds. */
  | { kind: 'slow'; milliseconds: number };

/** The request does not arrive, nor anything after it: its sender is killed. */
interface Kill {
  kind: 'kill';
  /** The append that it is killed before. */
  append: string;
  kill: (door: number) => void;
}

const SLOW_FOR_MS = 2_000;
/** Until what was passed on has left. */
const LEAVE_MS = 5;

/** Stands between the service and its store, and breaks the connection in a given phase of an append. */
export class PhaseProxy {
  readonly #target: URL;
  readonly #language: Language;
  readonly #pairs = new Set<Pair>();
  readonly #doors: Server[] = [];
  #fault: Fault | undefined;
  #kill: Kill | undefined;
  /** How often each kind of fault met an append. */
  readonly met: Record<string, number> = {};

  constructor(target: string, language: Language) {
    this.#target = new URL(target);
    this.#language = language;
  }

  /** The store's URL through this proxy, by a door of its own: the first is number 0. */
  async listen(): Promise<string> {
    const door = this.#doors.length;
    const server = createServer((client) => this.#join(client, door)).listen(0, '127.0.0.1');
    this.#doors.push(server);
    await once(server, 'listening');
    const url = new URL(this.#target);
    const address = server.address();
    url.port = String(typeof address === 'object' && address?.port);
    return url.href;
  }

  /** The next append meets this fault. */
  breakNext(fault: Fault): void {
    this.#fault = fault;
  }

  /** Whoever sends such an append next is killed before it arrives; the number of its door. Undefined where none comes until the signal aborts. */
  killAt(append: string, kill: (door: number) => void, signal: AbortSignal): Promise<number | undefined> {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.#kill = {
      kind: 'kill',
      append,
      kill: (door) => {
        kill(door);
        resolve(door);
      },
    };
    signal.addEventListener('abort', () => {
      if (this.#kill?.append !== append) return;
      this.#kill = undefined;
      resolve(undefined);
    });
    return promise;
  }

  /** From now on everything is passed on at once; what is slow or broken is closed. */
  heal(): void {
    this.#fault = undefined;
    for (const pair of this.#pairs) if (pair.impaired) pair.close();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.close();
    for (const door of this.#doors) {
      door.close();
      await once(door, 'close');
    }
  }

  #join(client: Socket, door: number): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const pair: Pair = new Pair(client, server, {
      language: this.#language,
      door,
      faultFor: (message) => this.#take(message),
      closeAll: () => this.#pairs.forEach((each) => each.door === door && each.close()),
    });
    this.#pairs.add(pair);
    server.once('close', () => this.#pairs.delete(pair));
  }

  #take(message: Buffer): Fault | Kill | undefined {
    const append = this.#language.append(message);
    if (append === undefined) return undefined;
    if (append === this.#kill?.append) {
      const kill = this.#kill;
      this.#kill = undefined;
      return kill;
    }
    const fault = this.#fault;
    if (fault === undefined) return undefined;
    this.#fault = undefined;
    this.met[fault.kind] = (this.met[fault.kind] ?? 0) + 1;
    return fault;
  }
}

interface House {
  language: Language;
  door: number;
  faultFor: (message: Buffer) => Fault | Kill | undefined;
  closeAll: () => void;
}

/** One connection. Each direction keeps its order, whatever is delayed. */
class Pair {
  impaired = false;
  #closed = false;
  #delay = 0;
  #answer: { fault: Fault; to: Piece } | undefined;
  #up = Promise.resolve();
  #down = Promise.resolve();

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly house: House,
  ) {
    const { language, faultFor } = house;
    for (const socket of [client, server]) socket.on('error', () => undefined).on('close', () => this.close());
    const requests = language.pieces('client');
    client.on('data', (data) => {
      for (const piece of requests(data)) {
        const fault = piece.message && faultFor(piece.message);
        this.#up = this.#up.then(() => this.#request(piece, fault));
      }
    });
    const replies = language.pieces('server');
    server.on('data', (data) => {
      for (const piece of replies(data)) this.#down = this.#down.then(() => this.#reply(piece));
    });
  }

  get door(): number {
    return this.house.door;
  }

  close(): void {
    this.#closed = true;
    this.client.destroy();
    this.server.destroy();
  }

  async #request(piece: Piece, fault: Fault | Kill | undefined): Promise<void> {
    const { bytes } = piece;
    if (this.#delay > 0) await sleep(this.#delay);
    if (fault !== undefined) this.impaired = true;
    switch (fault?.kind) {
      case 'kill':
        fault.kill(this.door);
        await sleep(LEAVE_MS);
        return this.close();
      case 'cut-request':
        this.server.write(bytes.subarray(0, -fault.tail));
        await sleep(LEAVE_MS);
        return this.close();
      case 'stall-request':
        this.server.write(bytes.subarray(0, -fault.tail));
        await sleep(fault.milliseconds);
        return void this.server.write(bytes.subarray(-fault.tail));
      case 'cut-commit':
        setTimeout(() => this.close(), fault.after);
        break;
      case 'cut-all':
        setImmediate(this.house.closeAll);
        break;
      case 'cut-answer':
      case 'stall-answer':
        this.#answer = { fault, to: piece };
        break;
      case 'slow':
        this.#delay = fault.milliseconds;
        setTimeout(() => (this.#delay = 0), SLOW_FOR_MS).unref();
        break;
      case undefined:
    }
    if (!this.#closed) this.server.write(bytes);
  }

  async #reply({ bytes, message, conversation }: Piece): Promise<void> {
    const answer = this.#answer;
    if (answer && message && conversation === answer.to.conversation) {
      this.#answer = undefined;
      if (answer.fault.kind === 'cut-answer') return this.close();
      if (answer.fault.kind === 'stall-answer') await sleep(answer.fault.milliseconds);
    }
    if (this.#delay > 0) await sleep(this.#delay);
    if (!this.#closed) this.client.write(bytes);
  }
}
