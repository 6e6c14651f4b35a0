import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { Edition } from './edition.js';

interface Told {
  position: bigint;
  json: Buffer;
}

const MOST_BYTES = 16_000_000;

/** States as last told, each good for as long as nothing that it tells of has changed. */
export class StateCache {
  private readonly told = new LRUCache<string, Told>({ maxSize: MOST_BYTES, sizeCalculation: ({ json }) => json.length });

  /** How often a state was told from memory, and how often it had to be computed. */
  hits = 0;
  misses = 0;

  constructor(
    private readonly pool: Pool,
    private readonly edition: Edition,
  ) {}

  /** The state of a relationship at a position, as JSON in UTF-8; `name` is what else it was asked for. */
  async at(key: string, name: string, position: bigint, tell: () => Promise<object>): Promise<Buffer> {
    const asked = this.edition.nameOf(`${key} ${name}`);
    const before = this.told.get(asked);
    if (before !== undefined && (await this.isStillSo(key, before, position))) {
      this.hits += 1;
      return before.json;
    }
    this.misses += 1;
    const json = Buffer.from(JSON.stringify(await tell()));
    if (before === undefined || before.position <= position) this.told.set(asked, { position, json });
    return json;
  }

  private async isStillSo(key: string, told: Told, position: bigint): Promise<boolean> {
    if (told.position === position) return true;
    if (told.position > position || (await this.changedAt(key)) > told.position) return false;
    told.position = position;
    return true;
  }

  /**
   * The last position at which a belief of one of its records began or ended; or one of a source that was on file before, or of a position
   * in a dispute, which may be told in any relationship; or at which something was parked.
   */
  private async changedAt(key: string): Promise<bigint> {
    const { rows } = await this.pool.query<{ position: bigint | null }>(
      `select greatest(
        (select max(known_from) from view.happening where relationship = $1 and version = 1),
        (select max(known_to) from view.happening where relationship = $1 and version = 1 and known_to is not null),
        (select max(known_to) from view.source where known_to is not null),
        (select max(position) from view.parked),
        (select max(known_from) from view.place where list = 'positions'),
        (select max(known_to) from view.place where list = 'positions' and known_to is not null)) as position`,
      [key],
    );
    return rows[0]!.position ?? 0n;
  }
}
