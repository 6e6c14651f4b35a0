import { LRUCache } from 'lru-cache';
import type { Caller } from './roles.js';

const LIFE_MS = 3_000;
const MOST_KNOWN = 10_000;
const MOST_UNKNOWN = 1_000;

/**
 * What was last found about a key, for 3 s: so that a request costs no query, and a revoked key soon stops working on every instance.
 * Both lists are bounded, so that guessing can neither fill the memory nor push out the keys in use.
 */
export class KeyCache {
  private readonly known = new LRUCache<string, Caller>({ max: MOST_KNOWN, ttl: LIFE_MS });
  private readonly unknown = new LRUCache<string, true>({ max: MOST_UNKNOWN, ttl: LIFE_MS });

  /** The caller, null where there is no such key, undefined where it must be looked up. */
  get(key: string): Caller | null | undefined {
    return this.known.get(key) ?? (this.unknown.has(key) ? null : undefined);
  }

  set(key: string, caller: Caller | null): void {
    if (caller === null) this.unknown.set(key, true);
    else this.known.set(key, caller);
  }

  clear(): void {
    this.known.clear();
    this.unknown.clear();
  }
}
