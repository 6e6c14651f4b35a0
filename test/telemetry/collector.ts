import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A span as it arrived: ids in hex, and what the specs look at. */
export interface ReceivedSpan {
  service: string;
  trace: string;
  id: string;
  /** Empty where it is the first of its trace. */
  parent: string;
  name: string;
  milliseconds: number;
  attributes: Record<string, string>;
  links: { trace: string; id: string }[];
  failed: boolean;
}

/** Takes traces by OTLP over HTTP, as any collector does, and keeps them. */
export class Collector {
  readonly spans: ReceivedSpan[] = [];
  readonly headers: IncomingHttpHeaders[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, answer) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.headers.push(request.headers);
        const known = request.method === 'POST' && request.url === '/v1/traces';
        if (known) this.spans.push(...spansIn(Buffer.concat(parts)));
        answer.writeHead(known ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
  }

  static async listen(port = 0): Promise<Collector> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The first span that is so; waits for it. */
  async span(isSo: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
      const found = this.spans.find(isSo);
      if (found !== undefined) return found;
    }
    throw new Error(`no such span among ${this.spans.map(({ name }) => name).join(', ')}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** An ExportTraceServiceRequest of opentelemetry-proto, read by the numbers of its fields. */
function spansIn(bytes: Buffer): ReceivedSpan[] {
  return messages(bytes, 1).flatMap((ofResource) => {
    const [resource] = messages(ofResource, 1);
    const service = attributesOf(resource!, 1)['service.name'] ?? '';
    return messages(ofResource, 2).flatMap((ofScope) => messages(ofScope, 2).map((span) => spanOf(span, service)));
  });
}

function spanOf(span: Buffer, service: string): ReceivedSpan {
  const hex = (bytes: Buffer, field: number) => (messages(bytes, field)[0] ?? Buffer.of()).toString('hex');
  const [began, ended] = [7, 8].map((field) => messages(span, field)[0]!.readBigUInt64LE());
  const [status] = messages(span, 15);
  return {
    service,
    trace: hex(span, 1),
    id: hex(span, 2),
    parent: hex(span, 4),
    name: messages(span, 5)[0]!.toString(),
    milliseconds: Number(ended! - began!) / 1e6,
    attributes: attributesOf(span, 9),
    links: messages(span, 13).map((link) => ({ trace: hex(link, 1), id: hex(link, 2) })),
    failed: status !== undefined && fields(status).some(({ field, number }) => field === 3 && number === 2n),
  };
}

/** Texts, numbers and truth values, as text. */
function attributesOf(bytes: Buffer, field: number): Record<string, string> {
  const pairs = messages(bytes, field).map((pair) => {
    const [value] = fields(messages(pair, 2)[0]!);
    return [messages(pair, 1)[0]!.toString(), value!.field === 1 ? value!.bytes.toString() : String(value!.number)] as const;
  });
  return Object.fromEntries(pairs);
}

interface Field {
  field: number;
  number: bigint;
  bytes: Buffer;
}

function messages(message: Buffer, wanted: number): Buffer[] {
  return fields(message).flatMap(({ field, bytes }) => (field === wanted ? [bytes] : []));
}

/** The fields of a message of Protocol Buffers: numbers of varying length, 8 bytes, or so many bytes as are announced. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let place = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[place++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (place < message.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    const number = kind === 0 || kind === 2 ? varint() : 0n;
    const length = { 0: 0, 1: 8, 2: Number(number), 5: 4 }[kind];
    if (length === undefined) throw new Error(`no field of Protocol Buffers is of kind ${kind}`);
    found.push({ field: tag >> 3, number, bytes: message.subarray(place, place + length) });
    place += length;
  }
  return found;
}
