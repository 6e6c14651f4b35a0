/**
 * PostgreSQL's binary format of one-dimensional arrays. pg sends a Buffer as a binary parameter, and neither side
 * then has to escape, quote or scan text. A null stays null; strings are UTF-8.
 */
const OID = { int4: 23, int8: 20, text: 25, uuid: 2950, bytea: 17 };
const HEADER = 20;

type Write<T> = (buffer: Buffer, value: T, at: number) => void;

export function int4Array(values: readonly (number | null)[]): Buffer {
  return fixedSize(OID.int4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));
}

export function int8Array(values: readonly (bigint | null)[]): Buffer {
  return fixedSize(OID.int8, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(value, at));
}

export function uuidArray(values: readonly (string | null)[]): Buffer {
  return fixedSize(OID.uuid, 16, values, (buffer, value, at) => buffer.write(value.replaceAll('-', ''), at, 'hex'));
}

/** bytea[] of SHA-256 digests given in hex. */
export function sha256Array(values: readonly (string | null)[]): Buffer {
  return fixedSize(OID.bytea, 32, values, (buffer, value, at) => buffer.write(value, at, 'hex'));
}

export function textArray(values: readonly (string | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : Buffer.byteLength(value)));
  const bytes = sizes.reduce((sum, size) => sum + Math.max(size, 0), HEADER + 4 * values.length);
  const buffer = withHeader(OID.text, values.length, sizes.filter((size) => size === -1).length, bytes);
  let at = HEADER;
  for (const [index, value] of values.entries()) {
    const size = sizes[index]!;
    buffer.writeInt32BE(size, at);
    at += 4;
    if (value === null) continue;
    buffer.write(value, at);
    at += size;
  }
  return buffer;
}

function fixedSize<T>(oid: number, size: number, values: readonly (T | null)[], write: Write<T>): Buffer {
  const nulls = values.reduce<number>((count, value) => (value === null ? count + 1 : count), 0);
  const buffer = withHeader(oid, values.length, nulls, HEADER + 4 * values.length + size * (values.length - nulls));
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(value === null ? -1 : size, at);
    at += 4;
    if (value === null) continue;
    write(buffer, value, at);
    at += size;
  }
  return buffer;
}

/** Header: dimensions, whether there are nulls, element type, length, lower bound. An empty array has no dimension. */
function withHeader(oid: number, length: number, nulls: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(length === 0 ? 12 : bytes);
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(nulls > 0 ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  if (length === 0) return buffer;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
