import { seededRandom } from '../contracts/filings.js';
import { GrpcPieces } from './grpc-pieces.js';
import type { Piece } from './language.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [DATA, HEADERS] = [0, 1];
const END_OF_STREAM = 1;

function frame(type: number, stream: number, payload: Buffer, flags = 0): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

function message(text: string): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(text.length, 1);
  return Buffer.concat([header, Buffer.from(text)]);
}

const textsOf = (pieces: readonly Piece[]) =>
  pieces.flatMap(({ message: each, conversation }) => (each ? [`${conversation}: ${each.subarray(5).toString()}`] : []));

describe('the pieces of a gRPC connection', () => {
  it('are messages, one a frame, and the last of them ends the stream', () => {
    const both = Buffer.concat([message('carrier'), message('first copy')]);
    const [preface, ...pieces] = new GrpcPieces('client').take(Buffer.concat([PREFACE, frame(DATA, 3, both, END_OF_STREAM)]));
    expect(preface!.bytes).toEqual(PREFACE);
    expect(pieces.map(({ bytes }) => bytes)).toEqual([
      frame(DATA, 3, message('carrier')),
      frame(DATA, 3, message('first copy'), END_OF_STREAM),
    ]);
    expect(textsOf(pieces)).toEqual(['3: carrier', '3: first copy']);
  });

  it('are the same however the bytes come, and a message may come in several frames, between those of another stream', () => {
    const [long, short] = [message('a long message'), message('short')];
    const said = Buffer.concat([
      frame(HEADERS, 1, Buffer.from('path')),
      frame(DATA, 1, Buffer.concat([short, long.subarray(0, 3)])),
      frame(DATA, 5, short),
      frame(DATA, 1, long.subarray(3, 9)),
      frame(DATA, 1, Buffer.concat([long.subarray(9), short])),
      frame(DATA, 5, Buffer.alloc(0), END_OF_STREAM),
    ]);
    const whole = new GrpcPieces('server').take(said);
    expect(textsOf(whole)).toEqual(['1: short', '5: short', '1: a long message', '1: short']);
    const random = seededRandom();
    for (let round = 0; round < 100; round++) {
      const parts = new GrpcPieces('server');
      const pieces: Piece[] = [];
      for (let start = 0, end; start < said.length; start = end) {
        end = start + 1 + Math.floor(random() * 20);
        pieces.push(...parts.take(said.subarray(start, end)));
      }
      expect(pieces).toEqual(whole);
    }
  });
});
