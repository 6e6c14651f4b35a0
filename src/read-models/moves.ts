import { compare } from '../domain/compare.js';
import { weight, type Sum } from '../domain/relationship/ledger.js';
import { ENTENTE_1 } from '../domain/relationship/score-profile.js';
import { Foremost } from './foremost.js';
import { isKnown, type KeptRelationship } from './kept-relationships.js';
import { NEVER } from './kept-tables.js';
import { numbersWhere } from './columns.js';

/** A move of a record. */
export interface MoveRow {
  record: string;
  /** Since when the record is believed to be so. */
  knownFrom: number;
  /** Of the event that makes it. */
  position: number;
  /** Its own day, and that from which it fades; null while it stands. Days are counted from 1970-01-01. */
  on: number;
  base: number | null;
  tenths: number;
}

/** A move with its share of the points on a day. */
interface Weighed {
  move: MoveRow;
  share: number;
}

type Kept = Pick<KeptRelationship, 'moves' | 'records' | 'texts' | 'sources'>;

/**
 * The moves of a relationship that were known at a position while a source of their record stood, by the numbers of their rows: to be asked
 * at once, before rows are added.
 */
export class Moves {
  private readonly all: Int32Array;

  /** `fallen`: the sources that do not stand. */
  constructor(
    private readonly kept: Kept,
    position: bigint,
    fallen: readonly string[],
  ) {
    const { length, of } = kept.moves;
    const at = Number(position);
    const gone = new Set(fallen);
    const falls = gone.size === 0 ? undefined : kept.sources.marks((sources) => sources.every((source) => gone.has(source)));
    this.all = numbersWhere(length, (n) => isKnown(of, n, at) && falls?.[of.sources[n]!] !== 1);
  }

  /** Added up; `filedBy`: of records that were on file at that position. */
  sums(filedBy = Infinity): Sum[] {
    const { base, since, until, tenths, filed } = this.kept.moves.of;
    const sums: Sum[] = [];
    let [against, towards]: [Sum | undefined, Sum | undefined] = [undefined, undefined];
    let last = -1;
    for (const n of this.all) {
      if (filed[n]! > filedBy) continue;
      // Those of the same days follow each other.
      if (last < 0 || base[n] !== base[last] || since[n] !== since[last] || until[n] !== until[last]) against = towards = undefined;
      last = n;
      const sum = tenths[n]! < 0 ? against : towards;
      if (sum !== undefined) {
        sum.tenths += tenths[n]!;
        continue;
      }
      const begun = { since: since[n]!, until: orNull(until[n]!), base: orNull(base[n]!), tenths: tenths[n]! };
      sums.push(begun);
      if (begun.tenths < 0) against = begun;
      else towards = begun;
    }
    return sums;
  }

  /** Those that count on a day. */
  on(day: number): Int32Array {
    return numbersWhere(this.all, (n) => this.counts(n, day));
  }

  /** Those that stand on one of two days only. */
  turned(one: number, other: number): Int32Array {
    return numbersWhere(this.all, (n) => !this.fades(n) && this.counts(n, one) !== this.counts(n, other));
  }

  fades(n: number): boolean {
    return this.kept.moves.of.base[n] !== NEVER;
  }

  /** Of some of them those of most weight on a day, the heaviest first. */
  heaviest(of: Int32Array, day: number, most: number): MoveRow[] {
    const { base, tenths } = this.kept.moves.of;
    const found = new Foremost(most, heaviestFirst);
    // Those that stand or fade last come last: beginning with them, most of the others are passed over.
    for (let i = of.length - 1; i >= 0; i -= 1) {
      const n = of[i]!;
      const share = (Math.abs(tenths[n]!) / 10) * (this.fades(n) ? weight(day - base[n]!, ENTENTE_1) : 1);
      if (found.last === undefined || share >= found.last.share) found.offer({ move: this.row(n), share });
    }
    return found.all().map(({ move }) => move);
  }

  /** Of some of them the latest of a party, the latest first. */
  latest(of: Int32Array, party: string, most: number): MoveRow[] {
    const { from, on } = this.kept.moves.of;
    const own = this.kept.texts.find(party);
    const found = new Foremost(most, latestFirst);
    for (let i = of.length - 1; i >= 0; i -= 1) {
      const n = of[i]!;
      if (from[n] === own && (found.last === undefined || on[n]! >= found.last.on)) found.offer(this.row(n));
    }
    return found.all();
  }

  private counts(n: number, day: number): boolean {
    const { since, until } = this.kept.moves.of;
    return since[n]! <= day && until[n]! > day;
  }

  private row(n: number): MoveRow {
    const { record, knownFrom, position, on, base, tenths } = this.kept.moves.of;
    return {
      record: this.kept.records.valueOf(record[n]!),
      knownFrom: knownFrom[n]!,
      position: position[n]!,
      on: on[n]!,
      base: orNull(base[n]!),
      tenths: tenths[n]!,
    };
  }
}

function orNull(day: number): number | null {
  return day === NEVER ? null : day;
}

/** Those that weigh the same in an order that no filing changes, as they are told. */
function heaviestFirst(a: Weighed, b: Weighed): number {
  return b.share - a.share || b.move.on - a.move.on || compare(a.move.record, b.move.record) || a.move.position - b.move.position;
}

function latestFirst(a: MoveRow, b: MoveRow): number {
  return b.on - a.on || b.position - a.position;
}
