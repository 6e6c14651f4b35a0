import { createHash } from 'node:crypto';
import { hashOf } from './event-hash.js';
import type { EventStore, StoredEvent } from './event-store.js';

/** Why a log cannot be copied, or is not the copy of another: one sentence. */
export class CopyProblem extends Error {
  override readonly name = 'CopyProblem';
}

export interface CopyOptions {
  /** Is told how far the work has come. */
  progress?: (progress: CopyProgress) => void;
  /** The work ends early, between two batches. Started again, it goes on there. */
  signal?: AbortSignal;
  /** Most events in a batch. */
  batchSize?: number;
}

export interface CopyProgress {
  /** compare: what the target holds already; copy: the rest; check: all of it, on both sides. */
  phase: 'compare' | 'copy' | 'check';
  /** Events that this phase is done with. */
  events: number;
  /** Of the source, up to where it is. */
  position: bigint;
  /** Of the source, up to where it has to come. */
  end: bigint;
}

export interface Copied {
  events: number;
  /** Of them, how many the target held already. */
  before: number;
  /** SHA-256 (hex) over every event with its time, in the order of the log. */
  source: string;
  target: string;
}

/** Large events make large batches: so few of them are held in memory at a time. */
const BATCH = 200;
const NEVER = new AbortController().signal;

/** Both logs, as far as they are the same. */
interface Common {
  events: number;
  /** Position in the source of the last event they share. */
  position: bigint;
}

/**
 * Copies a log into one that is empty, or holds the beginning of it: order, ids, versions, keys and times are kept, positions are the
 * target's own. Then reads both from the beginning and compares them. Throws CopyProblem; undefined when it was ended early.
 */
export async function copyLog(source: EventStore, target: EventStore, options: CopyOptions = {}): Promise<Copied | undefined> {
  const { log, position: end } = await source.head();
  if ((await target.head()).log === log) throw new CopyProblem('Source and target are the same log.');
  const before = await compare(source, target, { phase: 'compare', end, options });
  if (before === undefined || !(await copyAfter(before, source, target, end, options))) return undefined;
  const digests = [createHash('sha256'), createHash('sha256')] as const;
  const all = await compare(source, target, { phase: 'check', end, options, digests });
  return all && { events: all.events, before: before.events, source: digests[0].digest('hex'), target: digests[1].digest('hex') };
}

/** False when it was ended early. */
async function copyAfter(common: Common, source: EventStore, target: EventStore, end: bigint, options: CopyOptions): Promise<boolean> {
  const { signal = NEVER, progress, batchSize = BATCH } = options;
  let { events, position } = common;
  while (!signal.aborted) {
    const batch = await source.readAll(position, batchSize);
    if (batch.length === 0) return true;
    await target.restore(batch);
    position = batch.at(-1)!.position;
    events += batch.length;
    progress?.({ phase: 'copy', events, position, end });
  }
  return false;
}

interface Comparing {
  phase: 'compare' | 'check';
  end: bigint;
  options: CopyOptions;
  /** Of source and target; takes every event that both have. */
  digests?: readonly [Digest, Digest];
}

type Digest = ReturnType<typeof createHash>;

/** Walks through both logs side by side, to the end of the target, or (check) of both. Throws CopyProblem where they differ. */
async function compare(source: EventStore, target: EventStore, { phase, end, options, digests }: Comparing): Promise<Common | undefined> {
  const { signal = NEVER, progress, batchSize = BATCH } = options;
  const common: Common = { events: 0, position: 0n };
  let after = 0n;
  while (!signal.aborted) {
    const theirs = await target.readAll(after, batchSize);
    const ours = await source.readAll(common.position, phase === 'check' ? batchSize : Math.max(1, theirs.length));
    if (theirs.length === 0 && (phase === 'compare' || ours.length === 0)) return common;
    for (const [index, its] of theirs.entries()) same(ours[index], its, common.events + index + 1, digests);
    if (phase === 'check' && ours.length > theirs.length) throw missing(ours[theirs.length]!, common.events + theirs.length + 1);
    common.events += theirs.length;
    common.position = ours.at(-1)!.position;
    after = theirs.at(-1)!.position;
    progress?.({ phase, ...common, end });
  }
  return undefined;
}

function same(ours: StoredEvent | undefined, its: StoredEvent, nth: number, digests: Comparing['digests']): void {
  const [own, other] = [ours && lineOf(ours), lineOf(its)];
  if (own !== other) {
    throw new CopyProblem(
      `The target holds something else: its event number ${nth} is ${nameOf(its)}, and in the source it is ${ours ? nameOf(ours) : 'none'}.`,
    );
  }
  digests?.[0].update(own);
  digests?.[1].update(other);
}

function missing(event: StoredEvent, nth: number): CopyProblem {
  return new CopyProblem(
    `The source has event number ${nth}, ${nameOf(event)}, and the target ends before it: if something was filed meanwhile, stop Entente and run this again.`,
  );
}

/** Everything that a log keeps of an event, but for its position there. */
function lineOf(event: StoredEvent): string {
  return `${hashOf(event)} ${event.recordedAt.toISOString()}\n`;
}

function nameOf({ type, id, stream, version, recordedAt }: StoredEvent): string {
  return `${type} ${id} (${stream}, version ${version}, recorded ${recordedAt.toISOString()})`;
}
