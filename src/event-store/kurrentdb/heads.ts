import type { Head } from '../event-store.js';
import type { Recorded } from './envelope.js';
import { persist, persistently } from './interruption.js';
import { isCarrier, lastCarrier, look } from './log-end.js';
import type { LogReader } from './log-reader.js';
import { positionOf } from './position.js';

/** Milliseconds the end of the log is looked for at the start: past all that others have appended since. */
const FIRST_LOOK = 60_000;

/** Knows the end of the log, and looks only at what came after it. */
export class Heads {
  readonly #log: LogReader;
  readonly #id: string;
  #last: Recorded | undefined;
  #upTo: bigint | undefined;

  /** `id` is that of the log. */
  constructor(log: LogReader, id: string) {
    this.#log = log;
    this.#id = id;
  }

  async head(): Promise<Head> {
    const last = await this.#lookForLast();
    if (last === undefined) return { log: this.#id, position: 0n, recordedAt: null };
    const { part, carries = [] } = last.envelope;
    const position = positionOf(last.commit, (part?.of ?? 1) + carries.length);
    const [event] = await this.#log.readAll(position - 1n, 1);
    return { log: this.#id, position, recordedAt: event?.recordedAt ?? null };
  }

  async #lookForLast(): Promise<Recorded | undefined> {
    const { connection } = this.#log;
    if (this.#upTo === undefined) {
      const last = await persist(connection, performance.now() + FIRST_LOOK, (client) => lastCarrier(this.#log, client), FIRST_LOOK);
      this.#learn(last, last?.commit ?? this.#log.begin);
    }
    for (let full = true; full;) {
      const page = await persistently(connection, (client) => look(this.#log, client, this.#upTo!));
      this.#learn(page.recorded.findLast(isCarrier), page.upTo);
      ({ full } = page);
    }
    return this.#last;
  }

  /** Several may look at once. */
  #learn(last: Recorded | undefined, upTo: bigint): void {
    if (last && last.commit > (this.#last?.commit ?? -1n)) this.#last = last;
    if (upTo > (this.#upTo ?? -1n)) this.#upTo = upTo;
  }
}
