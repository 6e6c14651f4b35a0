import type { Piece } from './language.js';

const PREFACE = 24;
const HEADER = 9;
const DATA = 0;
const END_OF_STREAM = 0x1;
/** Before each gRPC message: a byte, and how long it is. */
const LENGTH_AT = 1;
const MESSAGE_AT = 5;
const NOTHING = Buffer.alloc(0);

/** Cuts a direction of an HTTP/2 connection into frames, and frames that hold several gRPC messages into one for each. */
export class GrpcPieces {
  #rest: Buffer = NOTHING;
  #greeted: boolean;
  /** What has come of a message that is not complete yet, by stream. */
  readonly #begun = new Map<number, Buffer>();

  constructor(from: 'client' | 'server') {
    this.#greeted = from === 'server';
  }

  take(data: Buffer): Piece[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const pieces: Piece[] = [];
    if (!this.#greeted && this.#rest.length >= PREFACE) {
      pieces.push({ bytes: this.#cut(PREFACE) });
      this.#greeted = true;
    }
    while (this.#greeted && this.#rest.length >= HEADER) {
      const length = HEADER + this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < length) break;
      pieces.push(...this.#split(this.#cut(length)));
    }
    return pieces;
  }

  #cut(length: number): Buffer {
    const cut = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return cut;
  }

  #split(frame: Buffer): Piece[] {
    if (frame[3] !== DATA) return [{ bytes: frame }];
    const conversation = frame.readUInt32BE(5);
    const payload = frame.subarray(HEADER);
    const begun = this.#begun.get(conversation) ?? NOTHING;
    const all = Buffer.concat([begun, payload]);
    const pieces: Piece[] = [];
    let [start, sent] = [0, 0];
    for (let end = endOf(all, start); end <= all.length; end = endOf(all, start)) {
      const upTo = end - begun.length;
      const bytes = frameLike(frame, payload.subarray(sent, upTo), upTo === payload.length);
      pieces.push({ bytes, message: all.subarray(start, end), conversation });
      [start, sent] = [end, upTo];
    }
    if (sent < payload.length || pieces.length === 0) pieces.push({ bytes: frameLike(frame, payload.subarray(sent), true), conversation });
    this.#begun.set(conversation, all.subarray(start));
    return pieces;
  }
}

/** Where the message that starts here ends; beyond everything where that is not known yet. */
function endOf(bytes: Buffer, start: number): number {
  return bytes.length < start + MESSAGE_AT ? Infinity : start + MESSAGE_AT + bytes.readUInt32BE(start + LENGTH_AT);
}

/** A frame with the same header but for its length; only the last of several may end the stream. */
function frameLike(frame: Buffer, payload: Buffer, isLast: boolean): Buffer {
  const header = Buffer.from(frame.subarray(0, HEADER));
  header.writeUIntBE(payload.length, 0, 3);
  if (!isLast) header[4]! &= ~END_OF_STREAM;
  return Buffer.concat([header, payload]);
}
