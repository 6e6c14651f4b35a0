import { isDeepStrictEqual } from 'node:util';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import type { Filing } from './filer.js';

export interface Verdict {
  acknowledged: number;
  /** Neither acknowledged nor refused, and how many of these are stored all the same. */
  unanswered: number;
  unansweredStored: number;
  lost: number;
  duplicated: number;
  /** Everything else that is not as it should be, in words. */
  wrong: string[];
}

const WORD = /w:[\w-]+:\d+/g;

/** Every acknowledged filing exactly once, every other at most once and none in part, and none that was refused. */
export function judge(filings: readonly Filing[], events: readonly StoredEvent[]): Verdict {
  const verdict: Verdict = { acknowledged: 0, unanswered: 0, unansweredStored: 0, lost: 0, duplicated: 0, wrong: [] };
  const found = streamsByWord(events);
  for (const filing of filings) {
    const streams = filing.words.map((word) => found.get(word) ?? []);
    if (streams.some(({ length }) => length > 1)) verdict.duplicated++;
    const stored = streams.filter(({ length }) => length > 0).length;
    if (stored > 0 && stored < streams.length) verdict.wrong.push(`${filing.words[0]} is stored in part`);
    if (filing.outcome === 'unknown') {
      verdict.unanswered++;
      if (stored > 0) verdict.unansweredStored++;
    }
    if (filing.outcome === 'refused' && stored > 0) verdict.wrong.push(`${filing.words[0]} was refused, and is stored`);
    if (filing.outcome !== 'acknowledged') continue;
    verdict.acknowledged++;
    if (stored === 0) verdict.lost++;
    else if (filing.records.some((record, place) => streams[place]?.[0] !== record))
      verdict.wrong.push(`${filing.words[0]} was acknowledged as ${filing.records.join(', ')}, and is stored as ${streams.join(', ')}`);
  }
  return verdict;
}

/** The streams of the events that hold each word. */
function streamsByWord(events: readonly StoredEvent[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { data, stream } of events)
    for (const [word] of JSON.stringify(data).matchAll(WORD)) found.set(word, [...(found.get(word) ?? []), stream]);
  return found;
}

/** What is wrong with a log, and with what a subscriber saw of it from its beginning. */
export function judgeFeed(log: readonly StoredEvent[], feed: readonly StoredEvent[], { gapless }: { gapless: boolean }): string[] {
  const wrong: string[] = [];
  const versions = new Map<string, number>();
  for (const [index, { stream, version, position }] of log.entries()) {
    if (gapless ? position !== BigInt(index + 1) : position <= (log[index - 1]?.position ?? -1n))
      wrong.push(`position ${position} is out of place`);
    if (version !== (versions.get(stream) ?? 0) + 1) wrong.push(`${stream} has version ${version} after ${versions.get(stream) ?? 0}`);
    versions.set(stream, version);
  }
  const first = log.findIndex((event, index) => feed[index]?.id !== event.id || feed[index].position !== event.position);
  if (first >= 0)
    wrong.push(`the feed leaves the log at its event ${first + 1}: ${feed[first]?.position} instead of ${log[first]!.position}`);
  if (feed.length > log.length) wrong.push(`the feed has ${feed.length - log.length} events more than the log`);
  return wrong.slice(0, 20);
}

/** Whether a stream holds these events of the log. Read alone it does not know what was recorded before it elsewhere: its time may be earlier. */
export function isSame(stream: readonly StoredEvent[], inLog: readonly StoredEvent[]): boolean {
  const timeless = (events: readonly StoredEvent[]) => events.map(({ recordedAt: _, ...event }) => event);
  return isDeepStrictEqual(timeless(stream), timeless(inLog));
}
