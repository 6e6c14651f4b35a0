import { addDays } from '../day.js';
import type { Day } from '../time.js';
import { figuresAt, type Figures, type Sum } from './ledger.js';
import type { Profile } from './score-profile.js';
import { DRIFT_DAYS } from './state.js';
import { phaseOf, type Phase } from './tension.js';

/** The lists of a state whose items are counted. */
export const COUNTED = ['sanctionsInForce', 'upcomingMeetings', 'standingActions'] as const;
export type CountedList = (typeof COUNTED)[number];

/** As much of a state as is told of it after every event. */
export interface Glance extends Record<CountedList, number> {
  phase: Phase;
  tension: number | null;
  openDisputes: number;
}

/** Moves of one side that are the same in all but their points, added up, and how many they are; below 0 where some are taken away. */
export interface SideSum extends Sum {
  conflict: boolean;
  moves: number;
}

/** What comes to be known at a position, and what is known no more. */
export interface Turn {
  sums: readonly SideSum[];
  items: readonly { list: CountedList; items: number; primary: number }[];
  /** Things that happened of late in primary records. */
  recent: number;
}

/** A turn at which nothing changes that is told. */
export const NOTHING: Turn = { sums: [], items: [], recent: 0 };

/**
 * How things stand on one day of the world, turn by turn as what is known of it changes. Holds whole numbers, so that after any turns the
 * figures are to the last bit those of the state at that position.
 */
export class Course {
  private readonly sums = new Map<string, SideSum>();
  /** The same in the order of the days from which they fade. */
  private readonly ordered: SideSum[] = [];
  private readonly items = new Map<CountedList, { items: number; primary: number }>();
  private recent = 0;
  private figures: { today: Figures; before: number | null } | undefined;

  constructor(
    private readonly asOf: Day,
    private readonly profile: Profile,
  ) {}

  take({ sums, items, recent }: Turn): void {
    for (const sum of sums) this.addMoves({ ...sum });
    for (const item of items) this.addItems(item);
    this.recent += recent;
  }

  /** What a state at this position tells. */
  glance(openDisputes: number): Glance {
    const { today, before } = (this.figures ??= this.weigh());
    const quiet = this.recent === 0 && this.counted('sanctionsInForce').primary + this.counted('standingActions').primary === 0;
    return {
      phase: phaseOf(today, before, quiet, this.profile),
      tension: today.value,
      sanctionsInForce: this.counted('sanctionsInForce').items,
      upcomingMeetings: this.counted('upcomingMeetings').items,
      standingActions: this.counted('standingActions').items,
      openDisputes,
    };
  }

  private weigh(): { today: Figures; before: number | null } {
    const before = figuresAt(this.ordered, addDays(this.asOf, -DRIFT_DAYS), this.profile).value;
    return { today: figuresAt(this.ordered, this.asOf, this.profile), before };
  }

  private addMoves(sum: SideSum): void {
    this.figures = undefined;
    const name = `${sum.since} ${sum.until} ${sum.base} ${sum.conflict}`;
    const known = this.sums.get(name);
    if (known === undefined) {
      this.sums.set(name, sum);
      this.ordered.splice(placeOf(sum, this.ordered), 0, sum);
      return;
    }
    known.tenths += sum.tenths;
    known.moves += sum.moves;
    if (known.moves > 0) return;
    this.sums.delete(name);
    this.ordered.splice(this.ordered.indexOf(known), 1);
  }

  private addItems({ list, items, primary }: Turn['items'][number]): void {
    const known = this.counted(list);
    this.items.set(list, { items: known.items + items, primary: known.primary + primary });
  }

  private counted(list: CountedList): { items: number; primary: number } {
    return this.items.get(list) ?? { items: 0, primary: 0 };
  }
}

/** The first place whose day is later. */
function placeOf({ base }: Sum, ordered: readonly Sum[]): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]!.base ?? 0) > (base ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
