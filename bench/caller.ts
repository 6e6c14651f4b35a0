import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  /** Milliseconds from the request to the last byte of its answer. */
  took: number;
  /** Read when it is asked for: whoever only takes the time makes nothing that would have to be collected while it takes the next. */
  readonly body: Record<string, unknown>;
}

/** One connection to the service, over which one call follows the other. */
export class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string>) {
    this.#url = url;
    this.#headers = headers;
  }

  get(path: string): Promise<Answer> {
    return this.#call('GET', path);
  }

  post(path: string, body: object): Promise<Answer> {
    return this.#call('POST', path, JSON.stringify(body));
  }

  close(): void {
    this.#agent.destroy();
  }

  #call(method: string, path: string, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const sent = request(`${this.#url}/api/v1${path}`, { method, agent: this.#agent, headers: this.#headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => {
          const took = performance.now() - began;
          resolve({
            status: answer.statusCode ?? 0,
            took,
            get body() {
              return JSON.parse(Buffer.concat(pieces).toString()) as Answer['body'];
            },
          });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
