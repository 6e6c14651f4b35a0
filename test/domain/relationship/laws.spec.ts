import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { ENTENTE_1 } from '../../../src/domain/relationship/score-profile.js';
import { points, type Part } from '../../../src/domain/relationship/tension.js';
import { addDays } from '../../../src/domain/time.js';
import { COL, makeStatement, takeAction, USA } from '../samples.js';
import { aDay, AFTERWARDS, aHistory, commandsOf, filed, happenedBy } from './histories.js';

const SEED = 20260205;
const HISTORIES = 1000;
const KEYS = ['COL-USA', 'USA-VEN'];

function always<T extends unknown[]>(property: fc.IPropertyWithHooks<T>): void {
  fc.assert(property, { seed: SEED, numRuns: HISTORIES });
}

/** As `toEqual`, which is slow where there is nothing to complain of. */
function mustBe(told: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(told, expected)) expect(told).toStrictEqual(expected);
}

const aKey = fc.constantFrom(...KEYS);
const twoOfThem = fc.constantFrom([USA, COL] as const, [COL, USA] as const);
const nameOf = ({ record, move, on }: Part): string => `${record} ${move} ${on}`;

describe(`The laws of a relationship, in ${HISTORIES} histories each (seed ${SEED})`, () => {
  it('the parts sum to C and P, and T follows from the two', () => {
    always(
      fc.property(aHistory, aKey, aDay, (history, key, asOf) => {
        const { parts, value, conflict, conflictStanding, conflictRecent, cooperation } = filed(commandsOf(history)).tension(key, asOf);
        const C = points(parts.filter(({ score }) => score < 0));
        const P = points(parts.filter(({ score }) => score > 0));
        const T = parts.length === 0 ? null : (100 * C) / (C + P / 4 + 10);
        mustBe(value === null, T === null);
        mustBe(Math.max(Math.abs(conflict - C), Math.abs(cooperation - P), Math.abs((value ?? 0) - (T ?? 0))) < 1e-9, true);
        mustBe(Math.abs(conflictStanding + conflictRecent - conflict) < 1e-12, true);
        mustBe(
          parts.filter(({ score, weight, share }) => share !== Math.abs(score) * weight || weight <= 0 || weight > 1),
          [],
        );
      }),
    );
  });

  it('adding a conflict move never lowers T, adding a cooperative one never raises it, and neither is felt elsewhere', () => {
    const something = fc.tuple(fc.constantFrom('accuse', 'demand', 'praise', 'apologise', 'blockade', 'ceasefire'), twoOfThem, aDay);
    always(
      fc.property(aHistory, something, aDay, (history, [what, [from, to], occurred], asOf) => {
        const desk = filed(commandsOf(history));
        const [before, elsewhere] = KEYS.map((key) => desk.tension(key, asOf).value);
        const more = { occurred, speakers: [from], addressees: [to], actors: [from], targets: [to] };
        const { score } = desk.moves(
          desk.file(
            what === 'blockade' || what === 'ceasefire' ? takeAction({ ...more, act: what }) : makeStatement({ ...more, speechAct: what }),
          ),
        )[0]!;
        const change = (desk.tension('COL-USA', asOf).value ?? 0) - (before ?? 0);
        mustBe(occurred > asOf ? change === 0 : Math.sign(-score) * change >= -1e-12, true);
        mustBe(desk.tension('USA-VEN', asOf).value, elsewhere);
      }),
    );
  });

  it('the order in which independent records were filed never matters', () => {
    const inTwoOrders = aHistory.chain(({ stories, links }) =>
      fc.shuffledSubarray(stories, { minLength: stories.length }).map((shuffled) => [
        { stories, links },
        { stories: shuffled, links },
      ]),
    );
    always(
      fc.property(inTwoOrders, aKey, aDay, (orders, key, asOf) => {
        const [one, other] = orders.map((history) => {
          const { tension, phase, coverage, counts } = filed(commandsOf(history)).state(key, asOf);
          return { tension, phase, coverage, counts };
        });
        mustBe(other, one);
      }),
    );
  });

  it('a duplicate changes nothing', () => {
    always(
      fc.property(aHistory, (history) => {
        const [once, twice] = [filed(commandsOf(history)), filed(commandsOf(history), 2)];
        mustBe(twice.records, once.records);
      }),
    );
  });

  it('after a half-life without news every part that does not stand has halved, and what stands weighs the same', () => {
    always(
      fc.property(aHistory, aKey, fc.integer({ min: 0, max: 100 }), (history, key, days) => {
        const desk = filed(commandsOf(history));
        const asOf = addDays(AFTERWARDS, days);
        const standing = (part: Part): boolean => desk.moves(part.record, asOf).some((each) => each.move === part.move && each.standing);
        const now = desk.tension(key, asOf);
        const then = new Map(desk.tension(key, addDays(asOf, ENTENTE_1.halfLife)).parts.map((part) => [nameOf(part), part.share]));
        const expected = now.parts.map((part) => [nameOf(part), standing(part) ? part.share : part.share / 2] as const);
        mustBe(then.size, expected.length);
        mustBe(
          expected.filter(([name, share]) => !(Math.abs(then.get(name)! / share - 1) < 1e-12)),
          [],
        );
      }),
    );
  });

  it('the answer as of a day is the answer of a newsroom that only knew what had happened by then', () => {
    always(
      fc.property(aHistory, aKey, aDay, (history, key, asOf) => {
        const [all, then] = [history, happenedBy(asOf, history)].map((each) => filed(commandsOf(each)).state(key, asOf));
        mustBe(all, then);
      }),
    );
  });
});
