/** Events that one filing may hold at most; their places fit into the last ten bits of a position. */
export const MOST_EVENTS = 1023;

const PLACES = 1024n;

/** Where an event stands: the commit position (in bytes) of its filing's carrier, and its place in that filing, from 1. */
export interface Place {
  commit: bigint;
  place: number;
}

/** The port's position: one integer, in the order of the log. A position less one is always a place to read on from. */
export function positionOf(commit: bigint, place: number): bigint {
  const position = commit * PLACES + BigInt(place);
  if (position > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(
      `The log has grown past 8 TiB (byte ${commit}), where its positions are no longer exact: move Entente to a new server.`,
    );
  }
  return position;
}

/** Place 0 is before the filing. */
export function placeOf(position: bigint): Place {
  return { commit: position / PLACES, place: Number(position % PLACES) };
}
