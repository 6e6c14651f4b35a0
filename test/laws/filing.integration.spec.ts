import fc from 'fast-check';
import type { Command } from '../../src/domain/decider.js';
import { Newsroom } from '../domain/relationship/newsroom.js';
import { after, aHistory, filed, opened, type History } from './histories.js';
import { aKey, always, beliefsOf, HISTORIES, IN_ALL, inNoOrder, mustBe } from './law.js';
import { anAsOf } from './stories.js';

describe(`The laws of filing, ${IN_ALL}`, () => {
  it('the order in which independent records were filed never matters', () => {
    const anotherOrder = fc.integer().map((seed) => (n: number) => Math.imul(seed ^ n, 2_654_435_761) >>> 0);
    let moved = 0;
    always(
      fc.property(aHistory, anotherOrder, aKey, anAsOf, (history, order, key, asOf) => {
        const commands = inAnotherOrder(history, order);
        if (commands.some((command, i) => command !== history[i])) moved += 1;
        const [one, other] = [after(history), filed(commands)];
        mustBe(beliefsOf(other, other.records.keys()), beliefsOf(one, one.records.keys()));
        mustBe(inNoOrder(other.state(key, asOf)), inNoOrder(one.state(key, asOf)));
      }),
    );
    expect(moved).toBeGreaterThan(HISTORIES / 2);
  });

  it('a duplicate changes nothing', () => {
    always(
      fc.property(aHistory, (history) => {
        const [once, twice] = [after(history), filed(history, 2)];
        mustBe(twice.log, once.log);
        mustBe(twice.records, once.records);
      }),
    );
  });
});

/** What a command looked at, and the record that it was filed on. */
interface Seen {
  command: Command;
  place: number;
  read: ReadonlySet<string>;
  wrote: string;
}

/** Notes which records a decision looks at. */
class Watched extends Newsroom {
  read = new Set<string>();

  protected override look(id: string) {
    // Called first by the constructor, which files what everybody cites.
    this.read?.add(id);
    return super.look(id);
  }
}

/** The same commands, those first that come first in an order; never one before another whose record it looks at, or that looks at its. */
function inAnotherOrder(history: History, order: (n: number) => number): Command[] {
  const left = watched(history);
  const commands: Command[] = [];
  while (left.length > 0) {
    const free = left.filter((one, i) => left.slice(0, i).every((before) => independent(before, one)));
    const next = free.reduce((a, b) => (order(b.place) < order(a.place) ? b : a));
    commands.push(next.command);
    left.splice(left.indexOf(next), 1);
  }
  return commands;
}

function watched(history: History): Seen[] {
  const desk = opened(new Watched());
  return history.map((command, place) => {
    desk.read = new Set();
    const wrote = desk.file(command);
    return { command, place, read: desk.read, wrote };
  });
}

function independent(a: Seen, b: Seen): boolean {
  return a.wrote !== b.wrote && !a.read.has(b.wrote) && !b.read.has(a.wrote);
}
