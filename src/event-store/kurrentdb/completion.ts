import { randomUUID } from 'node:crypto';
import { jsonEvent, NO_STREAM, BACKWARDS, END, StreamNotFoundError, type JSONEventType } from '@kurrent/kurrentdb-client';
import type { StoredEvent } from '../event-store.js';
import { carriedBy } from './assembler.js';
import { writeCopies } from './copies.js';
import type { Recorded } from './envelope.js';
import { actualVersion, PATIENCE, persistently } from './interruption.js';
import { PAGE, type LogReader } from './log-reader.js';

/** A filer is given so many milliseconds to write its own copies. */
const FILERS_TIME = 5000;
/** Events looked at between two notes of how far it has come. */
const NOTE_EVERY = 10_000;

type Completed = JSONEventType<'Completed', { upTo: string }>;

/** Finds carriers whose copies are not all there, because a filer was cut off, and writes what is missing. */
export class Completion {
  readonly #log: LogReader;
  /** Copies that have not been seen yet, by their event's id. */
  readonly #missing = new Map<string, StoredEvent>();
  #from: bigint | undefined | 'unknown' = 'unknown';
  #looked = 0;

  constructor(log: LogReader) {
    this.#log = log;
  }

  /** Looks at what is new in the log since the last call. Answers how many copies were missing for too long, and are there now. */
  async complete(): Promise<number> {
    this.#from = this.#from === 'unknown' ? await this.#noted() : this.#from;
    for (let full = true; full;) full = await this.#look(this.#from);
    const before = Date.now() - FILERS_TIME;
    const late = [...this.#missing.values()].filter(({ recordedAt }) => recordedAt.getTime() < before);
    await writeCopies(this.#log, late, performance.now() + PATIENCE);
    for (const { id } of late) this.#missing.delete(id);
    if (this.#looked >= NOTE_EVERY && this.#missing.size === 0) await this.#note();
    return late.length;
  }

  /** One page. True if there is more. */
  async #look(from: bigint | undefined): Promise<boolean> {
    const { recorded, upTo, full } = await persistently(this.#log.connection, (client) =>
      this.#log.page(client, from, PAGE, { skip: from !== undefined }),
    );
    recorded.forEach((each) => this.#see(each));
    this.#from = upTo ?? from;
    this.#looked += recorded.length;
    return full;
  }

  #see(recorded: Recorded): void {
    if (recorded.envelope.copyOf !== undefined) this.#missing.delete(recorded.id);
    for (const event of carriedBy(recorded)) this.#missing.set(event.id, event);
  }

  async #noted(): Promise<bigint | undefined> {
    const read = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    return persistently(this.#log.connection, async (client) => {
      try {
        for await (const { event } of client.readStream<Completed>(this.#log.names.completed, read)) {
          if (event) return BigInt(event.data.upTo);
        }
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return undefined;
    });
  }

  async #note(): Promise<void> {
    const { connection, names } = this.#log;
    const event = jsonEvent<Completed>({ id: randomUUID(), type: 'Completed', data: { upTo: String(this.#from) } });
    const version = await persistently(connection, (client) => this.#log.version(client, names.completed));
    const streamState = version === 0 ? NO_STREAM : BigInt(version - 1);
    try {
      await persistently(connection, (client) => client.appendToStream(names.completed, event, { streamState }));
    } catch (error) {
      // Another instance has noted how far it has come.
      if (actualVersion(error) === undefined) throw error;
    }
    this.#looked = 0;
  }
}
