import { randomUUID } from 'node:crypto';
import { MaxAppendSizeExceededError } from '@kurrent/kurrentdb-client';
import type { Append, AppendOutcome, IdempotencyKey, StoredEvent } from '../event-store.js';
import { appendTo } from './append-to.js';
import { Assembler, carriedBy } from './assembler.js';
import { Claims } from './claims.js';
import type { Clock } from './clock.js';
import { writeCopies } from './copies.js';
import type { Recorded } from './envelope.js';
import { actualVersion, PATIENCE, persist } from './interruption.js';
import type { LogReader } from './log-reader.js';
import { carrierEvents, planOf, type Plan } from './plan.js';
import { positionOf } from './position.js';
import type { ServerClock } from './server-clock.js';

type Conflict = Extract<AppendOutcome, { outcome: 'conflict' }>;

/** One attempt to store a filing. */
interface Filing extends Plan {
  deadline: number;
  attempt: string;
  /** Whether the same filing may have been stored before. */
  doubtful: boolean;
}

/** Brings filings into the log, whatever happens on the way, and finds an outcome for each. */
export class Appender {
  readonly #log: LogReader;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #claims: Claims;

  constructor({ log, clock, serverClock }: { log: LogReader; clock: Clock; serverClock: ServerClock }) {
    this.#log = log;
    this.#clock = clock;
    this.#serverClock = serverClock;
    this.#claims = new Claims(log.connection, log.names);
  }

  async add(append: Append): Promise<AppendOutcome> {
    const plan = planOf(append);
    if (Array.isArray(plan)) return { outcome: 'cannot-append-many', streams: plan };
    const deadline = performance.now() + PATIENCE;
    await this.#serverClock.check(deadline);
    const { key } = append;
    const doubtful = key !== undefined && !(await this.#claims.first(key, [plan.carrier.stream], deadline));
    const earlier = doubtful ? await this.#earlier(key, deadline) : undefined;
    if (earlier) return earlier;
    if (doubtful) await this.#claims.add(key, [plan.carrier.stream], deadline);
    const filing: Filing = { ...plan, deadline, attempt: randomUUID(), doubtful };
    const outcome = (await this.#conflict(filing)) ?? (await this.#commit(filing));
    if (outcome.outcome === 'stored' || key === undefined) return outcome;
    // Another instance may have stored it since.
    return (await this.#earlier(key, deadline)) ?? outcome;
  }

  /** Says which keys the events restored were filed with. */
  async claim(events: readonly StoredEvent[]): Promise<void> {
    for (const [, same] of Map.groupBy(events, ({ key }) => key?.id)) {
      const key = same[0]?.key;
      if (key === undefined) continue;
      const streams = [...new Set(same.map(({ stream }) => stream))];
      const deadline = performance.now() + PATIENCE;
      if (!(await this.#claims.first(key, streams, deadline))) await this.#claims.add(key, streams, deadline);
    }
  }

  /** What was stored under this key. */
  async #earlier(key: IdempotencyKey, deadline: number): Promise<AppendOutcome | undefined> {
    const streams = new Set((await this.#claims.of(key, deadline)).flatMap((claim) => claim.streams));
    const found = await Promise.all([...streams].map((stream) => this.#read(stream, deadline)));
    const recorded = found.flat().filter(({ envelope }) => envelope.key?.id === key.id);
    if (recorded.length === 0) return undefined;
    if (recorded[0]!.envelope.key?.hash !== key.hash) return { outcome: 'key-reused' };
    return { outcome: 'stored', replayed: true, events: await this.#complete(recorded, deadline) };
  }

  /** The first stream at another version than expected, where there are several: the append itself guards only its own. */
  async #conflict({ filing: { streams }, deadline }: Filing): Promise<Conflict | undefined> {
    if (streams.length === 1) return undefined;
    const { connection, names } = this.#log;
    const versions = await Promise.all(
      streams.map(({ stream }) => persist(connection, deadline, (client) => this.#log.version(client, names.record(stream)))),
    );
    const at = streams.findIndex(({ expectedVersion }, index) => versions[index] !== expectedVersion);
    return at === -1 ? undefined : conflict(streams[at]!, versions[at]!);
  }

  async #commit(filing: Filing): Promise<AppendOutcome> {
    const { carrier, events, deadline } = filing;
    const recordedAt = this.#clock.now();
    let commit: bigint | undefined;
    try {
      commit = await this.#append(filing, recordedAt);
    } catch (error) {
      const actual = actualVersion(error);
      if (actual !== undefined) return conflict(carrier, actual);
      if (error instanceof MaxAppendSizeExceededError) throw tooLarge(error);
      throw error;
    }
    if (filing.doubtful || commit === undefined) return this.#readBack(filing);
    const stored = events.map(({ place, ...event }) => ({ ...event, recordedAt, position: positionOf(commit, place) }));
    const carried = stored.filter(({ stream }) => stream !== carrier.stream);
    await writeCopies(this.#log, carried, deadline);
    return { outcome: 'stored', replayed: false, events: stored };
  }

  /** The commit position of the append's last event. After an interruption the filing is doubtful. */
  #append(filing: Filing, recordedAt: Date): Promise<bigint | undefined> {
    const { carrier, attempt } = filing;
    const { connection, names } = this.#log;
    const events = carrierEvents(filing, recordedAt, attempt);
    return persist(connection, filing.deadline, async (client, number) => {
      if (number > 1) filing.doubtful = true;
      const appended = await appendTo(client, names.record(carrier.stream), { events, version: carrier.expectedVersion });
      return appended.position?.commit;
    });
  }

  /** The server took the events, or had them already: what it holds tells whose they are. */
  async #readBack({ carrier, attempt, deadline }: Filing): Promise<AppendOutcome> {
    const recorded = await this.#read(carrier.stream, deadline, BigInt(carrier.expectedVersion), carrier.events.length);
    const replayed = recorded[0]?.envelope.attempt !== attempt;
    return { outcome: 'stored', replayed, events: await this.#complete(recorded, deadline) };
  }

  /** The filings of these events, with all they carry, once that is in its streams too. */
  async #complete(recorded: readonly Recorded[], deadline: number): Promise<StoredEvent[]> {
    const assembler = new Assembler(this.#log.names);
    await writeCopies(this.#log, recorded.flatMap(carriedBy), deadline);
    return recorded.flatMap((each) => assembler.take(each)).toSorted((a, b) => (a.position < b.position ? -1 : 1));
  }

  #read(stream: string, deadline: number, from?: bigint, count?: number): Promise<Recorded[]> {
    const { connection, names } = this.#log;
    return persist(connection, deadline, (client) => this.#log.stream(client, names.record(stream), from, count));
  }
}

function conflict({ stream, expectedVersion: expected }: { stream: string; expectedVersion: number }, actual: number): Conflict {
  return { outcome: 'conflict', stream, expected, actual };
}

function tooLarge({ maxAppendSize }: MaxAppendSizeExceededError): TypeError {
  return new TypeError(`The log cannot store this: a filing is larger than ${maxAppendSize} bytes.`);
}
