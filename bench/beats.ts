import { PARTIES, relationshipKey } from '../src/domain/party.js';
import { Urn, type Dice } from './dice.js';

/** The relationship with most of the records, or all of them in a small log. */
export const BIG = 'COL-USA';
const MOST_IN_BIG = 100_000;
const OTHERS = 2_000;
const NEAR = 24;

/** A relationship that is reported on. */
export interface Beat {
  key: string;
  /** The ids of its latest records, oldest first. */
  near: string[];
}

/** Where the records of a log fall: one big relationship, filled evenly over the years, and a long tail of others. */
export class Beats {
  readonly #events: number;
  readonly #big: Beat = { key: BIG, near: [] };
  readonly #others: Urn<Beat>;
  #inBig = 0;

  constructor(events: number, dice: Dice) {
    this.#events = events;
    this.#others = new Urn(longTail(dice).map((key, i) => [{ key, near: [] }, 1 / (i + 3)]));
  }

  draw(position: number, dice: Dice): Beat {
    // Most events file a record; a small log has nothing but the big relationship.
    const due = this.#events <= MOST_IN_BIG ? Infinity : (MOST_IN_BIG * position) / this.#events;
    if (this.#inBig >= Math.min(due, MOST_IN_BIG)) return this.#others.draw(dice);
    this.#inBig += 1;
    return this.#big;
  }

  other(dice: Dice): Beat {
    return this.#others.draw(dice);
  }
}

/** Puts a record among the latest of its beat; answers the one that is no longer among them. */
export function remember({ near }: Beat, id: string): string | undefined {
  return near.push(id) > NEAR ? near.shift() : undefined;
}

function longTail(dice: Dice): string[] {
  const countries = [...PARTIES.values()].filter(({ kind }) => kind === 'country').map(({ code }) => code);
  const pairs = countries.flatMap((a, i) => countries.slice(i + 1).map((b) => relationshipKey(a, b)));
  return dice.shuffle(pairs.filter((key) => key !== BIG)).slice(0, OTHERS);
}
