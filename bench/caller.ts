import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  /** Milliseconds from the request to the last byte of its answer. */
  took: number;
  /** Read when it is asked for, and before the next call. */
  readonly body: Record<string, unknown>;
}

const READ_AT_ONCE = 262_144;
const END_OF_HEAD = '\r\n\r\n';

/**
 * One connection to the service, over which one call follows the other. It reads into memory that it has already: a client that makes garbage
 * of each answer stops to collect it, and then times itself.
 */
export class Caller {
  readonly #host: string;
  readonly #port: number;
  readonly #head: string;
  readonly #piece = Buffer.alloc(READ_AT_ONCE);
  #answer = Buffer.alloc(READ_AT_ONCE);
  #length = 0;
  #read: () => void = () => undefined;
  #socket: Socket | undefined;

  constructor(url: string, headers: Record<string, string>) {
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
    const lines = Object.entries({ host: `${hostname}:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#head = lines.join('');
  }

  get(path: string): Promise<Answer> {
    return this.#call('GET', path);
  }

  post(path: string, body: object): Promise<Answer> {
    return this.#call('POST', path, JSON.stringify(body));
  }

  delete(path: string): Promise<Answer> {
    return this.#call('DELETE', path);
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #call(method: string, path: string, body = ''): Promise<Answer> {
    const socket = await this.#connected();
    const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
    const began = performance.now();
    socket.write(`${method} /api/v1${path} HTTP/1.1\r\n${this.#head}${length}\r\n${body}`);
    const { status, from } = await this.#answered(socket);
    const took = performance.now() - began;
    const text = (): string => this.#answer.toString('utf8', from, this.#length);
    return {
      status,
      took,
      get body() {
        return JSON.parse(text()) as Answer['body'];
      },
    };
  }

  /** A service closes a connection over which nothing came for a while. */
  async #connected(): Promise<Socket> {
    if (this.#socket?.readyState === 'open') return this.#socket;
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      onread: { buffer: this.#piece, callback: (count) => this.#take(count) },
    });
    this.#socket = socket;
    await once(socket, 'connect');
    return socket;
  }

  #take(count: number): boolean {
    if (this.#length + count > this.#answer.length) this.#answer = Buffer.concat([this.#answer, Buffer.alloc(this.#answer.length)]);
    this.#piece.copy(this.#answer, this.#length, 0, count);
    this.#length += count;
    this.#read();
    return true;
  }

  /** Waits for the whole answer; `from`: where its body begins. */
  #answered(socket: Socket): Promise<{ status: number; from: number }> {
    this.#length = 0;
    return new Promise((resolve, reject) => {
      const fail = (error?: Error): void => reject(error ?? new Error('the service closed the connection'));
      socket.once('error', fail);
      socket.once('close', fail);
      let head: { status: number; from: number; end: number } | undefined;
      this.#read = () => {
        head ??= headIn(this.#answer.subarray(0, this.#length));
        if (head === undefined || this.#length < head.end) return;
        socket.off('error', fail);
        socket.off('close', fail);
        resolve(head);
      };
    });
  }
}

/** The status, and where the body begins and ends; undefined as long as the head is not all there. */
function headIn(answer: Buffer): { status: number; from: number; end: number } | undefined {
  const at = answer.indexOf(END_OF_HEAD);
  if (at < 0) return undefined;
  const head = answer.toString('latin1', 0, at);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  if (length === undefined) throw new Error(`the answer does not say how long it is: ${head}`);
  const from = at + END_OF_HEAD.length;
  return { status: Number(head.split(' ')[1]), from, end: from + Number(length) };
}
