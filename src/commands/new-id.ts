import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const UUID_BYTES = 16;
const pool = new Uint8Array(UUID_BYTES * 512);
let used = pool.length;

/** A UUIDv7. Random bytes are drawn for many at a time: asking the system for 16 of them costs more than everything else about an id. */
export function newUuid(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + UUID_BYTES);
  used += UUID_BYTES;
  return v7({ random });
}
