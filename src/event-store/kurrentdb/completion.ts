import { randomUUID } from 'node:crypto';
import { jsonEvent, BACKWARDS, END, StreamNotFoundError, type JSONEventType } from '@kurrent/kurrentdb-client';
import type { StoredEvent } from '../event-store.js';
import { appendTo } from './append-to.js';
import { carriedBy } from './assembler.js';
import { writeCopies } from './copies.js';
import type { Recorded } from './envelope.js';
import { actualVersion, PATIENCE, persistently } from './interruption.js';
import { look } from './log-end.js';
import type { LogReader, Page } from './log-reader.js';

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
  #from: bigint | undefined;
  #looked = 0;

  constructor(log: LogReader) {
    this.#log = log;
  }

  /** Looks at what is new in the log since the last call. Answers how many copies were missing for too long, and are there now. */
  async complete(): Promise<number> {
    let from = this.#from ?? (await this.#noted());
    for (let full = true; full;) ({ full, upTo: from } = await this.#look(from));
    this.#from = from;
    const before = Date.now() - FILERS_TIME;
    const late = [...this.#missing.values()].filter(({ recordedAt }) => recordedAt.getTime() < before);
    await writeCopies(this.#log, late, performance.now() + PATIENCE);
    for (const { id } of late) this.#missing.delete(id);
    if (this.#looked >= NOTE_EVERY && this.#missing.size === 0) await this.#note(from);
    return late.length;
  }

  async #look(from: bigint): Promise<Page> {
    const page = await persistently(this.#log.connection, (client) => look(this.#log, client, from));
    page.recorded.forEach((each) => this.#see(each));
    this.#looked += page.recorded.length;
    return page;
  }

  #see(recorded: Recorded): void {
    if (recorded.envelope.copyOf !== undefined) this.#missing.delete(recorded.id);
    for (const event of carriedBy(recorded)) this.#missing.set(event.id, event);
  }

  async #noted(): Promise<bigint> {
    const read = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    return persistently(this.#log.connection, async (client) => {
      try {
        for await (const { event } of client.readStream<Completed>(this.#log.names.completed, read)) {
          if (event) return BigInt(event.data.upTo);
        }
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return this.#log.begin;
    });
  }

  async #note(upTo: bigint): Promise<void> {
    const { connection, names } = this.#log;
    const events = jsonEvent<Completed>({ id: randomUUID(), type: 'Completed', data: { upTo: String(upTo) } });
    const version = await persistently(connection, (client) => this.#log.version(client, names.completed));
    try {
      await persistently(connection, (client) => appendTo(client, names.completed, { events, version }));
    } catch (error) {
      // Another instance has noted how far it has come.
      if (actualVersion(error) === undefined) throw error;
    }
    this.#looked = 0;
  }
}
