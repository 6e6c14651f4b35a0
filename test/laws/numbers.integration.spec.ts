import fc from 'fast-check';
import { ENTENTE_1 } from '../../src/domain/relationship/score-profile.js';
import { points, type Part } from '../../src/domain/relationship/tension.js';
import { addDays } from '../../src/domain/time.js';
import { COL, makeStatement, takeAction, USA } from '../domain/samples.js';
import { after, aHistory } from './histories.js';
import { aKey, always, IN_ALL, KEYS, mustBe } from './law.js';
import { aDay, AFTERWARDS, anAsOf } from './stories.js';

describe(`The laws of the numbers, ${IN_ALL}`, () => {
  it('the parts sum to C and P, and T follows from the two', () => {
    always(
      fc.property(aHistory, aKey, anAsOf, (history, key, asOf) => {
        const { parts, value, conflict, conflictStanding, conflictRecent, cooperation } = after(history).tension(key, asOf);
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
    const something = fc.constantFrom('accuse', 'demand', 'praise', 'apologise', 'blockade', 'ceasefire');
    const twoOfThem = fc.constantFrom([USA, COL] as const, [COL, USA] as const);
    always(
      fc.property(aHistory, fc.tuple(something, twoOfThem, aDay), anAsOf, (history, [what, [from, to], occurred], asOf) => {
        const desk = after(history);
        const [before, elsewhere] = KEYS.map((key) => desk.tension(key, asOf).value);
        const citations = [{ source: desk.file({ command: 'RegisterSource', id: 'source-new', title: 'The news' }) }];
        const more = { id: 'record-new', occurred, citations, speakers: [from], addressees: [to], actors: [from], targets: [to] };
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

  it('after a half-life without news every part that does not stand has halved, and what stands weighs the same', () => {
    always(
      fc.property(aHistory, aKey, fc.integer({ min: 0, max: 100 }), (history, key, days) => {
        const desk = after(history);
        const asOf = addDays(AFTERWARDS, days);
        const standing = (part: Part): boolean => desk.moves(part.record, asOf).some((each) => each.move === part.move && each.standing);
        const now = desk.tension(key, asOf).parts.map((part) => ({ ...part, share: standing(part) ? part.share : part.share / 2 }));
        const then = desk.tension(key, addDays(asOf, ENTENTE_1.halfLife)).parts;
        const inOrder = (parts: readonly Part[]): Part[] =>
          parts.toSorted((a, b) => (nameOf(a) === nameOf(b) ? a.share - b.share : nameOf(a) < nameOf(b) ? -1 : 1));
        const [expected, told] = [inOrder(now), inOrder(then)];
        mustBe(told.map(nameOf), expected.map(nameOf));
        mustBe(
          told.filter(({ share }, i) => !(Math.abs(share / expected[i]!.share - 1) < 1e-12)),
          [],
        );
      }),
    );
  });
});

function nameOf({ record, move, on }: Part): string {
  return `${record} ${move} ${on}`;
}
