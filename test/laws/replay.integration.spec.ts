import fc from 'fast-check';
import { changeOf } from '../../src/domain/relationship/change.js';
import { figuresAt } from '../../src/domain/relationship/ledger.js';
import { LISTS } from '../../src/domain/relationship/places.js';
import { ENTENTE_1 } from '../../src/domain/relationship/score-profile.js';
import { points, type Part } from '../../src/domain/relationship/tension.js';
import { after, aHistory } from './histories.js';
import { aKey, always, IN_ALL, mustBe } from './law.js';
import { SOURCES } from './on-file.js';
import { plain, Projected } from './projected.js';
import { anAsOf } from './stories.js';

const batchSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const ALL_AT_ONCE = [Infinity];
const aMoment = fc.noBias(fc.nat(1000));
/** One of the positions of a log, from that of its last source on. */
const positionOf = (moment: number, log: readonly unknown[]): bigint =>
  BigInt(SOURCES.length + Math.floor((moment / 1001) * (log.length + 1 - SOURCES.length)));

describe(`The laws of both time axes, ${IN_ALL}`, () => {
  it('what is projected batch by batch, all at once, or folded from zero up to any position, is the same', () => {
    always(
      fc.property(aHistory, batchSizes, aMoment, (history, sizes, moment) => {
        const desk = after(history);
        const [step, whole] = [new Projected(desk.log, sizes), new Projected(desk.log, ALL_AT_ONCE)];
        mustBe(step.told(), whole.told());
        const position = positionOf(moment, desk.log);
        const then = desk.at(position);
        const folded = [...then.records.keys()].toSorted().map((id) => [id, plain(then.held(id))]);
        mustBe([...step.at(position)].toSorted(byName), folded);
      }),
    );
  });

  it('what is selected for any day as known at any position is what a newsroom finds that had come no further', () => {
    always(
      fc.property(aHistory, batchSizes, aKey, anAsOf, aMoment, (history, sizes, key, asOf, moment) => {
        const desk = after(history);
        const position = positionOf(moment, desk.log);
        const projected = new Projected(desk.log, sizes);
        const known = desk.at(position).known(key, asOf);
        const figures = figuresAt(projected.sums(key, position), asOf, ENTENTE_1);
        mustBe(figures, figuresAt(known.sums, asOf, ENTENTE_1));
        mustBe(projected.counts(key, asOf, position), Object.fromEntries(LISTS.map((list) => [list, known.listed[list].items])));
      }),
    );
  });

  it('the answer as of a day is the answer of a newsroom that only knew what had happened by then', () => {
    always(
      fc.property(aHistory, aKey, anAsOf, (history, key, asOf) => {
        const [desk, then] = [after(history), after(history).upTo(asOf)];
        // What is yet to come may already make something count for nothing, or be all that supports it.
        fc.pre([...then.records.keys()].every((id) => desk.belief(id).muted === then.belief(id).muted));
        mustBe(then.state(key, asOf), desk.state(key, asOf));
      }),
    );
  });

  it('faded + corrected + new = change, each as found by looking at every record', () => {
    const twoMoments = fc.tuple(aMoment, aMoment).map((moments) => moments.toSorted((a, b) => a - b));
    const twoDays = fc.tuple(anAsOf, anAsOf).map((days) => days.toSorted());
    always(
      fc.property(aHistory, aKey, twoMoments, twoDays, (history, key, moments, days) => {
        const desk = after(history);
        const [p1, p2] = moments.map((moment) => positionOf(moment, desk.log)) as [bigint, bigint];
        const [day1, day2] = days as [string, string];
        const projected = new Projected(desk.log, ALL_AT_ONCE);
        const sums = { was: projected.sums(key, p1), same: projected.sums(key, p2, p1), is: projected.sums(key, p2) };
        const { from, to, delta, faded, corrected, new: filedSince } = changeOf(sums, day1, day2, ENTENTE_1);
        const [then, now] = [desk.at(p1), desk.at(p2)];
        const same = now.tension(key, day2).parts.filter(({ record }) => then.records.has(record));
        const [a, b, c, d] = [then.tension(key, day1).value, then.tension(key, day2).value, tension(same), now.tension(key, day2).value];
        mustBe([from, to], [a, d]);
        const expected = [(d ?? 0) - (a ?? 0), (b ?? 0) - (a ?? 0), c - (b ?? 0), (d ?? 0) - c];
        mustBe(
          [delta, faded, corrected, filedSince].every((part, i) => Math.abs(part - expected[i]!) < 1e-9),
          true,
        );
        mustBe(Math.abs(faded + corrected + filedSince - delta) < 1e-9, true);
      }),
    );
  });
});

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function tension(parts: readonly Part[]): number {
  const C = points(parts.filter(({ score }) => score < 0));
  return (100 * C) / (C + points(parts.filter(({ score }) => score > 0)) / 4 + 10);
}
